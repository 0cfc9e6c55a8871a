"""How much memory the daemon needs over time with fifty sources, all its processes together.

    python benchmarks/bench_memory.py [SECONDS] [SOURCES]
    python benchmarks/bench_memory.py --shipped

A real `nieuwswacht run` against outlets on loopback that publish without pause. Memory is PSS:
what processes share is counted once. Target: under 250 MB, and flat. The target is chosen.

With `--shipped` it is the configuration that is shipped, its rules and its page included, with an
outlet on loopback in place of each source of its catalogue, until 1,140 articles are stored, and
for six minutes after that. Target: 180 MB after the last article.
"""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import psutil
from loadserver import host, served
from usage import helped

MEGABYTE = 1024 * 1024
LIMIT = 250
PUBLISHED_EVERY = 20.0
SHIPPED = Path(__file__).parents[1] / "config"
ARTICLES, SHIPPED_LIMIT = 1_140, 180
LATER = (
    (12, "when what waits for a quiet moment is done and free memory given back"),
    (40, "when the readers have gone"),
    (310, "when the process has gone from which they are forked"),
)
SETTINGS = """
[crawl]
delay = "0s"
[network]
allow = ["127.0.0.0/8"]
"""
CHANNELS = """
[[channel]]
id = "console"
kind = "console"
"""
RULES = """
[[rule]]
id = "is"
name = "IS"
query = "=IS OR kalifaat"
channels = ["console"]
"""


def tables(sources: int, port: int, every: str = "5s") -> str:
    """A catalogue of so many sources."""
    return "".join(
        f'[[source]]\nid = "s{number}"\noutlet = "Krant {number}"\nkind = "feed"\n'
        f'url = "http://{host(number)}:{port}/feed"\nevery = "{every}"\n'
        for number in range(sources)
    )


def configured(directory: Path, sources: int, port: int) -> Path:
    """The folder of a configuration with so many sources."""
    files = {
        "nieuwswacht.toml": SETTINGS,
        "sources.toml": tables(sources, port),
        "channels.toml": CHANNELS,
        "rules.toml": RULES,
    }
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def as_shipped(directory: Path, sources: int, port: int) -> Path:
    """The folder of the shipped configuration with so many sources on loopback."""
    files = {
        name: (SHIPPED / name).read_text(encoding="utf-8")
        for name in ("nieuwswacht.toml", "channels.toml", "rules.toml")
    }
    settings = files["nieuwswacht.toml"]
    listen = tomllib.loads(settings)["web"]["listen"]
    settings = settings.replace("allow = []", 'allow = ["127.0.0.0/8"]')
    files["nieuwswacht.toml"] = settings.replace(listen, "127.0.0.1:0")
    files["sources.toml"] = tables(sources, port, "5m")
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def memory(process: psutil.Process, *, alone: bool = False) -> tuple[float, int]:
    """Megabytes of PSS of the tree of processes, and how many processes there are."""
    total, number = 0, 0
    for each in [process] if alone else [process, *process.children(recursive=True)]:
        try:
            total += each.memory_full_info().pss
            number += 1
        except psutil.NoSuchProcess:  # a worker that has been replaced
            continue
    return total / MEGABYTE, number


def watched(process: subprocess.Popen[bytes], seconds: float) -> list[float]:
    """The memory in megabytes at ten moments, each of them printed too."""
    began, samples = monotonic(), []
    tree = psutil.Process(process.pid)
    for step in range(1, 11):
        sleep(max(0.0, began + step * seconds / 10 - monotonic()))
        assert process.poll() is None, "the daemon has ended"
        megabytes, number = memory(tree)
        samples.append(megabytes)
        cpu = sum(tree.cpu_times()[:2])
        print(f"  after {monotonic() - began:5.0f} s{megabytes:8.1f} MB in {number} processes, "
              f"{cpu:.1f} s of CPU in the first")  # fmt: skip  # one line of the table
    return samples


@contextlib.contextmanager
def daemon(words: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon with these words of the command line, which is asked to stop in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", *words, "-q", "run"], stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def stored(database: Path) -> int:
    """How many articles are in this file, which perhaps is not there yet."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            [(number,)] = db.execute("SELECT count(*) FROM articles")
    except sqlite3.OperationalError:
        return 0
    return int(number)


def print_shipped() -> None:
    """Print what the shipped configuration has while it stores, after that, and at rest."""
    catalogue = (SHIPPED / "sources.toml").read_text(encoding="utf-8")
    sources = len(tomllib.loads(catalogue)["source"])
    most = 0.0
    with (
        tempfile.TemporaryDirectory() as directory,
        served(sources, ARTICLES // sources + 1) as port,
    ):
        config = as_shipped(Path(directory), sources, port)
        words = ["--config", str(config), "--db", str(config / "bench.db")]
        with daemon(words) as process:
            tree = psutil.Process(process.pid)
            while stored(config / "bench.db") < ARTICLES:
                sleep(1)
                most = max(most, memory(tree)[0])
            print(f"{sources} sources, {ARTICLES:,} articles: at most {most:.1f} MB until then")
            print_each(tree, "after the last one")
            for seconds, what in LATER:
                sleep(seconds)
                print_each(tree, f"{seconds} s later, {what}")


def print_each(tree: psutil.Process, when: str) -> None:
    """Print what each process has, and all of them together."""
    print(f"{when}: {memory(tree)[0]:.1f} MB together (to reach: {SHIPPED_LIMIT})")
    for each in (tree, *tree.children(recursive=True)):
        what = "stores" if each == tree else "forks" if each.ppid() == tree.pid else "reads"
        print(f"  {memory(each, alone=True)[0]:8.1f}  the process that {what}", flush=True)


def main() -> None:
    if sys.argv[1:] == ["--shipped"]:
        print_shipped()
        return
    given = [int(word) for word in sys.argv[1:3]]
    seconds, sources = given + [60, 50][len(given) :]
    each = 3 + int(seconds / PUBLISHED_EVERY) + 1
    with (
        tempfile.TemporaryDirectory() as directory,
        served(sources, each, PUBLISHED_EVERY) as port,
    ):
        config = configured(Path(directory), sources, port)
        words = ["--config", str(config), "--db", str(config / "bench.db")]
        with daemon(words) as process:
            print(f"nieuwswacht run with {sources} sources, PSS of all processes")
            samples = watched(process, seconds)
        shown = subprocess.run(
            [sys.executable, "-m", "monitor", *words, "status"], stdout=subprocess.PIPE, check=False
        )
    print(shown.stdout.decode())
    half = len(samples) // 2
    growth = sum(samples[half:]) / len(samples[half:]) - sum(samples[1:half]) / (half - 1)
    print(
        f"  most {max(samples):.1f} MB (to reach: {LIMIT}); later half over earlier {growth:+.1f}"
    )


if __name__ == "__main__":
    helped(__doc__)
    main()
