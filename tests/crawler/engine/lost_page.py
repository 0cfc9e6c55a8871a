"""A crawl in a process of its own: a full disk takes one page, while another is still on its way.

With `--bug` it is a bug in reading that takes it. `--again` lets the crawl go on after a minute, in
which the database refuses to give the page back at first; without it, another owner asks what is
free once a lease has passed and the crawl has renewed what it has in hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from hostile import Visit, page
from outlets import PARAGRAPHS, Outlet, article
from rounds import Clock, limit_pages, refuse, source_of

from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.engine.crawl import PAGE_HELD, RENEW_EVERY, Crawl
from crawler.store import LEASE, PageQueue, PollStore, Writer, migrations

WAIT = 60


class Paper:
    """A paper whose two pages come when they are let go; the first is too long for a full disk."""

    def __init__(self) -> None:
        self.long, self.slow = threading.Event(), threading.Event()
        self._asked = {path: threading.Semaphore(0) for path in ("/a", "/b")}
        self.outlet = Outlet("krant", pages=("/a", "/b"), odd={"/a": self._long, "/b": self._slow})

    def _long(self, visit: Visit, _: Outlet) -> None:
        self._asked["/a"].release()
        self.long.wait(WAIT)
        text = (f"{PARAGRAPHS[number % 3]} ({number})" for number in range(200))
        visit.answer(page("Dossier", *text))

    def _slow(self, visit: Visit, _: Outlet) -> None:
        self._asked["/b"].release()
        self.slow.wait(WAIT)
        visit.answer(article("Kort"))

    async def is_asked(self, path: str) -> None:
        """Wait for one more request of this path."""
        assert await asyncio.to_thread(self._asked[path].acquire, timeout=WAIT)


class FailingClock(Clock):
    """A clock whose next answer may be a bug."""

    failing = False

    def __call__(self) -> datetime:
        if self.failing:
            self.failing = False
            raise RuntimeError("a bug")
        return super().__call__()


class Losses(logging.Handler):
    """Waits for the log to say that something could not be written, or that there is a bug."""

    def __init__(self) -> None:
        super().__init__()
        self.said = asyncio.Event()
        for name in ("crawler.engine.recorder", "scrapy.core.scraper"):
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith(("store source=", "Spider error")):
            self.said.set()


async def run(path: Path, *, again: bool, bug: bool) -> dict[str, list[str]]:
    paper, clock, lost = Paper(), FailingClock(), Losses()
    with paper.outlet.open() as site, Writer(path, migrations=[migrations]) as writer:
        sources = [source_of({"id": "krant", "url": site.url()})]
        writer.run(lambda db: PollStore(db).sync_sources(sources, clock()))
        crawl = Crawl(
            sources,
            writer,
            crawl=CrawlSettings(delay="0s", timeout="60s", per_host=4),
            network=NetworkSettings(allow=["127.0.0.0/8"]),
            clock=clock,
        )
        await crawl.start()
        await crawl.tick()
        await paper.is_asked("/a")
        await paper.is_asked("/b")

        clock.failing = bug
        limit_pages(writer, full=not bug)
        paper.long.set()
        async with asyncio.timeout(WAIT):
            await lost.said.wait()
        limit_pages(writer, full=False)

        free: list[str] = []
        if again:
            clock.ahead += PAGE_HELD
            refuse(writer, "UPDATE ON pages")
            with contextlib.suppress(sqlite3.Error):
                await crawl.tick()
            writer.run(lambda db: db.execute("DROP TRIGGER refused"))
            await crawl.tick()
            await paper.is_asked("/a")
        else:
            for _ in range(LEASE // RENEW_EVERY):
                clock.ahead += RENEW_EVERY
                await crawl.renew_claims()
            clock.ahead += timedelta(seconds=1)
            pages = writer.run(lambda db: PageQueue(db).claim("ander", clock(), 9, each=9))
            free = [each.url.removeprefix(site.root) for each in pages]
        paper.slow.set()
        await crawl.idle()
        await crawl.stop()
        rows = writer.run(lambda db: db.rows("SELECT title FROM articles ORDER BY title"))
    return {"free": free, "stored": [row["title"] for row in rows]}


if __name__ == "__main__":
    again = "--again" in sys.argv
    bug = "--bug" in sys.argv
    json.dump(asyncio.run(run(Path(sys.argv[1]), again=again, bug=bug)), sys.stdout)
