"""Logs of articles whose records become visible in the order of their commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from alerts.matcher import ArticleLog
from crawler.model import Article, DateOrigin, LogCursor, LogPage, LogRecord, Revision, Story
from crawler.store import ArticleStore, Connection, Writer, open_reader

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def article(number: int, body: str = "") -> Article:
    return Article(
        id=f"art_{number}",
        key=f"nos:{number}",
        url=f"https://nos.example/{number}",
        outlet="NOS",
        source="nos",
        title=f"Bericht {number}",
        lead="",
        body=body or f"In plaats {number} vielen {number} doden bij {number} beschietingen.",
        first_seen=NOW,
        published=NOW,
        published_from=DateOrigin.FEED,
    )


def record_of(seq: int, found: Article) -> LogRecord:
    revision = Revision(
        article=found.id,
        number=1,
        seq=seq,
        seen=NOW,
        title=found.title,
        lead=found.lead,
        body=found.body,
        text_hash=found.id,
    )
    story = Story(id=f"sto_{found.id}", articles=(found.id,))
    return LogRecord(seq=seq, article=found, revision=revision, previous=None, story=story)


class Journal(Protocol):
    """A log, and transactions that each put one article into it."""

    def begin(self, found: Article) -> None: ...

    def commit(self, found: Article) -> None: ...

    def abort(self, found: Article) -> None: ...

    def committed_after(self, cursor: LogCursor, limit: int) -> LogPage: ...


@dataclass
class StoredJournal:
    """The archive itself: its one writer does one transaction after the other."""

    writer: Writer

    def begin(self, found: Article) -> None:
        pass

    def commit(self, found: Article) -> None:
        self.writer.run(lambda db: ArticleStore(db).save(found, now=NOW))

    def abort(self, found: Article) -> None:
        def fail(db: Connection) -> None:
            ArticleStore(db).save(found, now=NOW)
            raise ZeroDivisionError

        assert isinstance(self.writer.submit(fail).exception(), ZeroDivisionError)

    def committed_after(self, cursor: LogCursor, limit: int) -> LogPage:
        db = open_reader(self.writer.path)
        try:
            return ArticleStore(db).committed_after(cursor, limit)
        finally:
            db.close()


@dataclass
class ManyWriters:
    """A number is taken when a transaction begins, and its record is visible once it commits.

    Numbers below the lowest that is still open are settled: nothing can appear among them.
    """

    last: int = 0
    open: dict[str, int] = field(default_factory=dict)
    visible: dict[int, LogRecord] = field(default_factory=dict)

    def begin(self, found: Article) -> None:
        self.last += 1
        self.open[found.id] = self.last

    def commit(self, found: Article) -> None:
        seq = self.open.pop(found.id)
        self.visible[seq] = record_of(seq, found)

    def abort(self, found: Article) -> None:
        del self.open[found.id]

    def committed_after(self, cursor: LogCursor, limit: int) -> LogPage:
        new = [seq for seq in sorted(self.visible) if seq > cursor.seq and seq not in cursor.seen]
        read, rest = new[:limit], new[limit:]
        # All below this has been read, or will never be there.
        settled = min([self.last + 1, *self.open.values(), *rest]) - 1
        seen = frozenset(seq for seq in cursor.seen.union(read) if seq > settled)
        records = tuple(self.visible[seq] for seq in read)
        return LogPage(records, LogCursor(max(cursor.seq, settled), seen))


class PlainOrder(ManyWriters):
    """Goes on after the highest number it has read, as if numbers became visible in order."""

    def committed_after(self, cursor: LogCursor, limit: int) -> LogPage:
        read = [seq for seq in sorted(self.visible) if seq > cursor.seq][:limit]
        records = tuple(self.visible[seq] for seq in read)
        return LogPage(records, LogCursor(read[-1]) if read else cursor)


def read_on(log: ArticleLog, cursor: LogCursor, limit: int) -> tuple[Sequence[int], LogCursor]:
    """What a reader gets next, by number, and where it goes on."""
    page = log.committed_after(cursor, limit)
    return [record.seq for record in page.records], page.cursor
