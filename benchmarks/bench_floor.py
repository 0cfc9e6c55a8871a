"""What a new page and a feed's first round cost, each beside what is least to do.

    python benchmarks/bench_floor.py [--turns 5] [--pages 480] [--feeds 300] [--reader PYTHON]

Milliseconds of processor time, all processes together, everybody warm. The parts of a turn run one
after the other, each in processes of its own; shown are the medians of the turns, and all.

- A new page, all told: the daemon's parts with the shipped rules and the console fetch the page,
  read it, judge and store it, match it and tell of it; then everything that waits for a quiet
  moment. Its floor: a bare Scrapy spider fetches the same page, lxml parses it, and one row of it
  is in SQLite for good, in a commit for all that wait by then. To reach: 3.3 times the floor.
  Beside it what trafilatura takes to read the same pages, with nothing around it.
- The first round of a feed of 20 entries of which no pages are fetched, likewise. Beside it
  lemon24/reader, which fetches and stores the same feeds, in the environment of PYTHON
  (`pip install "reader[search]"`). To reach: 1.3 times that. Ours can be searched by then; with
  that, reader takes more, which is shown too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import queue
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import trafilatura
from bench_crawl import BareSpider, bare, cpu_seconds, run
from loadserver import host
from newspapers import ROOT, news, newspapers, page

from crawler.store.database import open_writer
from monitor.context import Context
from monitor.running.daemon import Daemon

OUTLETS, WARM, ENTRIES = 20, 12, 20
WARM_FEEDS = 20
PARTS = ("loop", "workers", "store", "matching", "rest")
SETTINGS = """
[crawl]
delay = "0s"
per_host = 8
concurrency = 64
[network]
allow = ["127.0.0.0/8"]
[web]
listen = ""
"""
READER = """
import sys, time
from reader import make_reader
path, warm, urls = sys.argv[1], int(sys.argv[2]), sys.stdin.read().split()
reader = make_reader(path)
for url in urls[:warm]:
    reader.add_feed(url)
reader.update_feeds()
reader.enable_search()
reader.update_search()
for url in urls[warm:]:
    reader.add_feed(url)
