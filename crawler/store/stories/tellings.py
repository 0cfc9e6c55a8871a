"""Articles read back for a comparison of their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

from crawler.model import Article
from crawler.store.connection import Connection
from crawler.store.records import Row, as_text, as_time
from crawler.stories.near_duplicates import LOOK_BACK, Telling
from crawler.stories.related_stories import forget_long_texts
from crawler.stories.story_text import COMPARED, LONG_TEXT, StoryText, forget_runs

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_TELLINGS = f"""
    SELECT articles.number, articles.id, articles.title, articles.lead,
           substr(articles.body, 1, {COMPARED}) AS body,
           articles.outlet, articles.published, articles.first_seen,
           story_articles.story, story_articles.seen
    FROM story_articles JOIN articles ON articles.number = story_articles.article
"""  # noqa: S608 - a constant


# Copies of one story come close together, and each is compared with those before it.
@lru_cache(maxsize=128)
def _kept(title: str, lead: str, body: str) -> StoryText:
    return StoryText(title, lead, body)


@lru_cache(maxsize=2)
def _kept_briefly(title: str, lead: str, body: str) -> StoryText:
    return StoryText(title, lead, body)


def reading_of(title: str, lead: str, body: str) -> StoryText:
    """The text of an article as far as it is compared, read once.

    A long one, which takes much room, is soon forgotten.
    """
    kept = _kept_briefly if len(body) > LONG_TEXT else _kept
    return kept(title, lead, body[:COMPARED])


@contextmanager
def without_long_texts() -> Iterator[None]:
    """A context after which no long text is kept."""
    try:
        yield
    finally:
        _kept_briefly.cache_clear()
        forget_runs()
        forget_long_texts()


def telling(article: Article, story: str, now: datetime) -> Telling:
    """The article as one that tells this story."""
    return Telling(
        article=article.id,
        story=story,
        outlet=article.outlet,
        at=_brought(article.published, article.first_seen),
        seen=now,
        reading=reading_of(article.title, article.lead, article.body),
    )


def tellings(db: Connection, numbers: Sequence[int], now: datetime) -> list[Telling]:
    """Those of the articles with these numbers that were seen within the look-back."""
    return [*_found(db, "story_articles.article", numbers, now).values()]


def all_tellings(db: Connection, numbers: Sequence[int]) -> dict[int, Telling]:
    """The articles with these numbers, by number, whenever they were seen."""
    return _found(db, "story_articles.article", numbers, _LONG_AGO + LOOK_BACK)


def tellings_of(db: Connection, articles: Sequence[str], now: datetime) -> list[Telling]:
    """The same of the articles with these ids."""
    return [*_found(db, "articles.id", articles, now).values()]


def _found(
    db: Connection, column: str, names: Sequence[object], now: datetime
) -> dict[int, Telling]:
    if not names:
        return {}
    places = ", ".join("?" * len(names))
    found = db.rows(
        f"{_TELLINGS} WHERE {column} IN ({places}) AND story_articles.seen >= ?",
        [*names, as_text(now - LOOK_BACK)],
    )
    return {row["number"]: _from_row(row) for row in found}


def seen_before(db: Connection, time: datetime, limit: int) -> list[int]:
    """The numbers of a few of the articles in the index that were seen before this."""
    found = db.execute(
        "SELECT article FROM story_articles WHERE indexed AND seen < ? ORDER BY seen LIMIT ?",
        [as_text(time), limit],
    )
    return [number for (number,) in found.fetchall()]


def reading_at(db: Connection, number: int) -> StoryText:
    """The text of the article with this number."""
    [row] = db.rows("SELECT title, lead, body FROM articles WHERE number = ?", [number])
    return reading_of(row["title"], row["lead"], row["body"])


def _from_row(row: Row) -> Telling:
    return Telling(
        article=row["id"],
        story=row["story"],
        outlet=row["outlet"],
        at=_brought(as_time(row["published"]), as_time(row["first_seen"])),
        seen=as_time(row["seen"]),
        reading=reading_of(row["title"], row["lead"], row["body"]),
    )


def _brought(published: datetime, first_seen: datetime) -> datetime:
    # A date in the future is the outlet's mistake.
    return min(published, first_seen)
