"""When a page that failed is asked for again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

# A minute for a hiccup, hours for a server's bad day; after the last one the page is missed.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360))
_GONE = frozenset({410, 451})
_NOT_HERE = frozenset({404})
_ATTEMPTS_FOR_NOT_HERE = 3  # a page may come a little later than the feed that names it


def next_attempt(
    attempts: int, now: datetime, *, status: int | None = None, wait: timedelta | None = None
) -> datetime | None:
    """When to ask again for a page that has failed `attempts` times before, None for never.

    `wait` is what the host asked for; a page that is gone is not asked for again.
    """
    limit = _ATTEMPTS_FOR_NOT_HERE if status in _NOT_HERE else len(_WAITS)
    if status in _GONE or attempts >= limit:
        return None
    return now + max(_WAITS[attempts], wait or timedelta())
