"""Polls and pages of two sources in a real store, under claims where a test gives none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from claiming import source_claim

from crawler.model import FeedEntry, Source, SourceKind
from crawler.sources.freshness import ListedEntry
from crawler.store import (
    Connection,
    PageQueue,
    Poll,
    PollStore,
    WantedPage,
    Writer,
)

FIVE_MINUTES, SECOND = timedelta(minutes=5), timedelta(seconds=1)


def source(name: str, **changes: object) -> Source:
    fields = {
        "id": name,
        "outlet": name.upper(),
        "kind": SourceKind.FEED,
        "url": f"https://{name}.example/rss",
        "every": FIVE_MINUTES,
    }
    return Source(**(fields | changes))


def poll_at(now: datetime, **changes: Any) -> dict[str, Any]:
    return {"source": "a", "at": now, "next_poll": now + FIVE_MINUTES} | changes


def seen(key: str, now: datetime | None, *, title: str = "Titel") -> ListedEntry:
    entry = FeedEntry(url=f"https://a.example/{key}", title=title)
    return ListedEntry(key=key, entry=entry, entry_hash=title, new=True, due=now)


class Polls:
    """The poll store, its writes run by the writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def __getattr__(self, name: str):
        def call(*args: object, **kwargs: object):
            return self._writer.run(lambda db: getattr(PollStore(db), name)(*args, **kwargs))

        return call

    def record_poll(self, fields: dict[str, Any], listed: Sequence[ListedEntry] = ()) -> None:
        """Record a poll, under a claim of its own where none is given."""

        def record(db: Connection) -> None:
            given = fields.get("claim") or source_claim(db, fields["source"], fields["at"])
            PollStore(db).record_poll(Poll(**(fields | {"claim": given})), listed)

        self._writer.run(record)

    def pages(self, now: datetime, limit: int, **which: Any) -> list[WantedPage]:
        return self._writer.run(
            lambda db: PageQueue(db).claim("een", now, limit, each=limit, **which)
        )


def ids(states) -> list[str]:
    return [each.state.id for each in states]
