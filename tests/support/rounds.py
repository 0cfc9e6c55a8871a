"""One or more rounds of a real crawl in a process of their own, told as JSON.

Twisted's reactor lives once per process; and only so can memory be measured and capped. The process
is forked from one that has imported everything and done nothing yet: to import takes longer than
most rounds.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from crawler.config.files import CrawlSettings, EvidenceSettings, Keep, NetworkSettings
from crawler.engine.crawl import Crawl
from crawler.faults import fault_in
from crawler.model import Fetch, LogCursor, Selectors, Source, SourceKind
from crawler.store import (
    ArticleStore,
    Connection,
    PollStore,
    Saved,
    Writer,
    migrations,
    open_reader,
)

TIMEOUT = 90
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Told:
    """What a run of rounds came to; `rounds` are the reports after each."""

    report: dict[str, Any]
    rounds: list[dict[str, Any]]
    states: dict[str, dict[str, Any]]
    articles: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    seconds: float
    megabytes: float
    lag: float
    log: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def titles(self, source: str) -> list[str]:
        return [each["title"] for each in self.articles if each["source"] == source]


def crawled(  # noqa: PLR0913 - what a test may wish to vary
    directory: Path,
    sources: Sequence[dict[str, Any]],
    *,
    rounds: int = 1,
    crawl: dict[str, Any] | None = None,
    allow: Sequence[str] = ("127.0.0.0/8",),
    proxy: str = "",
    hours_between: float = 0,
    stop_with: int | None = None,
    full_first: bool = False,
    refuses: str = "",
    evidence: bool = False,
) -> Told:
    """Run the rounds over these sources; a second call with the same directory goes on.

    `stop_with` stops the crawl in the middle, once so many articles are stored. With `full_first`
    the database cannot grow in the first round. With `refuses` it refuses this (`UPDATE ON pages`).
    With `evidence` the pages wait in the database.
    """
    wish = wish_of(
        directory,
        sources,
        rounds=rounds,
        crawl=crawl,
        allow=list(allow),
        proxy=proxy or None,
        hours_between=hours_between,
        stop_with=stop_with,
        full_first=full_first,
        refuses=refuses,
        evidence=evidence,
    )
    with tempfile.TemporaryDirectory() as folder:
        out, log_file = Path(folder, "out"), Path(folder, "log")
        code = _imported().run(wish, out, log_file)
        log = log_file.read_text("utf-8")
        assert code == 0, log
        told = json.loads(out.read_bytes())
    errors = {each["source"]: each["error"] for each in told["report"]["errors"]}
    return Told(**told, log=log, errors=errors)


class _Imported:
    """A process that has imported all, and forks for each wish."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", __file__, "many"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent.parent,
            env=os.environ | {"PYTHONPATH": "."},
        )
        atexit.register(self._end)

    def run(self, wish: dict[str, Any], out: Path, log: Path) -> int:
        """Carry this out, with these files as output; returns the exit code."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        line = json.dumps([wish, dict(os.environ), str(out), str(log)])
        asked.write(line.encode() + b"\n")
        asked.flush()
        if not select.select([answers], [], [], TIMEOUT)[0]:
            self._end()
            _imported.cache_clear()
            raise TimeoutError(f"the rounds did not end within {TIMEOUT} seconds")
        return int(answers.readline())

    def _end(self) -> None:
        with self._process as process:
            process.kill()


@cache
def _imported() -> _Imported:
    return _Imported()


def _serve() -> dict[str, Any] | None:
    """Fork for each line of input; returns the wish in the process that is to carry it out."""
    for line in sys.stdin.buffer:
        wish, environ, *files = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.clear()
            os.environ.update(environ)
            for file, number in zip(files, (1, 2), strict=True):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
            return dict(wish)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer
    return None


def wish_of(
    directory: Path,
    sources: Sequence[dict[str, Any]],
    *,
    crawl: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """What the process is told to do."""
    wish = {"rounds": 1, "allow": ["127.0.0.0/8"], "hours_between": 0, "stop_with": None}
    return {
        **wish,
        "proxy": None,
        "full_first": False,
        "refuses": "",
        "evidence": False,
        "db": str(directory / "nieuwswacht.db"),
        "sources": list(sources),
        "crawl": {"delay": "0s", "timeout": "4s", **(crawl or {})},
        **changes,
    }


@contextlib.contextmanager
def started(
    directory: Path, sources: Sequence[dict[str, Any]], **wish: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of such rounds, at work until it is killed or done."""
    with subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parent.parent.parent,
        env=os.environ | {"PYTHONPATH": "."},
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(wish_of(directory, sources, **wish)).encode())
        process.stdin.close()
        try:
            yield process
        finally:
            process.kill()


