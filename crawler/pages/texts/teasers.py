"""Teasers of other articles that stand in boxes without a telling name, below or in the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set as AbstractSet
from itertools import takewhile
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.pages.texts.boilerplate import is_signpost
from crawler.pages.texts.elements import leads_away, linked_letters

_HEADINGS = XPath(".//h2 | .//h3 | .//h4 | .//h5 | .//h6")
_TEXT = XPath("string()", smart_strings=False)
# Sentences before and behind a box. What is left of the page's own boxes holds none of these.
_BEFORE, _BEHIND = (
    XPath(
        f"({side}::p[not(ancestor::footer or ancestor::header or ancestor::aside or ancestor::nav)"
        " and string-length(normalize-space()) >= 80])"
    )
    for side in ("preceding", "following")
)
_ENDS = frozenset({"html", "body", "main"})
# All chosen. Letters besides the heading: with fewer they are a date or a section.
_LEAST, _MOST = 40, 300
_FEWEST = 2  # in a row
_ALONE = 0.9  # share of linked letters from which a heading is a link as a whole


def teasers_in(tree: HtmlElement) -> list[HtmlElement]:
    """The boxes, two or more in a row, with one heading each that leads away, and few words.

    A row between two paragraphs of the article may be a part of it, as who is who, and stays; but
    not below a heading that says what it is.
    """
    rows: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for heading in tree.iter("h2", "h3", "h4", "h5", "h6"):
        box = _box_of(heading) if _leads_away(heading) else None
        if box is not None:
            rows[box.getparent()].append(box)
    teasers = {box for row in rows.values() for box in row}
    return [
        box
        for row in rows.values()
        if len(row) >= _FEWEST and (_is_announced(row[0]) or not _is_between(row, teasers))
        for box in row
    ]


def _is_between(row: Sequence[HtmlElement], teasers: AbstractSet[HtmlElement]) -> bool:
    """Whether sentences that are in no teaser stand before and behind a row."""
    return all(
        any(teasers.isdisjoint(told.iterancestors()) for told in cast("list[HtmlElement]", found))
        for found in (_BEFORE(row[0]), _BEHIND(row[-1]))
    )


def _is_announced(box: HtmlElement) -> bool:
    """Whether the line before a row says that it leads to other articles."""
    for element in (box, *takewhile(lambda up: up.tag not in _ENDS, box.iterancestors())):
        if (before := element.getprevious()) is not None:
            return isinstance(before.tag, str) and is_signpost(" ".join(str(_TEXT(before)).split()))
    return False


def _leads_away(heading: HtmlElement) -> bool:
    links = list(heading.iterancestors("a"))
    if not links and linked_letters(heading) < _ALONE * _letters(heading):
        return False
    return leads_away(heading, links)


def _box_of(heading: HtmlElement) -> HtmlElement | None:
    """The box with this heading and some words; None if it has another heading, or more words."""
    title = _letters(heading)
    for box in heading.iterancestors():
        words = _letters(box) - title
        if words > _MOST or box.tag in _ENDS or len(cast("list[HtmlElement]", _HEADINGS(box))) > 1:
            return None
        if words > _LEAST:
            return box
    return None


def _letters(element: HtmlElement) -> int:
    return len(" ".join(str(_TEXT(element)).split()))
