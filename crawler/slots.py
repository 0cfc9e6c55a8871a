"""Where a mould is filled in: the numbers, names and days of a text, each in its surroundings.

Copies of one report differ by what was cut, moved or added; where their words are the same, the
values between them are too. Two items from one mould are the other way about: the same words
around other values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.shingles import number_of, plain

_TOKEN = re.compile(r"[^\W_]+(?:(?<=\d)[.,:]\d+)*|[.!?:\n\"“”]")
_DAYS = frozenset(("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"))
_WIDTH = 2

_Context = tuple[str, ...]
Slots = Mapping[_Context, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many surroundings two texts share, and in how many of them the values differ."""

    shared: int
    differing: int

    @property
    def differing_share(self) -> float:
        """The part of the shared surroundings that hold other values; 0 when none are shared."""
        return self.differing / self.shared if self.shared else 0.0


def agreement(one: Slots, other: Slots) -> Agreement:
    """How far two texts fill the same surroundings with the same values."""
    shared = one.keys() & other.keys()
    return Agreement(len(shared), sum(one[place].isdisjoint(other[place]) for place in shared))


def slots(text: str) -> Slots:
    """The values that stand in each surrounding of two words to the left and two to the right.

    In the surroundings a value counts only by its kind, so that one changed value leaves the
    surroundings of its neighbours as they are.
    """
    marks, values = _masked(plain(text))
    padded = ["", "", *marks, "", ""]
    found: defaultdict[_Context, set[str]] = defaultdict(set)
    for place, value in values.items():
        found[tuple(padded[place : place + 2 * _WIDTH + 1])].add(value)
    return {context: frozenset(held) for context, held in found.items()}


def _masked(text: str) -> tuple[list[str], dict[int, str]]:
    """The words with each value replaced by a sign for its kind, and the values by their place."""
    marks: list[str] = []
    values: dict[int, str] = {}
    opening = True
    for token in _TOKEN.findall(text):
        if not token[0].isalnum():
            opening = True
            continue
        kind, value = _kind(token, opening=opening)
        if kind == "@" and marks and marks[-1] == "@" and not opening:
            values[len(marks) - 1] += f" {value}"
        else:
            if kind:
                values[len(marks)] = value
            marks.append(kind or value)
        opening = False
    return marks, values


def _kind(token: str, *, opening: bool) -> tuple[str, str]:
    word = token.casefold()
    number = number_of(word)
    if number:
        return "#", number
    if word in _DAYS:
        return "%", word
    return ("@" if token[0].isupper() and not opening else ""), word
