"""What hosts ask of a crawler (robots.txt, Retry-After), and what follows for the next request."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

from crawler.frozen import dataclass

SERVER_FAULT = 500
REDIRECT = 300
TOO_MANY_REQUESTS = 429
ASKS_TO_WAIT = frozenset({TOO_MANY_REQUESTS, 503})
# RFC 9309, 2.5: a crawler has to read at least 500 KiB.
MAX_ROBOTS_BYTES = 500 * 1024
_COMPATIBLE = re.compile(r"Mozilla/\S+ \(compatible; ([A-Za-z_-]+)")
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
    """How fast one host is asked: seconds between requests, and requests at the same time."""

    delay: float
    per_host: int


def pace_asked(pace: Pace, crawl_delay: float | None, longest: float) -> Pace:
    """The pace after a Crawl-delay: never faster than ours, and never slower than `longest`."""
    if not crawl_delay or not crawl_delay > pace.delay:  # also not for NaN
        return pace
    return Pace(min(crawl_delay, longest), 1)


def product(user_agent: str) -> str:
    """The product token of a user agent (RFC 9309, 2.2.1), the part before "/" or a space.

    Of "Mozilla/5.0 (compatible; Name/1.0)" it is the name.
    """
    compatible = _COMPATIBLE.match(user_agent)
    return compatible[1] if compatible else user_agent.partition(" ")[0].partition("/")[0] or "*"


def rules_for(product: str, rules: bytes) -> bytes:
    """The robots.txt, with each line that names this product reduced to its name.

    Some sites copy a version, or the whole user agent, from their log.
    """
    if rules.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        rules = rules.decode("utf-16", "replace").encode("utf-8", "replace")
    rules = rules.removeprefix(BOM_UTF8)
    if product == "*":
        return rules
    named = rb"(?<![A-Za-z_-])" + re.escape(product.encode()) + rb"(?![A-Za-z_-])"
    line = re.compile(rb"(?im)^[ \t]*user[-_ ]?agent[ \t]*:[^\r\n#]*?" + named + rb"[^\r\n]*")
    return line.sub(b"User-agent: " + product.encode(), rules)


def authority(url: str) -> str:
    """Host and port of an address: robots.txt and politeness apply to each of these."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a `Retry-After` header asks to wait (RFC 9110, 10.2.3): seconds, or until a date.

    None if there is no header, if its time is over, or if it cannot be read. The caller limits how
    long to wait.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        digits = text.lstrip("0") or "0"
        return timedelta(seconds=int(digits)) if len(digits) <= _MOST_DIGITS else timedelta.max
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000" means UTC with an unknown zone (RFC 5322, 3.3)
            moment = moment.replace(tzinfo=UTC)
        wait = moment - now
    except (ValueError, TypeError, OverflowError):
        return None
    return wait if wait >= timedelta() else None


class RobotsCache(Protocol):
    """A store for the robots.txt of sites, so that they are not fetched again after a restart."""

    async def robots(self) -> Mapping[str, tuple[bytes, timedelta]]:
        """The stored robots.txt by site, and how much longer each is valid."""

    async def robots_read(self, site: str, rules: bytes, lifetime: timedelta) -> None:
        """Keep a site's robots.txt, which was just fetched, for `lifetime`."""
