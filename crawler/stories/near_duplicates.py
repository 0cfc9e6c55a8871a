"""Whether an article tells a story that is already there, in the same words.

The measure is the containment of runs of three words, without the runs that many articles have.
It alone would take items from one mould, updates of yesterday's news and reports that quote one
statement for copies; each of these has a guard of its own, and a reason to be named by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from math import fsum

from crawler.stories.shingles import (
    RUN,
    containment,
    fingerprints_among,
    shingles,
    shingles_of_sizes,
    words,
)
from crawler.stories.templates import Agreement, Slots, agreement, slots

LOOK_BACK = timedelta(days=14)

COMMON = 50  # articles; a run of words that more of them have says nothing
ENOUGH = 12  # rare runs on the smaller side; with fewer the whole text decides
SHORTENED = 0.45  # containment of a copy on the same day
# Leaving out common runs raises containment (a short text under a long notice), but not from here.
LOOKED_AT = 0.15

# Further apart than this, a text with old paragraphs in it is more often an update than a copy.
SAME_DAY = timedelta(hours=16)
UPDATED = 0.7
UPDATED_VALUES = 0.1
# Further apart than this, the same words are more often a mould than a late copy.
SAME_NEWS = timedelta(hours=72)
LATE = 0.95

# Copies share up to a quarter differing numbers (brought up to date), moulds from a third; and
# copies hardly ever share words around different names.
MOULD_SHARE = 0.3
MOULD_LEAST = 2
MOULD_NAMES = 0.15
# An outlet that brings the same words again with another value brings another item: its
# corrections come under the address that they correct.
MOULD_OUTLET = 0.1
# So many values, none differing, that two items of one mould cannot have them by chance.
FILLED = 5
FILLED_ALIKE = 0.7
ALIKE = 0.95

# Two desks that quote one statement: what they share stands between quotation marks.
QUOTED_UP_TO = 0.75
UNQUOTED = 0.25
_QUOTATION = re.compile(r"[\"“„”][^\"“”„\n]*[\"”“]")
_LONG = 60  # characters; shorter ones are titles, names and words in use

# A revision keeps its story more easily than another article joins it.
REVISED = 0.3
REPHRASED = 0.5
REPLACED_LEAST = 3
_LONG_WORD = 6

Runs = frozenset[int]
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


def _unless_long(quotation: re.Match[str]) -> str:
    return " " if len(quotation[0]) >= _LONG else quotation[0]


@dataclass(frozen=True)
class StoryText:
    """A text, with what is asked of it worked out once."""

    title: str
    lead: str
    body: str

    @cached_property
    def text(self) -> str:
        """Title, lead and body."""
        return f"{self.title}\n\n{self.lead}\n\n{self.body}"

    @property
    def runs(self) -> Runs:
        """The runs of three words."""
        return self._hashed[0]

    @property
    def fingerprints(self) -> tuple[int, ...]:
        """The numbers by which copies of the text find each other."""
        return self._hashed[1]

    @cached_property
    def _hashed(self) -> tuple[Runs, tuple[int, ...]]:
        """Both at once: the words that they are made of take too much room to be kept."""
        runs, longer_runs = shingles_of_sizes(words(self.text), 3, RUN)
        return runs, fingerprints_among(longer_runs)

    @cached_property
    def unquoted(self) -> Runs:
        """The runs of three words outside long quotations."""
        return shingles(words(_QUOTATION.sub(_unless_long, self.text)))

    @cached_property
    def long_words(self) -> frozenset[str]:
        """The words that carry the subject."""
        return frozenset(word for word in words(self.text) if len(word) >= _LONG_WORD)

    @cached_property
    def slots(self) -> Slots:
        """The values in their surroundings."""
        return slots(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article that tells a story; `at` is when its outlet brought it, `seen` when we saw it."""

    article: str
    story: str
    outlet: str
    at: datetime
    seen: datetime
    reading: StoryText


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


Compared = tuple[Telling, Comparison]


@dataclass(frozen=True, slots=True)
class CopyDecision:
    """The telling that an article is a copy of, or none: then it begins a story.

    `compared` are all the candidates and how the article compares with each.
    """

    original: Telling | None
    comparison: Comparison | None
    compared: tuple[Compared, ...]


