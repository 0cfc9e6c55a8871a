"""What is probably wrong with a file that is not valid TOML, in words for whoever wrote it."""

from __future__ import annotations

import re
from typing import NamedTuple

_TABLE = re.compile(r"Cannot declare \('([^']+)',\) twice")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = re.compile(r"\s*([^=\s]+)\s*=")
_CURLY = "‘’‚‛“”„‟«»"  # noqa: RUF001 - the very signs that are meant
_SINGLE = """write queries in single quotes: query = 'wolf AND "boze wolf"'"""
_SYNTAX = "see https://toml.io for the syntax"


class Hint(NamedTuple):
    """What is wrong, where, and what to do."""

    what: str
    line: int
    remedy: str


def hint_of(message: str, text: str) -> Hint:
    """What an error message of `tomllib` means for this text: what is wrong, where, the remedy."""
    what, place = _PLACE.sub("", message), _PLACE.search(message)
    if place is None or place[1] is None:
        said, remedy = _at_the_end(what)
        return Hint(said, text.count("\n") + 1, remedy)
    number, column = int(place[1]), int(place[2])
    line = text.split("\n")[number - 1]
    told = _of_keys(what, line) or _of_value(what, line, column)
    said, remedy = told or (what, f"look at column {column}; {_SYNTAX}")
    return Hint(said, number, remedy)


def _at_the_end(what: str) -> tuple[str, str]:
    for quotes in ("'''", '"""'):
        if quotes in what:
            return f"a text that begins with {quotes} is not closed", f"end it with {quotes}"
    return what, _SYNTAX


def _of_keys(what: str, line: str) -> tuple[str, str] | None:
    """A table or a key that is there twice."""
    if repeated := _TABLE.fullmatch(what):
        remedy = "write what stands below it under the first one"
        return f"the table [{repeated[1]}] is there already", remedy
    key = _KEY.match(line)
    if key and what == "Cannot overwrite a value":
        return f'the key "{key[1]}" is there already in this table', "keep one of the two"
    return None


def _of_value(what: str, line: str, column: int) -> tuple[str, str] | None:
    """A value whose quotation marks or commas are not what they should be."""
    sign, before = line[column - 1 : column], line[column - 2 : column - 1]
    if what == "Invalid value":
        return _of_no_value(sign)
    if "character '\\n'" in what:
        remedy = "end the text with the mark it begins with; one of several lines stands in '''"
        return "a quotation mark is not closed on this line", remedy
    if before in ("'", '"') and (sign.isalnum() or sign in tuple("@=*(-")):
        said = f"the text ends at the {before} before column {column}, inside it"
        return said, _SINGLE if before == '"' else 'write it in double quotes: "da\'esh"'
    if what == "Unclosed array":
        remedy = f"look before column {column}: a list is written ['a', 'b']"
        return "the list is not closed, or a comma is missing", remedy
    return None


def _of_no_value(sign: str) -> tuple[str, str]:
    """What is wrong with something after `=` that is no value at all."""
    if sign and sign in _CURLY:
        said = f"`{sign}` is a quotation mark of a word processor"
        return said, f"write straight ones; {_SINGLE}"
    if not sign:
        return "nothing stands after `=`", "write a value, text in quotes: '…'"
    return "text stands in quotes; true and false are in small letters", _SINGLE
