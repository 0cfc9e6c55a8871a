"""Whether two texts tell the same in the same words, and if not, why they look alike.

The measure is the containment of runs of three words, without the runs that many articles have.
It alone would take items from one mould, updates of yesterday's news, reports that quote one
statement and reports with one background for copies; each of these has a guard of its own, and a
reason to be named by. Where it is in doubt the texts stay apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from crawler.stories.shingles import containment
from crawler.stories.story_text import Runs, StoryText, part_within
from crawler.stories.templates import Agreement, agreement

COMMON = 50  # articles; a run of words that more of them have says nothing
ENOUGH = 12  # rare runs on the smaller side; with fewer the whole text decides
SHORTENED = 0.45  # containment of a copy within three days
# Leaving out common runs raises containment (a short text under a long notice), but not from here.
LOOKED_AT = 0.15
NEARLY_ALL = 0.85

# Further apart than this, a text with old paragraphs in it is more often an update than a copy.
SAME_DAY = timedelta(hours=16)
UPDATED = 0.6
# Further apart than this, the same words are more often a mould than a late copy.
SAME_NEWS = timedelta(hours=72)
LATE = 0.95

# A copy has a value or two corrected, or all its numbers brought up to date; an item of a mould
# has another name and other numbers. Each other value breaks the runs around it, so that far less
# is left of the words where a mould is filled in differently: of 913 pairs of moulds at Reuters
# (1987) 7 share 0.7 and one 0.85, of 756 repeated reports 723 and 656.
MOULD_LEAST, MOULD_SHARE = 2, 0.3
MOULD_MOST = 0.5
MOULD_LATER = 0.15  # from `SAME_DAY` on
FEW_VALUES = 3
FILLED = 0.7
LONG = 150  # runs of three words; items of a mould are short
BRIEF = 60  # a correction of so short a text leaves nearly all of it as it was

# Most of what two items of a mould share stands in others too. Then only the same values in the
# same words make a copy; of four items in one frame the fourth is judged so.
FRAME = 3
FRAME_SHARE = 0.5
ALIKE = 0.95
VALUES = 5  # so many, none differing, that two items of one mould cannot have them by chance

# Two desks that quote one statement: what they share stands between quotation marks.
QUOTED_UP_TO = 0.75
UNQUOTED = 0.25

# The first paragraph of one text stands in the other, or has the same words with other values.
OPENED = 0.5
OPENED_WORDS, OPENED_LEAST = 0.75, 8
# Otherwise a desk has written a lead of its own above a copy, or other news above a background.
# A copy is shared for the greater part, has something in it (at one outlet more than the notice
# under each of its videos), and one of the leads has no name or number that the other text lacks.
UNOPENED = 0.6
UNOPENED_VALUES, UNOPENED_VALUES_OF_OUTLET = 2, 4
OWN_VALUES = 0.2  # of those further down, where desks add a paragraph
HEADED = 2  # one name, a country's, is there by chance
TEASER = 25  # runs; a lead of so few may be without names, "What we know so far"

# Of a text of so few words the lead or nearly all has to be shared, and its headline borne out:
# two stubs share the line that stands under all of them.
SHORT = 45
SHORT_SHARED = 0.8
BORNE_OUT = 0.5

# Of these runs, the ones that at most so many articles have.
Rare = Callable[[Runs, int], Runs]


class CopyReason(StrEnum):
    """Why an article is a copy of another, or is not."""

    COPY = "the same words"
    FILLED_ALIKE = "common words with the same values"
    FEW_SHARED = "few words in common"
    COMMON = "only common words in common"
    MOULD = "the same words around other values"
    UPDATE = "some of the same words, a day apart"
    LATE = "the same words, days apart"
    QUOTE = "a quotation in common"
    BACKGROUND = "a passage in common under other news"
    STANDING = "a short text with a headline of its own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two texts compared; `differing` counts the values that differ between the same words."""

    reason: CopyReason
    containment: float
    differing: int = 0

    @property
    def copy(self) -> bool:
        """Whether both tell one story."""
        return self.reason in (CopyReason.COPY, CopyReason.FILLED_ALIKE)

    @property
    def doubtful(self) -> bool:
        """Whether a copy differs by more than a corrected value."""
        return self.differing > 0 and self.containment < NEARLY_ALL


def compare(
    one: StoryText,
    other: StoryText,
    rare: Rare,
    *,
    apart: timedelta = timedelta(0),
    same_outlet: bool = False,
) -> Comparison:
    """How two texts compare; the same whichever comes first."""
    whole = containment(one.runs, other.runs)
    if whole < LOOKED_AT:
        return Comparison(reason=CopyReason.FEW_SHARED, containment=whole)
    mine, theirs = rare(one.runs, COMMON), rare(other.runs, COMMON)
    few = min(len(mine), len(theirs)) < ENOUGH
    measured = whole if few else containment(mine, theirs)
    pair = _Pair(one, other, measured, apart, same_outlet=same_outlet)
    return Comparison(
        reason=pair.reason(rare, few=few),
        containment=measured,
        differing=pair.filled.differing,
    )


