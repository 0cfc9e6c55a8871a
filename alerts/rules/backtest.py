"""What a rule would have found in the archive, compared with the rule in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, tzinfo
from heapq import heappush, heappushpop
from statistics import median

from alerts.document import Document
from alerts.match import Hit
from alerts.rules.book import Rule, RuleBook
from alerts.waves import StoryTimes, WaveStep, is_timed
from crawler.errors import bug_of
from crawler.frozen import dataclass

_DRAFT, _IN_FORCE = "draft", "in force"
# Of the days of an archive, the usual one has at most ten times the articles of the first that is
# whole. Chosen: sources bring a few articles of earlier months when they are read first.
_WHOLE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestDay:
    """One day of the archive: its articles, those that match, and its newly matching stories."""

    day: date
    articles: int
    matches: int
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FoundArticle:
    """An article that matches; they sort by date, the newest last."""

    published: datetime
    number: int
    document: Document = field(compare=False)
    hits: tuple[Hit, ...] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestStory:
    """A story that would have been an alert, with the first of its articles that match.

    `articles` counts those that match, `outlets` are theirs, in the order of the alphabet.
    """

    id: str
    published: datetime
    article: str
    outlet: str
    title: str
    url: str
    outlets: tuple[str, ...]
    articles: int = 1

    def joined(self, other: BacktestStory) -> BacktestStory:
        """The same story with further articles."""
        first = min(self, other, key=lambda story: (story.published, story.article))
        outlets = tuple(sorted({*self.outlets, *other.outlets}))
        return replace(first, outlets=outlets, articles=self.articles + other.articles)


@dataclass(frozen=True, slots=True)
class Difference:
    """How many articles only one of two queries finds, and the newest of them."""

    count: int
    newest: tuple[FoundArticle, ...]


@dataclass(frozen=True, slots=True)
class RuleComparison:
    """What a query wins and loses against the rule in force."""

    won: Difference
    lost: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome for one query, with the comparison if a rule is in force.

    `unmatched` are the articles that could not be matched, each with the bug; no other number
    counts them. `told` are the stories that the matches tell, the oldest first. `waves` are those
    that the rule's setting would have found, step by step; None if it has no setting.
    """

    days: tuple[BacktestDay, ...]
    newest: tuple[FoundArticle, ...]
    comparison: RuleComparison | None = None
    unmatched: Mapping[str, str] = field(default_factory=dict)
    waves: tuple[WaveStep, ...] | None = None
    told: tuple[BacktestStory, ...] = ()

    @property
    def articles(self) -> int:
        """How many articles were read."""
        return sum(day.articles for day in self.days)

    @property
    def matches(self) -> int:
        """How many of them match."""
        return sum(day.matches for day in self.days)

    @property
    def stories(self) -> int:
        """How many stories these tell; each would be one alert."""
        return sum(day.stories for day in self.days)

    @property
    def alerts_a_day(self) -> float:
        """The alerts to expect a day, over all days from the first to the last."""
        if not self.days:
            return 0.0
        return self.stories / ((self.days[-1].day - self.days[0].day).days + 1)


class _Newest:
    """The newest few of the articles added, and how many there were in all."""

    def __init__(self, most: int) -> None:
        self._most, self._held, self.count = most, list[FoundArticle](), 0

    def add(self, found: FoundArticle) -> None:
        self.count += 1
        if len(self._held) < self._most:
            heappush(self._held, found)
        elif self._most:
            heappushpop(self._held, found)

    def join(self, other: _Newest) -> None:
        missed = other.count - len(other._held)
        for found in other._held:
            self.add(found)
        self.count += missed

    def sorted(self) -> tuple[FoundArticle, ...]:
        return tuple(sorted(self._held, reverse=True))

    def difference(self) -> Difference:
        return Difference(self.count, self.sorted())


