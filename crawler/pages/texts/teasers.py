"""Teasers of other articles that stand in boxes without a telling name, below or in the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.pages.texts.boilerplate import is_signpost
from crawler.pages.texts.elements import leads_away, linked_letters

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXT = XPath("string()", smart_strings=False)
_ENDS = frozenset({"html", "body", "main"})
_OTHERS = frozenset({"footer", "header", "aside", "nav"})  # whose paragraphs are not the article's
# All chosen. Letters besides the heading: with fewer they are a date or a section.
_LEAST, _MOST = 40, 300
_NEAR, _MOST_HEADINGS = 3, 4  # boxes around a heading; headings in a box with a label
_HOLD = frozenset({"article", "td"})
_FEWEST = 2  # in a row
_COUNTED = 2 * _MOST
_LEAST_TOLD = 80  # of a paragraph of the article
_ALONE = 0.9  # share of linked letters from which a heading is a link as a whole


def teasers_in(tree: HtmlElement) -> list[HtmlElement]:
    """The boxes, two or more in a row, with one heading each that leads away, and few words.

    A row between two paragraphs of the article may be a part of it, as who is who, and stays; but
    not below a line that says what it is. Below or with one, a single box is a teaser too.
    """
    rows: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    called: list[HtmlElement] = []
    for heading in tree.iter(*_HEADINGS):
        if _letters(heading) > _MOST or not _leads_away(heading):
            continue
        if (around := _called_box(heading)) is not None:
            called.append(around)
        elif (box := _box_of(heading)) is not None:
            rows[box.getparent()].append(box)
    long = [row for row in rows.values() if len(row) >= _FEWEST or _is_announced(row[0])]
    return [*called, *chain.from_iterable(_outside(tree, long))] if long else called


def _outside(tree: HtmlElement, rows: Sequence[list[HtmlElement]]) -> Iterator[list[HtmlElement]]:
    """Yield the rows that do not stand between paragraphs, or are announced as teasers."""
    teasers = set(chain.from_iterable(rows))
    places = {element: place for place, element in enumerate(tree.iter())}
    told = [
        places[paragraph]
        for paragraph in tree.iter("p")
        if _letters(paragraph) >= _LEAST_TOLD
        and not any(up in teasers or up.tag in _OTHERS for up in paragraph.iterancestors())
    ]
    for row in rows:
        between = told and told[0] < places[row[0]] < told[-1]
        if not between or _is_announced(row[0]):
            yield row


def _is_announced(box: HtmlElement) -> bool:
    """Whether the line before a row says that it leads to other articles."""
    for element in (box, *takewhile(lambda up: up.tag not in _ENDS, box.iterancestors())):
        if (before := element.getprevious()) is not None:
            short = isinstance(before.tag, str) and _letters(before) <= _MOST
            return short and is_signpost(" ".join(str(_TEXT(before)).split()))
    return False


def _called_box(heading: HtmlElement) -> HtmlElement | None:
    """The small box in which a label such as "Lees ook" stands before this heading."""
    title = " ".join(str(_TEXT(heading)).split())
    for box in islice(heading.iterancestors(), _NEAR if title else 0):
        several = len(list(islice(box.iter(*_HEADINGS), _MOST_HEADINGS + 1))) > _MOST_HEADINGS
        if several or box.tag in _ENDS or box.tag in _HOLD or _letters(box) > _COUNTED:
            return None
        label = " ".join(str(_TEXT(box)).split()).partition(title)[0].strip()
        if label and is_signpost(label):
            return box
    return None


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
        if words > _MOST or box.tag in _ENDS or len(list(islice(box.iter(*_HEADINGS), 2))) > 1:
            return None
        if words > _LEAST:
            return box
    return None


def _letters(element: HtmlElement) -> int:
    """The letters and blanks of an element; of a large one not all, as it is asked for often."""
    count = 0
    for one in element.iter():
        tail = None if one is element else one.tail
        for text in (one.text if isinstance(one.tag, str) else None, tail):
            count += len(" ".join((text or "").split()))
        if count > _COUNTED:
            break
    return count
