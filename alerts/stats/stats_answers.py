"""The answers: from the roll-up of matches by day where it has them, else by reading."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, repeat

from alerts.counting import AppliedMatches
from alerts.query import Concepts
from alerts.rules import Rule
from alerts.search import Period, Search
from alerts.stats.beside import beside
from alerts.stats.cells import (
    Cell,
    Dating,
    Dimension,
    Item,
    StatsQuestion,
    StatsRow,
    Unit,
    cell_of,
    counted,
    rows_of,
    whole_days,
)
from alerts.stats.passage_items import passages_of_result, passages_of_rule
from alerts.stats.shared_articles import SharedArticles, Standing, shared_articles
from alerts.trends import Found, MatchDays
from crawler.frozen import dataclass
from crawler.store import Connection, as_text, as_time

_ITEM = """
    SELECT found.article, found.story, articles.first_seen, articles.published,
           articles.outlet, coalesce(articles.section, '')
"""
_OF_RULE = """
    JOIN articles ON articles.id = found.article WHERE found.rule = ? AND found.found < ?
"""
_FOUND = f"{_ITEM} FROM matches AS found {_OF_RULE}"
_APPLIED = f"{_ITEM} FROM matches_applied AS found {_OF_RULE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """An answer: the rows, what they were counted from, and what tells whether that is the same.

    `wording` is the hash of the rule or the query. The archive's `fingerprint` is the same as long
    as `archive` is, which says what it consists of; with several archives, as long as that of each
    is (`archives`). `unread` is the date of the newest article that there was no time to read; the
    numbers are too low then.
    """

    question: StatsQuestion
    rows: list[StatsRow]
    total: int
    counted_from: str
    wording: str
    archives: list[dict[str, int]]
    shared: int = 0
    unread: datetime | None = None

    @property
    def archive(self) -> dict[str, int]:
        """What the archive consists of; of several, what they have together."""
        if len(self.archives) == 1:
            return self.archives[0]
        held = Counter[str]()
        for archive in self.archives:
            held.update(archive)
        return dict(held) | {"archives": len(self.archives), "shared": self.shared}

    @property
    def fingerprint(self) -> str:
        """What changes when the archive does, as far as the answer depends on it."""
        alone = len(self.archives) == 1
        told = json.dumps(self.archive if alone else self.archives, sort_keys=True).encode()
        return hashlib.blake2b(told, digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class PartOfStats:
    """What one archive has for an answer: the things that may count, and what stands beside."""

    items: list[Item]
    beside: dict[str, dict[Cell, int]]
    archive: dict[str, int]
    unread: datetime | None = None


def stats_of_rule(
    db: Connection, rule: Rule, question: StatsQuestion, *, also: Sequence[Connection] = ()
) -> Stats:
    """What this rule has found, each article and story once, in whatever text it was."""
    days = None if also or AppliedMatches(db).count(rule.id) else _rolled_up(question)
    if days is not None:
        counts, total = _from_roll_up(MatchDays(db), rule.id, question, days)
        return Stats(
            question=question,
            rows=rows_of(counts, beside(db, question)),
            total=total,
            counted_from="roll-up",
            wording=rule.hash,
            archives=[_archive(db, question) | _matches(db, rule.id, question)],
        )
    archives = [db, *also]
    shared = shared_articles(archives, question)
    parts = map(_part_of_rule, archives, repeat(rule), repeat(question), shared.standings)
    return stats_of_parts(parts, rule, question, shared, counted_from="matches")


def stats_of_query(  # noqa: PLR0913 - a question in parts
    db: Connection,
    rule: Rule,
    question: StatsQuestion,
    concepts: Concepts,
    there_is_time: Callable[[], bool],
    *,
    also: Sequence[Connection] = (),
) -> Stats:
    """What the query of this draft finds in the archive now, in present texts and earlier ones."""
    archives = [db, *also]
    shared = shared_articles(archives, question)
    parts = (
        part_of_query(part, rule, question, concepts, there_is_time, standing)
        for part, standing in zip(archives, shared.standings, strict=True)
    )
    return stats_of_parts(parts, rule, question, shared)


def stats_of_parts(
    parts: Iterable[PartOfStats],
    rule: Rule,
    question: StatsQuestion,
    shared: SharedArticles,
    *,
    counted_from: str = "archive",
) -> Stats:
    """The answer from what each archive has for it."""
    items, archives, unread = list[Item](), list[dict[str, int]](), list[datetime]()
    numbers = defaultdict[str, Counter[Cell]](Counter)
    for part in parts:
        items += part.items
        archives.append(part.archive)
        unread += [part.unread] if part.unread else []
        for name, cells in part.beside.items():
            numbers[name].update(cells)
    numbers["stored"].subtract(shared.stored_again)
    numbers["partial"].subtract(shared.partial_again)
    counts, total = counted(items, question)
    return Stats(
        question=question,
        rows=rows_of(counts, {name: +cells for name, cells in numbers.items()}),
        total=total,
        counted_from=counted_from,
        wording=rule.hash,
        archives=archives,
        shared=shared.again,
        unread=max(unread, default=None),
    )


def part_of_query(  # noqa: PLR0913, PLR0917 - a question in parts
    db: Connection,
    rule: Rule,
    question: StatsQuestion,
    concepts: Concepts,
    there_is_time: Callable[[], bool],
    standing: Standing,
) -> PartOfStats:
    """What one of several archives has for `stats_of_query`."""
    period = Period()
    if question.dating is Dating.PUBLISHED:
        period = Period(question.since, question.until)
    search = Search(db, rule.text, concepts=concepts, period=period, there_is_time=there_is_time)
    items = list(map(standing.item, _found(db, search, question)))
    return PartOfStats(items, beside(db, question), _archive(db, question), search.unread)


def _part_of_rule(
    db: Connection, rule: Rule, question: StatsQuestion, standing: Standing
) -> PartOfStats:
    passages = question.unit is Unit.PASSAGES
    found = (passages_of_rule if passages else _matched)(db, rule.id, question)
    applied = AppliedMatches(db).count(rule.id)
    archive = _archive(db, question) | _matches(db, rule.id, question)
    return PartOfStats(
        list(map(standing.item, found)),
        beside(db, question),
        archive | ({"applied": applied} if applied else {}),
    )


def _rolled_up(question: StatsQuestion) -> tuple[date, date] | None:
    """The days for which the roll-up has the answer; None if it does not have it."""
    if (
        question.as_of
        or question.unit is Unit.PASSAGES
        or question.dating is Dating.PUBLISHED
        or Dimension.SECTION in question.by
    ):
        return None
    return whole_days(question)


def _from_roll_up(
    roll_up: MatchDays, rule: str, question: StatsQuestion, days: tuple[date, date]
) -> tuple[dict[Cell, int], int]:
    since, until = days
    whole = roll_up.series(since, rule)
    by_outlet = Dimension.OUTLET in question.by
    series = roll_up.days_by_outlet(since, rule) if by_outlet else {"": whole}
    cells = Counter[Cell]()
    for outlet, found_on in series.items():
        for day, found in found_on.items():
            if day < until and (count := _number(found, question.unit)):
                cells[cell_of(question.by, day, outlet)] += count
    numbers = (_number(found, question.unit) for day, found in whole.items() if day < until)
    return dict(cells), sum(numbers)


def _number(found: Found, unit: Unit) -> int:
    return found.stories if unit is Unit.STORIES else found.articles


def _matched(db: Connection, rule: str, question: StatsQuestion) -> Iterator[Item]:
    """Yield the articles that a rule has found, as things that may count."""
    found = [rule, as_text(question.as_of) if question.as_of else "~"]
    rows = chain(db.execute(_FOUND, found), db.execute(_APPLIED, found))
    for article, story, stored, published, outlet, section in rows:
        moment = as_time(stored if question.dating is Dating.STORED else published)
        yield Item(article=article, story=story, moment=moment, outlet=outlet, section=section)


def _found(db: Connection, search: Search, question: StatsQuestion) -> Iterator[Item]:
    """Yield the articles that a search finds, as things that may count."""
    for result in search:
        found = result.found
        rows = db.execute("SELECT first_seen FROM articles WHERE number = ?", [found.number])
        stored = as_time(rows.fetchone()[0])
        if question.as_of is None or stored < question.as_of:
            item = Item(
                article=found.document.id,
                story=found.story,
                moment=stored if question.dating is Dating.STORED else found.published,
                outlet=found.document.outlet,
                section=found.document.section,
            )
            passages = question.unit is Unit.PASSAGES
            yield from passages_of_result(result, item) if passages else [item]


def _archive(db: Connection, question: StatsQuestion) -> dict[str, int]:
    """What the archive holds of the time up to `as_of`."""
    held = {"forgotten": _one(db, "SELECT count(*) FROM forgotten")}
    if question.as_of is None:
        articles = _one(db, "SELECT total FROM totals WHERE name = 'articles'")
        texts = _one(db, "SELECT coalesce(max(seq), 0) FROM revisions")
        return {"articles": articles, "texts": texts} | held
    sql = "SELECT count(*) FROM articles WHERE first_seen < ?"
    return {"articles": _one(db, sql, as_text(question.as_of))} | held


def _matches(db: Connection, rule: str, question: StatsQuestion) -> dict[str, int]:
    if question.as_of is None:
        return {"matches": _one(db, "SELECT count(*) FROM matches WHERE rule = ?", rule)}
    sql = "SELECT count(*) FROM matches WHERE rule = ? AND found < ?"
    return {"matches": _one(db, sql, rule, as_text(question.as_of))}


def _one(db: Connection, sql: str, *values: str) -> int:
    return int(db.execute(sql, values).fetchone()[0])
