"""The text of an article taken out of the archive, with its words and everything it said before."""

from __future__ import annotations

from datetime import datetime

from crawler.clock import utc_now
from crawler.store.archive.past_texts import PastTexts
from crawler.store.archive.words import TermStore
from crawler.store.connection import Connection
from crawler.store.records import as_text


def old_articles(db: Connection, before: datetime) -> int:
    """How many articles from before this still have their text."""
    found = db.execute(
        "SELECT count(*) FROM articles WHERE first_seen < ? AND erased IS NULL", [as_text(before)]
    )
    return int(found.fetchone()[0])


def drop_articles(db: Connection, before: datetime, most: int) -> int:
    """Take the texts of the oldest articles out; their rows stay. Part of a writer's job.

    Kept are id, address, dates, hash and what they matched.
    """
    found = db.execute(
        "SELECT number, id FROM articles WHERE first_seen < ? AND erased IS NULL "
        "ORDER BY first_seen LIMIT ?",
        [as_text(before), most],
    ).fetchall()
    for number, article in found:
        empty(db, number, article, utc_now())
    return len(found)


def empty(db: Connection, number: int, article: str, now: datetime) -> None:
    """Take out what this article says and said, and the words by which it is found."""
    past = PastTexts(db)
    TermStore(db).take(number, [(one.title, one.lead, one.body) for one in past.back_to(article)])
    past.erase(number, article)
    db.execute(
        "UPDATE articles SET title = '', lead = '', body = '', author = NULL, section = NULL, "
        "image = NULL, items = NULL, erased = ? WHERE number = ?",
        [as_text(now), number],
    )
