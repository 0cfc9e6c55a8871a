"""What evidence costs: a crawl that keeps every page, beside one that keeps none, in one run.

    python benchmarks/bench_evidence.py [PAGES] [TURNS]

Each run is a process of its own, warm as in bench_crawl.py, whose pages and servers these are. CPU
time is that of all processes and threads together. The allowance is a tenth of a page. Two runs of
one program differ by as much: each number is the median of TURNS turns.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench_crawl import OUTLETS, WARM, measured
from loadserver import host, served
from usage import helped

from crawler.config.files import CrawlSettings, EvidenceSettings, Keep, NetworkSettings
from crawler.engine.crawl import Crawl
from crawler.evidence import Keeper, KeepPolicy
from crawler.model import Source, SourceKind
from crawler.store import PollStore, Writer, migrations


def now() -> datetime:
    return datetime.now(UTC)


async def crawled(port: int, folder: Path, *, keep: bool) -> dict[str, Any]:
    """The cost of new pages, and with `keep` of keeping them."""
    sources = [
        Source(
            id=f"s{number}",
            outlet=f"Krant {number}",
            kind=SourceKind.FEED,
            url=f"http://{host(number)}:{port}/feed",
            every=timedelta(minutes=5),
        )
        for number in range(OUTLETS)
    ]
    with Writer(folder / "bench.db", migrations=[migrations]) as writer:
        writer.run(lambda db: PollStore(db).sync_sources(sources, now()))
        crawl = Crawl(
            sources,
            writer,
            crawl=CrawlSettings(delay="0s", per_host=8, concurrency=64),
            network=NetworkSettings(allow=["127.0.0.0/8"]),
            evidence=EvidenceSettings(keep=Keep.ALL if keep else None),
        )
        policy = KeepPolicy(on=keep, hold_bytes=10**9)
        keeper = Keeper(writer, folder / "evidence", policy, clock=now, software="bench")

        async def work() -> None:
            round_of_pages = asyncio.create_task(crawl.round())
            while not round_of_pages.done():
                await asyncio.wait([round_of_pages], timeout=1)
                if keep:
                    await asyncio.to_thread(keeper.catch_up)
            await round_of_pages

        await crawl.start()
        await crawl.round(only=[source.id for source in sources[:WARM]])
        if keep:
            keeper.catch_up()
        result = await measured(work)
        await crawl.stop()
        assert not crawl.report.errors, crawl.report.errors[:3]
        size = sum(path.stat().st_size for path in (folder / "evidence").glob("*"))
        return result | {"new": crawl.report.new, "bytes": size}


def run(port: int, *, keep: bool) -> dict[str, Any]:
    """The numbers of one crawl, measured in another process."""
    done = subprocess.run(
        [sys.executable, __file__, "part", str(port), "keep" if keep else ""],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    pages, turns = (int(word) for word in (*sys.argv[1:], *(840, 3)[len(sys.argv) - 1 :]))
    each, added, plain = max(1, pages // OUTLETS), list[float](), list[float]()
    for _ in range(turns):
        with served(OUTLETS, each) as port:
            without = run(port, keep=False)
        with served(OUTLETS, each) as port:
            kept = run(port, keep=True)
        count = (OUTLETS - WARM) * each
        plain.append(1000 * without["cpu"] / count)
        added.append(1000 * (kept["cpu"] - without["cpu"]) / count)
        share = kept["bytes"] / kept["new"] / 1000
        print(f"  {plain[-1]:.2f} ms a page, {added[-1]:+.2f} with evidence; {share:.1f} kB a page")
    share = statistics.median(added) / statistics.median(plain)
    print(f"median: evidence adds {share:.1%} of the time of a page (to reach: 10 %)")


if __name__ == "__main__":
    helped(__doc__)
    logging.basicConfig(level=logging.WARNING)
    if sys.argv[1:2] == ["part"]:
        with tempfile.TemporaryDirectory() as directory:
            told = crawled(int(sys.argv[2]), Path(directory), keep=sys.argv[3:] == ["keep"])
            json.dump(asyncio.run(told), sys.stdout)
    else:
        main()
