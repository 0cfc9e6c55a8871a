"""Faults in the words of a language, from one data file for each language: `en.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from crawler.faults.fault import Fault

_HOUR = 3600
_TWO_DAYS = 48 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultWords:
    """One language: a sentence for each kind, and what may stand in it.

    That is spans of time, why an address may not be reached, and the separator of thousands.
    `advice` is what the owner of a source might do about a fault of some kinds.
    """

    kinds: Mapping[str, str]
    spans: Mapping[str, str]
    addresses: Mapping[str, str]
    advice: Mapping[str, str]
    thousands: str = ","


def worded(fault: Fault, language: str) -> str:
    """The fault in the words of this language, or by the name of its kind if there are none."""
    words = words_of(_package(fault), language)
    sentence = words.kinds.get(fault.kind, str(fault.kind))
    return _Speaker(words, language).vformat(sentence, (), fault.named)


def advice(fault: Fault, language: str) -> str:
    """What the owner of a source might do about a fault, in this language; "" if nothing helps."""
    return words_of(_package(fault), language).advice.get(fault.kind, "")


def _package(fault: Fault) -> str:
    return type(fault.kind).__module__.rpartition(".")[0]


@cache
def words_of(package: str, language: str) -> FaultWords:
    """The words for the faults of a package, from its data file, which is read once."""
    said = tomllib.loads(files(package).joinpath(f"{language}.toml").read_text("utf-8"))
    return FaultWords(
        kinds=said["kinds"],
        spans=said.get("spans", {}),
        addresses=said.get("addresses", {}),
        advice=said.get("advice", {}),
        thousands=said.get("thousands", ","),
    )


class _Speaker(Formatter):
    """Fills in a sentence: faults inside it, `{:span}` for seconds, `{:,}` in this language.

    `{:address}` says why an address may not be reached; these words are the same in all packages.
    """

    def __init__(self, words: FaultWords, language: str) -> None:
        self._words, self._language = words, language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Fault):
            return worded(value, self._language)
        if format_spec == "span":
            return self._span(value)
        if format_spec == "address":
            words = words_of(__package__, self._language).addresses
            return ", ".join(words.get(each, each) for each in str(value).split(", "))
        text = format(value, format_spec)
        return text.replace(",", self._words.thousands) if format_spec == "," else text

    def _span(self, seconds: float) -> str:
        if seconds >= _TWO_DAYS:
            unit, number = "days", seconds / (24 * _HOUR)
        elif seconds >= 2 * _HOUR:
            unit, number = "hours", seconds / _HOUR
        else:
            unit, number = "minutes", seconds / 60
        return self._words.spans[unit].format(f"{number:.0f}")
