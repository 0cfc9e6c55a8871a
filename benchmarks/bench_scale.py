"""What commands and storing cost in small and in large archives, and the first store after a kill.

    python benchmarks/bench_scale.py [--large] [--beside CHECKOUT] [--fortnight 28000]

Commands are run over archives of 10,000 and 100,000 articles, with `--large` also of 1,000,000.
Their start does not count. Storing is measured where a fortnight of articles is in the index of
stories, as in a daemon that has run for long: after a feed of 20 comes a quiet moment, or, "all at
once", none. CHECKOUT is another version of the project: it does the same in the same run, with the
Python and the packages of this one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import page_archive

from crawler.clock import utc_now

HERE = Path(__file__).resolve().parent.parent
WORK = Path(__file__).with_name("scale_work.py")
SIZES, LARGE = (10_000, 100_000), 1_000_000
COLUMNS = {
    "each": "each",
    "later": "in quiet moments",
    "at_once": "all at once",
    "first": "first after a kill",
    "grown": "MB at the first",
}
STORED = {"ordinary": 1_000, "headlines": 1_000, "flood": 2_000}
NAMES = {
    "ordinary": "an article of 420 words",
    "headlines": "a headline with a lead",
    "flood": "an item of one mould, 4,000 of them",
}


def run(tree: Path, words: Sequence[object], *, killed: bool = False) -> str:
    """What a process of this checkout prints."""
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        text=True,
        check=not killed,
    )
    return done.stdout


def measured(tree: Path, *words: object) -> dict[str, float]:
    """The milliseconds that `scale_work.py` prints."""
    found: dict[str, float] = json.loads(run(tree, [WORK, *words]))
    return found


def archives(folder: Path, sizes: Sequence[int]) -> list[Path]:
    """Archives of these sizes, of the present version."""
    made = []
    for size in sizes:
        place = folder / f"archive-{size}"
        place.mkdir()
        page_archive.configure(place)
        page_archive.make(place / "nieuws.db", size, utc_now())
        made.append(place)
    return made


def as_of(tree: Path, ours: Path) -> Path:
    """The same archive as another version has it: what its tables have too."""
    place = ours.with_name(f"{ours.name}-beside")
    shutil.copytree(ours, place, ignore=shutil.ignore_patterns("*.db*"))
    path = place / "nieuws.db"
    run(tree, ["-m", "monitor", "--config", place, "--db", path, "deliver"])
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("ATTACH ? AS ours", [str(ours / "nieuws.db")])
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("BEGIN")
        for (name,) in db.execute("SELECT name FROM ours.sqlite_master WHERE type = 'table'"):
            _copy(db, name)
        db.execute("COMMIT")
        db.execute("PRAGMA analysis_limit = 400")
        db.execute("ANALYZE main")
    return place


def _copy(db: sqlite3.Connection, table: str) -> None:
    """Copy the rows of an ordinary table, by the columns that both versions have."""
    columns = [
        {name for _, name, *_ in db.execute(f"PRAGMA {schema}.table_info('{table}')")}
        for schema in ("main", "ours")
    ]
    both = ", ".join(f'"{name}"' for name in sorted(columns[0] & columns[1]))
    if both and "fts" not in table and "past_words" not in table:
        db.execute(
            f'INSERT OR IGNORE INTO main."{table}" ({both}) SELECT {both} FROM ours."{table}"'
        )


def print_commands(trees: Mapping[str, Path], folder: Path, sizes: Sequence[int]) -> None:
    """Print the work of each command in each archive."""
    print(f"\n| work, ms | {' | '.join(f'{size:,}' for size in sizes)} | growth |")
    print("|---" * (len(sizes) + 2) + "|")
    every = archives(folder, sizes)
    for label, tree in trees.items():
        places = every if tree == HERE else [as_of(tree, place) for place in every]
        took = [measured(tree, "commands", place) for place in places]
        for name in took[0]:
            row = [each[name] for each in took]
            numbers = " | ".join(f"{each:.1f}" for each in row)
            print(f"| `{name}`{label} | {numbers} | {row[-1] / row[0]:.2f} |", flush=True)


def print_storing(trees: Mapping[str, Path], folder: Path, fortnight: int) -> None:
    """Print what it takes to store, and to store first after a kill."""
    print(f"\n{fortnight:,} articles of a fortnight\n")
    print(f"| storing, ms | {' | '.join(COLUMNS.values())} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    filled = {}
    for label, tree in trees.items():
        filled[label] = folder / f"fortnight-{len(filled)}.db"
        run(tree, [WORK, "fill", filled[label], fortnight], killed=True)
    for kind, number in STORED.items():
        for label, tree in trees.items():
            path = folder / "more.db"
            for end in ("", "-wal"):
                shutil.copy(f"{filled[label]}{end}", f"{path}{end}")
            took = measured(tree, "store", path, kind, number)
            numbers = " | ".join(f"{took[name]:.2f}" for name in COLUMNS)
            print(f"| {NAMES[kind]}{label} | {numbers} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT")
    parser.add_argument("--fortnight", type=int, default=28_000)
    asked = parser.parse_args()
    trees = {", beside": asked.beside.resolve()} if asked.beside else {}
    trees |= {", here" if asked.beside else "": HERE}
    with tempfile.TemporaryDirectory() as folder:
        print_commands(trees, Path(folder), (*SIZES, LARGE) if asked.large else SIZES)
        print_storing(trees, Path(folder), asked.fortnight)


if __name__ == "__main__":
    main()
