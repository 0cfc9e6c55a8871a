"""Whether two texts tell the same in the same words, and if not, why they look alike.

The measure is the containment of runs of three words, without the runs that many articles have.
By that alone these would be copies: items of one mould, updates of yesterday's news, reports that
quote one statement, reports over one background, live blogs and what stands in them. Each has a
guard of its own, and a reason by which it is named. In doubt, the texts stay apart.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from crawler.frozen import dataclass
from crawler.stories.shingles import containment
from crawler.stories.story_text import Runs, StoryText, part_within
from crawler.stories.templates import Agreement, agreement, may_differ

# The pairs that a comment counts are those of docs/stories.md, "Your own pairs": invented ones,
# from the tests' corpus and from the halves of held-out sets that may be tuned on, and 1,711 of
# Reuters. A number without a measurement of its own was tuned on these pairs, together with the
# others; `benchmarks/bench_stories.py` measures what comes of all of them.

# A run of words that more than so many articles have says nothing. Chosen: copies are not counted,
# so that the runs of a report by sixty outlets count as rare.
COMMON = 50
# Chosen: with fewer rare runs than this, on the smaller side, the whole text decides.
ENOUGH = 12
# A copy shares so much of its runs: containment, see `SAME_DAY` and `SAME_NEWS` for the time.
SHORTENED = 0.45
# A pair that shares less of all runs is not looked at. Without the common runs containment is
# higher, as of a short text under a long notice, but a copy does not begin from so little.
LOOKED_AT = 0.15
# A correction leaves so much of a text of `BRIEF` runs or more.
NEARLY_ALL = 0.85

# Chosen: a copy comes by the next noon. If two texts are further apart and share less than
# `UPDATED`, the later one is more often an update with old paragraphs in it.
SAME_DAY = timedelta(hours=16)
UPDATED = 0.6
# Further apart than this, the same words are more often a mould than a late copy, unless `LATE` is
# shared.
SAME_NEWS = timedelta(hours=72)
LATE = 0.95

# In a copy a value or two are corrected, or all numbers are brought up to date. An item of a mould
# has another name and other numbers. Each value that differs breaks the runs around it, so that two
# items of a mould share far fewer runs: of 913 pairs of moulds at Reuters (1987) 7 share 0.7 and
# one shares 0.85, of 756 repeated reports 723 and 656.
MOULD_LEAST, MOULD_SHARE = 2, 0.3
MOULD_MOST = 0.5
MOULD_LATER = 0.15  # from `SAME_DAY` on
FEW_VALUES = 3
FILLED = 0.7
# For pairs in which only numbers differ: 73 of 76 copies share more, and none of 55 pairs of
# moulds.
UP_TO_DATE = 0.75
LONG = 150  # runs of three words; items of a mould are shorter
BRIEF = 60  # runs; a correction of a shorter text leaves nearly all of it as it was
# For pairs of short items that each begin with a name or number that the other lacks. Of 1,142 such
# pairs of moulds 1,042 differ in so many values and share less than `NEARLY_ALL`, of 485 such
# copies 8. Where no values can be compared, 645 pairs of moulds share less than `FILLED`, of the
# copies 7.
BEGUN_SHARE = 0.2

# Most of what two items of a mould share stands in other items too. Then only the same values in
# the same words make a copy. Of the items in one frame the fourth is the first to be judged so.
FRAME = 3  # articles; a run that more have belongs to a frame
FRAME_SHARE = 0.5
ALIKE = 0.95
VALUES = 5  # two items of one mould do not have so many values in common by chance

# Two desks may quote one statement. Then what they share stands between quotation marks: if they
# share less than the first number, they must share the second outside long quotations.
QUOTED_UP_TO = 0.75
UNQUOTED = 0.25

# Two texts begin alike if so much of the first paragraph of one stands in the other, or if the
# first paragraphs have the same words with other values.
OPENED = 0.5
OPENED_WORDS, OPENED_LEAST = 0.75, 8
# If they do not begin alike, a desk has written its own lead above a copy, or other news above a
# background. Of a copy the greater part is shared, with some values in it.
UNOPENED = 0.6
UNOPENED_VALUES = 2
# Below their leads, one of two copies holds nearly all that the other does, in two paragraphs or
# more: 299 of 300 pairs. A background is one paragraph, and a follow-up has its own paragraphs: of
# 598 such pairs none shares so much.
UNDER_LEAD = 0.85
PARAGRAPHS = 2
# If they share more paragraphs, and either text has little beside them, they are one report.
ONE_BODY = 0.75
# But for two events over one long background: each lead has two names or numbers of its own, or one
# and so little of its longer words in the other text.
LED = 0.15
# If they share two, they may be two leads over one long background. They are a copy if so much is
# shared (more at one outlet, which uses its backgrounds again), or if one lead has no name or
# number that the other text lacks.
REWRITTEN, REWRITTEN_OF_OUTLET = 0.7, 0.8
OWN_VALUES = 0.2  # of all its values; a desk may add a paragraph further down
HEADED = 2  # a single name, such as that of a country, is there by chance
TEASER = 25  # runs; a shorter lead may be without names, as in "What we know so far"

# Of a text of fewer runs, the lead or nearly all must be shared, and the other text must bear out
# its headline: two stubs share the line that stands under all stubs. Under one headline less will
# do, since each word that a house style writes in another way breaks the runs of a stub.
SHORT = 45
SHORT_SHARED = 0.8
SHORT_HEADED = 0.65
BORNE_OUT = 0.5

# Gives those of these runs that at most so many articles have.
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
    RECTIFICATION = "a rectification of it"
    ITEM = "a report among the items of a live blog"


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
    def repeats(self) -> bool:
        """Whether it is a copy that leaves nearly everything as it was, and every value."""
        return self.copy and not self.differing and self.containment >= NEARLY_ALL

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
    reason = pair.reason(rare, few=few)
    return Comparison(reason=reason, containment=measured, differing=pair.differing)


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
    def differing(self) -> int:
        one, other = self.one, self.other
        return self.filled.differing if may_differ(one.clauses, other.clauses) else 0

    @cached_property
    def by_length(self) -> tuple[StoryText, StoryText]:
        """The shorter one first."""
        one, other = self.one, self.other
        shorter = (len(one.story), one.text) <= (len(other.story), other.text)
        return (one, other) if shorter else (other, one)

    @property
    def length(self) -> int:
        """How many runs the shorter text has below its headline."""
        return len(self.by_length[0].story)

    @cached_property
    def told(self) -> float:
        """The part of the shorter text, below its headline, that the longer one has."""
        short, long = self.by_length
        return part_within(short.story, long.runs)

    @cached_property
    def opened(self) -> bool:
        """Whether either text's first paragraph stands in the other."""
        one, other = self.one, self.other
        pairs = ((one, other), (other, one))
        if any(part_within(this.opening, that.runs) >= OPENED for this, that in pairs):
            return True
        least = min(len(one.first_words), len(other.first_words))
        alike = containment(one.first_words, other.first_words)
        return least >= OPENED_LEAST and alike >= OPENED_WORDS

    @cached_property
    def below_leads(self) -> tuple[float, float]:
        """Of each text below its first paragraph, the part that the other has."""
        one, other = self.one, self.other
        return (
            part_within(one.story[len(one.opening) :], other.runs),
            part_within(other.story[len(other.opening) :], one.runs),
        )

    @cached_property
    def paragraphs(self) -> int:
        """How many paragraphs below the first they share; a long one counts several times."""
        short, long = self.by_length
        return short.shared_paragraphs(long)

    def reason(self, rare: Rare, *, few: bool) -> CopyReason:
        """Why they are one story or two; `few` says that hardly any of their runs are rare."""
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
        """Whether these are two items of one frame, and no correction of one."""
        if self.differing and self._filled_otherwise():
            return True
        if self.length < BRIEF and self.shared < ALIKE and self._filled_with_words():
            return True
        return self.length < LONG and self._shared_as_in_a_mould() and self._begun_apart()

    def _filled_with_words(self) -> bool:
        """Whether each of two brief items is about something that the other does not name.

        Such a slot holds no name or number: fog and ice, libraries and swimming pools. A copy under
        another headline has the same first paragraph, or another one in other words.
        """
        one, other = self.one, self.other
        return self.opened and bool(one.subject - other.stems and other.subject - one.stems)

    def _filled_otherwise(self) -> bool:
        """Whether so many values differ that these are two items, no correction."""
        filled = self.filled
        if filled.shared <= FEW_VALUES:
            several = filled.differing >= MOULD_LEAST and filled.names > 0
            return self.shared < FILLED or (several and self.length < BRIEF)
        if self.length < BRIEF and self.shared < NEARLY_ALL:
            return True
        later, share = self.apart > SAME_DAY, filled.differing_share
        if filled.differing < MOULD_LEAST or share < (MOULD_LATER if later else MOULD_SHARE):
            return False
        if not filled.names:
            return self.shared < (NEARLY_ALL if later else UP_TO_DATE)
        many = share >= MOULD_MOST or (share >= MOULD_SHARE and self.length < LONG)
        return many or self.shared < NEARLY_ALL

    def _shared_as_in_a_mould(self) -> bool:
        """Whether so little is shared that two short items with other names are two events."""
        one, other = self.one, self.other
        if self.differing and self.filled.names:
            few_left = self.shared < NEARLY_ALL and self.filled.differing_share >= BEGUN_SHARE
            headed = one.headline - other.all_words and other.headline - one.all_words
            return few_left or (self.length < SHORT and bool(headed))
        return self.shared >= SHORTENED and self.told < FILLED and self.opened

    def _begun_apart(self) -> bool:
        """Whether each begins with a name or number that the other lacks."""
        one, other = self.one, self.other
        return bool(one.headed - other.all_words and other.headed - one.all_words)

    def _framed(self, rare: Rare) -> bool:
        """Whether most of what they share stands in other articles too.

        It is not asked of long texts, nor where the longer text holds all of the shorter one.
        """
        if self.length > LONG:
            return False
        if not self.differing and self.told >= ALIKE:
            return False
        shared = self.one.runs & self.other.runs
        # An eighth of them will do: asking for all costs more than the rest of the comparison.
        some = frozenset([run for run in shared if not run & 7]) or shared
        return len(rare(some, FRAME)) < FRAME_SHARE * len(some)

    def _of_common_words(self) -> CopyReason:
        if self.differing or self.told < ALIKE:
            return CopyReason.COMMON
        return CopyReason.FILLED_ALIKE if self.filled.shared >= VALUES else self._of_rare_words()

    def _of_rare_words(self) -> CopyReason:
        if self.shared < QUOTED_UP_TO and self._only_quoted():
            return CopyReason.QUOTE
        if self._an_item_of_a_list():
            return CopyReason.ITEM
        if self.length < SHORT:
            return CopyReason.COPY if self._short_copy() else CopyReason.STANDING
        if not self.opened and self._under_other_news():
            return CopyReason.BACKGROUND
        if self.apart > SAME_DAY and self.shared < UPDATED:
            return CopyReason.UPDATE
        return CopyReason.COPY

    def _an_item_of_a_list(self) -> bool:
        """Whether one is a list of timed items whose headline and beginning the other lacks.

        A list takes in many reports. As a copy of each it would make one story of them all.
        """
        one, other = self.one, self.other
        if one.is_list == other.is_list:
            return False
        listing, report = (one, other) if one.is_list else (other, one)
        begun = part_within(listing.opening, report.runs) >= OPENED
        return not (begun and _borne_out(listing, report))

    def _short_copy(self) -> bool:
        short, long = self.by_length
        shared = max(self.told, part_within(short.opening, long.runs))
        headed_alike = containment(short.headline, long.headline) >= SHORT_SHARED
        alike = headed_alike and shared >= SHORT_HEADED and not self._begun_apart()
        if alike or self._begun_with(short, long):
            return True
        return shared >= SHORT_SHARED and (
            containment(short.headline, long.headline) >= BORNE_OUT
            or _borne_out(short, long)
            or _borne_out(long, short)
        )

    def _begun_with(self, short: StoryText, long: StoryText) -> bool:
        """Whether another outlet's text begins with a stub; a standing line names nobody."""
        if self.same_outlet or len(long.story) < SHORT or not short.begun:
            return False
        return self.told >= SHORT_SHARED and part_within(short.opening, long.opening_runs) >= OPENED

    def _under_other_news(self) -> bool:
        """Whether texts with unlike leads share a background, and no report."""
        if self.shared <= UNOPENED or self.filled.shared < UNOPENED_VALUES:
            return True
        if max(self.below_leads) < UNDER_LEAD or self.paragraphs < PARAGRAPHS:
            return True
        if min(self.below_leads) >= ONE_BODY and self.paragraphs > PARAGRAPHS:
            return self._led_apart()
        if self.shared >= (REWRITTEN_OF_OUTLET if self.same_outlet else REWRITTEN):
            return False
        pairs = ((self.one, self.other), (self.other, self.one))
        return not any(_at_home(*pair, same_outlet=self.same_outlet) for pair in pairs)

    def _led_apart(self) -> bool:
        """Whether each has a lead of its own: with other names and numbers, and other words."""
        pairs = ((self.one, self.other), (self.other, self.one))
        own = min(len(one.headed - other.all_words) for one, other in pairs)
        known = max(containment(one.leading, other.all_words) for one, other in pairs)
        return own >= HEADED or (own > 0 and known < LED)

    def _only_quoted(self) -> bool:
        return containment(self.one.unquoted, self.other.unquoted) < UNQUOTED


def _borne_out(one: StoryText, other: StoryText) -> bool:
    """Whether the words of the headline stand in the other text."""
    return len(one.headline & other.all_words) >= BORNE_OUT * len(one.headline)


def _at_home(one: StoryText, other: StoryText, *, same_outlet: bool) -> bool:
    """Whether the other text has most of its names and numbers, and all that it begins with."""
    if len(one.headed) < HEADED and (same_outlet or len(one.opening) >= TEASER):
        return False
    own = len(one.values - other.all_words)
    return one.headed <= other.all_words and own <= OWN_VALUES * len(one.values)
