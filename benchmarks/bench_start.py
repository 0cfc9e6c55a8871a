"""What the start of a command costs, beside what no command can do without.

    python benchmarks/bench_start.py [--beside CHECKOUT] [--times 15]

Processor time (user and system) of a whole process, the median of so many turns. The archive is
empty, the rules are the shipped ones, no source is switched on, and `crawl` has run before, so
that nothing is due. CHECKOUT is another version of the project: it does the same in the same run,
with the Python and the packages of this one and with its own configuration.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
MAIN = "import sys; sys.argv[0] = 'nieuwswacht'; from monitor.cli import main; main()"
FLOORS = {
    "python -c pass": ["-c", "pass"],
    'python -c "import click"': ["-c", "import click"],
    "scrapy version": ["-m", "scrapy", "version"],
}
# A start compiles nothing that an earlier one has compiled.
_USUAL = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMMANDS = (
    ["--version"],
    ["--help"],
    ["crawl"],
    ["search", "kalifaat"],
    ["status"],
    ["rules", "list"],
    ["show", "none"],
    ["alerts", "why", "none"],
)


def configure(place: Path, tree: Path) -> None:
    """The shipped configuration of this checkout, with every source switched off."""
    shutil.copytree(tree / "config", place / "config")
    catalogue = place / "config" / "sources.toml"
    text = re.sub(r"(?m)^enabled = .*\n", "", catalogue.read_text("utf-8"))
    catalogue.write_text(re.sub(r"(?m)^(id = .*)$", r"\1\nenabled = false", text), "utf-8")


def cost(words: Sequence[str], place: Path, tree: Path) -> float:
    """The milliseconds of processor time of a process with these words."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env={**_USUAL, "PYTHONPATH": str(tree)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--times", type=int, default=15)
    wanted = parser.parse_args()
    trees = [HERE, *([wanted.beside.resolve()] if wanted.beside else [])]
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, str(number)) for number, _ in enumerate(trees)]
        works: dict[str, tuple[list[str], Path, Path]] = {}
        for place, tree in zip(places, trees, strict=True):
            configure(place, tree)
            beside = "" if tree == HERE else ", beside"
            for words in COMMANDS:
                asked = ["-c", MAIN, *words]
                works[f"nieuwswacht {' '.join(words)}{beside}"] = asked, place, tree
            for _ in range(2):
                cost(["-c", MAIN, "crawl"], place, tree)
        works |= {name: (words, places[0], HERE) for name, words in FLOORS.items()}
        found: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(wanted.times):
            for name, work in works.items():
                found[name].append(cost(*work))
    median = {name: statistics.median(costs) for name, costs in found.items()}
    click, scrapy = median['python -c "import click"'], median["scrapy version"]
    print(f"{'':<42}{'ms':>8}{'of click':>10}{'of scrapy':>11}")
    for name, each in sorted(median.items()):
        print(f"{name:<42}{each:>8.0f}{each / click:>10.2f}{each / scrapy:>11.2f}")


if __name__ == "__main__":
    main()
