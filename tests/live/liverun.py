"""A day of live blogs through the real crawl and the real matcher, told as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liveroom import HOUR, MINUTE, RUNS_FOR, START, LivePage, Newsroom
from nextdue import next_due

from alerts.matcher import Matcher
from alerts.policy import ChannelPlan
from alerts.rules import RuleBook, rule_of
from alerts.store import migrations as alerts_migrations
from crawler.config.files import CrawlSettings, NetworkSettings
from crawler.engine.crawl import Crawl
from crawler.model import Fetch, Source, SourceKind
from crawler.store import PollStore, Writer, migrations, open_reader

END = START + RUNS_FOR + 14 * HOUR
RESTARTS = 3 * HOUR


class Clock:
    """The time, which goes from one thing that is due to the next."""

    def __init__(self) -> None:
        self.now = START + timedelta(seconds=30)

    def __call__(self) -> datetime:
        return self.now


def rooms(clock: Clock) -> list[Newsroom]:
    named = LivePage(named=True, stated=5, listed=20, ends=True)
    return [
        Newsroom("benoemd", [named], clock),
        Newsroom("groei", [LivePage(marked_up=False, listed=20)], clock),
        Newsroom("gedateerd", [LivePage(dated=True)], clock),
        Newsroom("druk", [named] * 7, clock),
        Newsroom("vermelding", [LivePage(marked_up=False)], clock, fetch="entry"),
    ]


def sources(newsrooms: list[Newsroom]) -> list[Source]:
    return [
        Source(
            id=room.name,
            outlet=room.name.title(),
            kind=SourceKind.FEED,
            url=f"{room.url}/rss",
            every=5 * MINUTE,
            fetch=Fetch(room.fetch),
        )
        for room in newsrooms
    ]


async def span(writer: Writer, listed: list[Source], clock: Clock, until: datetime) -> None:
    """Crawl and match whatever is due, as a daemon does, from now until then."""
    rule = rule_of(id="orkaan", text="orkaan NOT hagel", channels=["desk"])
    plan = ChannelPlan(id="desk", zone=ZoneInfo("Europe/Amsterdam"))
    matcher = Matcher(writer, RuleBook.build([rule]), [plan])
    await asyncio.wrap_future(
        writer.submit(lambda db: PollStore(db).sync_sources(listed, clock.now))
    )
    crawl = Crawl(
        listed,
        writer,
        crawl=CrawlSettings(delay="0s", timeout="60s", per_host=4),
        network=NetworkSettings(allow=["127.0.0.0/8"]),
        clock=clock,
    )
    await crawl.start()
    while clock.now < until:
        await crawl.round()
        await asyncio.to_thread(matcher.run_once, clock.now)
        due = await asyncio.wrap_future(writer.submit(next_due))
        clock.now = max(clock.now + timedelta(seconds=10), min(due or until, until))
    await crawl.stop()


async def run(path: Path) -> dict[str, Any]:
    clock = Clock()
    newsrooms = rooms(clock)
    servers = [await room.open() for room in newsrooms]
    listed = sources(newsrooms)
    while clock.now < END:  # a restart now and then changes nothing
        with Writer(path, migrations=[migrations, alerts_migrations]) as writer:
            await span(writer, listed, clock, min(clock.now + RESTARTS, END))
    for server in servers:
        server.close()
    db = open_reader(path)
    return {
        "asked": {room.name: room.asked for room in newsrooms},
        "articles": db.rows("SELECT source, live, items, body, revision FROM articles"),
        "passages": db.rows(
            "SELECT articles.source, passages.text, passages.state FROM passages "
            "JOIN articles ON articles.id = passages.article"
        ),
        "counters": PollStore(db).counters(START),
    }


if __name__ == "__main__":
    json.dump(asyncio.run(run(Path(sys.argv[1]))), sys.stdout)
