"""The running text of a page's article, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.pages.boilerplate import is_boilerplate, without_calls
from crawler.pages.clutter import prune, running_letters
from crawler.pages.paragraphs import split_at_breaks
from crawler.text.plain import one_line

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

_BREAK = "\x1e"
_LONGEST_REFRAIN = 60  # "Ja." may be said twice, a sentence is so by mark-up alone
_SHORT = 200
_LEAST = 40
_SMALL_SHARE = 0.35  # of what is left of a page; so little is suspect
_SENTENCE = re.compile(r"(?:\S+ ){4,}\S+[.!?…][\"'”’)]*(?:\s|$)")


def text_in(tree: HtmlElement) -> str:
    """The article's text, an empty line between paragraphs; the empty string where none is found.

    The tree loses its boxes on the way.
    """
    split_at_breaks(tree)
    prune(tree)
    text = _found(tree, _options(thorough=False))
    if len(text) < _SMALL_SHARE * running_letters(tree):
        text = max(text, _found(tree, _options(thorough=True)), key=len)
    return text if len(text) > _SHORT or _SENTENCE.search(text) else ""


def _found(tree: HtmlElement, options: Extractor) -> str:
    from trafilatura import bare_extraction  # half a second: only who extracts pays

    found = bare_extraction(tree, options=options)
    assert not isinstance(found, dict)
    return "" if found is None else joined(block for part in found.body for block in _blocks(part))


@cache
def _options(*, thorough: bool) -> Extractor:
    """The rules of trafilatura alone, or `thorough`: compared with those of readability."""
    from trafilatura.settings import Extractor

    # For "python" it would write the text once more, beside the body that is read here.
    options = Extractor(output_format="txt", fast=not thorough, comments=False)
    # Below its usual 250 trafilatura gives all of the page in one line, and much news is shorter.
    options.min_extracted_size = _LEAST
    return options


def joined(blocks: Iterable[str]) -> str:
    """Paragraphs in one text, without repetitions and lines that any page could have."""
    kept: list[str] = []
    said: set[str] = set()
    for block in blocks:
        line = without_calls(one_line(block))
        if line and line not in said and not is_boilerplate(line):
            kept.append(line)
            if len(line) > _LONGEST_REFRAIN:
                said.add(line)
    return "\n\n".join(kept)


def _blocks(element: _Element) -> Iterator[str]:
    """The paragraphs of one of trafilatura's elements: list items and table rows one by one."""
    if element.tag in {"list", "table", "quote", "div", "section"} and len(element):
        yield element.text or ""
        for child in element:
            yield from _blocks(child)
            yield child.tail or ""
    else:
        for block in _flowing(element).split(_BREAK * 2):
            yield block.replace(_BREAK, " ")


def _flowing(element: _Element) -> str:
    """The words of a paragraph; a single line break is a blank, two make a new paragraph."""
    parts = [element.text or ""]
    for child in element:
        parts += [_BREAK if child.tag == "lb" else _flowing(child), child.tail or ""]
        if element.tag == "row":
            parts.append(" ")
    return "".join(parts)
