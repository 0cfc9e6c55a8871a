"""The text of the article on a page, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, cast

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement

from crawler.frozen import dataclass
from crawler.pages.clutter import drop, prune, prune_mildly, running_letters
from crawler.pages.items.remarks import remarks_in
from crawler.pages.items.sign_ups import drop_sign_ups
from crawler.pages.outline import outline_of
from crawler.pages.paragraphs import runs, split_at_breaks
from crawler.pages.texts.boilerplate import is_boilerplate, without_calls
from crawler.pages.texts.completion import (
    Outline,
    completed,
    has_home,
    topic_share,
    unless_eaten,
)
from crawler.pages.texts.elements import leaves_of, text_seen
from crawler.pages.texts.names import PageNames
from crawler.text.plain import one_line

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

_BREAK = "\x1e"
# These four are chosen; no measurement is known. All but the share are characters.
_LONGEST_REFRAIN = 60  # "Ja." may be said twice; a sentence occurs twice only through mark-up
_SHORT = 200
_LEAST = 40
_SMALL_SHARE = 0.35  # of the letters left of a page; with less, a second method is tried
_ATE = 0.35  # share of the running letters of a page: with less, it is read once more
_FEW = 1_000  # letters; with less, it is read once more too: not all texts stand in sentences
_ABOUT = 0.5  # share of the words of the title
_FAR_MORE = 2.0  # a text this many times as long replaces one of which the rules left little
_ELSEWHERE = 200  # letters of sentences; chosen: an article has more
# By these names remarks are known here, and to trafilatura.
_NAMES_OF_REMARKS = ("comment", "reacties", "respond", "disqus")
_NAME_OF_REMARKS = " or ".join(
    f"contains(@class, '{name}') or contains(@id, '{name}')" for name in _NAMES_OF_REMARKS
)
_REMARKS = XPath(f"(.//div | .//section | .//article | .//main)[{_NAME_OF_REMARKS}]")
_HAS_HEADING = XPath("boolean(.//h2 or .//h3 or .//h4)")
_SENTENCE = re.compile(r"(?:\S+ ){4,}\S+[.!?…][\"'”’)]*(?:\s|$)")


@dataclass(frozen=True, slots=True)
class RunningText:
    """The text of a page, "" if it has none; `mild` if the usual rules would have left little.

    `links` are the paragraphs that are a link as a whole, `headings` those above running text.
    """

    text: str
    mild: bool = False
    links: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()


def text_in(
    tree: HtmlElement,
    names: PageNames,
    title: str = "",
    *,
    most: int,
    again: Callable[[], HtmlElement] | None = None,
) -> RunningText:
    """The article's text with an empty line between paragraphs; from `most` letters on it ends.

    It changes the tree, whose elements have these `names`: the boxes beside the article are
    removed. What runs between the paragraphs found, or in their box, is put back. If most of what
    runs on the page is gone, it is read once more from a fresh tree (`again`), of which hardly
    anything is removed; the longer text counts if it is about the title too.
    """
    _prepare(tree, names)
    outline = outline_of(tree, names, title)
    prune(tree, outline.box)
    text = _completed(_in_pruned(tree, most), outline, title)
    found = RunningText(text, links=outline.links, headings=outline.headings)
    if (
        again is None
        or len(text) >= max(_FEW, min(most, _ATE * outline.running))
        or has_home(text.split("\n\n"), outline)
    ):
        return found
    fresh = again()
    _prepare(fresh, names)
    prune_mildly(fresh)
    more = _completed(_in_pruned(fresh, most), outline, title)
    about = topic_share(title, more) >= min(_ABOUT, topic_share(title, text))
    if len(more) > _FAR_MORE * len(text) and about:
        return replace(found, text=more, mild=True)
    return replace(found, text=joined(unless_eaten(text.split("\n\n"), outline)))


def _prepare(tree: HtmlElement, names: PageNames) -> None:
    _take_false_names(tree, names)
    drop(remarks_in(tree))
    drop_sign_ups(tree)
    split_at_breaks(tree)


def _take_false_names(tree: HtmlElement, names: PageNames) -> None:
    """Take the name off each box that is called after readers' remarks and holds the article.

    That is so if the main heading stands in it, or if hardly anything runs elsewhere and no other
    box of that name stands in it, as each remark is one. An update that is called "live-comment"
    has a heading.
    """
    if not names.hold(*_NAMES_OF_REMARKS):
        return
    heading = next(tree.iter("h1"), None)
    around = set() if heading is None else set(heading.iterancestors())
    boxes = cast("list[HtmlElement]", _REMARKS(tree))
    alone = {box for box in boxes if box not in around and not _REMARKS(box)}
    large = any(len(text_seen(box)) >= _ELSEWHERE for box in alone)
    running = _running(tree) if large else {}
    whole = sum(running.values())
    for box in boxes:
        inside = sum(running.get(one, 0) for one in box.iter()) if box in alone else 0
        update = box in alone and "live" in (box.get("class") or "") and _HAS_HEADING(box)
        if box in around or update or (inside >= _ELSEWHERE > whole - inside):
            box.attrib.pop("class", None)
            box.attrib.pop("id", None)


def _running(tree: HtmlElement) -> dict[HtmlElement, int]:
    """The letters of each block of the page whose text runs."""
    texts = ((leaf, one_line(text_seen(leaf))) for leaf in leaves_of(tree))
    return {leaf: len(text) for leaf, text in texts if runs(text)}


def _completed(text: str, outline: Outline, title: str) -> str:
    known = text.split("\n\n") if text else []
    headings = outline.headings | set(known)  # these were judged already
    kept = joined(completed(known, outline, title), headings=headings)
    while (last := kept.rpartition("\n\n"))[0] and last[2] in outline.labels:
        kept = last[0]
    return kept


def _in_pruned(tree: HtmlElement, most: int) -> str:
    text = _found(tree, _options(thorough=False), most)
    if len(text) < min(most, _SMALL_SHARE * running_letters(tree)):
        text = max(text, _found(tree, _options(thorough=True), most), key=len)
    return text if len(text) > _SHORT or _SENTENCE.search(text) else ""


def _found(tree: HtmlElement, options: Extractor, most: int) -> str:
    from trafilatura import bare_extraction  # takes half a second: loaded only to extract

    found = bare_extraction(tree, options=options)
    assert not isinstance(found, dict)
    if found is None:
        return ""
    return joined((block for part in found.body for block in _blocks(part)), most=most)


@cache
def _options(*, thorough: bool) -> Extractor:
    """Options for trafilatura's own rules alone, or `thorough`: it also compares readability."""
    from trafilatura.settings import Extractor

    # With "python" it would also write the text, which is not used: only the body is read here.
    options = Extractor(output_format="txt", fast=not thorough, comments=False)
    # Below its default of 250 trafilatura gives the whole page in one line. Much news is shorter.
    options.min_extracted_size = _LEAST
    return options


