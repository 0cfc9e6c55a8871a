"""Several archives searched as one; an article that stands in several of them counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter

from alerts.query.parser import Concepts
from alerts.search.archived import ALWAYS, Period, oldest, size
from alerts.search.results import Search, SearchResult
from crawler.store import Connection

# Keys fetched at once; chosen: a few hundred kB.
_PAGE = 5_000


def shared_keys(archives: Sequence[Connection]) -> Iterator[tuple[str, list[int]]]:
    """Yield the key of each article that stands in several archives, with their places here.

    All keys are read, in order, so that no more than a few thousand are held.
    """
    if len(archives) > 1:
        keys = merge(*(_keys(db, place) for place, db in enumerate(archives)))
        for key, held in groupby(keys, key=itemgetter(0)):
            places = [place for _, place in held]
            if len(places) > 1:
                yield key, places


def _keys(db: Connection, place: int) -> Iterator[tuple[str, int]]:
    last = ""
    while page := db.execute(
        "SELECT key FROM articles WHERE key > ? ORDER BY key LIMIT ?", [last, _PAGE]
    ).fetchall():
        [last] = page[-1]
        yield from ((key, place) for (key,) in page)


class OneStory:
    """Stories that are one because they share an article."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        """Take two stories for one."""
        one, other = self._name(one), self._name(other)
        if one != other:
            self._of[max(one, other)] = min(one, other)

    def _name(self, story: str) -> str:
        while story in self._of:
            story = self._of[story]
        return story

    def names(self) -> dict[str, str]:
        """The name that counts, for each story that has another one."""
        return {story: self._name(story) for story in self._of}


def later_copies(archives: Sequence[Connection]) -> tuple[list[frozenset[int]], dict[str, str]]:
    """The numbers of what stands in an earlier archive too, and the names of stories that are one.

    There is a set for each archive; that of the first is empty.
    """
    numbers: list[set[int]] = [set() for _ in archives]
    stories = OneStory()
    for key, (first, *others) in shared_keys(archives):
        _, told = _place_of(archives[first], key)
        for place in others:
            number, story = _place_of(archives[place], key)
            numbers[place].add(number)
            stories.join(told, story)
    return list(map(frozenset, numbers)), stories.names()


def _place_of(db: Connection, key: str) -> tuple[int, str]:
    number, story = db.execute(
        "SELECT number, coalesce(story_articles.story, articles.id) FROM articles "
        "LEFT JOIN story_articles ON story_articles.article = articles.number WHERE key = ?",
        [key],
    ).fetchone()
    return int(number), str(story)


def size_of_all(archives: Sequence[Connection], period: Period = ALWAYS) -> int:
    """How many articles were published in this period; each counts once."""
    again = 0
    for key, places in shared_keys(archives):
        held = sum(_is_held(archives[place], key, period) for place in places)
        again += max(held - 1, 0)
    return sum(size(db, period) for db in archives) - again


def _is_held(db: Connection, key: str, period: Period) -> bool:
    sql = "SELECT 1 FROM articles WHERE key = ? AND +published >= ? AND +published < ?"
    return db.execute(sql, [key, *period.bounds]).fetchone() is not None


def oldest_of_all(archives: Sequence[Connection]) -> datetime | None:
    """When the oldest article was published; None if there is no article."""
    return min(filter(None, map(oldest, archives)), default=None)


class SearchOfAll:
    """A search of several archives: what matches in any of them, newest first, each once.

    An article that matches in several comes from where its date is the newest, or else from the
    first. With each comes the place of its archive. It can be gone through once.

    Raises:
        QueryError: the query has a fault.
    """

    def __init__(
        self,
        archives: Sequence[Connection],
        query: str,
        *,
        concepts: Concepts | None = None,
        period: Period = ALWAYS,
        there_is_time: Callable[[], bool] = lambda: True,
    ) -> None:
        self._archives = archives
        self._searches = [
            Search(db, query, concepts=concepts, period=period, there_is_time=there_is_time)
            for db in archives
        ]

    def __iter__(self) -> Iterator[tuple[int, SearchResult]]:
        results = (self._results(place) for place in range(len(self._archives)))
        seen: set[str] = set()
        for place, result in merge(*results, key=_published, reverse=True):
            key = self._key(place, result) if len(self._archives) > 1 else ""
            if not key or key not in seen:
                seen.add(key)
                yield place, result

    @property
    def unread(self) -> datetime | None:
        """The date of the newest article that there was no time to read, if there is one."""
        return max(filter(None, (each.unread for each in self._searches)), default=None)

    def _results(self, place: int) -> Iterator[tuple[int, SearchResult]]:
        return ((place, result) for result in self._searches[place])

    def _key(self, place: int, result: SearchResult) -> str:
        sql = "SELECT key FROM articles WHERE number = ?"
        return str(self._archives[place].execute(sql, [result.found.number]).fetchone()[0])


def _published(found: tuple[int, SearchResult]) -> datetime:
    return found[1].found.published