def source_of(fields: dict[str, Any]) -> Source:
    given = {
        "outlet": fields["id"].title(),
        "kind": "feed",
        "fetch": "page",
        "every": 300,
        **fields,
    }
    given["kind"], given["fetch"] = SourceKind(given["kind"]), Fetch(given["fetch"])
    given["every"] = timedelta(seconds=given["every"])
    if "selectors" in given:
        given["selectors"] = Selectors(**given["selectors"])
    return Source(**given)


class Clock:
    """The time, which can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextlib.contextmanager
def lag_measured() -> Iterator[list[float]]:
    """How late the loop ran, each fiftieth of a second."""
    lags: list[float] = [0.0]

    async def measure() -> None:
        while True:
            due = monotonic() + 0.02
            await asyncio.sleep(0.02)
            lags.append(monotonic() - due)

    task = asyncio.create_task(measure())
    try:
        yield lags
    finally:
        task.cancel()


def limit_pages(writer: Writer, *, full: bool) -> None:
    """Let SQLite refuse to grow the file, as on a full disk, or let it grow again."""

    def job(db: Connection) -> None:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages if full else 2**30}")

    writer.run(job)


def refuse(writer: Writer, what: str) -> None:
    """Let SQLite refuse a kind of change, as with a damaged index."""
    fault = "BEGIN SELECT RAISE(ABORT, 'database disk image is malformed'); END"
    writer.run(lambda db: db.execute(f"CREATE TEMP TRIGGER refused BEFORE {what} {fault}"))


async def run(wish: dict[str, Any]) -> dict[str, Any]:
    sources, clock = [source_of(fields) for fields in wish["sources"]], Clock()
    began, reports = monotonic(), []
    enough = asyncio.Event()

    def on_saved(_saved: Saved) -> None:
        if wish["stop_with"] is not None and crawl.report.new >= wish["stop_with"]:
            enough.set()

    with Writer(Path(wish["db"]), migrations=[migrations]) as writer:
        writer.run(lambda db: PollStore(db).sync_sources(sources, clock()))
        if wish["refuses"]:
            refuse(writer, wish["refuses"])
        crawl = Crawl(
            sources,
            writer,
            crawl=CrawlSettings(**wish["crawl"]),
            network=NetworkSettings(allow=wish["allow"], proxy=wish["proxy"]),
            evidence=EvidenceSettings(keep=Keep.ALL) if wish["evidence"] else None,
            clock=clock,
            on_saved=on_saved,
        )
        await crawl.start()
        with lag_measured() as lags:
            for number in range(wish["rounds"]):
                limit_pages(writer, full=wish["full_first"] and number == 0)
                working = asyncio.create_task(crawl.round())
                cut = asyncio.create_task(enough.wait())
                await asyncio.wait([working, cut], return_when=asyncio.FIRST_COMPLETED)
                cut.cancel()
                reports.append(crawl.report.as_json())
                clock.ahead += timedelta(hours=wish["hours_between"])
        await crawl.stop()
        report = crawl.report.as_json()
    seconds = monotonic() - began
    return {
        "report": report,
        "rounds": reports,
        "seconds": seconds,
        "megabytes": peak_megabytes(),
        "lag": sorted(lags)[int(len(lags) * 0.99)],
        **stored(Path(wish["db"])),
    }


def peak_megabytes() -> float:
    """The most memory this process has had; `getrusage` would tell its parent's as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def stored(path: Path) -> dict[str, Any]:
    db = open_reader(path)
    states = {
        name: {
            "status": state.status,
            "error": str(state.error) if state.error else None,
            "failures": state.failures,
        }
        | {
            "etag": state.validators.etag,
            "wait": (state.next_poll - state.last_poll).total_seconds(),
        }
        for name, state in PollStore(db).states().items()
        if state.last_poll
    }
    records = ArticleStore(db).committed_after(LogCursor(), 10_000).records
    articles = [
        {
            name: getattr(record.article, name)
            for name in ("source", "title", "body", "url", "partial")
        }
        for record in records
    ]
    columns = "key, source, wanted IS NOT NULL AS wanted, owner AS claimed, attempts, error, missed"
    pages = [
        row | {"error": str(fault_in(row["error"])) if row["error"] else None}
        for row in db.rows(f"SELECT {columns} FROM pages ORDER BY key")
    ]
    db.close()
    return {"states": states, "articles": articles, "pages": pages}


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    if wanted := _serve() if sys.argv[1:] == ["many"] else json.load(sys.stdin):
        json.dump(asyncio.run(run(wanted)), sys.stdout)
