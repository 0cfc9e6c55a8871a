"""What one outlet with heavy pages costs the others, and all processes in memory.

    python benchmarks/bench_heavy_outlet.py [SECONDS]

A real `nieuwswacht run` against twenty outlets on loopback, each with a new page every two seconds;
then as long with one more that publishes a page of 1 MB of ordinary paragraphs each second. A page
waits from the moment at which it was served to that at which it is about to be stored. Targets:
with the heavy outlet usual pages wait at most twice as long as without it, and all processes
together have less than 250 MB (PSS: what they share is counted once).
"""

from __future__ import annotations

import contextlib
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep, time

import psutil
from bench_memory import CHANNELS, LIMIT, RULES, memory
from loadserver import page
from rulework import articles, language
from usage import helped

USUAL, EVERY, HEAVY_EVERY = 20, 2.0, 1.0
MEGABYTE = 1024 * 1024
SETTINGS = """
[crawl]
delay = "0s"
at_most = "2s"
[network]
allow = ["127.0.0.0/8"]
[web]
listen = "127.0.0.1:0"
"""
SERVED: dict[str, float] = {}


class Outlet:
    """Publishes one page after the other from `begin` on, `every` so many seconds."""

    def __init__(self, name: str, pages: list[bytes], every: float) -> None:
        self.name, self.pages, self.every = name, pages, every
        self.began: float | None = None
        outlet = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outlet.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        kind, body = "text/html; charset=utf-8", b""
        if request.path == "/feed":
            kind, body = "application/rss+xml", self._feed()
        elif found := re.fullmatch(r"/(\d+)", request.path):
            body = self.pages[int(found[1]) % len(self.pages)]
            body = body.replace(b"NUMMER", found[1].encode())
        request.send_response(200 if body else 404)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
        SERVED.setdefault(self.root + request.path, time())

    def _feed(self) -> bytes:
        there = int((monotonic() - self.began) / self.every) if self.began else 0
        items = "".join(
            f"<item><title>{self.name} {number}</title><link>{self.root}/{number}</link></item>"
            for number in range(max(0, there - 20), there)
        )
        return f'<rss version="2.0"><channel><title>K</title>{items}</channel></rss>'.encode()


def heavy_page() -> bytes:
    """A megabyte of ordinary paragraphs, which is another text under each number."""
    bodies = [document.body for document in articles(language(), 400, seed=5)]
    text, size = [], 0
    while size < MEGABYTE:
        for body in bodies:
            text += [f"<p>{part} NUMMER</p>" for part in body.split("\n\n")]
            size += len(body) + 20
    whole = "".join(text)[:MEGABYTE]
    body = f"<article><h1>Dossier NUMMER</h1>{whole}</p></article>"
    return f"<html><body>{body}</body></html>".encode()


@contextlib.contextmanager
def daemon(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    words = ["--config", str(config), "--db", str(config / "bench.db"), "run"]
    with (config / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", *words], stdout=subprocess.DEVNULL, stderr=log
        )
        try:
            while b"started sources" not in (config / "log").read_bytes():
                assert process.poll() is None, "the daemon has ended"
                sleep(0.2)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def configured(folder: Path, outlets: list[Outlet]) -> None:
    tables = "".join(
        f'[[source]]\nid = "{outlet.name}"\noutlet = "{outlet.name}"\nkind = "feed"\n'
        f'url = "{outlet.root}/feed"\nevery = "1s"\n'
        for outlet in outlets
    )
    files = {
        "nieuwswacht.toml": SETTINGS,
        "sources.toml": tables,
        "channels.toml": CHANNELS,
        "rules.toml": RULES,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def watched(process: subprocess.Popen[bytes], seconds: float) -> float:
    """The most memory in this time, in MB."""
    tree, end, most = psutil.Process(process.pid), monotonic() + seconds, 0.0
    while monotonic() < end:
        sleep(1.0)
        most = max(most, memory(tree)[0])
    return most


def loop_lag(config: Path) -> dict[float, float]:
    """How often the loop was late by at most so many seconds, so far."""
    found = re.search(r"page url=(http://[\w.:]+)", (config / "log").read_text("utf-8"))
    assert found, "the daemon has no page"
    with urllib.request.urlopen(f"{found[1]}/metrics") as answer:
        text = answer.read().decode()
    lags = re.findall(r'loop_lag_seconds_bucket\{le="([\d.]+)"\} ([\d.]+)', text)
    return {float(bound): float(number) for bound, number in lags}


def late(before: dict[float, float], after: dict[float, float]) -> float:
    """The bound below which 99 of 100 lags were, in milliseconds."""
    counted = {bound: after[bound] - before.get(bound, 0.0) for bound in sorted(after)}
    most = max(counted.values())
    return 1000 * next(bound for bound, number in counted.items() if number >= 0.99 * most)


def waits(config: Path, outlets: list[Outlet], since: float, until: float) -> list[float]:
    """How long the pages waited that these outlets served in this time."""
    with contextlib.closing(sqlite3.connect(config / "bench.db")) as db:
        rows = db.execute(
            "SELECT articles.url, revisions.seen FROM articles JOIN revisions "
            "ON revisions.article = articles.id AND revisions.number = 1"
        ).fetchall()
    roots = tuple(f"{outlet.root}/" for outlet in outlets)
    found = ((SERVED[url], datetime.fromisoformat(seen)) for url, seen in rows if url in SERVED
             and url.startswith(roots))  # fmt: skip  # one generator
    return [seen.timestamp() - at for at, seen in found if since <= at < until]


def shown(name: str, times: list[float], megabytes: float, lag: float) -> None:
    ordered = sorted(times)
    usual, most = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    row = f"{len(times):7}{1000 * usual:10.0f}{1000 * most:10.0f}{megabytes:10.1f}{lag:10.0f}"
    print(f"  {name:28}{row}")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    number = USUAL * (int(2 * seconds / EVERY) + 20)
    documents = list(articles(language(), number, seed=9))
    each = number // USUAL
    usual = [
        Outlet(f"krant{at}", [page(one) for one in documents[at * each : (at + 1) * each]], EVERY)
        for at in range(USUAL)
    ]
    heavy = Outlet("zwaar", [heavy_page()], HEAVY_EVERY)
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory)
        configured(config, [*usual, heavy])
        with daemon(config) as process:
            for outlet in usual:
                outlet.began = monotonic()
            watched(process, 10.0)  # warm up
            moments, lags, most = [time()], [loop_lag(config)], list[float]()
            for begins in ([], [heavy]):
                for outlet in begins:
                    outlet.began = monotonic()
                most.append(watched(process, seconds))
                moments.append(time())
                lags.append(loop_lag(config))
            watched(process, 5.0)  # what was served last is stored
        told = [waits(config, usual, *span) for span in pairwise(moments)]
        weighed = waits(config, [heavy], moments[1], moments[2])
    print("                                pages  wait, ms  95 of 100     PSS, MB  lag p99, ms")
    shown("usual pages alone", told[0], most[0], late(lags[0], lags[1]))
    shown("beside the heavy outlet", told[1], most[1], late(lags[1], lags[2]))
    shown("the heavy pages themselves", weighed, most[1], late(lags[1], lags[2]))
    ratio = statistics.median(told[1]) / statistics.median(told[0])
    print(f"  usual pages wait {ratio:.2f} times as long (to reach: 2); most memory "
          f"{max(most):.0f} MB (to reach: {LIMIT})")  # fmt: skip  # a sentence
    for outlet in (*usual, heavy):
        outlet.close()


if __name__ == "__main__":
    helped(__doc__)
    main()
