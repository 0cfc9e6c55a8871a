"""What a replay costs: here, with processes of this machine, and on a Dask cluster.

    python benchmarks/bench_replay.py [PAGES]
    python benchmarks/bench_replay.py --memory [PAGES]

Two sets of invented files are read, in the layout of CC-NEWS and with pages of a newspaper's size:
one in which every record is a page of the catalogue (PAGES of them, 1,000 unless told otherwise),
and one in which 3 % are. Each way does the same work in one run, after small files that start its
processes. Processor time is that of all processes, those of the cluster too. From it follows what a
month of CC-NEWS takes. `--memory` shows the peak of the process that writes, for a small set and
one of eight times as much.
"""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from distributed import Client
from loadserver import pages_of
from usage import helped

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from dask_cluster import cluster_in  # noqa: E402 - found by the path above
from histories import (  # noqa: E402 - found by the path above
    NOW,
    filled,
    part_of,
)
from webarchives import Capture, packed  # noqa: E402 - found by the path above

from crawler.history import FileToRead, found_files  # noqa: E402 - found by the path above
from crawler.parts import DaskMap, LocalMap, PartMap  # noqa: E402 - found by the path above
from crawler.warc import BEGINNING  # noqa: E402 - found by the path above

FILES = 2
NOISE = 7_500  # bytes of each page: 50 kB are packed to 12 kB, about as the pages of CC-NEWS
KEPT = 0.03  # of the records of the second set
# As docs/history.md says: what only the dashboard of Dask needs.
SETTINGS = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
}
# A month of CC-NEWS: 1.35 billion articles from August 2016 to spring 2026 (arXiv 2605.18337).
MONTH, SHARES, CORES = 12_000_000, (0.01, 0.03), (1, 10, 100)


@dataclass(frozen=True)
class Cost:
    """What a way took: seconds on the clock, and seconds of all processors."""

    wall: float
    cpu: float


