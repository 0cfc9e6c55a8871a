"""The archive as documents, for backtests and searches. Read only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from alerts.document import Document
from crawler.frozen import dataclass
from crawler.store import Connection, as_text, as_time, items_from_text

# The columns whose names differ from those of the document's fields.
COLUMNS = {"lang": "language"}
# The fields of a document, in the order in which the statement names their columns.
_FIELDS = (
    *("id", "title", "lead", "body", "source", "outlet", "section", "author", "url", "lang"),
    "items",
)
_ARTICLES = """
    SELECT articles.number, articles.published, coalesce(story_articles.story, articles.id),
           articles.id, articles.title, articles.lead, articles.body, articles.source,
           articles.outlet, articles.section, articles.author, articles.url, articles.language,
           articles.items, articles.revision
    FROM articles LEFT JOIN story_articles ON story_articles.article = articles.number
"""


@dataclass(frozen=True, slots=True)
class Archived:
    """An article of the archive: its number there, its date of publication and its story.

    `revisions` is how many texts it has had.
    """

    number: int
    document: Document
    published: datetime
    story: str
    revisions: int = 1


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment up to another, which is no longer part of it; without one, without end."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def bounds(self) -> tuple[str, str]:
        """The two as the archive writes times."""
        since = as_text(self.since) if self.since else ""
        return since, as_text(self.until) if self.until else "~"  # sorts after every time


ALWAYS = Period()


def size(db: Connection, period: Period = ALWAYS) -> int:
    """How many articles were published in this period."""
    [(count,)] = db.execute(
        "SELECT count(*) FROM articles WHERE published >= ? AND published < ?", period.bounds
    ).fetchall()
    return int(count)


def oldest(db: Connection) -> datetime | None:
    """When the oldest article was published; None if there is no article."""
    found = db.execute("SELECT min(published) FROM articles").fetchone()[0]
    return as_time(found) if found else None


def articles(db: Connection, period: Period = ALWAYS, *, behind: int = 0) -> Iterator[Archived]:
    """Yield the articles published in this period, in the order in which they came in.

    They are those behind the one with a number.
    """
    # Without the signs, SQLite would sort all of them, with their texts.
    rows = db.execute(
        f"{_ARTICLES} WHERE +articles.published >= ? AND +articles.published < ? "
        "AND articles.number > ? ORDER BY articles.number",
        [*period.bounds, behind],
    )
    return map(_archived, rows)


def newest_first(db: Connection, period: Period = ALWAYS, *, skipped: int = 0) -> Iterator[int]:
    """Yield the numbers of the articles of this period, newest first, without the first few."""
    rows = db.execute(
        "SELECT number FROM articles WHERE published >= ? AND published < ? "
        "ORDER BY published DESC, number DESC LIMIT -1 OFFSET ?",
        [*period.bounds, skipped],
    )
    return (number for (number,) in rows)


def by_date(db: Connection, numbers: Collection[int], period: Period = ALWAYS) -> list[int]:
    """The numbers among these whose articles were published in this period, newest first."""
    rows = db.execute(
        f"SELECT number FROM articles WHERE number IN ({_marks(numbers)}) "  # noqa: S608 - question marks
        "AND published >= ? AND published < ? ORDER BY published DESC, number DESC",
        [*numbers, *period.bounds],
    )
    return [number for (number,) in rows]


def by_number(db: Connection, numbers: Sequence[int]) -> list[Archived]:
    """The articles with these numbers, in this order."""
    rows = db.execute(f"{_ARTICLES} WHERE articles.number IN ({_marks(numbers)})", numbers)
    found = {each.number: each for each in map(_archived, rows)}
    return [found[number] for number in numbers if number in found]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _archived(row: Sequence[Any]) -> Archived:
    number, published, story, *values, revisions = row
    given = zip(_FIELDS, values, strict=True)
    known = {name: value for name, value in given if value is not None}
    starts = tuple(item.start for item in items_from_text(known.pop("items", None)))
    return Archived(number, Document(**known, items=starts), as_time(published), story, revisions)
