"""Whether this tree is slower than another checkout of the project, measured in one run.

    python benchmarks/compare_trees.py OTHER [--pairs 7] [WORKLOAD ...]

Each workload is a benchmark or a start of the command, run in turn in the other checkout, here, and
in the other checkout again, so that all three meet the same machine. The ratio is that of CPU time,
or of the milliseconds that a benchmark prints. "Same" compares the other checkout with itself: how
much two runs differ without any change. Packages are those of the Python that runs this script.
Both read the configuration of the other checkout: with more rules, one would have more to do.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Workload:
    """Arguments for Python, and patterns for the numbers in its output; without any, CPU time."""

    words: tuple[str, ...]
    numbers: Mapping[str, str]


CPU = "CPU seconds"
WORKLOADS = {
    "start --help": Workload(("-m", "monitor", "--help"), {}),
    "start rules list": Workload(("-m", "monitor", "rules", "list"), {}),
    "start status": Workload(("-m", "monitor", "status", "--json"), {}),
    "start search": Workload(("-m", "monitor", "search", "kalifaat"), {}),
    "feeds": Workload(
        ("benchmarks/bench_feeds.py",), {"a feed": r"as in the catalogue\s+([\d.]+) ms"}
    ),
    "extraction": Workload(("benchmarks/bench_extraction.py",), {}),
    "rules": Workload(
        ("benchmarks/bench_rules.py", "100"),
        {"an article, 10,000 rules": r"\n10,000 rules[^\n]*\n[^\n]*\n\s+nieuwswacht\s+([\d.]+)"},
    ),
    "crawl": Workload(
        ("benchmarks/bench_crawl.py", "210", "100", "1"),
        {
            "a new page": r"whole: read and stored\s+([\d.]+)",
            "a feed without news": r"\n  whole\s+([\d.]+)",
        },
    ),
    "archive": Workload(("benchmarks/bench_archive.py", "3000"), {}),
}


def measured(tree: Path, workload: Workload, database: Path, config: Path) -> dict[str, float]:
    """The numbers of one run in a checkout."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, *workload.words],
            cwd=tree,
            env={
                **os.environ,
                "PYTHONPATH": str(tree),
                "NIEUWSWACHT_DB": str(database),
                "NIEUWSWACHT_CONFIG": str(config),
            },
            stdout=output,
            stderr=subprocess.DEVNULL,
        )
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        output.seek(0)
        printed = output.read()
    if not workload.numbers:
        return {CPU: usage.ru_utime + usage.ru_stime}
    found = {name: re.search(pattern, printed) for name, pattern in workload.numbers.items()}
    if missing := [name for name, match in found.items() if match is None]:
        sys.exit(f"{' '.join(workload.words)} in {tree} says nothing of {missing}:\n{printed}")
    return {name: float(match[1]) for name, match in found.items() if match}


def compared(other: Path, workload: Workload, pairs: int, folder: Path) -> None:
    """Print the ratios of one workload; each checkout first gets a database of its own."""
    trees = {"other": other, "here": HERE, "again": other}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
    for _ in range(pairs):
        for name, tree in trees.items():
            database = folder / f"{tree == HERE}.db"
            runs[name].append(measured(tree, workload, database, other / "config"))
    for number in runs["other"][0]:
        there, here, again = ([run[number] for run in runs[name]] for name in trees)
        same = [b / a for a, b in zip(there, again, strict=True)]
        ratios = [2 * b / (a + c) for a, b, c in zip(there, here, again, strict=True)]
        print(
            f"  {number:28}{statistics.median(there):9.3f}{statistics.median(here):9.3f}"
            f"{statistics.median(ratios):8.3f}   {min(same):.3f}-{max(same):.3f}",
            flush=True,
        )


def main(words: Sequence[str] | None = None) -> None:
    """Compare the workloads named, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("other", type=Path)
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS), metavar="WORKLOAD")
    parser.add_argument("--pairs", type=int, default=7)
    asked = parser.parse_intermixed_args(words)
    print(f"median of {asked.pairs}                    other     here   ratio   same, from-to")
    with tempfile.TemporaryDirectory() as folder:
        for tree in (asked.other.resolve(), HERE):
            made = Workload(("-m", "monitor", "deliver"), {})
            config = asked.other.resolve() / "config"
            measured(tree, made, Path(folder) / f"{tree == HERE}.db", config)
        for name in asked.workloads:
            print(name)
            compared(asked.other.resolve(), WORKLOADS[name], asked.pairs, Path(folder))


if __name__ == "__main__":
    main()
