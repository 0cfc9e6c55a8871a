"""When a page that failed is asked for again, when it is given up, and when it was taken down."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault

# Chosen: from a minute, for a short fault, to two days in all, for a long outage. After the last
# one the page counts as missed.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360, 720, 1440))
GONE = 410
_NOT_HERE = 404
_NEVER = frozenset({GONE, 451})
_ATTEMPTS_FOR_NOT_HERE = 3  # chosen: a page may appear a little later than in the feed
# Chosen: a mistake of the outlet (a bad release, a page that moves) is over by then.
_SECOND_LOOK = timedelta(minutes=30)


def status_fault(status: int) -> Fault:
    """The fault of an answer with this HTTP status."""
    return CrawlFault.HTTP_STATUS(status=status)


def next_attempt(
    attempts: int,
    now: datetime,
    *,
    status: int | None = None,
    wait: timedelta | None = None,
    held: bool = False,
) -> datetime | None:
    """When to ask again for a page that has failed `attempts` times before, None for never.

    `wait` is what the host asked for (`Retry-After`). After 410 or 451 a page is not asked for
    again. A page that is `held` and now gives 404 gets some time to come back.
    """
    limit = _ATTEMPTS_FOR_NOT_HERE if status == _NOT_HERE else len(_WAITS)
    if status in _NEVER or attempts >= limit:
        return None
    least = _SECOND_LOOK if held and status == _NOT_HERE else timedelta()
    return now + max(_WAITS[attempts], wait or timedelta(), least)


def is_withdrawn(status: int, before: Fault | None, *, held: bool) -> bool:
    """Whether an outlet has taken a page down: it answers 410, or twice in a row 404.

    `before` is how the last attempt failed. If the page was never `held`, 404 may only mean that
    the list has a wrong address.
    """
    return status == GONE or (held and status == _NOT_HERE and before == status_fault(_NOT_HERE))
