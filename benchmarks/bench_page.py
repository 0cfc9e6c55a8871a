"""How long the pages take over an archive of a million generated articles, and what they cost.

    python benchmarks/bench_page.py [ARTICLES] [FOLDER]

The archive is generated in a temporary folder, or kept in FOLDER and used again. Each page is asked
for one after the other; then 20 visitors in another process reload the first page as fast as they
can, while a loop in this one measures how late it wakes, as that of the crawl would. The second
numbers of a page are processor time, which other programs on the machine change little.
"""

from __future__ import annotations

import asyncio
import http.client
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlsplit

import page_archive
import psutil
from usage import helped

import monitor.running.daemon  # noqa: F401 - the page stands in a daemon, which has loaded this already
from crawler.store import Connection, open_reader
from monitor.context import Context

ASKED = 100  # times each page is asked for
VISITORS, SECONDS = 20, 15.0
_NAP = 0.005  # seconds between two looks at how late the loop is


def main() -> None:
    """Print the table of all measurements."""
    if sys.argv[1:2] == ["--visit"]:
        visit(sys.argv[2], float(sys.argv[3]))
        return
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        measure(Path(sys.argv[2]), articles)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), articles)


def measure(folder: Path, articles: int) -> None:
    """Measure the page over the archive in this folder; make it if it is not there."""
    database = folder / "nieuwswacht.db"
    if not database.exists():
        folder.mkdir(parents=True, exist_ok=True)
        page_archive.configure(folder)
        took = timed(lambda: page_archive.make(database, articles, datetime.now(UTC)))
        size = database.stat().st_size / 1e9
        print(f"generated {articles:,} articles in {took:.0f} s: {size:.1f} GB")
    before = _resident()
    url, stop = served(Context(config_dir=folder, db=database))
    print(f"first page: {timed(lambda: get(url, '/')) * 1000:.0f} ms")
    db = open_reader(database)
    for name, paths in pages(db).items():
        took = [asked(url, path) for path in paths]
        print(row(name, [each[0] for each in took]), row("", [each[1] for each in took]))
    print(f"memory of the page, and of this benchmark: {(_resident() - before) / 1e6:.0f} MB")
    print(row("lateness of a loop, nobody visits", asyncio.run(lateness(5.0))))
    command = [sys.executable, __file__, "--visit", url, str(SECONDS)]
    with subprocess.Popen(command) as visitors:
        print(row(f"lateness of a loop, {VISITORS} visitors", asyncio.run(lateness(SECONDS))))
        visitors.wait()
    stop()


def served(context: Context) -> tuple[str, Callable[[], None]]:
    """Where the page over this archive is, and what ends it; it is loaded now."""
    from monitor.web import PageServer, page_app

    server = PageServer(lambda closing: page_app(context, closing=closing), ("127.0.0.1", 0))
    server.start()
    return server.wait().url, server.stop


def pages(db: Connection) -> dict[str, Iterator[str]]:
    """What to ask for, page by page."""
    newest = db.execute("SELECT story FROM matches ORDER BY id DESC LIMIT 5000")
    stories = [name for (name,) in newest]
    outlets = [quote(page_archive.outlet(n)) for n in range(page_archive.OUTLETS)]
    two = "/trends?rule=regel-1&beside=regel-2&days=365"
    numbers = range(ASKED)
    return {
        "timeline": ("/" for _ in numbers),
        "timeline of a rule": (f"/?rule=regel-{n % page_archive.RULES}" for n in numbers),
        "timeline of an outlet": (f"/?outlet={outlets[n % len(outlets)]}" for n in numbers),
        "story": (f"/stories/{stories[n * 23 % len(stories)]}" for n in numbers),
        "rules": ("/rules" for _ in numbers),
        "rule": (f"/rules/regel-{n % page_archive.RULES}" for n in numbers),
        "sources": ("/sources" for _ in numbers),
        "source": (f"/sources/bron-{n % page_archive.OUTLETS}" for n in numbers),
        "trends, 30 days": (f"/trends?rule=regel-{n % 5}" for n in numbers),
        "trends, a year, all rules": ("/trends?days=365" for _ in numbers),
        "trends, a year, two rules": (two for _ in numbers),
        "untold": ("/untold" for _ in numbers),
        "deliveries": ("/deliveries" for _ in numbers),
        "status": ("/status" for _ in numbers),
        "api: stories": ("/api/v1/stories" for _ in numbers),
        "api: articles": ("/api/v1/articles" for _ in numbers),
    }


async def lateness(seconds: float) -> list[float]:
    """How many milliseconds a loop wakes later than it should, again and again."""
    found, end = [], time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        await asyncio.sleep(_NAP)
        found.append((time.perf_counter() - start - _NAP) * 1000)
    return found


def visit(url: str, seconds: float) -> None:
    """Reload the first page as 20 visitors do who have no patience at all."""
    end, counts = time.monotonic() + seconds, [0] * VISITORS

    def reload(nth: int) -> None:
        while time.monotonic() < end:
            get(url, "/")
            counts[nth] += 1

    threads = [threading.Thread(target=reload, args=(nth,)) for nth in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{VISITORS} visitors: {sum(counts) / seconds:.0f} pages a second")


def get(url: str, path: str) -> None:
    """Ask for a page, and read it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == http.HTTPStatus.OK, (path, answer.status)


def asked(url: str, path: str) -> tuple[float, float]:
    """How many milliseconds a page takes, and how many of the processor, ours included."""
    spent = time.process_time()
    took = timed(lambda: get(url, path))
    return took * 1000, (time.process_time() - spent) * 1000


def timed(work: Callable[[], object]) -> float:
    """How many seconds this takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def row(name: str, took: list[float]) -> str:
    """The median, the 99th percentile and the most, in milliseconds."""
    cuts = quantiles(took, n=100)
    return f"{name:34} p50 {cuts[49]:6.1f}  p99 {cuts[98]:6.1f}  most {max(took):6.1f} ms"


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    helped(__doc__)
    main()
