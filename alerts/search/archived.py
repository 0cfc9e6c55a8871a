"""The archive as documents, for backtests and searches. Read only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.document import Document
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


def size(db: Connection, since: datetime | None = None) -> int:
    """How many articles were published since; without `since`, how many there are."""
    [(count,)] = db.execute(
        "SELECT count(*) FROM articles WHERE published >= ?", [_begin(since)]
    ).fetchall()
    return int(count)


def articles(db: Connection, since: datetime | None = None) -> Iterator[Archived]:
    """Yield the articles published since, in the order in which they came in."""
    rows = db.execute(
        f"{_ARTICLES} WHERE articles.published >= ? ORDER BY articles.number", [_begin(since)]
    )
    return map(_archived, rows)


def newest_first(
    db: Connection, since: datetime | None = None, *, skipped: int = 0
) -> Iterator[int]:
    """Yield the numbers of the articles published since, newest first, without the first few."""
    rows = db.execute(
        "SELECT number FROM articles WHERE published >= ? ORDER BY published DESC, number DESC "
        "LIMIT -1 OFFSET ?",
        [_begin(since), skipped],
    )
    return (number for (number,) in rows)


def by_date(db: Connection, numbers: Collection[int], since: datetime | None = None) -> list[int]:
    """The numbers among these whose articles were published since, newest first."""
    rows = db.execute(
        f"SELECT number FROM articles WHERE number IN ({_marks(numbers)}) AND published >= ? "  # noqa: S608 - question marks
        "ORDER BY published DESC, number DESC",
        [*numbers, _begin(since)],
    )
    return [number for (number,) in rows]


def by_number(db: Connection, numbers: Sequence[int]) -> list[Archived]:
    """The articles with these numbers, in this order."""
    rows = db.execute(f"{_ARTICLES} WHERE articles.number IN ({_marks(numbers)})", numbers)
    found = {each.number: each for each in map(_archived, rows)}
    return [found[number] for number in numbers if number in found]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _begin(since: datetime | None) -> str:
    return as_text(since) if since else ""


def _archived(row: Sequence[Any]) -> Archived:
    number, published, story, *values, revisions = row
    given = zip(_FIELDS, values, strict=True)
    known = {name: value for name, value in given if value is not None}
    starts = tuple(item.start for item in items_from_text(known.pop("items", None)))
    return Archived(number, Document(**known, items=starts), as_time(published), story, revisions)
