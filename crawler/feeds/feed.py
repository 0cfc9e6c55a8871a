"""The entries of feeds of any kind: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, sound or broken.

A strict parser comes first. A feed that it refuses is mended and read again. If it is still
refused, feedparser reads it (docs/decisions/0003). The limits below bound memory and time; the
caller sets the deadline.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from crawler.errors import SourceError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.items import MAX_TITLE, Place, date_of, entry_of, unread_date
from crawler.feeds.jsonfeed import JsonFault, bare_json, raw_json_feed
from crawler.feeds.lenient import MAX_CHARS as LOOSE_CHARS, loose_feed
from crawler.feeds.listing import HEAD, Listing
from crawler.feeds.newest import newest
from crawler.feeds.repair import (
    repaired,
    shown_source,
    what_it_is,
    with_closed_sections,
    without_middle,
)
from crawler.feeds.xml import RawFeed, XmlFault, raw_feed
from crawler.text.decoding import MAX_BYTES, TooLargeError, text_of, unpacked
from crawler.text.plain import plain_line

MAX_ITEMS = 1_000  # chosen: the longest feeds in use have some hundred
MAX_TAGS = 300_000  # chosen: each costs memory; real feeds have some thousand
CUT_CHARS = 1_000_000  # chosen: of a document with more tags, its two ends of this length are read
MAX_TTL = timedelta(days=1)  # chosen: a longer wish is cut to a day
_FEED = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|channel|entry|rdf)[\s>]", re.IGNORECASE)


def parse_feed(  # noqa: PLR0913  (what is known of an answer, by name)
    body: bytes,
    *,
    url: str,
    content_type: str,
    source: str,
    now: datetime,
    language: str = "",
    strict: bool = False,
    limit: int = MAX_BYTES,
) -> Listing:
    """What the feed in this answer lists, with plain text in all fields.

    Of texts and links in several languages, the one in `language` is taken. With `strict` nothing
    is mended: that keeps the time short and predictable. `limit` is the most bytes, unpacked.

    Raises:
        SourceError: there is no feed in it (a page, nothing, noise), or it exceeds a limit.
    """
    try:
        text = _text(body, content_type, limit)
        raw, fault = _read(text, url, language, strict=strict)
    except (XmlFault, JsonFault, TooLargeError) as error:
        raise SourceError(source, error.what, url=url) from error
    return _listing(raw, fault, Place(url, raw.link, now, language, raw.is_atom))


def _text(body: bytes, content_type: str, limit: int) -> str:
    if len(body) > limit:
        raise TooLargeError(limit)
    return text_of(unpacked(body, limit=limit), content_type)


def _read(text: str, url: str, language: str, *, strict: bool) -> tuple[RawFeed, Fault | None]:
    """The raw feed, and what is wrong with it, if anything is."""
    if json := bare_json(text):
        raw, whole = raw_json_feed(json)
        return raw, None if whole else CrawlFault.TORN_ITEMS()
    text = with_closed_sections(text)
    if text.count("<") > MAX_TAGS:
        return _mended(without_middle(text, CUT_CHARS), url, language)[0], CrawlFault.CUT_TAGS(
            most=MAX_TAGS
        )
    try:
        return raw_feed(text.encode("utf-8", "replace"), url=url, language=language), None
    except XmlFault as refused:
        if refused.limit or strict:
            raise
        return _mended(text, url, language)


def _mended(text: str, url: str, language: str) -> tuple[RawFeed, Fault | None]:
    if not _FEED.search(text, 0, HEAD):
        if _FEED.search(shown := shown_source(text), 0, HEAD):
            return _read(shown, url, language, strict=False)
        raise XmlFault(what_it_is(text, wanted="feed"), limit=False)
    mended = repaired(text)
    try:
        raw = raw_feed(mended.text.encode("utf-8", "replace"), url=url, language=language)
    except XmlFault as refused:
        if refused.limit:
            raise
        if len(mended.text) > LOOSE_CHARS:
            ends = repaired(without_middle(text, LOOSE_CHARS)).text
            return loose_feed(ends, url=url), CrawlFault.CUT_TEXT()
        raw = loose_feed(mended.text, url=url)
    return raw, None if mended.whole else CrawlFault.TORN_ITEMS()


def _listing(raw: RawFeed, fault: Fault | None, place: Place) -> Listing:
    kept = newest(raw.items, lambda item: date_of(item, place), MAX_ITEMS)
    if raw.capped or len(kept) < len(raw.items):
        fault = fault or CrawlFault.CUT_ITEMS(most=MAX_ITEMS)
    found = [entry_of(item, place) for item in kept]
    entries = tuple(entry for entry in found if entry is not None)
    return Listing(
        title=plain_line(raw.title[: 10 * MAX_TITLE])[:MAX_TITLE],
        entries=entries,
        fault=fault,
        dropped=len(raw.items) - len(entries),
        unread_dates=tuple(filter(None, (unread_date(item, place) for item in kept))),
        ttl=_minutes(raw.ttl),
        skip_hours=frozenset(int(hour) % 24 for hour in raw.skip_hours if _is_hour(hour)),
    )


def _minutes(text: str) -> timedelta | None:
    number = re.fullmatch(r"\s*(\d{1,6})\s*", text, re.ASCII)
    return min(timedelta(minutes=int(number[1])), MAX_TTL) if number and int(number[1]) else None


def _is_hour(text: str) -> bool:
    """Whether this is an hour of the day; some feeds write midnight as 24."""
    return re.fullmatch(r"\s*(?:1?\d|2[0-4])\s*", text, re.ASCII) is not None
