"""How many files may be open, and how many connections fit beside all else that needs them."""

from __future__ import annotations

import logging
import resource

from crawler.config.files import CrawlSettings
from crawler.frozen import dataclass

log = logging.getLogger(__name__)

# Measured: a daemon with two worker processes and one channel has 22 files open without any
# connection. Doubled, for more channels and workers, and for what is open for a moment.
RESERVED = 44
# Each needs at most two at a time: a lookup the names of this machine and a name server.
_FOR_A_LOOKUP = 2
_LOOKUPS = 16
# Chosen: nothing here needs more, and some systems have no limit at all.
_MOST = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRoom:
    """How many transfers and lookups there may be at a time, and whether connections are kept."""

    transfers: int
    lookups: int
    keeps_connections: bool


def file_room(crawl: CrawlSettings, sources: int) -> FileRoom:
    """What fits, after the limit on open files has been raised as far as this process may.

    What is too low is logged.
    """
    needed = RESERVED + crawl.concurrency + _FOR_A_LOOKUP * _LOOKUPS + crawl.per_host * sources
    limit = _raised()
    room = room_within(limit, crawl, sources)
    if limit < needed:
        log.warning(
            "only %d files may be open at a time, %d sources need %d: polls and pages take their "
            "turns, %d at a time; raise it with `ulimit -n` or LimitNOFILE",
            *(limit, sources, needed, room.transfers),
        )
    return room


def room_within(limit: int, crawl: CrawlSettings, sources: int) -> FileRoom:
    """What fits within a limit on open files."""
    spare = max(limit - RESERVED, 0)
    lookups = min(_LOOKUPS, max(1, spare // (2 * _FOR_A_LOOKUP)))
    left = spare - _FOR_A_LOOKUP * lookups
    transfers = min(crawl.concurrency, max(1, left))
    kept = left >= transfers + crawl.per_host * sources
    return FileRoom(transfers=transfers, lookups=lookups, keeps_connections=kept)


def _raised() -> int:
    """The limit, raised as far as the system lets this process do so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _MOST if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        return soft
    return wanted
