"""What is probably wrong with a file that is not valid TOML, as whoever wrote it sees it."""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.faults import Fault, FileFault

_TABLE = re.compile(r"Cannot declare \('([^']+)',\) twice")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = re.compile(r"\s*([^=\s]+)\s*=")
_CURLY = "‘’‚‛“”„‟«»"  # noqa: RUF001 - the very signs that are meant


class Hint(NamedTuple):
    """What is wrong, and where."""

    fault: Fault
    line: int


def hint_of(message: str, text: str) -> Hint:
    """What an error message of `tomllib` means for this text: what is wrong, and where."""
    what, place = _PLACE.sub("", message), _PLACE.search(message)
    if place is None or place[1] is None:
        return Hint(_at_the_end(what), text.count("\n") + 1)
    number, column = int(place[1]), int(place[2])
    line = text.split("\n")[number - 1]
    known = _of_keys(what, line) or _of_value(what, line, column)
    return Hint(known or FileFault.TOML_SAYS(said=what, column=column), number)


def _at_the_end(what: str) -> Fault:
    for quotes in ("'''", '"""'):
        if quotes in what:
            return FileFault.OPEN_TEXT(quotes=quotes)
    return FileFault.TOML_ENDS(said=what)


def _of_keys(what: str, line: str) -> Fault | None:
    """A table or a key that is there twice."""
    if repeated := _TABLE.fullmatch(what):
        return FileFault.TABLE_TWICE(table=repeated[1])
    key = _KEY.match(line)
    if key and what == "Cannot overwrite a value":
        return FileFault.KEY_TWICE(key=key[1])
    return None


def _of_value(what: str, line: str, column: int) -> Fault | None:
    """A value whose quotation marks or commas are not what they should be."""
    sign, before = line[column - 1 : column], line[column - 2 : column - 1]
    if what == "Invalid value":
        return _of_no_value(sign)
    if "character '\\n'" in what:
        return FileFault.OPEN_MARK()
    if before in ("'", '"') and (sign.isalnum() or sign in tuple("@=*(-")):
        kind = FileFault.CUT_BY_DOUBLE if before == '"' else FileFault.CUT_BY_SINGLE
        return kind(column=column)
    if what == "Unclosed array":
        return FileFault.OPEN_LIST(column=column)
    return None


def _of_no_value(sign: str) -> Fault:
    """What is wrong with something after `=` that is no value at all."""
    if sign and sign in _CURLY:
        return FileFault.CURLY_MARK(sign=sign)
    return FileFault.BARE_TEXT() if sign else FileFault.NO_VALUE()