def joined(blocks: Iterable[str], *, headings: Container[str] = (), most: int | None = None) -> str:
    """The paragraphs as one text, without repetitions and without boilerplate.

    A heading is no boilerplate: "Video: ..." above a paragraph is no credit. The paragraph in which
    the text has its letter number `most` is the last.
    """
    kept: list[str] = []
    said: set[str] = set()
    letters = 0
    for block in blocks:
        if most is not None and letters > most:
            break
        line = without_calls(one_line(block))
        if line and line not in said and (line in headings or not is_boilerplate(line)):
            kept.append(line)
            letters += len(line)
            if len(line) > _LONGEST_REFRAIN:
                said.add(line)
    return "\n\n".join(kept)


def _blocks(element: _Element) -> Iterator[str]:
    """Yield the paragraphs of an element of trafilatura; list items and table rows one by one."""
    if element.tag in {"list", "table", "quote", "div", "section"} and len(element):
        yield element.text or ""
        for child in element:
            yield from _blocks(child)
            yield child.tail or ""
    else:
        for block in _flowing(element).split(_BREAK * 2):
            yield block.replace(_BREAK, " ")


def _flowing(element: _Element) -> str:
    """The text of a paragraph with a mark for each line break: two begin a new paragraph."""
    parts = [element.text or ""]
    for child in element:
        parts += [_BREAK if child.tag == "lb" else _flowing(child), child.tail or ""]
        if element.tag == "row":
            parts.append(" ")
    return "".join(parts)
