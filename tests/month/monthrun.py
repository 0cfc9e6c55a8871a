"""A month of a real crawl in a process of its own, told as JSON; the clock alone is not real."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monthpaper import DAY, END, HOUR, MINUTE, START, month
from monthroom import Server
from nextdue import next_due

from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.engine.crawl import Crawl
from crawler.model import Fetch, Selectors, Source, SourceKind
from crawler.sources.health import source_health
from crawler.store import (
    FactStore,
    FilledGap,
    GapStore,
    PollStore,
    Writer,
    migrations,
    open_reader,
)

# The program is not running in this time.
OFFLINE = (START + 15 * DAY, START + 17 * DAY)
LOOKS = {"silence": START + 19 * DAY, "outage": START + 12 * DAY, "end": END}


class Clock:
    """The time, which goes from one thing that is due to the next."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def source_of(server: Server) -> Source:
    outlet = server.outlet
    section = outlet.kind == "section"
    return Source(
        id=outlet.name,
        outlet=outlet.name.title(),
        kind=SourceKind(outlet.kind),
        url=server.list_url,
        every=30 * MINUTE,
        fetch=Fetch(outlet.fetch),
        archive=f"{server.url}/sitemap.xml" if outlet.archive else None,
        selectors=Selectors(item="li") if section else None,
    )


class Run:
    """One month with one store."""

    def __init__(self, path: Path, servers: list[Server], clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._sources = [source_of(server) for server in servers]
        self.health: dict[str, dict[str, str]] = {}
        self.errors: list[str] = []

    async def span(self, writer: Writer, until: datetime) -> None:
        """Crawl whatever is due, as a daemon does, from now until then."""
        await asyncio.wrap_future(writer.submit(self._sync))
        crawl = Crawl(
            self._sources,
            writer,
            crawl=CrawlSettings(delay="0s", timeout="10s", per_host=4),
            network=NetworkSettings(allow=["127.0.0.0/8"]),
            clock=self._clock,
        )
        await crawl.start()
        while self._clock.now < until:
            await crawl.round()
            due = await asyncio.wrap_future(writer.submit(next_due))
            self._clock.now = max(self._clock.now + 5 * MINUTE, due or until)
            self._look()
        await crawl.stop()

    def _sync(self, db: Any) -> None:
        PollStore(db).sync_sources(self._sources, self._clock.now)

    def _look(self) -> None:
        for name, at in LOOKS.items():
            if self._clock.now >= at and name not in self.health:
                facts = FactStore(open_reader(self._path)).facts(self._clock.now)
                self.health[name] = {
                    source: source_health(each, self._clock.now).health.value
                    for source, each in facts.items()
                }


async def run(path: Path) -> dict[str, Any]:
    clock = Clock()
    servers = [Server(outlet, clock) for outlet in month()]
    open_servers = [await server.open() for server in servers]
    whole = Run(path, servers, clock)
    with Writer(path, migrations=[migrations]) as writer:
        await whole.span(writer, OFFLINE[0])
        clock.now = OFFLINE[1]
        await whole.span(writer, END + timedelta(days=2))
    for server in open_servers:
        server.close()
    asked = {server.outlet.name: dict(server.asked) for server in servers}
    return stored(path) | {
        "health": whole.health,
        "roots": {server.outlet.name: server.url for server in servers},
        "asked": {
            name: {f"{path} {status}": number for (path, status), number in counts.items()}
            for name, counts in asked.items()
        },
    }


def stored(path: Path) -> dict[str, Any]:
    db = open_reader(path)
    facts, gaps = FactStore(db), GapStore(db).since(START - HOUR)
    articles = "SELECT title, lead, body, url, source, withdrawn, revision FROM articles"
    missed = [
        {"url": page.url, "title": page.title, "reason": str(page.reason), "stored": page.stored}
        for page in facts.missed(START)
    ]
    return {
        "articles": db.rows(articles),
        "missed": missed,
        "gaps": [
            {"source": gap.source, "since": gap.since.isoformat(), "at": gap.at.isoformat()}
            | {"found": gap.found if isinstance(gap, FilledGap) else 0}
            | {"read": isinstance(gap, FilledGap)}
            for gap in gaps
        ],
        "counters": PollStore(db).counters(START - DAY),
    }


if __name__ == "__main__":
    json.dump(asyncio.run(run(Path(sys.argv[1]))), sys.stdout)
