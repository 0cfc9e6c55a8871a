"""Items in the mark-up of a page: a list of elements with a time, a heading and a text each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from itertools import islice
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.items.page_item import PageItem
from crawler.text.comparable import comparable
from crawler.text.dates import parse_date
from crawler.text.plain import one_line

_BOXES = frozenset({"article", "section", "li", "div"})
_ENDS = frozenset({"body", "main"})
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset({"p", "li", "blockquote", "pre", "dd", *_HEADINGS})
_HIGHEST = 8  # chosen: levels between a time and the element of its update
_LEAST_TEXT = 20  # chosen: characters beside heading and time; with fewer it is a list of links
_TEASER = 300  # chosen: a teaser links its heading to another page, and says no more than this
FEWEST_ITEMS = 2  # one is an article with a time
_TOLD = 0.5  # chosen: the share of items that the text of the page must hold
_MOST = 2_000  # chosen: bounds the work on a hostile page
_TEXTS = XPath(".//text()", smart_strings=False)


@dataclass(frozen=True, slots=True)
class ItemBox:
    """An element of a page that holds one item, with the time that stands in it."""

    element: HtmlElement
    time: str
    at: datetime | None


def item_boxes(tree: HtmlElement, *, url: str, now: datetime) -> list[ItemBox]:
    """The items of one list on a page, in its order; none if it is not sure that they are items.

    The longest list counts. Teasers of other pages are no items. Ask this before boxes beside the
    article are removed, since times may go with them.
    """
    length = cache(_length)  # a box may have many times, and is measured for several reasons
    times = _boxes(tree, length)
    groups: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for box in _outside_of_others(times):
        if not _is_teaser(box, url, length):
            groups[_list_of(box)].append(box)
    longest = max(groups.values(), key=lambda boxes: sum(map(length, boxes)), default=[])
    if len(longest) < FEWEST_ITEMS:
        return []
    return [_item_box(box, times[box], now) for box in longest]


def items_in(boxes: Iterable[ItemBox], tree: HtmlElement) -> tuple[PageItem, ...]:
    """The items of the boxes that are still in the tree, without removed parts."""
    left = (box for box in boxes if tree in box.element.iterancestors())
    found = (_item(box) for box in left if _heading(box.element) is not None)
    return tuple(item for item in found if item.paragraphs)


def told_by_text(items: Iterable[PageItem], blocks: Iterable[str]) -> list[PageItem]:
    """The items of the mark-up, if they are what the page is about and no list beside it."""
    found = [item for item in items if item.paragraphs]
    said = comparable(" ".join(blocks))
    told = [
        item for item in found if any(comparable(one) in said for one in item.paragraphs if one)
    ]
    return found if len(told) >= max(FEWEST_ITEMS, _TOLD * len(found)) else []


def headings_in(tree: HtmlElement) -> list[str]:
    """The headings of a page below the first level, and paragraphs that are bold as a whole."""
    found = [one_line(_text(heading)) for heading in tree.iter(*_HEADINGS)]
    for bold in tree.iter("strong", "b"):
        parent = bold.getparent()
        text = one_line(_text(bold))
        if parent is not None and parent.tag == "p" and text == one_line(_text(parent)):
            found.append(text)
    return [text for text in found if text]


def _boxes(
    tree: HtmlElement, length: Callable[[HtmlElement], int]
) -> dict[HtmlElement, HtmlElement]:
    """For each time on the page, the smallest element that also has a heading and a text.

    The first time in it comes with it.
    """
    boxes: dict[HtmlElement, HtmlElement] = {}
    headings = _first_headings(tree)
    for time in islice(tree.iter("time"), _MOST):
        box = _box_of(time, headings, length)
        if box is not None:
            boxes.setdefault(box, time)
    return boxes


def _first_headings(tree: HtmlElement) -> dict[HtmlElement, HtmlElement]:
    """The first heading in each element that holds one."""
    first: dict[HtmlElement, HtmlElement] = {}
    for heading in tree.iter(*_HEADINGS):
        up = heading.getparent()
        while up is not None and up not in first:
            first[up] = heading
            up = up.getparent()
    return first


def _item_box(box: HtmlElement, time: HtmlElement, now: datetime) -> ItemBox:
    written = time.get("datetime") or ""
    at = parse_date(written, now=now) if written else None
    return ItemBox(box, one_line(_text(time)), at)


def _box_of(
    time: HtmlElement,
    headings: Mapping[HtmlElement, HtmlElement],
    length: Callable[[HtmlElement], int],
) -> HtmlElement | None:
    least = _LEAST_TEXT + _length(time)
    for box in islice(time.iterancestors(), _HIGHEST):
        tag = box.tag
        if tag in _ENDS:
            return None
        heading = headings.get(box) if tag in _BOXES else None
        if heading is not None and length(box) - length(heading) >= least:
            return box
    return None


def _outside_of_others(boxes: Iterable[HtmlElement]) -> list[HtmlElement]:
    """The boxes without those that contain another one, as the main article does."""
    found = list(boxes)
    holders = {above for box in found for above in box.iterancestors()}
    return [box for box in found if box not in holders]


def _list_of(box: HtmlElement) -> HtmlElement:
    """The element that is the list of this item; a wrapper around one item belongs to the item."""
    parent = box.getparent()
    while parent is not None and len(parent) == 1 and parent.getparent() is not None:
        parent = parent.getparent()
    return box if parent is None else parent


def _heading(box: HtmlElement) -> HtmlElement | None:
    return next(iter(box.iter(*_HEADINGS)), None)


def _text(element: HtmlElement) -> str:
    return " ".join(element.itertext()) if len(element) else element.text or ""


def _length(element: HtmlElement) -> int:
    """The letters of its text, as long as nothing was removed from it."""
    if not len(element):
        return len(element.text or "")
    return len(" ".join(cast("list[str]", _TEXTS(element))))  # twice as fast


def _is_teaser(box: HtmlElement, url: str, length: Callable[[HtmlElement], int]) -> bool:
    heading = _heading(box)
    assert heading is not None
    links = [*heading.iter("a"), *(up for up in heading.iterancestors("a"))]
    elsewhere = any(_leads_away(link.get("href") or "", url) for link in links)
    return elsewhere and length(box) < _TEASER


def _leads_away(href: str, url: str) -> bool:
    return bool(href) and urlsplit(urljoin(url, href)).path != urlsplit(url).path


def _item(box: ItemBox) -> PageItem:
    element, heading = box.element, _heading(box.element)
    assert heading is not None
    skipped = set(heading.iter())
    blocks = [
        block
        for block in element.iter(*_BLOCKS)
        if block not in skipped and next(block.iterdescendants(*_BLOCKS), None) is None
    ]
    title = one_line(_text(heading))
    texts = [one_line(_text(block)) for block in blocks]
    if not any(texts):
        texts = [one_line(_text(element)).replace(title, "", 1)]
    plain = (one_line(text.replace(box.time, "", 1) if box.time else text) for text in texts)
    return PageItem(
        name=element.get("id") or heading.get("id") or "",
        title=title,
        at=box.at,
        paragraphs=tuple(filter(None, plain)),
    )
