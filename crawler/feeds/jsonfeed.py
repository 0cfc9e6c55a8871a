"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), as raw items."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from math import isfinite
from typing import Any

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.newest import ends_of
from crawler.feeds.xml import MAX_READ, RawFeed, RawItem, RawLink
from crawler.text.plain import short_line

_ITEMS = re.compile(r"\"items\"\s*:\s*\[\s*")
_NEXT = re.compile(r"\s*,\s*")
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{\s*\")")
_MOST_BROKEN = 20  # items; chosen: bounds the work on a hostile document
_OF_ITEMS = frozenset({"id", "title", "content_html", "content_text", "date_published"})
_TEXTS = {
    "title": "title",
    "id": "guid",
    "summary": "description",
    "date_published": "published",
    "date_modified": "updated",
}
_DATES = frozenset({"date_published", "date_modified"})  # seconds or milliseconds since 1970
_NUMBERS = _DATES | {"id"}


_MEMBERS = re.compile(
    r"\"(title|home_page_url)\"\s*:\s*(\"(?:[^\"\\]|\\[\"\\/bfnrt]|\\u[0-9a-fA-F]{4})*\")"
)
# A text, also one without an end, and a comma before a bracket that closes.
_IDLE_COMMA = re.compile(r"(\"(?:[^\"\\]|\\.)*+\"?)|,(?=\s*[\]}])", re.DOTALL)
_BLANKS = " \t\r\n"
_DECODER = json.JSONDecoder(strict=False)  # some write line ends and tabs as they are


class JsonFault(ValueError):  # noqa: N818  (a fault of the document)
    """This is no JSON Feed."""

    def __init__(self, what: Fault) -> None:
        self.what = what
        super().__init__(str(what))


def raw_json_feed(text: str) -> tuple[RawFeed, bool]:
    """The feed in this JSON document, and whether it is whole; members of a wrong type are ignored.

    Of a document that breaks off, or has items that cannot be read, the complete items are read.
    What stands behind it is passed over.

    Raises:
        JsonFault: the text is no JSON, is nested too deeply, or has no list of items.
    """
    try:
        document, whole = _DECODER.raw_decode(text.lstrip(_BLANKS))[0], True
    except RecursionError as error:
        raise JsonFault(CrawlFault.DEEP_JSON()) from error
    except ValueError as error:
        document, whole = _mended(text)
        if not whole and not document["items"]:
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


def _mended(text: str) -> tuple[dict[str, Any], bool]:
    """The document without commas before its brackets; else its head and its complete items."""
    with suppress(ValueError, RecursionError):
        document = _DECODER.raw_decode(_IDLE_COMMA.sub(r"\1", text).lstrip(_BLANKS))[0]
        return document if isinstance(document, dict) else {}, True
    start = _ITEMS.search(text)
    head = _MEMBERS.findall(text, 0, start.start() if start else len(text))
    members = {name: _DECODER.decode(value) for name, value in head}
    return members | {"items": _complete_items(text)}, False


def _complete_items(text: str) -> list[Any]:
    """The items of a document with a fault in it, as far as they are complete."""
    found: list[Any] = []
    broken, place = 0, start.end() if (start := _ITEMS.search(text)) else len(text)
    while len(found) <= MAX_READ:
        try:
            item, place = _DECODER.raw_decode(text, place)
            following = _NEXT.match(text, place)
        except (ValueError, RecursionError):
            broken, item, following = broken + 1, None, _NEXT_ITEM.search(text, place)
        if item is not None and (not broken or _is_item(item)):
            found.append(item)
        if following is None or broken > _MOST_BROKEN:
            break
        place = following.end()
    return found


def _is_item(value: object) -> bool:
    """Whether this is an item, and not an author or an attachment of a broken one."""
    return isinstance(value, dict) and not _OF_ITEMS.isdisjoint(value)


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
