"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), as raw items."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.newest import ends_of
from crawler.feeds.xml import MAX_READ, RawFeed, RawItem, RawLink
from crawler.text.plain import short_line

_ITEMS = re.compile(r"\"items\"\s*:\s*\[\s*")
_NEXT = re.compile(r"\s*,\s*")
_TEXTS = {
    "title": "title",
    "id": "guid",
    "summary": "description",
    "date_published": "published",
    "date_modified": "updated",
}
_DATES = frozenset({"date_published", "date_modified"})  # seconds or milliseconds since 1970
_NUMBERS = _DATES | {"id"}


class JsonFault(ValueError):  # noqa: N818  (a fault of the document)
    """This is no JSON Feed."""

    def __init__(self, what: Fault) -> None:
        self.what = what
        super().__init__(str(what))


def raw_json_feed(text: str) -> tuple[RawFeed, bool]:
    """The feed in this JSON document, and whether it is whole; members of a wrong type are ignored.

    Of a document that breaks off the complete items are read.

    Raises:
        JsonFault: the text is no JSON, is nested too deeply, or has no list of items.
    """
    try:
        document, whole = json.loads(text), True
    except RecursionError as error:
        raise JsonFault(CrawlFault.DEEP_JSON()) from error
    except ValueError as error:
        whole, document = False, {"items": _complete_items(text)}
        if not document["items"]:
            raise JsonFault(CrawlFault.BROKEN_JSON(said=short_line(str(error)))) from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise JsonFault(CrawlFault.JSON_WITHOUT_ITEMS())
    feed = RawFeed(
        items=tuple(_item(item) for item in ends_of(items, MAX_READ) if isinstance(item, dict)),
        title=_text(document, "title"),
        link=_text(document, "home_page_url"),
        capped=len(items) > MAX_READ,
    )
    return feed, whole


def _complete_items(text: str) -> list[Any]:
    """The items of a document that broke off, as far as they are complete."""
    found: list[Any] = []
    decoder = json.JSONDecoder()
    place = start.end() if (start := _ITEMS.search(text)) else len(text)
    try:
        while len(found) <= MAX_READ:
            item, place = decoder.raw_decode(text, place)
            found.append(item)
            if (following := _NEXT.match(text, place)) is None:
                break
            place = following.end()
    except (ValueError, RecursionError):
        pass  # here it breaks off
    return found


def _item(item: dict[str, Any]) -> RawItem:
    texts = {ours: _text(item, theirs) for theirs, ours in _TEXTS.items()}
    html = _text(item, "content_html")
    texts["content"] = html or _text(item, "content_text")
    texts["category"] = next((tag for tag in _list(item, "tags") if isinstance(tag, str)), "")
    authors = [*_list(item, "authors"), item.get("author")]
    links = [_text(item, "url"), _text(item, "external_url")]
    images = [_text(item, "image"), _text(item, "banner_image")]
    return RawItem(
        texts={name: text for name, text in texts.items() if text},
        links=[RawLink(href=link) for link in links if link],
        authors=[_text(author, "name") for author in authors if isinstance(author, dict)],
        images=[image for image in images if image],
        plain={"title", "description"} if html else {"title", "description", "content"},
    )


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    return value[:100] if isinstance(value, list) else []


def _text(fields: dict[str, Any], name: str) -> str:
    """The text under this name; an id (version 1) or a date may be a number."""
    value = fields.get(name)
    if isinstance(value, float) and name in _DATES and isfinite(value):
        value = int(value)
    if name in _NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:100] if abs(value) < 10**100 else ""
    return value if isinstance(value, str) else ""
