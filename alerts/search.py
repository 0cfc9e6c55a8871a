"""The archive searched in the language of the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlite_utils import Database

from alerts import archive
from alerts.archive import Archived
from alerts.fulltext import cut, expression, written
from alerts.match import Hit
from alerts.parser import Concepts
from alerts.query import Node
from alerts.rules import RuleBook, rule_of

_BATCH = 50  # articles fetched at once: most searches end within the first few
_SPELT = 500  # articles looked through at once for a word as it is written
_FEW = 500  # articles that are sooner sorted by themselves than found among all


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
    for number in _batches(_candidates(db, rule.query.node, since)):
        for found in archive.by_number(db, number):
            results += [Result(found, match.hits) for match in book.match(found.document)]
        if len(results) >= limit:
            break
    return results[:limit]


def _candidates(db: Database, node: Node, since: datetime | None) -> Iterable[int]:
    """The articles that may match, the newest first."""
    words = expression(node)
    if words is None:
        return archive.newest_first(db, since)
    wanted = archive.holding(db, words)
    if len(wanted) <= _FEW:
        return archive.by_date(db, wanted, since)
    newest = (number for number in archive.newest_first(db, since) if number in wanted)
    exact = written(node)
    return newest if exact is None else _spelt(db, newest, exact)


def _spelt(db: Database, numbers: Iterable[int], words: Collection[str]) -> Iterator[int]:
    """Yield the articles in which one of the words stands letter by letter, or is cut."""
    cut_there = archive.holding(db, cut(words))
    for batch in _batches(numbers, _SPELT):
        held = archive.spelling(db, batch, words) | cut_there
        yield from (number for number in batch if number in held)


def _batches(numbers: Iterable[int], size: int = _BATCH) -> Iterator[list[int]]:
    taken = iter(numbers)
    while batch := list(islice(taken, size)):
        yield batch
