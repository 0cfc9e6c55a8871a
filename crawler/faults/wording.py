"""Faults in the words of a language, from one data file for each language: `en.toml`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from crawler.faults.fault import Fault
from crawler.frozen import dataclass

_HOUR = 3600
_CAUSES = frozenset({"cause", "first", "second"})
_TWO_DAYS = 48 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultWords:
    """One language: a sentence for each kind, and what may stand in it.

    That is spans of time, why an address may not be reached, the separator of thousands, and
    `words` of others, such as the system, by their English. `advice` is what somebody might do
    about a fault of some kinds; it may name the parameters too.
    """

    kinds: Mapping[str, str]
    spans: Mapping[str, str]
    addresses: Mapping[str, str]
    advice: Mapping[str, str]
    words: Mapping[str, str]
    thousands: str = ","


def worded(fault: Fault, language: str) -> str:
    """The fault in the words of this language, or by the name of its kind if there are none."""
    words = words_of(_package(fault), language)
    sentence = words.kinds.get(fault.kind, str(fault.kind))
    return _Speaker(words, language).vformat(sentence, (), fault.named)


def advice(fault: Fault, language: str) -> str:
    """What somebody might do about a fault, in this language; "" if nothing helps.

    What helps against a fault that only says where or since when there is another one, helps
    against that one.
    """
    if isinstance(inside := fault.named.get("inside"), Fault):
        return advice(inside, language)
    words = words_of(_package(fault), language)
    if own := words.advice.get(fault.kind, ""):
        return _Speaker(words, language).vformat(own, (), fault.named)
    causes = (
        one for name, one in fault.named.items() if name in _CAUSES and isinstance(one, Fault)
    )
    return next(filter(None, (advice(cause, language) for cause in causes)), "")


def advised(fault: Fault, language: str) -> str:
    """The fault in words, and then what somebody might do about it."""
    return ": ".join(filter(None, (worded(fault, language), advice(fault, language))))


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
        words=said.get("words", {}),
        thousands=said.get("thousands", ","),
    )


def in_languages(texts: Mapping[str, str]) -> str:
    """A parameter that a part of the program has worded itself, in each of its languages."""
    return json.dumps(texts, ensure_ascii=False)


def _own_text(held: str, language: str) -> str:
    """The text in this language out of those of `in_languages`; another text stays as it is."""
    try:
        texts = json.loads(held)
    except ValueError:
        return held
    if not isinstance(texts, dict):
        return held
    return str(texts.get(language) or texts.get("en", held))


class _Speaker(Formatter):
    """Fills in a sentence: faults inside it, `{:span}` for seconds, `{:,}` in this language.

    `{:address}` says why an address may not be reached; these words are the same in all packages.
    `{:advised}` is a fault with its advice, `{:words}` a text of others in this language, if it is
    known, and `{:own}` the text in this language out of those of `in_languages`.
    """

    def __init__(self, words: FaultWords, language: str) -> None:
        self._words, self._language = words, language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Fault):
            say = advised if format_spec == "advised" else worded
            return say(value, self._language)
        if format_spec == "words":
            said, mark, more = value.partition(": ")
            known = self._words.words
            return known.get(value) or f"{known.get(said, said)}{mark}{more}"
        if format_spec == "own":
            return _own_text(value, self._language)
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
