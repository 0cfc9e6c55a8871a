"""The archive searched in the language of the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlite_utils import Database

from alerts import archive
from alerts.archive import Archived
from alerts.forms import keys, written
from alerts.fulltext import cut, sieve_of
from alerts.lexicon import lexicon_of
from alerts.match import Hit
from alerts.parser import Concepts
from alerts.query import Node
from alerts.rules import RuleBook, rule_of
from alerts.sifting import passing
from crawler.store import Lookups, Span

_BATCH = 50  # articles fetched at once: most searches end within the first few
_SPELT = 500  # articles looked through at once for a word as it is written
_FEW = 100  # articles that are sooner all evaluated than sifted
_NEWEST = 2_000  # articles sifted before the others
_SORTED = 500  # articles that are sooner sorted by themselves than found among all


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

    The indexes propose, the exact evaluator decides.
    """
    rule = rule_of(id="query", text=query, concepts=concepts)
    book = RuleBook.build([rule])
    results: list[Result] = []
    for number in _batches(_candidates(db, rule.query.node, since)):
        for found in archive.by_number(db, number):
            results += [Result(found, match.hits) for match in book.match(found.document)]
            if len(results) == limit:
                return results
    return results


def _candidates(db: Database, node: Node, since: datetime | None) -> Iterator[int]:
    """Yield the articles that may match, the newest first.

    What is common is found among the newest, so these are sifted by themselves.
    """
    lookups = Lookups(db)
    newest = list(islice(archive.newest_first(db, since), _NEWEST))
    if len(newest) <= _FEW or not lookups.ready():
        yield from archive.newest_first(db, since)
        return
    sift = _Sift(db, lookups, node)
    span = Span(min(newest), max(newest))
    yield from sift.likely(newest, sift.wanted(span), span)
    wanted = sift.wanted(Span())
    older: Iterable[int] = archive.newest_first(db, since, skipped=_NEWEST)
    if wanted is not None:
        wanted.difference_update(newest)
        if len(wanted) <= _SORTED:
            older = archive.by_date(db, wanted, since)
    yield from sift.likely(older, wanted, Span())


class _Sift:
    """What is known of the articles that may match a query, without reading them."""

    def __init__(self, db: Database, lookups: Lookups, node: Node) -> None:
        self._db, self._lookups = db, lookups
        lexicon = lexicon_of(lookups, keys(node))
        self._sieve, self._exact = sieve_of(node, lexicon), written(node)
        self._cut = cut(self._exact or (), lexicon)

    def wanted(self, span: Span) -> set[int] | None:
        """The articles of the span that may match; nothing when all of them may."""
        passed = passing(self._lookups, self._sieve, span)
        return passed if passed is None else passed | self._lookups.odd(span)

    def likely(
        self, numbers: Iterable[int], wanted: Collection[int] | None, span: Span
    ) -> Iterable[int]:
        """Those of the articles that are wanted, and hold a word as it must be written."""
        if wanted is not None:
            numbers = (number for number in numbers if number in wanted)
        if not self._exact:
            return numbers
        always = self._lookups.odd(span) | (passing(self._lookups, self._cut, span) or set())
        return _spelt(self._db, numbers, self._exact, always)


def _spelt(
    db: Database, numbers: Iterable[int], words: Collection[str], always: Collection[int]
) -> Iterator[int]:
    """Yield the articles in which one of the words stands letter by letter, and some always."""
    for batch in _batches(numbers, _SPELT):
        held = archive.spelling(db, batch, words)
        yield from (number for number in batch if number in held or number in always)


def _batches(numbers: Iterable[int], size: int = _BATCH) -> Iterator[list[int]]:
    taken = iter(numbers)
    while batch := list(islice(taken, size)):
        yield batch
