"""Elements for paragraphs that a page only separates by two line breaks."""

from __future__ import annotations

from typing import cast

from lxml.etree import XPath
from lxml.html import Element, HtmlElement

_BOXES = XPath(
    ".//br/parent::*[self::div or self::section or self::article or self::main or self::td]"
)
_INLINE = frozenset(
    """
    a abbr b big cite code del em font i ins mark q s small span strong sub sup time u
    """.split()  # noqa: SIM905  (a table of words)
)


def split_at_breaks(tree: HtmlElement) -> None:
    """Make each text between double breaks a paragraph of its own; single breaks stay."""
    for box in cast("list[HtmlElement]", _BOXES(tree)):
        if _has_double_break(box):
            _rebuild(box)


def _has_double_break(box: HtmlElement) -> bool:
    before = False
    for child in box:
        if child.tag == "br" and before:
            return True
        before = child.tag == "br" and not (child.tail or "").strip()
    return False


def _rebuild(box: HtmlElement) -> None:
    children = list(box)
    paragraph, box.text = _paragraph(box.text), None
    for child in children:
        box.remove(child)
    for child in children:
        if child.tag == "br" and _ends_with_break(paragraph):
            _close(box, paragraph)
            paragraph = _paragraph(child.tail)
        elif child.tag == "br" or child.tag in _INLINE:
            paragraph.append(child)
        else:
            _close(box, paragraph)
            paragraph, child.tail = _paragraph(child.tail), None
            box.append(child)
    _close(box, paragraph)


def _paragraph(text: str | None) -> HtmlElement:
    paragraph = Element("p")
    paragraph.text = text
    return paragraph


def _ends_with_break(paragraph: HtmlElement) -> bool:
    last = paragraph[-1] if len(paragraph) else None
    return last is not None and last.tag == "br" and not (last.tail or "").strip()


def _close(box: HtmlElement, paragraph: HtmlElement) -> None:
    """Add the paragraph to its box, without the break that ended it; an empty one is left out."""
    if _ends_with_break(paragraph):
        paragraph.remove(paragraph[-1])
    if len(paragraph) or (paragraph.text or "").strip():
        box.append(paragraph)
