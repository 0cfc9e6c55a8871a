"""The archive searched in the language of the rules."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice

from alerts.match import Hit
from alerts.query.parser import Concepts
from alerts.query.tree import Node
from alerts.rules.book import RuleBook, rule_of
from alerts.search import archived as archive
from alerts.search.archived import ALWAYS, Archived, Period
from alerts.search.earlier import EarlierText, EarlierTexts
from alerts.search.forms import keys
from alerts.search.lexicon import lexicon_of
from alerts.search.sieve import Sieve, rows_of
from alerts.search.sieve_of_query import sieve_of
from alerts.search.sift import passing
from crawler.errors import bug_of
from crawler.frozen import dataclass
from crawler.store import Connection, Lookups, Span

log = logging.getLogger(__name__)

# Chosen; what searches take with these numbers stands in docs/rules.md, "How long a search takes".
_BATCH = 50  # articles fetched at once: most searches end within the first few
_FEW = 100  # articles; it is quicker to evaluate this few than to sift them
_READ = 500  # articles whose texts are searched at once for words as written
_NEWEST = 2_000  # articles sifted before the others
_SORTED = 500  # articles; this few are sorted by themselves, more are picked from all by date


@dataclass(frozen=True, slots=True)
class SearchResult:
    """An article that matches, with all its hits.

    `earlier` says which of its texts that is, where it is not the present one; `found` has that
    text then.
    """

    found: Archived
    hits: tuple[Hit, ...]
    earlier: EarlierText | None = None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found, newest first, and how far it got.

    `unread` is the date of the newest article that there was no time to read; None if all that may
    match were read, or enough was found.
    """

    found: list[SearchResult]
    unread: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Sieves:
    """A query's sieve for texts as a whole, and that for texts whose items are known."""

    whole: Sieve
    items: Sieve


def search(  # noqa: PLR0913 - a question in parts, each by name
    db: Connection,
    query: str,
    *,
    concepts: Concepts | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 20,
) -> list[SearchResult]:
    """The newest articles that match, or of which an earlier text does, newest first.

    An earlier text counts by a sentence with a hit that the article no longer has. The indexes
    propose articles, and the exact evaluator decides.

    Raises:
        QueryError: the query has a fault.
    """
    found = Search(db, query, concepts=concepts, period=Period(since, until))
    return list(islice(found, limit))


def search_while(
    db: Connection,
    query: str,
    there_is_time: Callable[[], bool],
    *,
    concepts: Concepts | None = None,
    limit: int = 20,
) -> SearchResults:
    """The same, as far as there is time."""
    found = Search(db, query, concepts=concepts, there_is_time=there_is_time)
    return SearchResults(list(islice(found, limit)), found.unread)


class Search:
    """The same one by one, as far as there is time; it can be gone through once.

    It asks before each article that may match. So it takes the time of one article longer at most,
    and that of the questions to the indexes. What was read is exact, and older articles were not
    read.

    Raises:
        QueryError: the query has a fault.
    """

    def __init__(
        self,
        db: Connection,
        query: str,
        *,
        concepts: Concepts | None = None,
        period: Period = ALWAYS,
        there_is_time: Callable[[], bool] = lambda: True,
    ) -> None:
        rule = rule_of(id="query", text=query, concepts=concepts)
        self._book = RuleBook.build([rule])
        self._earlier = EarlierTexts(db, self._book, rule.query.node)
        batches = _batches(_candidates(db, rule.query.node, period, self._earlier))
        self._articles = _WhileTime(
            chain.from_iterable(archive.by_number(db, numbers) for numbers in batches),
            there_is_time,
        )

    def __iter__(self) -> Iterator[SearchResult]:
        return results_among(self._articles, self._book, self._earlier)

    @property
    def unread(self) -> datetime | None:
        """The date of the newest article that there was no time to read, if there is one."""
        return self._articles.unread


