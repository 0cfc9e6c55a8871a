"""Elements for paragraphs that a page only separates by two line breaks, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import cast

from lxml.etree import XPath
from lxml.html import Element, HtmlElement

_IN_BOX = (
    "parent::*[self::div or self::section or self::article or self::main or self::td"
    " or self::body or self::header or self::form]"
)
_BOXES = XPath(f".//br/{_IN_BOX}")
_BOXES_OF_BLOCKS = XPath(
    f"(.//p | .//h1 | .//h2 | .//h3)/{_IN_BOX}"
    " | (.//h1)[position() <= 3]/ancestor::*"
    "[self::div or self::section or self::article or self::main or self::td]"
    "[text()[string-length() >= 40]]"
)
_OWN = XPath(".//*[contains(name(), '-')]")  # elements with a name of the site's own
_TABLE = frozenset({"td", "tr", "tbody", "table"})
# Some put a text as a whole into an element that says how its letters look.
_LETTERS = ("font", "center", "span", "b", "strong", "i", "em", "u", "big", "small")
_LETTERED = XPath(
    f"(.//br | .//p)/parent::*[{' or '.join(f'self::{tag}' for tag in _LETTERS)}]"
    "[not(ancestor::p or ancestor::li or ancestor::a)]"
)
_MOST = 0.6  # of the letters that run on a page; chosen
_LEAST = 40  # letters; chosen: credits and labels are shorter
_ENDS, _CLOSING = frozenset(".!?…"), "\"'”’)"
_INLINE = frozenset(
    """
    a abbr b big cite code data del em font i ins label mark output q s small span strong sub sup
    time u
    """.split()  # noqa: SIM905  (a table of words)
)
_BOXED = frozenset({"div", "section", "article", "main", "td", "body", "header", "form"})
_BLOCKS = frozenset({"p", "br", "div", "section"})
_FLOWING = _INLINE | {"br", "img"}


def split_at_breaks(tree: HtmlElement) -> None:
    """Make each text between double breaks a paragraph of its own; single breaks stay.

    So is a text that runs beside paragraphs or under a heading, in no element of its own or in one
    of no meaning.
    """
    own = cast("list[HtmlElement]", _OWN(tree))
    _open_boxes(tree, own)
    for box in cast("list[HtmlElement]", _BOXES(tree)):
        if _has_double_break(box):
            _rebuild(box)
    _open_layout(tree)
    around_own = (one.getparent() for one in own if one.getparent().tag in _BOXED)
    for box in dict.fromkeys((*cast("list[HtmlElement]", _BOXES_OF_BLOCKS(tree)), *around_own)):
        running = {child.tag for child in box if _means_nothing(child) and runs(child.text)}
        for child in (one for one in box if one.tag in running):
            child.tag = "p"
        if any(map(runs, (*_inline_texts(box), *_own_texts(box)))):
            _rebuild(box)


def _open_boxes(tree: HtmlElement, own: list[HtmlElement]) -> None:
    """Make a plain box of each element around paragraphs that means nothing, or means letters."""
    for box in own:
        if not box.tag.startswith("amp-") and any(child.tag in _BLOCKS for child in box):
            box.tag = "div"
    for lettered in cast("list[HtmlElement]", _LETTERED(tree)):
        if any(map(runs, (*_inline_texts(lettered), *_own_texts(lettered)))):
            above = takewhile(lambda one: one.tag in _LETTERS, lettered.iterancestors())
            for element in above:
                element.tag = "div"
            lettered.tag = "p" if all(child.tag in _FLOWING for child in lettered) else "div"


def _open_layout(tree: HtmlElement) -> None:
    """Make plain boxes of the tables by which a page is laid out, but for those within the text.

    In one cell, or in rows of one cell each, stands most of what runs on the page; the main heading
    stands in a table too.
    """
    heading = next(tree.iter("h1"), None)
    if next(tree.iter("td"), None) is None or (heading is not None and not _cell_of(heading)):
        return
    held, pieces = Counter[HtmlElement](), Counter[HtmlElement]()
    whole = 0
    for letters, cell in _running_in_cells(tree):
        whole += letters
        for one in (*cell, *(table for box in cell for table in _rows_of_one(box))):
            held[one] += letters
            pieces[one] += 1
    box = next((one for one, _ in held.most_common() if pieces[one] > 1), None)
    if box is None or _has_headings(box):
        return
    if held[box] >= _MOST * whole or heading is not None:
        _open_tables(tree, box)


def _open_tables(tree: HtmlElement, box: HtmlElement) -> None:
    """Make plain boxes of all tables but those within this cell, or within cells of this table."""
    kept: set[HtmlElement] = set()
    for inner in box.iter("table"):
        if inner is not box and inner not in kept:
            kept.update(inner.iter(*_TABLE))
    inside = set(box.iter(*_TABLE))
    for element in [one for one in tree.iter(*_TABLE) if one not in kept]:
        if element in inside and any(map(runs, _own_texts(element))):
            _rebuild(element)
        element.tag = "div"


def _running_in_cells(tree: HtmlElement) -> Iterator[tuple[int, list[HtmlElement]]]:
    """Yield the number of letters of each text that runs, and the cell in which it stands."""
    for line in tree.iter("p", "td"):
        own = line.tag == "td"
        for text in _own_texts(line) if own else ("".join(line.itertext()),):
            if text is not None and runs(text):
                yield len(text), [line] if own else _cell_of(line)


def _cell_of(element: HtmlElement) -> list[HtmlElement]:
    return list(islice(element.iterancestors("td"), 1))


def _rows_of_one(cell: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the table of a cell that is the only one of its row."""
    row = cell.getparent()
    if row is not None and row.tag == "tr" and len(row) == 1:
        yield from islice(row.iterancestors("table"), 1)


def _has_headings(box: HtmlElement) -> bool:
    """Whether the table, or that of the cell, says what its columns hold."""
    table = next((one for one in (box, *box.iterancestors()) if one.tag == "table"), None)
    return table is not None and next(table.iter("th"), None) is not None


def _inline_texts(box: HtmlElement) -> Iterator[str | None]:
    return (child.text for child in box if child.tag in _INLINE and child.tag != "a")


def _own_texts(box: HtmlElement) -> Iterator[str | None]:
    """Yield the texts that stand in no element in a box."""
    yield box.text
    for child in box:
        yield child.tail


def _means_nothing(element: HtmlElement) -> bool:
    """Whether an element has a name of the site's own, or one that says nothing of its text."""
    tag = element.tag
    return isinstance(tag, str) and ("-" in tag or tag in {"center", "fieldset", "search", "slot"})


def runs(text: str | None) -> bool:
    """Whether a text is long enough for a sentence, and ends as one."""
    if text is None or len(text) < _LEAST:
        return False
    return text.rstrip().rstrip(_CLOSING)[-1:] in _ENDS


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
