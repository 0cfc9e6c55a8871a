"""A Dask cluster on loopback, started as the documentation of Dask says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from processes import family

ROOT = Path(__file__).parents[2]
_DASK = Path(sys.executable).with_name("dask")


class DaskCluster:
    """A scheduler, and workers that a nanny starts anew when they die."""

    def __init__(self, folder: Path, *, allowed_failures: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self._folder = f"tcp://127.0.0.1:{port}", folder
        self._environment = {
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "support"))),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures),
        }
        self._started: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port))

    def add_workers(self, number: int) -> None:
        """Start so many workers, of one thread each."""
        number_of = f"--nworkers={number}"
        place = f"--local-directory={self._folder}"
        self._start("worker", self.address, number_of, "--nthreads=1", place)

    def kill_workers(self) -> None:
        """Kill every worker as the system does when there is no memory left."""
        for nanny in self._started[1:]:
            for pid in family(nanny.pid)[1:]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """End all processes."""
        pids = [pid for each in self._started for pid in family(each.pid)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for each in self._started:
            each.wait()

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self._folder / "dask.log").open("ab") as log:
            process = subprocess.Popen(
                [_DASK, *words, "--no-dashboard"],
                env=os.environ | self._environment,
                stdout=log,
                stderr=log,
            )
        self._started.append(process)
        return process


@contextmanager
def cluster_in(folder: Path, *, workers: int, allowed_failures: int = 3) -> Iterator[DaskCluster]:
    """A cluster for a while; Dask gives up what has cost more workers than are allowed."""
    cluster = DaskCluster(folder, allowed_failures=allowed_failures)
    try:
        cluster.add_workers(workers)
        yield cluster
    finally:
        cluster.end()