def main() -> None:
    """Print a table for each set, and the arithmetic for a month."""
    os.environ.update(SETTINGS)
    words = [word for word in sys.argv[1:] if word.isdigit()]
    pages = int(words[0]) if words else 1_000
    if "--writer" in sys.argv:
        _fill_alone(*map(Path, sys.argv[2:4]), sys.argv[4])
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "--memory" in sys.argv:
            _show_memory(folder, pages)
            return
        dense, sparse = folder / "dense", folder / "sparse"
        made = pages_of(pages)
        write(dense, made, foreign=0)
        write(sparse, made[: pages // 4], foreign=round(pages // 4 / KEPT))
        warm = folder / "warm"
        write(warm, made[: 5 * FILES], foreign=0)
        costs = {each: compare(each, warm, folder) for each in (dense, sparse)}
        show_month(costs[dense], costs[sparse], pages, round(pages // 4 / KEPT))


def write(folder: Path, pages: list[bytes], *, foreign: int) -> None:
    """Files of a day each with these pages, between so many of other hosts."""
    rng = random.Random(5)
    addresses = [f"https://nos.nl/artikel/{2_277_000 + n}-bericht" for n in range(len(pages))]
    addresses += [f"https://news{n}.example/item" for n in range(foreign)]
    records = [(address, pages[n % len(pages)]) for n, address in enumerate(addresses)]
    rng.shuffle(records)
    folder.mkdir()
    for number in range(FILES):
        name = f"CC-NEWS-2019032{number}120000-0000{number}.warc.gz"
        captures = (
            Capture(url=url, body=_noisy(page, rng)) for url, page in records[number::FILES]
        )
        with (folder / name).open("wb") as file:
            file.writelines(packed(captures))


def _noisy(page: bytes, rng: random.Random) -> bytes:
    """The page with a script that cannot be packed, so that it packs as well as a real one."""
    script = f"<script>{base64.b64encode(rng.randbytes(NOISE)).decode()}</script></body>"
    return page.replace(b"</body>", script.encode())


def compare(folder: Path, warm: Path, work: Path) -> dict[str, Cost]:
    """What each way takes for these files."""
    print(f"\n{folder.name:24}{'seconds':>9}{'processor':>11}{'of plain':>10}")
    costs: dict[str, Cost] = {}
    for name, way in _ways(work):
        with way as part_map:
            _fill(part_map, warm, work / f"{folder.name}-{name}-warm.db")
            costs[name] = _fill(part_map, folder, work / f"{folder.name}-{name}.db")
        cost, plain = costs[name], costs.get("plain", costs[name])
        share = f"{cost.cpu / plain.cpu:>9.0%}" if "plain" in costs else ""
        print(f"{name:24}{cost.wall:9.1f}{cost.cpu:11.1f}{share:>10}")
    return costs


def _ways(work: Path) -> Iterator[tuple[str, object]]:
    yield "read, not stored", _local(None)
    yield "plain", _local(LocalMap(0))
    for workers in (1, 2):
        yield f"{workers} process{'es' * (workers > 1)}", _local(LocalMap(workers))
    for workers in (1, 2):
        yield f"Dask, {workers} worker{'s' * (workers > 1)}", _dask(work, workers)


@contextmanager
def _local(part_map: PartMap | None) -> Iterator[PartMap | None]:
    yield part_map


@contextmanager
def _dask(work: Path, workers: int) -> Iterator[PartMap]:
    with cluster_in(work, workers=workers) as cluster:
        with Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(workers)
        yield DaskMap(cluster.address)


def _fill(part_map: PartMap | None, folder: Path, db: Path) -> Cost:
    began, spent = time.perf_counter(), _processor()
    if part_map is None:
        for file in found_files([folder], NOW):
            for _ in part_of(FileToRead(file=file, start=BEGINNING)).batches():
                pass
    else:
        filled(db, [folder], part_map)
    return Cost(time.perf_counter() - began, _processor() - spent)


def _processor() -> float:
    """Seconds of this process and of all that it has started, with what these have started."""
    this = psutil.Process()
    times = [each.cpu_times() for each in (this, *this.children(recursive=True))]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


def show_month(dense: dict[str, Cost], sparse: dict[str, Cost], pages: int, foreign: int) -> None:
    """What a month takes, from what a record of each kind does."""
    read = dense["read, not stored"].cpu / pages
    store = dense["plain"].cpu / pages - read
    skip = (sparse["read, not stored"].cpu - read * (pages // 4)) / foreign
    print(f"\na record of another host {skip * 1000:.2f} ms, a page read {read * 1000:.1f} ms,")
    print(f"stored {store * 1000:.1f} ms (one process)\n")
    print(f"{MONTH:,} records; hours with {', '.join(map(str, CORES))} cores, and of storing alone")
    for share in SHARES:
        kept = MONTH * share
        reading = (MONTH - kept) * skip + kept * read
        hours = [max(reading / cores, kept * store) / 3600 for cores in CORES]
        shown = "".join(f"{each:8.1f}" for each in (*hours, kept * store / 3600))
        print(f"{share:4.0%} kept {shown}")


def _show_memory(folder: Path, pages: int) -> None:
    made = pages_of(pages * 8)
    write(folder / "small", made[:pages], foreign=0)
    write(folder / "large", made, foreign=0)
    with cluster_in(folder, workers=1) as cluster:
        for way in ("2", cluster.address):
            for size in ("small", "large"):
                db = folder / f"{size}-{way.rpartition(':')[2]}.db"
                words = [__file__, "--writer", str(folder / size), str(db), way]
                done = subprocess.run([sys.executable, *words], capture_output=True, check=True)
                print(f"{size:6} {way:24} {int(done.stdout):6,} MB")


def _fill_alone(folder: Path, db: Path, way: str) -> None:
    filled(db, [folder], LocalMap(int(way)) if way.isdigit() else DaskMap(way))
    # Not `ru_maxrss`, which begins with that of the process that started this one.
    peak = Path("/proc/self/status").read_text("ascii").partition("VmHWM:")[2].split()[0]
    print(int(peak) // 1024)


if __name__ == "__main__":
    helped(__doc__)
    main()
