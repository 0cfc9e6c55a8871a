"""Articles that people want forgotten: nothing of them stays but id, time and reason.

Their keys stay as digests, so that no list brings them back: an address often has the headline in
it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import blake2b

from crawler.store.archive.erasing import empty
from crawler.store.archive.past_texts import PastTexts
from crawler.store.archive.words import TermStore
from crawler.store.connection import Connection
from crawler.store.evidence.held_pages import HeldPages
from crawler.store.evidence.kept_pages import KeptPages
from crawler.store.records import as_text
from crawler.store.stories.index import StoryIndex


def forgotten_among(db: Connection, keys: Collection[str]) -> set[str]:
    """Those of these keys that belonged to an article that was forgotten."""
    digests = {_digest(key): key for key in keys}
    found = db.execute(
        "SELECT key FROM forgotten WHERE key IN (SELECT value FROM json_each(?))",
        [json.dumps(list(digests))],
    )
    return {digests[digest] for (digest,) in found}


def forget_article(db: Connection, article: str, reason: str, now: datetime) -> bool:
    """Erase an article; returns False if there is none with this id. Part of a writer's job.

    Its text goes from the archive, from its index, its words and its past, and so does all that
    lists have said of it. What was told about it is kept elsewhere.
    """
    row = db.execute("SELECT number, key FROM articles WHERE id = ?", [article]).fetchone()
    if row is None:
        return False
    db.execute("PRAGMA secure_delete = ON")  # overwrite what is removed
    number, key = row
    further = db.execute("SELECT key FROM aliases WHERE article = ?", [article]).fetchall()
    keys = [key, *(name for (name,) in further)]
    texts = [(one.title, one.lead, one.body) for one in PastTexts(db).back_to(article)]
    KeptPages(db).forget(article, now)
    HeldPages(db).forget(article)
    StoryIndex(db).link_waiting()
    StoryIndex(db).take(article)
    empty(db, number, article, now)
    TermStore(db).take_unused(texts)
    _drop_rows(db, number, article)
    _drop_listed(db, keys)
    # An index keeps the words of what was removed until it is merged.
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
    db.execute("INSERT INTO past_words (past_words) VALUES ('optimize')")
    db.executemany(
        "INSERT OR REPLACE INTO forgotten (key, article, at, reason) VALUES (?, ?, ?, ?)",
        [(_digest(name), article, as_text(now), reason) for name in keys],
    )
    return True


def _drop_rows(db: Connection, number: int, article: str) -> None:
    for statement in (
        "DELETE FROM aliases WHERE article = ?",
        "DELETE FROM readings WHERE article = ?",
        "DELETE FROM revisions WHERE article = ?",
    ):
        db.execute(statement, [article])
    db.execute("DELETE FROM story_articles WHERE article = ?", [number])
    db.execute("DELETE FROM articles WHERE number = ?", [number])


def _drop_listed(db: Connection, keys: Iterable[str]) -> None:
    for statement in (
        "DELETE FROM live_pages WHERE key = ?",
        "DELETE FROM pages WHERE key = ?",
        "DELETE FROM entries WHERE key = ?",
    ):
        db.executemany(statement, [(key,) for key in keys])


def _digest(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest()
