"""A fault as one line in the database, readable for people too: `http-status status=503`.

A text has quotation marks if it needs them. A fault inside another has parentheses:
`robots-unread cause=(http-status status=503)`.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress

from crawler.faults.fault import Fault, FaultKind, Value
from crawler.faults.kinds import CrawlFault, said

_WORD = re.compile(r"[^\s\"()=]+")
# Which kinds a line may hold: those of one enumeration, or of several that have none in common.
Kinds = type[FaultKind] | tuple[type[FaultKind], ...]
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?", re.ASCII)


def noted(fault: Fault, kinds: Kinds = CrawlFault) -> str:
    """The fault, of one of these kinds, as a line; what somebody else said stands as it is."""
    if fault.kind is CrawlFault.SAID and fault_in(text := str(fault["text"]), kinds) == fault:
        return text
    return _spelled(fault)


def fault_in(text: str, kinds: Kinds = CrawlFault) -> Fault:
    """The fault that `noted` wrote; any other text becomes a `SAID` fault. It never raises."""
    try:
        fault, end = _fault(text, 0, kinds)
    except (ValueError, RecursionError):
        return said(text)
    return fault if end == len(text) else said(text)


def optional_fault(text: str | None) -> Fault | None:
    """The crawler's fault in a column; None if the column is empty."""
    return fault_in(text) if text else None


def _spelled(fault: Fault) -> str:
    parameters = (f"{name}={_spelled_value(value)}" for name, value in fault.named.items())
    return " ".join([fault.kind.value, *parameters])


def _spelled_value(value: Value) -> str:
    if isinstance(value, Fault):
        return f"({_spelled(value)})"
    if isinstance(value, str) and (_NUMBER.fullmatch(value) or not _WORD.fullmatch(value)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _fault(text: str, at: int, kinds: Kinds) -> tuple[Fault, int]:
    word, at = _word(text, at)
    kind = CrawlFault.SAID if word == CrawlFault.SAID else _kind(word, kinds)
    values = list[Value]()
    for name in kind.parameters:
        value, at = _value(text, _after(text, at, f" {name}="), kinds)
        values.append(value)
    return Fault(kind, tuple(values)), at


def _kind(word: str, kinds: Kinds) -> FaultKind:
    for each in kinds if isinstance(kinds, tuple) else (kinds,):
        with suppress(ValueError):
            return each(word)
    raise ValueError(word)


def _value(text: str, at: int, kinds: Kinds) -> tuple[Value, int]:
    if text[at : at + 1] == "(":
        fault, at = _fault(text, at + 1, kinds)
        return fault, _after(text, at, ")")
    if text[at : at + 1] == '"':
        return json.JSONDecoder().raw_decode(text, at)
    word, at = _word(text, at)
    if number := _NUMBER.fullmatch(word):
        return float(word) if number[1] or number[2] else int(word), at
    return word, at


def _word(text: str, at: int) -> tuple[str, int]:
    found = _WORD.match(text, at)
    if found is None:
        raise ValueError(text)
    return found[0], found.end()


def _after(text: str, at: int, mark: str) -> int:
    if text[at : at + len(mark)] != mark:
        raise ValueError(text)
    return at + len(mark)
