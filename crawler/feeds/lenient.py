"""The feeds that stay unreadable for a strict parser after mending: feedparser reads them.

It is slow (ten times and more) and in the worst case quadratic, so it sees small documents alone.
Its dates and its sanitiser are not used: texts come out as the feed gives them.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from crawler.faults.kinds import CrawlFault
from crawler.feeds.xml import MAX_ITEMS, RawFeed, RawItem, RawLink, XmlFault

MAX_CHARS = 1_000_000  # at worst two or three seconds
_CROWDED = re.compile(r"<[a-zA-Z][^<>]{20000}")  # attributes without end
_TEXTS = {
    "title": "title",
    "id": "guid",
    "summary": "description",
    "published": "published",
    "updated": "updated",
    "created": "created",
    "premium": "premium",
}


def loose_feed(text: str, *, url: str = "") -> RawFeed:
    """The feed in this text, as well as it can be made out.

    Raises:
        XmlFault: there is nothing in it that reads as a feed, or it is too large to try.
    """
    if len(text) > 2 * MAX_CHARS or _CROWDED.search(text):
        raise XmlFault(CrawlFault.CROWDED(), limit=True)
    import feedparser  # type: ignore[import-untyped]  # it comes without types

    try:
        parsed = feedparser.parse(
            BytesIO(text.encode("utf-8", "replace")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        what = CrawlFault.NOT_READABLE(error=type(error).__name__)
        raise XmlFault(what, limit=False) from error
    entries = parsed.get("entries") or []
    if not entries and not parsed.get("version"):
        raise XmlFault(CrawlFault.NOT_A_FEED(), limit=False)
    head = parsed.get("feed")
    return RawFeed(
        items=tuple(_item(entry) for entry in entries[:MAX_ITEMS]),
        ttl=head["ttl"] if _is_text(head, "ttl") else "",
        capped=len(entries) > MAX_ITEMS,
    )


def _item(entry: dict[str, Any]) -> RawItem:
    texts = {ours: entry[theirs] for theirs, ours in _TEXTS.items() if _is_text(entry, theirs)}
    texts["content"] = next(iter(_values(entry, "content", "value")), "")
    texts["category"] = next(iter(_values(entry, "tags", "term")), "")
    links = [_link(link) for link in entry.get("links") or () if _is_text(link, "href")]
    if not links and _is_text(entry, "link"):
        links = [RawLink(href=entry["link"])]
    images = [link.href for link in links if link.type.startswith("image")]
    return RawItem(
        texts=texts,
        links=links,
        authors=_values(entry, "authors", "name"),
        images=images + _values(entry, "media_thumbnail", "url"),
    )


def _values(entry: dict[str, Any], name: str, member: str) -> list[str]:
    parts = entry.get(name)
    if not isinstance(parts, list):  # what stands in the head under such a name may be a text
        return []
    return [part[member] for part in parts if _is_text(part, member)]


def _link(link: dict[str, Any]) -> RawLink:
    rel, kind = link.get("rel") or "alternate", link.get("type") or ""
    return RawLink(href=link["href"], rel=str(rel), type=str(kind))


def _is_text(fields: object, name: str) -> bool:
    if not isinstance(fields, dict):
        return False
    value = dict.get(fields, name)  # its own `get` answers for others, and warns
    return isinstance(value, str) and bool(value)
