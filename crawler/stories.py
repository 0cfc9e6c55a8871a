"""Whether an article tells a story that is already there, in the same words.

Containment of runs of three words, without the runs that many articles have, is the measure; it
stands under two guards against items from one mould. Runs that more than `COMMON` articles have
do not count, and neither does a pair whose shared surroundings hold other values (see `slots`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from crawler.shingles import containment, numbers, shingles, words
from crawler.slots import Agreement, Slots, agreement, slots

LOOK_BACK = timedelta(days=14)
# Further apart than this, the same words are more often a mould than a late copy.
SAME_NEWS = timedelta(hours=72)

COMMON = 50  # articles; a run of words that more of them have says nothing
ENOUGH = 12  # rare runs on the smaller side; with fewer the whole text decides
COPY = 0.75  # containment that is a copy whatever the numbers
SHORTENED = 0.4  # containment that is a copy if the numbers agree
LATE = 0.9
# Leaving out common runs raises containment (a short text under a long notice), but not from here.
LOOKED_AT = 0.15
ALIKE = 0.95
AGREEING = 0.7  # part of the numbers of the one with fewer
ALL_AGREEING = 0.9

# Copies share up to a quarter differing values (numbers brought up to date), moulds from a third.
MOULD_SHARE = 0.3
MOULD_LEAST = 2
# So many values, none differing, that two items of one mould cannot have them by chance.
FILLED_ALIKE = 5
FILLED_CONTAINMENT = 0.7

Frequency = Callable[[int], int]


class Reason(StrEnum):
    """Why an article is a copy of another, or is not."""

    COPY = "same words"
    FILLED_ALIKE = "common words, the same values"
    FEW_SHARED = "too few words in common"
    MOULD = "same words around other values"
    COMMON = "common words only"
    NUMBERS = "other numbers"
    LATE = "same words, days apart"


@dataclass(frozen=True)
class Reading:
    """A text, with what is asked of it worked out once."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """The words in order."""
        return words(self.text)

    @cached_property
    def shingles(self) -> frozenset[int]:
        """The runs of three words."""
        return shingles(self.words)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers, in digits."""
        return numbers(self.words)

    @cached_property
    def slots(self) -> Slots:
        """The values in their surroundings."""
        return slots(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as the comparison sees it; `at` is when its outlet brought it."""

    article: str
    story: str
    at: datetime
    seen: datetime
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two tellings compared; `containment` leaves common runs out."""

    reason: Reason
    containment: float
    differing: int = 0

    @property
    def copy(self) -> bool:
        """Whether both tell one story."""
        return self.reason in (Reason.COPY, Reason.FILLED_ALIKE)


@dataclass(frozen=True, slots=True)
class Decision:
    """The telling that an article is a copy of, or none: then it begins a story."""

    original: Telling | None
    comparison: Comparison | None


def story_of(
    reading: Reading,
    at: datetime,
    candidates: Iterable[Telling],
    frequency: Frequency,
    now: datetime,
) -> Decision:
    """The story that this text tells: that of the candidate it shares most with, if a copy.

    Candidates that were seen longer ago than the look-back are left out. The order of the
    candidates does not matter; of equals the one seen first is taken.
    """
    found = [
        (comparison, candidate)
        for candidate in candidates
        if abs(now - candidate.seen) <= LOOK_BACK
        and (
            comparison := compare(reading, candidate.reading, abs(at - candidate.at), frequency)
        ).copy
    ]
    if not found:
        return Decision(None, None)
    comparison, original = min(
        found, key=lambda one: (-one[0].containment, one[1].seen, one[1].article)
    )
    return Decision(original, comparison)


def compare(one: Reading, other: Reading, apart: timedelta, frequency: Frequency) -> Comparison:
    """How two texts brought `apart` compare; the same whichever comes first."""
    raw = containment(one.shingles, other.shingles)
    if raw < LOOKED_AT:
        return Comparison(reason=Reason.FEW_SHARED, containment=raw)
    rare = [{run for run in text.shingles if frequency(run) <= COMMON} for text in (one, other)]
    filled = agreement(one.slots, other.slots)
    if min(map(len, rare)) < ENOUGH:
        reason, measured = _few_rare(one, other, raw, filled, apart), raw
    else:
        measured = containment(*rare)
        reason = _many_rare(one, other, measured, filled, apart)
    return Comparison(reason=reason, containment=measured, differing=filled.differing)


def _few_rare(
    one: Reading, other: Reading, raw: float, filled: Agreement, apart: timedelta
) -> Reason:
    if apart > SAME_NEWS:
        return Reason.LATE
    if _mould(filled):
        return Reason.MOULD
    if raw >= FILLED_CONTAINMENT and filled.shared >= FILLED_ALIKE and not filled.differing:
        return Reason.FILLED_ALIKE
    alike = raw >= ALIKE and numbers_agreeing(one, other) >= ALL_AGREEING
    return Reason.COPY if alike else Reason.COMMON


def _many_rare(
    one: Reading, other: Reading, measured: float, filled: Agreement, apart: timedelta
) -> Reason:
    if measured < SHORTENED:
        return Reason.FEW_SHARED
    if _mould(filled):
        return Reason.MOULD
    agree = numbers_agreeing(one, other) >= AGREEING
    if apart > SAME_NEWS:
        return Reason.COPY if measured >= LATE and agree else Reason.LATE
    return Reason.COPY if measured >= COPY or agree else Reason.NUMBERS


def _mould(filled: Agreement) -> bool:
    return filled.differing >= MOULD_LEAST and filled.differing_share >= MOULD_SHARE


def numbers_agreeing(one: Reading, other: Reading) -> float:
    """The part of the numbers of the text with fewer that the other has; 1 if it has none."""
    if not one.numbers or not other.numbers:
        return 1.0
    return containment(one.numbers, other.numbers)