class BacktestCounts:
    """What was found in some articles; what was found in others can be joined to it."""

    def __init__(self, newest: int) -> None:
        self.articles, self.matches = Counter[date](), Counter[date]()
        self.stories: dict[str, BacktestStory] = {}
        self.unmatched: dict[str, str] = {}
        self.times: list[tuple[datetime, str, str]] = []
        self.found, self.won, self.lost = (_Newest(newest) for _ in range(3))

    def tell(self, story: BacktestStory) -> None:
        """Count a story, or further articles of it."""
        held = self.stories.get(story.id)
        self.stories[story.id] = held.joined(story) if held else story

    def join(self, other: BacktestCounts) -> None:
        """Add what was found in other articles."""
        self.articles += other.articles
        self.matches += other.matches
        for story in other.stories.values():
            self.tell(story)
        self.unmatched |= other.unmatched
        self.times += other.times
        for ours, theirs in zip(self._newest, other._newest, strict=True):
            ours.join(theirs)

    @property
    def _newest(self) -> tuple[_Newest, ...]:
        return self.found, self.won, self.lost


class Backtest:
    """Takes articles one by one; the report tells what the query finds in them.

    The report is about `draft`. With a rule `in_force`, it also says what the draft wins and loses.
    """

    def __init__(
        self, draft: Rule, in_force: Rule | None, *, timezone: tzinfo, newest: int = 10
    ) -> None:
        """Begin without articles; days are those of the timezone."""
        held = () if in_force is None else (replace(in_force, id=_IN_FORCE),)
        self._book = RuleBook.build([replace(draft, id=_DRAFT), *held])
        self._timezone, self._volume, self._newest = timezone, draft.volume, newest
        self._counts = BacktestCounts(newest)

    def read(self, number: int, document: Document, published: datetime, story: str) -> None:
        """Count one article."""
        counts = self._counts
        try:
            matches = {match.rule: match for match in self._book.match(document)}
        except Exception as error:  # noqa: BLE001 - a bug in one article must not cost the others
            counts.unmatched[document.id] = bug_of(error)
            return
        day = self._day(published)
        counts.articles[day] += 1
        if _DRAFT in matches:
            counts.matches[day] += 1
            counts.tell(_told(document, published, story))
            if self._volume and is_timed(published, self._timezone):
                counts.times.append((published, story, document.outlet))
        for match in matches.values():
            found = FoundArticle(
                published=published, number=number, document=document, hits=match.hits
            )
            if match.rule == _DRAFT:
                counts.found.add(found)
            if len(matches) == 1:
                (counts.won if match.rule == _DRAFT else counts.lost).add(found)

    def _day(self, published: datetime) -> date:
        return published.astimezone(self._timezone).date()

    def taken(self) -> BacktestCounts:
        """What was found in the articles so far; with the next one it begins anew."""
        counts, self._counts = self._counts, BacktestCounts(self._newest)
        return counts

    def join(self, counts: BacktestCounts) -> None:
        """Add what another backtest of these rules has found in other articles."""
        self._counts.join(counts)

    def report(self) -> Report:
        """The outcome for the articles so far."""
        counts = self._counts
        told = sorted(counts.stories.values(), key=lambda story: (story.published, story.article))
        first = Counter(self._day(story.published) for story in told)
        compared = len(self._book) > 1
        return Report(
            days=tuple(
                BacktestDay(
                    day=day, articles=count, matches=counts.matches[day], stories=first[day]
                )
                for day, count in sorted(counts.articles.items())
            ),
            newest=counts.found.sorted(),
            comparison=RuleComparison(counts.won.difference(), counts.lost.difference())
            if compared
            else None,
            unmatched=dict(counts.unmatched),
            waves=self._waves(),
            told=tuple(told),
        )

    def _waves(self) -> tuple[WaveStep, ...] | None:
        if self._volume is None:
            return None
        articles, found = self._counts.articles, self._counts.times
        usual = median(articles.values()) if articles else 0
        whole = (day for day, count in articles.items() if count >= _WHOLE * usual)
        begun = datetime.combine(min(whole, default=date.max), time.min, self._timezone)
        times = StoryTimes(self._volume, self._timezone, begun)
        for each in sorted(found):
            times.add(*each)
        if found:
            times.end(max(at for at, _, _ in found) + 2 * self._volume.over)
        return tuple(times.steps)


def _told(document: Document, published: datetime, story: str) -> BacktestStory:
    return BacktestStory(
        id=story,
        published=published,
        article=document.id,
        outlet=document.outlet,
        title=document.title,
        url=document.url,
        outlets=(document.outlet,),
    )
