"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), as raw items.

Lists of other programs, WordPress among them, are read by the names that most of them use.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from math import isfinite
from typing import Any

from crawler.addresses.links import is_web_address
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.feeds.newest import ends_of
from crawler.feeds.xml import MAX_READ, RawFeed, RawItem, RawLink
from crawler.text.plain import short_line

_LISTS = ("items", "articles", "posts", "entries", "stories", "results")
_AROUND = ("feed", "data", "channel", "rss", "response", "result")
_ITEMS = re.compile(rf"\"(?:{'|'.join(_LISTS)})\"\s*:\s*\[\s*")
_ROOT = re.compile(r"\[\s*")
# What stands before JSON in a script: a comment; a guard, a call or an assignment.
_BEFORE = re.compile(
    r"(?:/\*[^*]{0,200}\*/\s{0,20})?"
    r"(?:\)\]\}'?,?|(?:while|for) ?\((?:1|true|;;)\) ?;"
    r"|(?:try ?\{)?[\w$][\w\s.$&|=;\[\]'\"-]{0,200}[(=])"
    r"\s{0,20}(?=\{\s*[\"}]|\[\s*[{\]])"
)
_LIKE_A_LIST = re.compile(
    rf"\{{[^<]{{0,2000}}?\"(?:version|{'|'.join(_LISTS)})\"\s*:"
    r"|\[\s*\{[^<]{0,2000}?\"(?:title|headline|url|link)\"\s*:"
)
_NEXT = re.compile(r"\s*,\s*")
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{\s*\")")
_MOST_BROKEN = 20  # items; chosen: bounds the work on a hostile document
# Ours, and in turn those of JSON Feed and of others.
_TEXTS = {
    "title": ("title", "headline"),
    "guid": ("id", "guid"),
    "description": ("summary", "excerpt", "description", "lead", "intro"),
    "published": (
        *("date_published", "date_gmt", "datePublished", "published_at", "publishedAt"),
        *("published", "pubDate", "publication_date", "date", "created_at"),
    ),
    "updated": (
        *("date_modified", "modified_gmt", "dateModified", "updated_at", "updatedAt"),
        *("modified", "updated"),
    ),
    "content": ("content_html", "content_text", "content", "body", "articleBody"),
}
_LINKS = ("url", "external_url", "link", "permalink", "canonical_url")
_IMAGES = ("image", "banner_image", "thumbnail", "jetpack_featured_media_url")
_OF_ITEMS = frozenset({*_TEXTS["title"], *_TEXTS["content"], "id", "date_published"})
_DATES = frozenset({*_TEXTS["published"], *_TEXTS["updated"]})  # also (milli)seconds since 1970
_NUMBERS = _DATES | {"id"}
_WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]{5,12}", re.ASCII)


_MEMBERS = re.compile(
    r"\"(title|home_page_url)\"\s*:\s*(\"(?:[^\"\\]|\\[\"\\/bfnrt]|\\u[0-9a-fA-F]{4})*\")"
)
# A text, also one without an end, and a comma before a bracket that closes.
_IDLE_COMMA = re.compile(r"(\"(?:[^\"\\]|\\.)*+\"?)|,(?=\s*[\]}])", re.DOTALL)
_DECODER = json.JSONDecoder(strict=False)  # some write line ends and tabs as they are


class JsonFault(ValueError):  # noqa: N818  (a fault of the document)
    """This is no JSON Feed."""

    def __init__(self, what: Fault) -> None:
        self.what = what
        super().__init__(str(what))


def bare_json(text: str) -> str:
    """The JSON with which this text begins, which may also be a script (JSONP); "" if none."""
    text = text.lstrip()
    if text[:1] in {"{", "["}:
        return text
    found = _BEFORE.match(text)
    return text[found.end() :] if found else ""


def is_json_list(text: str) -> bool:
    """Whether the start of a document is one that `raw_json_feed` reads."""
    return _LIKE_A_LIST.match(bare_json(text)) is not None


