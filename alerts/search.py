"""The archive searched in the language of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from alerts import archive
from alerts.archive import Archived
from alerts.fulltext import expression
from alerts.match import Hit
from alerts.parser import Concepts
from alerts.rules import RuleBook, rule_of

_BATCH = 50  # articles fetched at once: most searches end within the first few


@dataclass(frozen=True, slots=True)
class Result:
    """An article that matches, with all its hits."""

    found: Archived
    hits: tuple[Hit, ...]


def search(
    db: Database,
    query: str,
    *,
    concepts: Concepts | None = None,
    since: datetime | None = None,
    limit: int = 20,
) -> list[Result]:
    """The newest articles that match, newest first; a fault in the query raises `QueryError`.

    The full-text index proposes, the exact evaluator decides.
    """
    rule = rule_of(id="query", text=query, concepts=concepts)
    book = RuleBook.build([rule])
    results: list[Result] = []
    for found in _candidates(db, expression(rule.query.node), since):
        results += [Result(found, match.hits) for match in book.match(found.document)]
        if len(results) >= limit:
            break
    return results[:limit]


def _candidates(db: Database, words: str | None, since: datetime | None) -> Iterator[Archived]:
    """Yield the articles that may match, newest first."""
    wanted = None if words is None else archive.holding(db, words)
    batch: list[int] = []
    for number in archive.newest_first(db, since):
        if wanted is None or number in wanted:
            batch.append(number)
            if len(batch) == _BATCH:
                yield from archive.by_number(db, batch)
                batch = []
    yield from archive.by_number(db, batch)
