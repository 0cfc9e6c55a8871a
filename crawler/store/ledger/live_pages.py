"""Which pages grow, and how they grew, to decide when a live blog is read again."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from crawler.sources.live_blogs import (
    RESTS_AFTER,
    LiveBlog,
    LiveReading,
    after_reading,
    next_reading,
)
from crawler.store.connection import Connection
from crawler.store.records import as_text, as_time, optional_text, optional_time


class LivePageStore:
    """Pages that have grown; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def note(self, key: str, url: str, read: LiveReading, now: datetime) -> LiveBlog | None:
        """Store what this reading of a page says; returns what is known of it now."""
        return self._kept(key, url, after_reading(self.held(key), read, now))

    def begin(self, key: str, url: str, read: LiveReading, now: datetime) -> LiveBlog | None:
        """The same of a page of which nothing is known."""
        return self._kept(key, url, after_reading(None, read, now))

    def _kept(self, key: str, url: str, blog: LiveBlog | None) -> LiveBlog | None:
        if blog is not None:
            self._db.execute(
                """
                INSERT INTO live_pages (key, host, live, since, grown, ends)
                VALUES (:key, :host, :live, :since, :grown, :ends)
                ON CONFLICT (key) DO UPDATE SET host = excluded.host, live = excluded.live,
                    since = excluded.since, grown = excluded.grown, ends = excluded.ends
                """,
                {
                    "key": key,
                    "host": urlsplit(url).hostname or "",
                    "live": blog.live,
                    "since": as_text(blog.since),
                    "grown": as_text(blog.grown),
                    "ends": optional_text(blog.ends),
                },
            )
        return blog

    def held(self, key: str) -> LiveBlog | None:
        """What is known of the page with this key; None if it never grew."""
        found = self._db.rows("SELECT * FROM live_pages WHERE key = ?", [key])
        if not found:
            return None
        row = found[0]
        return LiveBlog(
            live=bool(row["live"]),
            since=as_time(row["since"]),
            grown=as_time(row["grown"]),
            ends=optional_time(row["ends"]),
        )

    def next_reading(self, key: str, url: str, now: datetime) -> datetime | None:
        """When this page is read again as a live blog; None if it is none or has ended."""
        blog = self.note(key, url, LiveReading(), now)
        if blog is None or not blog.live:
            return None
        return next_reading(blog, now, before=self._before(key, urlsplit(url).hostname, blog, now))

    def _before(self, key: str, host: str | None, blog: LiveBlog, now: datetime) -> int:
        others = self._db.rows(
            "SELECT key, grown FROM live_pages WHERE host = ? AND live AND (since, key) < (?, ?)",
            [host or "", as_text(blog.since), key],
        )
        return sum(now - as_time(row["grown"]) <= RESTS_AFTER for row in others)
