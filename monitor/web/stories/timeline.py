"""The timeline: one row a story, newest first, in pages that begin where the last one ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from alerts.query import Concepts
from alerts.search import search
from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.web.stories.filters import StoryFilters, fits, moment_of
from monitor.web.stories.story_queries import BATCHES, MatchBatch, Row, StoryQueries
from monitor.web.stories.story_rows import StoryRow, first_quote, hits_of, story_row

PAGE = 50  # stories
_FOUND = 200  # articles that a search in the timeline takes, the newest


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some stories; `before` is where the next page begins, None at the end."""

    stories: Sequence[StoryRow]
    before: int | None


@dataclass(frozen=True, slots=True)
class FoundBetween:
    """The moments between which something was found."""

    since: datetime | None
    until: datetime | None


def timeline_page(  # noqa: PLR0913 - all that a page depends on
    db: Connection,
    filters: StoryFilters,
    now: datetime,
    timezone: str,
    concepts: Concepts,
    *,
    user: str = "",
) -> TimelinePage:
    """The page of these filters, with the marks of this user.

    Raises:
        QueryError: the query of `q` has a fault.
    """
    queries = StoryQueries(db, user, as_of=filters.as_of_match)
    span = FoundBetween(
        moment_of(filters.since, now, timezone),
        moment_of(filters.until, now, timezone, end=True),
    )
    before = filters.from_match
    if span.until and (after := queries.first_after(span.until)):
        before = min(before or after, after)
    if filters.q:
        return _searched(db, queries, filters, span, concepts)
    found: list[StoryRow] = []
    for _ in range(1 if _one(filters.outlet) else BATCHES):
        batch = _batch(queries, filters, before)
        for row in _passing(queries, batch.rows, filters, span):
            found.append(row)
            if len(found) == PAGE:
                return TimelinePage(found, _place(row, filters))
        if not batch.more or _is_over(batch.rows, span):
            return TimelinePage(found, None)
        before = batch.rows[-1]["id"]
    return TimelinePage(found, before)


def _batch(queries: StoryQueries, filters: StoryFilters, before: int | None) -> MatchBatch:
    rule, outlet = _one(filters.rule), _one(filters.outlet)
    if filters.mark == "starred" and not rule:
        return queries.newest_starred(before)
    if outlet:
        return queries.newest_at(outlet, before, rule=rule)
    return queries.newest(before, rule=rule)


def _one(asked: str) -> str:
    """The rule or outlet that alone is asked for, if there is one."""
    return "" if asked.startswith("-") else asked


def _is_over(rows: Sequence[Row], span: FoundBetween) -> bool:
    return span.since is not None and rows[-1]["found"] < span.since.isoformat()


def _searched(
    db: Connection,
    queries: StoryQueries,
    filters: StoryFilters,
    span: FoundBetween,
    concepts: Concepts,
) -> TimelinePage:
    found = search(db, filters.q, concepts=concepts, limit=_FOUND)
    rows = queries.newest_about(result.found.document.id for result in found)
    return TimelinePage(list(islice(_passing(queries, rows, filters, span), PAGE)), None)


def _passing(
    queries: StoryQueries, rows: Sequence[Row], filters: StoryFilters, span: FoundBetween
) -> Iterator[StoryRow]:
    """Yield the stories of these matches that pass the filters, newest first.

    A story stands where its newest match is, so one whose newest match is not among these was on a
    page before. Stories are looked up as many at a time as a page has.
    """
    newest: dict[str, int] = {}
    for row in rows:
        newest.setdefault(row["story"], row["id"])
    names = iter(newest)
    while some := list(islice(names, PAGE)):
        found = [
            story
            for story in _without_quotes(queries, some)
            if (filters.q or _place(story, filters) == newest[story.id])
            and _passes(story, filters, span)
        ]
        found.sort(key=lambda story: newest[story.id], reverse=True)
        yield from _with_quotes(queries, found)


def rows_of_stories(queries: StoryQueries, stories: Iterable[str]) -> list[StoryRow]:
    """The rows of these stories, as far as their articles are kept."""
    return _with_quotes(queries, _without_quotes(queries, stories))


def _without_quotes(queries: StoryQueries, stories: Iterable[str]) -> list[StoryRow]:
    names = list(stories)
    facts = queries.facts(names)
    return [row for name in names if (row := story_row(name, facts))]


def _with_quotes(queries: StoryQueries, rows: Iterable[StoryRow]) -> list[StoryRow]:
    """The same rows with their quotes, for which the texts are read."""
    quoted = list(rows)
    articles = [row.article for row in quoted]
    texts, hits = queries.texts(articles), queries.hits(articles)
    return [
        replace(row, quote=first_quote(texts[row.article], hits_of(hits.get(row.article, []))))
        for row in quoted
    ]


def _place(row: StoryRow, filters: StoryFilters) -> int:
    """The match by which a story stands in the timeline of these filters."""
    return row.rules.get(filters.rule, row.match)


def _passes(row: StoryRow, filters: StoryFilters, span: FoundBetween) -> bool:
    if (span.since and row.at < span.since) or (span.until and row.at >= span.until):
        return False
    return (
        fits(filters.rule, set(row.rules))
        and fits(filters.outlet, {row.outlet, *row.also})
        and fits(filters.state, set(row.states))
        and fits(filters.told, row.told_states)
        and fits(filters.mark, row.marks)
    )
