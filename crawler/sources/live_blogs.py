"""Which pages grow while they are read, and when such a page is read again.

The limits are chosen; no measurement is known. docs/sources.md describes what follows from them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crawler.frozen import dataclass

# If two readings within this time each have a new paragraph, the page is a live blog.
TWICE_WITHIN = timedelta(hours=3)
# A page that grows is read at this pace. One that rests is read again after a third of the time
# since it grew. So we see its next update late by at most a third of the pause before it.
PACE = timedelta(minutes=5)
RESTING_SHARE = 3
SLOWEST = timedelta(hours=1)
OVER_AFTER = timedelta(hours=12)
# Outlets often go on for a while after the end that they announced.
ENDED_FOR = timedelta(minutes=30)
# At most this many pages of a host are read at that pace; its others wait `SLOWEST`.
MOST_OF_A_HOST = 5
# A page that has not grown for this long leaves its place to another.
RESTS_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBlog:
    """A page that has grown: `grown` is when this was last seen, `since` when it was seen first.

    It is `live` while it is followed; `ends` is the end that its outlet has announced.
    """

    live: bool
    since: datetime
    grown: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveReading:
    """What one reading says: whether the page calls itself a live blog, and whether it grew.

    `touched` is when its outlet last changed it, if it says so.
    """

    named: bool = False
    grew: bool = False
    touched: datetime | None = None
    ends: datetime | None = None


def after_reading(held: LiveBlog | None, read: LiveReading, now: datetime) -> LiveBlog | None:
    """What is known of a page after this reading; None if it gives no sign of a live blog."""
    if held is None:
        if not (read.named or read.grew):
            return None
        grown = now if read.grew else min(read.touched or now, now)
        found = LiveBlog(live=read.named, since=now, grown=grown, ends=read.ends)
    else:
        begins = read.grew and (read.named or now - held.grown <= TWICE_WITHIN)
        found = LiveBlog(
            live=held.live or begins,
            since=held.since,
            grown=now if read.grew else held.grown,
            ends=read.ends or held.ends,
        )
    return replace(found, live=False) if is_over(found, now) else found


def is_over(blog: LiveBlog, now: datetime) -> bool:
    """Whether it has ended: it rests after the announced end, or has not grown for long."""
    ended = blog.ends is not None and blog.ends <= now
    return now - blog.grown >= (ENDED_FOR if ended else OVER_AFTER)


def next_reading(blog: LiveBlog, now: datetime, *, before: int) -> datetime | None:
    """When a live blog is read again; None if it is no longer followed.

    `before` is how many others of its host have grown lately and were known before it.
    """
    if not blog.live:
        return None
    if before >= MOST_OF_A_HOST:
        return now + SLOWEST
    return now + min(max((now - blog.grown) / RESTING_SHARE, PACE), SLOWEST)
