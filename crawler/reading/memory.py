"""The memory of a process: how much it has, how much it may have, and what it gives back."""

from __future__ import annotations

import contextlib
import ctypes
import resource
from pathlib import Path

from crawler.frozen import dataclass

# A process ends when it has so much memory that it shares with no other: what libraries keep cannot
# fill the memory. Chosen: usual pages need far less.
OWN_MEMORY = 60 * 1024 * 1024
# mallopt(3): at most two arenas; blocks from 128 kB on are given back when they are freed, and so
# is more than 1 MB that is free at the end of the heap. By itself glibc would raise both. To give
# back all, and to fetch it again for the next page, took a twentieth of the time of reading it.
_ALLOCATION = {-8: 2, -3: 128 * 1024, -1: 1024 * 1024}


def return_freed_memory() -> None:
    """Let this process give back what it has freed, as far as its C library can be told so.

    By itself glibc keeps it, for each thread apart: after ten articles of 1 MB it was 100 MB.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in _ALLOCATION.items():
            mallopt(option, value)


def return_gaps() -> None:
    """Give back whole pages of memory that are free between others in use."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def limit_memory(memory: int) -> None:
    """Limit the memory of this new process to what it has now and this many bytes."""
    return_freed_memory()
    with contextlib.suppress(OSError, ValueError):  # a system without /proc, or a lower limit
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


@dataclass(slots=True)
class Peak:
    """The most memory that this process has had, as of the last look at it.

    To ask for its own memory takes a process as long as half a page, so it does only after a peak.
    """

    bytes: int = OWN_MEMORY

    def has_grown(self) -> bool:
        """Whether it is more than at the last look, and more than a process may have of its own."""
        now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        grown, self.bytes = now > self.bytes, max(now, self.bytes)
        return grown


def own_memory() -> int:
    """The bytes that this process shares with no other (USS); 0 where that cannot be known."""
    try:
        rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return 1024 * sum(
        int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")
    )
