"""Which story an article tells: a new one, or that of the articles it is a copy of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from math import fsum

from crawler.frozen import dataclass
from crawler.stories.comparison import COMMON, MOULD_SHARE, Comparison, Rare, compare
from crawler.stories.shingles import containment
from crawler.stories.story_text import Runs, StoryText
from crawler.stories.templates import Agreement, agreement, may_differ

# Chosen: a story that is taken up again after two weeks is news.
LOOK_BACK = timedelta(days=14)

# Chosen: a revision keeps its story more easily than another article joins it, since it stands at
# the same address.
REVISED = 0.3  # of its runs
REPHRASED = 0.5  # of its long words
REPLACED_LEAST = 3  # values that differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article that tells a story; `at` is when its outlet brought it, `seen` when we saw it."""

    article: str
    story: str
    outlet: str
    at: datetime
    seen: datetime
    reading: StoryText


Compared = tuple[Telling, Comparison]


@dataclass(frozen=True, slots=True)
class CopyDecision:
    """What an article is a copy of, and how they compare; None if it begins a story.

    `compared` are the candidates and how the article compares with each. If it joins a story, they
    are those that were looked at before that was clear.
    """

    copy_of: Compared | None
    compared: tuple[Compared, ...]


def story_of(
    article: Telling, candidates: Iterable[Telling], rare: Rare, now: datetime
) -> CopyDecision:
    """The story that this article tells: that of the candidates it has most in common with.

    Candidates that were seen longer ago than the look-back are left out. The order of the
    candidates does not matter. Of equal ones the one that was seen first is taken.
    """
    recent = [other for other in candidates if abs(now - other.seen) <= LOOK_BACK]
    compared = tuple(_compared(article, recent, _remembered(rare, article.reading.runs)))
    told: defaultdict[str, list[Compared]] = defaultdict(list)
    for telling, comparison in compared:
        if comparison.copy:
            told[telling.story].append((telling, comparison))
    if not told:
        return CopyDecision(None, compared)
    return CopyDecision(min(max(told.values(), key=_in_common), key=_likest), compared)


def _compared(article: Telling, others: Iterable[Telling], rare: Rare) -> Iterator[Compared]:
    """Yield how each compares, in the order in which they were seen.

    If all tell one story, the first that the article repeats ends it: most of what is stored are
    copies, and to compare each with all of its story took half the time of storing it.
    """
    in_order = sorted(others, key=lambda one: (one.seen, one.article))
    of_one_story = len({one.story for one in in_order}) == 1
    for other in in_order:
        comparison = compare_articles(article, other, rare)
        yield other, comparison
        if of_one_story and comparison.repeats:
            return


def _in_common(copies: Iterable[Compared]) -> tuple[float, float, str]:
    copies = list(copies)
    first = min((telling for telling, _ in copies), key=lambda one: (one.seen, one.article))
    shared = fsum(comparison.containment for _, comparison in copies)
    return shared, -first.seen.timestamp(), first.article


def _likest(copy: Compared) -> tuple[float, datetime, str]:
    telling, comparison = copy
    return -comparison.containment, telling.seen, telling.article


def _remembered(rare: Rare, runs: Runs) -> Rare:
    """The same answers; the one for these runs is worked out once, if it is asked for."""
    own = cache(lambda: rare(runs, COMMON))
    return lambda asked, most: own() if asked is runs and most == COMMON else rare(asked, most)


def compare_articles(one: Telling, other: Telling, rare: Rare) -> Comparison:
    """How two articles compare; the same whichever comes first."""
    apart, same_outlet = abs(one.at - other.at), one.outlet == other.outlet
    return compare(one.reading, other.reading, rare, apart=apart, same_outlet=same_outlet)


def still_told(new: StoryText, old: StoryText) -> bool:
    """Whether a revision tells what the text before it told: corrected, longer, cut or rephrased.

    If not, the text was replaced: another item of the mould, or other news under the old address.
    """
    unlike = may_differ(new.clauses, old.clauses)
    filled = agreement(new.slots, old.slots) if unlike else Agreement(0, 0, 0)
    if filled.differing >= REPLACED_LEAST and filled.differing_share >= MOULD_SHARE:
        return False
    shared = containment(new.runs, old.runs)
    return shared >= REVISED or containment(new.long_words, old.long_words) >= REPHRASED