class _WhileTime:
    """Articles for as long as there is time; `unread` is the date of the first that is left."""

    def __init__(self, articles: Iterable[Archived], there_is_time: Callable[[], bool]) -> None:
        self._articles, self._there_is_time = articles, there_is_time
        self.unread: datetime | None = None

    def __iter__(self) -> Iterator[Archived]:
        for found in self._articles:
            if not self._there_is_time():
                self.unread = found.published
                return
            yield found


def results_among(
    articles: Iterable[Archived], book: RuleBook, earlier: EarlierTexts | None = None
) -> Iterator[SearchResult]:
    """Yield the articles that match; if a bug stops an article, it is logged and left out."""
    for found in articles:
        try:
            matches = book.match(found.document)
            before = earlier.result(found) if earlier and not matches else None
        except Exception as error:  # noqa: BLE001 - a bug in one article must not cost the others
            log.error("matching_failed article=%s bug=%s", found.document.id, bug_of(error))  # noqa: TRY400 - a line each
            continue
        for match in matches:
            yield SearchResult(found, match.hits)
        if before:
            document, hits, text = before
            yield SearchResult(replace(found, document=document), hits, text)


def _candidates(db: Connection, node: Node, period: Period, earlier: EarlierTexts) -> Iterator[int]:
    """Yield the articles that may match, the newest first.

    The newest are sifted first: a common word is found among them.
    """
    lookups = Lookups(db)
    newest = list(islice(archive.newest_first(db, period), _NEWEST))
    if len(newest) <= _FEW or not lookups.ready():
        yield from archive.newest_first(db, period)
        return
    lexicon = lexicon_of(lookups, keys(node))
    sieves = _Sieves(sieve_of(node, lexicon), sieve_of(node, lexicon, in_items=True))
    span = Span(min(newest), max(newest))
    past = earlier.look(lookups, lexicon, span)
    likely = list(_among(newest, _either(_wanted(lookups, sieves, span), past)))
    yield from likely
    if len(newest) < _NEWEST:
        return
    wanted, rows = _wanted(lookups, sieves, Span()), rows_of(sieves.whole)
    if wanted and rows and not likely:  # all will have to be read, which is quicker in one go
        wanted = _written(lookups, rows, wanted)
    past = earlier.look(lookups, lexicon, Span())
    wanted = _either(wanted, past)
    older: Iterable[int] = archive.newest_first(db, period, skipped=_NEWEST)
    if wanted is not None:
        wanted.difference_update(newest)
        if len(wanted) <= _SORTED:
            older = archive.by_date(db, wanted, period)
    older = _among(older, wanted)
    yield from _read(lookups, rows, older, past or ()) if rows and past is not None else older


def _read(
    lookups: Lookups, rows: Collection[str], numbers: Iterable[int], past: Collection[int]
) -> Iterator[int]:
    """Yield the articles that hold, or may have held, one of the rows, in batches.

    The first batch may be enough.
    """
    for batch in _batches(numbers, _READ):
        yield from _among(batch, _written(lookups, rows, batch).union(past))


def _wanted(lookups: Lookups, sieves: _Sieves, span: Span) -> set[int] | None:
    """The articles of the span that may match; None when all of them may."""
    passed = passing(lookups, sieves.whole, span)
    if passed is None:
        return None
    if sieves.items != sieves.whole and (itemised := lookups.with_items(span)):
        among = passing(lookups, sieves.items, span)
        passed |= itemised if among is None else itemised & among
    return passed | lookups.odd(span)


def _written(lookups: Lookups, rows: Collection[str], numbers: Collection[int]) -> set[int]:
    """The articles among these that hold one of the rows as written, or that are odd."""
    return lookups.written(rows, numbers) | lookups.odd(Span()).intersection(numbers)


def _either(wanted: set[int] | None, past: set[int] | None) -> set[int] | None:
    return None if wanted is None or past is None else wanted | past


def _among(numbers: Iterable[int], wanted: Collection[int] | None) -> Iterable[int]:
    return numbers if wanted is None else (number for number in numbers if number in wanted)


def _batches(numbers: Iterable[int], size: int = _BATCH) -> Iterator[list[int]]:
    taken = iter(numbers)
    while batch := list(islice(taken, size)):
        yield batch
