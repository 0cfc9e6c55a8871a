"""What hosts ask of a crawler, and what that means for the next request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

SERVER_FAULT = 500
REDIRECT = 300
TOO_MANY_REQUESTS = 429
ASKS_TO_WAIT = frozenset({TOO_MANY_REQUESTS, 503})
# RFC 9309, 2.5: a crawler may stop reading after 500 KiB.
MAX_ROBOTS_BYTES = 500 * 1024
_MOST_DIGITS = 9  # of seconds: 31 years


class RobotsAnswer(Enum):
    """What the answer to a request for robots.txt means (RFC 9309, 2.3.1)."""

    RULES = "its text holds the rules"
    FREE = "there are no rules"
    UNREACHABLE = "nobody knows: nothing may be fetched until it answers"


def robots_answer(status: int) -> RobotsAnswer:
    """How to read an answer with this status; a server that is too busy has not answered."""
    if status >= SERVER_FAULT or status == TOO_MANY_REQUESTS:
        return RobotsAnswer.UNREACHABLE
    return RobotsAnswer.RULES if status < REDIRECT else RobotsAnswer.FREE


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one host is asked."""

    delay: float
    per_host: int


def pace_asked(pace: Pace, crawl_delay: float | None, longest: float) -> Pace:
    """The pace after a Crawl-delay: never faster than ours, and never slower than `longest`."""
    if not crawl_delay or not crawl_delay > pace.delay:  # also not for NaN
        return pace
    return Pace(min(crawl_delay, longest), 1)


def product(user_agent: str) -> str:
    """The word of a user agent that robots.txt addresses: `nieuwswacht` of `nieuwswacht/1 (+…)`."""
    return user_agent.partition(" ")[0].partition("/")[0] or "*"


def authority(url: str) -> str:
    """Host and port of an address: those who share it share robots.txt and patience."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a `Retry-After` header asks to wait (RFC 9110, 10.2.3): seconds, or until a date.

    None where it asks for nothing, for a time that is over, or cannot be read. How long to listen
    at most is for the caller to say.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        digits = text.lstrip("0") or "0"
        return timedelta(seconds=int(digits)) if len(digits) <= _MOST_DIGITS else timedelta.max
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000": a time whose zone is unknown is given in UTC
            moment = moment.replace(tzinfo=UTC)
        wait = moment - now
    except (ValueError, TypeError, OverflowError):
        return None
    return wait if wait >= timedelta() else None


class RobotsCache(Protocol):
    """Who keeps the robots.txt of sites, so that a restart need not ask for them again."""

    async def robots(self) -> Mapping[str, tuple[bytes, timedelta]]:
        """The robots.txt that are held, by site, and how long each still holds."""

    async def robots_read(self, site: str, rules: bytes, lifetime: timedelta) -> None:
        """A site's robots.txt came in; it holds so long."""