begun = time.process_time()
reader.update_feeds(new=True)
stored = time.process_time()
reader.update_search()
found = time.process_time()
assert reader.get_entry_counts().total == 20 * len(urls), reader.get_entry_counts()
print(stored - begun, found - begun)
"""


class Rows:
    """A thread that puts rows into SQLite, in one commit those that wait by then."""

    def __init__(self, path: Path) -> None:
        self._db = open_writer(path)
        self._db.execute("CREATE TABLE pages (url TEXT PRIMARY KEY, title TEXT, text TEXT)")
        self._rows: queue.SimpleQueue[tuple[str, str, str]] = queue.SimpleQueue()
        self._given = self._kept = 0
        threading.Thread(target=self._work, name="store-writer", daemon=True).start()

    def put(self, *row: str) -> None:
        self._given += 1
        self._rows.put((row[0], row[1], row[2]))

    def wait(self) -> None:
        while self._kept < self._given:
            time.sleep(0.01)

    def _work(self) -> None:
        while True:
            rows = [self._rows.get()]
            while not self._rows.empty():
                rows.append(self._rows.get())
            with self._db.transaction():
                for row in rows:
                    self._db.execute("INSERT INTO pages VALUES (?, ?, ?)", row)
            self._kept += len(rows)


class FloorSpider(BareSpider):
    rows: Rows

    def parse(self, response: Any, **_kwargs: Any) -> None:
        tree = lxml.html.document_fromstring(response.body)
        [article] = tree.xpath("//article")
        self.rows.put(response.url, tree.findtext(".//title"), article.text_content())


def floor(port: int, each: int) -> dict[str, float]:
    """The least that new pages cost."""
    roots = [f"http://{host(number)}:{port}/binnenland/artikel-" for number in range(OUTLETS)]
    warm, new = (
        [f"{root}{number}" for number in numbers for root in roots]
        for numbers in (range(WARM), range(WARM, each))
    )
    with tempfile.TemporaryDirectory() as directory:
        FloorSpider.rows = Rows(Path(directory) / "floor.db")
        found = asyncio.run(bare(warm, new, FloorSpider, FloorSpider.rows.wait))
    return {name: spent / len(new) for name, spent in found.items() if name not in {"wall", "lag"}}


def trafilatura_alone(each: int) -> dict[str, float]:
    """Seconds a page that trafilatura takes to read such pages, with their metadata."""
    pages = [
        page(item, number, number % OUTLETS, f"http://{host(number % OUTLETS)}/binnenland/{number}")
        for number, item in enumerate(news(OUTLETS * each))
    ]
    warm, new = pages[: OUTLETS * WARM], pages[OUTLETS * WARM :]
    for body in warm:
        trafilatura.bare_extraction(body, with_metadata=True)
    begun = time.process_time()
    for body in new:
        trafilatura.bare_extraction(body, with_metadata=True)
    return {"cpu": (time.process_time() - begun) / len(new)}


class Desk:
    """A daemon whose ticks this script makes, with the shipped rules and the console."""

    def __init__(self, folder: Path, port: int, outlets: int, fetch: str) -> None:
        self.names = [f"s{number}" for number in range(outlets)]
        tables = (
            f'[[source]]\nid = "{name}"\noutlet = "Krant {number}"\nkind = "feed"\n'
            f'url = "http://{host(number)}:{port}/feed"\nevery = "5m"\nfetch = "{fetch}"\n'
            for number, name in enumerate(self.names)
        )
        for name in ("rules.toml", "channels.toml"):
            shutil.copy(ROOT / "config" / name, folder / name)
        (folder / "nieuwswacht.toml").write_text(SETTINGS, "utf-8")
        (folder / "sources.toml").write_text("".join(tables), "utf-8")
        self.ahead = timedelta()
        self.context = Context(config_dir=folder, db=folder / "bench.db", clock=self.clock)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def measured(
        self, writer: Any, warm: Sequence[str], work: Callable[[], None]
    ) -> dict[str, float]:
        """The cost of a round, after one of the sources `warm`; `work` is in between."""
        daemon = Daemon(self.context, writer)
        await daemon.start()
        await daemon.crawl.round(only=warm)
        await self._settle(daemon)
        work()
        self.ahead += timedelta(minutes=6)
        before = cpu_seconds()
        await daemon.crawl.round()
        await self._settle(daemon)
        spent = cpu_seconds() - before
        report = daemon.crawl.report
        assert not report.errors, report.errors[:3]
        await daemon.stop()
        return {**spent, "cpu": spent.total(), "new": report.new}

    async def _settle(self, daemon: Daemon) -> None:
        """Wait until all is matched, told and linked, and nobody does anything any more."""
        for _ in range(2):
            await quiet()
            self.ahead += timedelta(minutes=2)  # messages wait for others to join them
            daemon.wake()
        await quiet()


async def quiet() -> None:
    """Wait until this process and its children do nothing."""
    before, still = cpu_seconds().total(), 0
    while still < 3:
        await asyncio.sleep(0.2)
        after = cpu_seconds().total()
        still, before = still + 1 if after - before < 0.02 else 0, after


def ours(port: int, outlets: int, *, first: bool) -> dict[str, float]:
    """What new pages cost, or the `first` round of feeds."""
    with tempfile.TemporaryDirectory() as directory, Path(os.devnull).open("w") as null:
        desk = Desk(Path(directory), port, outlets, "entry" if first else "page")
        warm = desk.names[:WARM_FEEDS] if first else desk.names

        def publish() -> None:
            urllib.request.urlopen(f"http://{host(0)}:{port}/all").close()

        with redirect_stdout(null), desk.context.writer() as writer:
            found = asyncio.run(desk.measured(writer, warm, (lambda: None) if first else publish))
        with sqlite3.connect(desk.context.database) as db:
            [(matches,)] = db.execute("SELECT count(*) FROM matches")
    return {**found, "matches": matches}


def part(what: str, port: int, number: int) -> dict[str, float]:
    """Measure one part, in the process that was started for it."""
    if what == "floor":
        return floor(port, number)
    if what == "trafilatura":
        return trafilatura_alone(number)
    if what == "pages":
        return ours(port, OUTLETS, first=False)
    return ours(port, number, first=True)


def measure() -> None:
    """Print the numbers of the part that the command line asks for."""
    logging.basicConfig(level=logging.WARNING)
    json.dump(part(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)


def turn_of_pages(each: int) -> dict[str, float]:
    """Milliseconds a page of the floor, ours and trafilatura, measured one after the other."""
    new = (each - WARM) * OUTLETS
    with newspapers(OUTLETS, each, WARM) as port:
        least = run("floor", port, each, module="bench_floor")
        found = run("pages", port, each, module="bench_floor")
    peer = run("trafilatura", 0, each, module="bench_floor")
    assert found["new"] == each * OUTLETS, found
    return {
        "floor: fetched, parsed, one row": 1000 * least["cpu"],
        "ours, all told": 1000 * found["cpu"] / new,
        **{f"  of which {part}": 1000 * found.get(part, 0) / new for part in PARTS},
        "ours / floor (to reach: 3.3)": found["cpu"] / new / least["cpu"],
        "trafilatura, reading alone": 1000 * peer["cpu"],
        "trafilatura alone / floor": peer["cpu"] / least["cpu"],
    }


def turn_of_feeds(feeds: int, python: str | None) -> dict[str, float]:
    """Milliseconds a feed in its first round, of ours and of reader."""
    with newspapers(feeds + WARM_FEEDS, ENTRIES, ENTRIES) as port:
        found = run("first", port, feeds + WARM_FEEDS, module="bench_floor")
        theirs = reader(python, port, feeds) if python else {}
    mine = 1000 * found["cpu"] / feeds
    return {
        "ours, all told": mine,
        **{f"  of which {part}": 1000 * found.get(part, 0) / feeds for part in PARTS},
        **{name: 1000 * seconds / feeds for name, seconds in theirs.items()},
        **{f"ours / {name}": mine * feeds / 1000 / seconds for name, seconds in theirs.items()},
    }


def reader(python: str, port: int, feeds: int) -> dict[str, float]:
    """Seconds that lemon24/reader takes for the first round of these feeds."""
    urls = [f"http://{host(number)}:{port}/feed" for number in range(feeds + WARM_FEEDS)]
    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory) / "reader.db")
        done = subprocess.run(
            [python, "-c", READER, path, str(WARM_FEEDS)],
            input="\n".join(urls),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    stored, searchable = map(float, done.stdout.split())
    return {"reader (to reach: 1.3)": stored, "reader, with its search": searchable}


def show(turns: Sequence[dict[str, float]]) -> None:
    for name in turns[0]:
        found = [turn[name] for turn in turns]
        each = " ".join(f"{number:.2f}" for number in found)
        print(f"  {name:36}{statistics.median(found):8.2f}   ({each})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--pages", type=int, default=480)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--reader", metavar="PYTHON", help="that has the package reader")
    asked = parser.parse_args()
    each = WARM + asked.pages // OUTLETS
    if asked.pages:
        print(
            f"{(each - WARM) * OUTLETS} new pages, CPU ms each: the median of {asked.turns} turns"
        )
        show([turn_of_pages(each) for _ in range(asked.turns)])
    if asked.feeds:
        print(f"first round of {asked.feeds} feeds with {ENTRIES} entries, CPU ms a feed")
        show([turn_of_feeds(asked.feeds, asked.reader) for _ in range(asked.turns)])
        if not asked.reader:
            print("  reader was not measured: name a Python that has it with --reader")


if __name__ == "__main__":
    main()
