"""Entries from raw items: which of several fields is used, cleaned and cut to size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.addresses.links import web_address
from crawler.feeds.xml import RawItem, RawLink
from crawler.model import FeedEntry
from crawler.text.dates import parse_date
from crawler.text.plain import one_line, plain_line, plain_text

# Characters. All sizes here are chosen: far above what feeds contain.
MAX_TITLE = 1_000
MAX_LEAD = 5_000
MAX_BODY = 200_000
MAX_NAME = 300
MAX_GUID = 1_000
_MARKUP_ROOM = 10  # raw text may be this much longer than what is kept of it
_MAX_AUTHORS = 10
# Chosen: a description of several paragraphs with this many characters is the article.
_FULL_TEXT = 500

_TITLE = ("title", "dc:title", "media:title")
_GUID = ("guid", "id", "rdf:about", "dc:identifier")
_SUMMARY = ("description", "summary", "dc:description")
_CONTENT = ("content:encoded", "content", "xhtml:body", "xhtml:div", "fullitem")
_SECTION = ("category", "dc:subject", "?:nstag")
_PUBLISHED = (
    *("pubdate", "published", "issued", "dcterms:issued", "dc:date", "created"),
    *("dcterms:created", "date"),
)
_MODIFIED = ("updated", "modified", "dcterms:modified")
_PAID = {"true": True, "1": True, "yes": True, "ja": True, "premium": True, "paid": True}
_FREE = {"false": False, "0": False, "no": False, "nee": False, "free": False}
_NAME_IN_BRACKETS = re.compile(r"^[^\s@]+@[^\s@]+ \(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a feed was read: addresses are relative to `url`, dates to `now`."""

    url: str
    now: datetime


def entry_of(item: RawItem, place: Place) -> FeedEntry | None:
    """The entry, or None if the item has no web address."""
    guid = first(item, _GUID)
    address = article_address(item, guid, place.url)
    if not address:
        return None
    lead, body = _lead_and_body(item)
    published = _date(item, _PUBLISHED, place)
    modified = _date(item, _MODIFIED, place)
    return FeedEntry(
        url=address,
        guid=one_line(guid[:MAX_GUID]) or None,
        title=_line(first(item, _TITLE), MAX_TITLE),
        lead=lead[:MAX_LEAD],
        body=body,
        author=_authors(item.authors),
        section=_line(first(item, _SECTION), MAX_NAME) or None,
        image=_image(item, place.url),
        published=published or modified,  # Atom requires only `updated` (RFC 4287, 4.1.2)
        modified=modified,
        paid=_PAID.get(paid := item.texts.get("premium", "").strip().lower(), _FREE.get(paid)),
    )


def first(item: RawItem, names: Iterable[str]) -> str:
    """The first of these texts that exists and is not blank, else ""."""
    for name in names:
        if (text := item.texts.get(name)) and not text.isspace():
            return text.strip()
    return ""


def article_address(item: RawItem, guid: str, base: str) -> str:
    """The address of the article itself, not of a counter, the feed or an image; "" if none."""
    if original := web_address(item.texts.get("feedburner:origlink", "")):
        return original
    for link in sorted(item.links, key=_rank):
        if _rank(link) < _NEVER and (address := _joined(link, base)):
            return address
    # An id that looks like an address is used as one, whatever "isPermaLink" says.
    return web_address(guid)


_NEVER = 9
_NO_PAGE = re.compile(r"json|xml|image|audio|video")
_RANKS = {
    ("alternate", "text/html"): 0,
    ("alternate", ""): 1,
    ("alternate", "application/xhtml+xml"): 2,
    ("alternate", "text/plain"): 3,
    ("self", "text/html"): 4,
    ("via", ""): 5,
    ("related", ""): 6,
}


def _rank(link: RawLink) -> int:
    kind = link.type.partition(";")[0].strip()
    other = _NEVER if link.rel != "alternate" or _NO_PAGE.search(kind) else _NEVER - 1
    return _RANKS.get((link.rel, kind), other)


def _joined(link: RawLink, base: str) -> str:
    return web_address(link.href, web_address(link.base, base) or base)


def _lead_and_body(item: RawItem) -> tuple[str, str]:
    """Summary and full text. A long description is the text, and its first paragraph the lead."""
    summary = plain_text(first(item, _SUMMARY)[: MAX_BODY * _MARKUP_ROOM])[:MAX_BODY]
    body = plain_text(first(item, _CONTENT)[: MAX_BODY * _MARKUP_ROOM])[:MAX_BODY]
    if not body and len(summary) >= _FULL_TEXT and "\n\n" in summary:
        return summary.partition("\n\n")[0], summary
    return ("" if summary == body else summary), body


def _line(text: str, limit: int) -> str:
    return plain_line(text[: limit * _MARKUP_ROOM])[:limit].rstrip()


def _authors(names: Iterable[str]) -> str | None:
    lines = [_line(name, MAX_NAME) for name in list(names)[:_MAX_AUTHORS]]
    readable = [_NAME_IN_BRACKETS.sub(r"\1", line) for line in lines if line]
    return ", ".join(dict.fromkeys(readable)) or None


def _image(item: RawItem, base: str) -> str | None:
    enclosed = [link.href for link in item.links if link.type.startswith("image")]
    addresses = (web_address(image, base) for image in [*item.images, *enclosed][:10])
    return next(filter(None, addresses), None)


def _date(item: RawItem, names: Iterable[str], place: Place) -> datetime | None:
    for name in names:
        if text := item.texts.get(name):
            date = parse_date(text, now=place.now)
            if date is not None:
                return date
    return None
