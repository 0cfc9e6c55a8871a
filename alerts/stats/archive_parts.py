"""Archives as parts of one question, each of which another process or machine can read."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from alerts.query import Concepts
from alerts.rules import Backtest, BacktestCounts, Rule
from alerts.search import ALWAYS, Period, articles, later_copies
from alerts.stats.cells import StatsQuestion
from alerts.stats.shared_articles import Standing, shared_articles
from alerts.stats.stats_answers import PartOfStats, Stats, part_of_query, stats_of_parts
from crawler.clock import utc_now
from crawler.errors import StoreError
from crawler.frozen import dataclass
from crawler.parts import LostPartError, PartMap, WorkPart
from crawler.store import Connection, open_reader

B = TypeVar("B")

_TRIES = 3  # deaths of a process after which an archive is given up; chosen
_BATCH = 2_000  # articles; chosen: read in a second or two


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPart:
    """What `stats_of_query` asks of one archive, until there is no more time."""

    rule: Rule
    question: StatsQuestion
    concepts: Concepts
    until: datetime
    path: Path = Path()
    standing: Standing = field(default_factory=Standing)

    def batches(self) -> Iterator[PartOfStats]:
        """The one answer of this archive."""
        db = open_reader(self.path, beside=True)
        try:
            yield part_of_query(
                *(db, self.rule, self.question, self.concepts),
                lambda: utc_now() < self.until,
                self.standing,
            )
        finally:
            db.close()

    def again(self, last: PartOfStats | None, deaths: int) -> Self | None:
        """The whole question once more, unless it is answered."""
        return self if last is None and deaths < _TRIES else None


@dataclass(frozen=True, slots=True)
class BacktestBatch:
    """What was found in some articles of an archive, the last of which has this number.

    `revised` says how many of them had other texts before.
    """

    counts: BacktestCounts
    articles: int
    revised: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPart:
    """A backtest of one archive, behind the article with a number.

    Articles that stand in an earlier archive too (`copies`) are left out, and stories have the
    names by which they count.
    """

    draft: Rule
    held: Rule | None
    timezone: str
    newest: int
    path: Path = Path()
    period: Period = ALWAYS
    copies: frozenset[int] = frozenset()
    stories: Mapping[str, str] = field(default_factory=dict)
    behind: int = 0

    def batches(self) -> Iterator[BacktestBatch]:
        """What is found in each two thousand articles, in the order in which they came in."""
        work = Backtest(self.draft, self.held, timezone=ZoneInfo(self.timezone), newest=self.newest)
        db, read, revised, number = open_reader(self.path, beside=True), 0, 0, self.behind
        try:
            for each in articles(db, self.period, behind=self.behind):
                number, read = each.number, read + 1
                if number not in self.copies:
                    story = self.stories.get(each.story, each.story)
                    work.read(number, each.document, each.published, story)
                    revised += each.revisions > 1
                if read == _BATCH:
                    yield BacktestBatch(work.taken(), read, revised, number)
                    read = revised = 0
            yield BacktestBatch(work.taken(), read, revised, number)
        finally:
            db.close()

    def again(self, last: BacktestBatch | None, deaths: int) -> Self | None:
        """The articles behind the last batch."""
        if deaths >= _TRIES:
            return None
        return replace(self, behind=last.number) if last else self


def stats_among(asked: QueryPart, archives: Mapping[Path, Connection], among: PartMap) -> Stats:
    """What `stats_of_query` says, from the answers of those who read the archives.

    Raises:
        StoreError: an archive cannot be read.
    """
    shared = shared_articles(list(archives.values()), asked.question)
    parts = {
        file: replace(asked, path=file.resolve(), standing=standing)
        for file, standing in zip(archives, shared.standings, strict=True)
    }
    return stats_of_parts(_answers(parts, among), asked.rule, asked.question, shared)


def backtest_among(
    asked: BacktestPart, archives: Mapping[Path, Connection], among: PartMap
) -> Generator[BacktestBatch, None, None]:
    """What a backtest finds in these archives; what stands in several counts in the first.

    Raises:
        StoreError: an archive cannot be read.
    """
    copies, stories = later_copies(list(archives.values()))
    parts = {
        file: replace(asked, path=file.resolve(), copies=held_before, stories=stories)
        for file, held_before in zip(archives, copies, strict=True)
    }
    return _answers(parts, among)


def _answers(parts: Mapping[Path, WorkPart[B]], among: PartMap) -> Generator[B, None, None]:
    try:
        for _, batch in among.over(list(parts.values())):
            yield batch
    except LostPartError as lost:
        raise StoreError(f"{list(parts)[lost.part]} cannot be read: {lost.why}") from lost