def story_of(
    article: Telling, candidates: Iterable[Telling], rare: Rare, now: datetime
) -> CopyDecision:
    """The story that this article tells: that of the candidates it has most in common with.

    Candidates that were seen longer ago than the look-back are left out. The order of the
    candidates does not matter; of equals the one seen first is taken.
    """
    rare = _remembered(rare, article.reading.runs)
    recent = (other for other in candidates if abs(now - other.seen) <= LOOK_BACK)
    compared = tuple((other, compare_articles(article, other, rare)) for other in recent)
    told: defaultdict[str, list[Compared]] = defaultdict(list)
    for telling, comparison in compared:
        if comparison.copy:
            told[telling.story].append((telling, comparison))
    if not told:
        return CopyDecision(None, None, compared)
    original, comparison = min(max(told.values(), key=_in_common), key=_likest)
    return CopyDecision(original, comparison, compared)


def _in_common(copies: Iterable[Compared]) -> tuple[float, float, str]:
    copies = list(copies)
    first = min((telling for telling, _ in copies), key=lambda one: (one.seen, one.article))
    shared = fsum(comparison.containment for _, comparison in copies)
    return shared, -first.seen.timestamp(), first.article


def _likest(copy: Compared) -> tuple[float, datetime, str]:
    telling, comparison = copy
    return -comparison.containment, telling.seen, telling.article


def _remembered(rare: Rare, runs: Runs) -> Rare:
    """The same answers, that for these runs worked out once."""
    own = rare(runs, COMMON)
    return lambda asked, most: own if asked is runs and most == COMMON else rare(asked, most)


def compare_articles(one: Telling, other: Telling, rare: Rare) -> Comparison:
    """How two articles compare; the same whichever comes first."""
    apart, same_outlet = abs(one.at - other.at), one.outlet == other.outlet
    return compare(one.reading, other.reading, rare, apart=apart, same_outlet=same_outlet)


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
    filled = agreement(one.slots, other.slots)
    reason = _guarded(measured, filled, apart, few=few)
    if same_outlet and filled.differing_share >= MOULD_OUTLET:
        reason = CopyReason.MOULD
    elif reason is CopyReason.COPY and measured < QUOTED_UP_TO and _only_quoted(one, other):
        reason = CopyReason.QUOTE
    return Comparison(reason=reason, containment=measured, differing=filled.differing)


def still_told(new: StoryText, old: StoryText) -> bool:
    """Whether a revision tells what the text before it told: corrected, longer, cut or rephrased.

    If not, the text was replaced: another item of the mould, or other news under the old address.
    """
    filled = agreement(new.slots, old.slots)
    if filled.differing >= REPLACED_LEAST and filled.differing_share >= MOULD_SHARE:
        return False
    shared = containment(new.runs, old.runs)
    return shared >= REVISED or containment(new.long_words, old.long_words) >= REPHRASED


def _guarded(measured: float, filled: Agreement, apart: timedelta, *, few: bool) -> CopyReason:
    if _one_mould(filled):
        return CopyReason.MOULD
    if few and apart <= SAME_NEWS:
        return _of_common_words(measured, filled)
    if measured < SHORTENED:
        return CopyReason.FEW_SHARED
    if apart > SAME_NEWS and (few or measured < LATE):
        return CopyReason.LATE
    if apart > SAME_DAY and (measured < UPDATED or filled.differing_share >= UPDATED_VALUES):
        return CopyReason.UPDATE
    return CopyReason.COPY


def _of_common_words(measured: float, filled: Agreement) -> CopyReason:
    if filled.differing:
        return CopyReason.COMMON
    if measured >= FILLED_ALIKE and filled.shared >= FILLED:
        return CopyReason.FILLED_ALIKE
    return CopyReason.COPY if measured >= ALIKE else CopyReason.COMMON


def _one_mould(filled: Agreement) -> bool:
    if filled.names and filled.differing_share >= MOULD_NAMES:
        return True
    return filled.differing >= MOULD_LEAST and filled.differing_share >= MOULD_SHARE


def _only_quoted(one: StoryText, other: StoryText) -> bool:
    return containment(one.unquoted, other.unquoted) < UNQUOTED