@dataclass(frozen=True)
class _Pair:
    """Two texts that share so much, with what is asked of both worked out once."""

    one: StoryText
    other: StoryText
    shared: float
    apart: timedelta
    same_outlet: bool

    @cached_property
    def filled(self) -> Agreement:
        return agreement(self.one.slots, self.other.slots)

    @cached_property
    def by_length(self) -> tuple[StoryText, StoryText]:
        """The shorter one first."""
        one, other = self.one, self.other
        shorter = (len(one.story), one.text) <= (len(other.story), other.text)
        return (one, other) if shorter else (other, one)

    @cached_property
    def told(self) -> float:
        """The part of the shorter text, below its headline, that the longer one has."""
        short, long = self.by_length
        return part_within(short.story, long.runs)

    @cached_property
    def opened(self) -> bool:
        """Whether either text's first paragraph stands in the other."""
        one, other = self.one, self.other
        if part_within(one.opening, other.runs) >= OPENED:
            return True
        if part_within(other.opening, one.runs) >= OPENED:
            return True
        least = min(len(one.first_words), len(other.first_words))
        alike = containment(one.first_words, other.first_words)
        return least >= OPENED_LEAST and alike >= OPENED_WORDS

    def reason(self, rare: Rare, *, few: bool) -> CopyReason:
        """Why they are one story or two; `few` when hardly any of their words are rare."""
        if self._of_one_mould():
            return CopyReason.MOULD
        if self.apart > SAME_NEWS and (few or self.shared < LATE):
            return CopyReason.LATE if self.shared >= SHORTENED else CopyReason.FEW_SHARED
        if not few and self.shared < SHORTENED:
            return CopyReason.FEW_SHARED
        if few or self._framed(rare):
            return self._of_common_words()
        return self._of_rare_words()

    def _of_one_mould(self) -> bool:
        """Whether so many values differ that these are two items of one frame, no correction."""
        filled, length = self.filled, len(self.by_length[0].story)
        if not filled.differing:
            return False
        if filled.shared <= FEW_VALUES:
            return self.shared < FILLED
        if length < BRIEF and self.shared < NEARLY_ALL:
            return True
        later, share = self.apart > SAME_DAY, filled.differing_share
        if filled.differing < MOULD_LEAST or share < (MOULD_LATER if later else MOULD_SHARE):
            return False
        if not later and not filled.names:
            return self.shared < FILLED
        many = not later and (share >= MOULD_MOST or length < LONG)
        return many or self.shared < NEARLY_ALL

    def _framed(self, rare: Rare) -> bool:
        """Whether most of what they share, and do not share in full, stands in other articles."""
        if len(self.by_length[0].story) > LONG:
            return False
        if not self.filled.differing and self.told >= ALIKE:
            return False
        shared = self.one.runs & self.other.runs
        # An eighth of them will do: asking for all costs more than the rest of the comparison.
        some = frozenset([run for run in shared if not run & 7]) or shared
        return len(rare(some, FRAME)) < FRAME_SHARE * len(some)

    def _of_common_words(self) -> CopyReason:
        if self.filled.differing or self.told < ALIKE:
            return CopyReason.COMMON
        return CopyReason.FILLED_ALIKE if self.filled.shared >= VALUES else self._of_rare_words()

    def _of_rare_words(self) -> CopyReason:
        if self.shared < QUOTED_UP_TO and self._only_quoted():
            return CopyReason.QUOTE
        if len(self.by_length[0].story) < SHORT:
            return CopyReason.COPY if self._short_copy() else CopyReason.STANDING
        if not self.opened and self._under_other_news():
            return CopyReason.BACKGROUND
        if self.apart > SAME_DAY and self.shared < UPDATED:
            return CopyReason.UPDATE
        return CopyReason.COPY

    def _short_copy(self) -> bool:
        short, long = self.by_length
        shared = max(self.told, part_within(short.opening, long.runs))
        return shared >= SHORT_SHARED and (
            containment(short.headline, long.headline) >= BORNE_OUT
            or _borne_out(short, long)
            or _borne_out(long, short)
        )

    def _under_other_news(self) -> bool:
        values = UNOPENED_VALUES_OF_OUTLET if self.same_outlet else UNOPENED_VALUES
        if self.shared <= UNOPENED or self.filled.shared < values:
            return True
        pairs = ((self.one, self.other), (self.other, self.one))
        return not any(_at_home(*pair, same_outlet=self.same_outlet) for pair in pairs)

    def _only_quoted(self) -> bool:
        return containment(self.one.unquoted, self.other.unquoted) < UNQUOTED


def _borne_out(one: StoryText, other: StoryText) -> bool:
    """Whether the words of the headline stand in the other text."""
    return len(one.headline & other.all_words) >= BORNE_OUT * len(one.headline)


def _at_home(one: StoryText, other: StoryText, *, same_outlet: bool) -> bool:
    """Whether the other text has its names and numbers, and all of those it begins with."""
    if len(one.headed) < HEADED and (same_outlet or len(one.opening) >= TEASER):
        return False
    own = len(one.values - other.all_words)
    return one.headed <= other.all_words and own <= OWN_VALUES * len(one.values)