def raw_json_feed(text: str) -> tuple[RawFeed, bool]:
    """The feed in this JSON document, and whether it is whole; members of a wrong type are ignored.

    Of a document that breaks off, or has items that cannot be read, the complete items are read.
    What stands behind it is passed over. The root may be the list itself.

    Raises:
        JsonFault: the text is no JSON, is nested too deeply, or has no list of items.
    """
    try:
        document, whole = _DECODER.raw_decode(text)[0], True
    except RecursionError as error:
        raise JsonFault(CrawlFault.DEEP_JSON()) from error
    except ValueError as error:
        document, whole = _mended(text)
        if not whole and not document["items"]:
            raise JsonFault(CrawlFault.BROKEN_JSON(said=short_line(str(error)))) from error
    about, items = _list_in(document)
    if items is None:
        raise JsonFault(CrawlFault.JSON_WITHOUT_ITEMS())
    feed = RawFeed(
        items=tuple(_item(item) for item in ends_of(items, MAX_READ)),
        title=_text(about, "title"),
        link=_text(about, "home_page_url") or _text(about, "link"),
        capped=len(items) > MAX_READ,
    )
    return feed, whole


def _list_in(document: Any) -> tuple[dict[str, Any], list[Any] | None]:
    """What is said of the list, and the list; it may stand one level deeper."""
    if isinstance(document, list):
        return {}, document if not document or _holds_items(document) else None
    if not isinstance(document, dict):
        return {}, None
    if isinstance(items := document.get("items"), list):
        around = document.get("feed")
        return document | (around if isinstance(around, dict) else {}), items
    for around in (document, *(document.get(name) for name in _AROUND)):
        about = around if isinstance(around, dict) else {"items": around}
        for name in _LISTS:
            if isinstance(items := about.get(name), list) and _holds_items(items):
                return about, items
    return document, None


def _holds_items(values: list[Any]) -> bool:
    return any(_is_item(value) or _is_address(value) for value in values)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and is_web_address(value)


def _mended(text: str) -> tuple[Any, bool]:
    """The document without commas before its brackets; else its head and its complete items."""
    with suppress(ValueError, RecursionError):
        return _DECODER.raw_decode(_IDLE_COMMA.sub(r"\1", text))[0], True
    start = _ROOT.match(text) or _ITEMS.search(text)
    head = _MEMBERS.findall(text, 0, start.start() if start else len(text))
    members = {name: _DECODER.decode(value) for name, value in head}
    place = start.end() if start else len(text)
    return members | {"items": _complete_items(text, place)}, False


def _complete_items(text: str, place: int) -> list[Any]:
    """The items of a document with a fault in it, as far as they are complete."""
    found: list[Any] = []
    broken = 0
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


def _item(item: Any) -> RawItem:
    """The raw item; one without anything, which is told as dropped, from what is none."""
    if not isinstance(item, dict):
        return RawItem(texts={}, links=[RawLink(href=item)] if _is_address(item) else [])
    texts, plain = {}, set[str]()
    for ours, names in _TEXTS.items():
        name = next((name for name in names if _text(item, name)), "")
        texts[ours] = _text(item, name)
        if name != "content_html" and not isinstance(item.get(name), dict):
            plain.add(ours)
    tags = [*_list(item, "tags"), *_list(item, "categories"), item.get("category")]
    texts["category"] = next((tag for tag in tags if isinstance(tag, str)), "")
    authors = [*_list(item, "authors"), item.get("author")]
    links = [_text(item, name) for name in _LINKS]
    images = [_text(item, name) for name in _IMAGES]
    return RawItem(
        texts={name: text for name, text in texts.items() if text},
        links=[RawLink(href=link) for link in links if link],
        authors=[
            author if isinstance(author, str) else _text(author, "name")
            for author in authors
            if isinstance(author, dict | str)
        ],
        images=[image for image in images if image],
        plain=plain,
    )


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    return value[:100] if isinstance(value, list) else []


def _text(fields: dict[str, Any], name: str) -> str:
    """The text under this name; an id (version 1) or a date may be a number."""
    value = fields.get(name)
    if isinstance(value, dict):  # of WordPress
        value = value.get("rendered")
    if isinstance(value, float) and name in _DATES and isfinite(value):
        value = int(value)
    if name in _NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:100] if abs(value) < 10**100 else ""
    if not isinstance(value, str):
        return ""
    return f"{value}Z" if name.endswith("_gmt") and _WITHOUT_ZONE.fullmatch(value) else value
