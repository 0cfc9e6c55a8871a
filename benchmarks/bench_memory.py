"""How much memory the daemon needs over time with fifty sources, all its processes together.

    python benchmarks/bench_memory.py [SECONDS] [SOURCES]

A real `nieuwswacht run` against outlets on loopback that publish without pause. Memory is PSS:
what processes share is counted once. Target: under 250 MB, and flat. The target is chosen.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

import psutil
from loadserver import host, served

MEGABYTE = 1024 * 1024
LIMIT = 250
PUBLISHED_EVERY = 20.0
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


def configured(directory: Path, sources: int, port: int) -> Path:
    """The folder of a configuration with so many sources."""
    tables = "".join(
        f'[[source]]\nid = "s{number}"\noutlet = "Krant {number}"\nkind = "feed"\n'
        f'url = "http://{host(number)}:{port}/feed"\nevery = "5s"\n'
        for number in range(sources)
    )
    files = {
        "nieuwswacht.toml": SETTINGS,
        "sources.toml": tables,
        "channels.toml": CHANNELS,
        "rules.toml": RULES,
    }
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def memory(process: psutil.Process) -> tuple[float, int]:
    """Megabytes of PSS of the tree of processes, and how many processes there are."""
    total, number = 0, 0
    for each in (process, *process.children(recursive=True)):
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


def main() -> None:
    given = [int(word) for word in sys.argv[1:3]]
    seconds, sources = given + [60, 50][len(given) :]
    each = 3 + int(seconds / PUBLISHED_EVERY) + 1
    with (
        tempfile.TemporaryDirectory() as directory,
        served(sources, each, PUBLISHED_EVERY) as port,
    ):
        config = configured(Path(directory), sources, port)
        words = ["--config", str(config), "--db", str(config / "bench.db")]
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", *words, "-q", "run"], stdout=subprocess.DEVNULL
        )
        try:
            print(f"nieuwswacht run with {sources} sources, PSS of all processes")
            samples = watched(process, seconds)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        stored = subprocess.run(
            [sys.executable, "-m", "monitor", *words, "status"], stdout=subprocess.PIPE, check=False
        )
    print(stored.stdout.decode())
    half = len(samples) // 2
    growth = sum(samples[half:]) / len(samples[half:]) - sum(samples[1:half]) / (half - 1)
    print(
        f"  most {max(samples):.1f} MB (to reach: {LIMIT}); later half over earlier {growth:+.1f}"
    )


if __name__ == "__main__":
    main()
