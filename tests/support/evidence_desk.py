"""A database with articles whose pages are kept as evidence, and the folder where that is done."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Migrations
from warcio.archiveiterator import ArchiveIterator

from crawler.evidence import DayFolder, Keeper, KeepPolicy, Kept, Verification, verify_folder
from crawler.model import Article, DateOrigin
from crawler.network import Exchange
from crawler.store import ArticleStore, KeptPage, KeptPages, Saved, Writer, migrations
from crawler.store.evidence import HeldPages

START = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = "<html><body><p>De brug over de Linge is dicht, meldt de gemeente ({}).</p></body></html>"


def exchange(url: str, body: bytes, at: datetime, **fields: Any) -> Exchange:
    given: dict[str, Any] = {
        "url": url,
        "at": at,
        "asked": (("Host", "krant.example"), ("User-Agent", "nieuwswacht")),
        "status": 200,
        "protocol": "HTTP/1.1",
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Etag", '"1"')),
        "body": body,
        "ip": "192.0.2.7",
    }
    return Exchange(**given | fields)


def article(number: int, words: str, at: datetime) -> Article:
    return Article(
        id=f"art_{number}",
        key=f"krant:{number}",
        url=f"https://krant.example/nieuws/{number}",
        outlet="Krant",
        source="krant",
        title=f"Brug {number} dicht",
        lead="",
        body=f"De brug over de Linge is dicht, meldt de gemeente ({words}).",
        first_seen=at,
        published=at,
        published_from=DateOrigin.PAGE,
    )


@dataclass
class EvidenceDesk:
    """What a test works with; `now` is its clock."""

    directory: Path
    now: datetime = START
    matched: set[str] = field(default_factory=set)
    every: bool = True
    hold_bytes: int = 10_000_000
    keep_for: timedelta | None = None
    on: bool = True
    steps: Sequence[Migrations] = (migrations,)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.writer = Writer(self.directory / "nieuws.db", migrations=self.steps)

    @property
    def folder(self) -> DayFolder:
        return DayFolder(self.directory / "evidence")

    def saved(
        self, number: int, words: str = "a", *, body: bytes | None = None, room: bool = True
    ) -> Saved:
        """Store an article with the page that it was read from."""
        one, now = article(number, words, self.now), self.now
        data = PAGE.format(f"{number} {words}").encode() if body is None else body

        def job(db: Any) -> Saved:
            done = ArticleStore(db).save(one, now=now)
            if done.seq:
                pages = [exchange(one.url, data, now)]
                HeldPages(db).hold(done, pages, now, all_wanted=self.every, room=room)
            return done

        return self.writer.run(job)

    def keeper(self, jobs: Any = None) -> Keeper:
        policy = KeepPolicy(
            on=self.on,
            hold_bytes=self.hold_bytes,
            judged=None if self.every else lambda db: ArticleStore(db).last_seq(),
            matched=None if self.every else lambda _, found: self._matched(found),
            keep_for=self.keep_for,
        )
        path, clock = self.folder.path, lambda: self.now
        return Keeper(jobs or self.writer, path, policy, clock=clock, software="test")

    def _matched(self, found: Collection[str]) -> set[str]:
        return self.matched & set(found)

    def keep(self) -> Kept:
        return self.keeper().catch_up()

    def verified(self, *, alone: bool = False) -> Verification:
        """What is found with the database, or with the folder alone."""
        if alone:
            return verify_folder(self.folder, {}, None)

        def job(db: Any) -> Verification:
            kept = KeptPages(db)
            return verify_folder(self.folder, kept.days(), None, kept.has)

        return self.writer.run(job)

    def kept(self, article: str) -> list[KeptPage]:
        """What the database knows of the pages of an article that were kept."""
        return self.writer.run(lambda db: KeptPages(db).of_articles([article]))

    def records(self, day: str = "2026-03-28") -> list[tuple[str, str, bytes]]:
        """The records of a day as warcio reads them: type, address, payload."""
        data = io.BytesIO(self.folder.archive(day).read_bytes())
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.content_stream().read(),
            )
            for record in ArchiveIterator(data)
        ]

    def pages(self, day: str = "2026-03-28") -> list[str]:
        """The pages that were kept on a day, by the words in them."""
        found = (body.decode() for kind, _, body in self.records(day) if kind == "response")
        return [body.partition("(")[2].partition(")")[0] for body in found]
