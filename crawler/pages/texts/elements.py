"""What an element of a page shows, and what is around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

DEEPEST = 60  # bounds the work on a hostile page
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
BLOCKS = (
    *("p", "li", "dd", "dt", "blockquote", "pre", "td", "th", "div", "section", "article"),
    *("aside", "figure", "figcaption", "footer", "dialog", "details", "summary", "address"),
    *("nav", "h1", "header", "main", "form", "button", "menu", "fieldset", *_HEADINGS),
)
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "video", "audio", "canvas")
_SEEN = XPath(
    f".//text()[not({' or '.join(f'ancestor::{tag}' for tag in _UNSEEN)})]", smart_strings=False
)
_ALL = XPath("string()", smart_strings=False)
_LINKED_TEXTS = XPath(".//a//text()", smart_strings=False)
_STREAMED = re.compile(r"S:[0-9a-f]{1,4}")  # as React names them
_UNFOLDS = XPath("boolean(descendant-or-self::*[@aria-expanded or @aria-controls])")
_SENTENCE = re.compile(r"(?:\S+\s+){4,}\S+[.!?…][\"'”’)]*(?:\s|$)")
# An expression that looks at each attribute takes a fifteenth of one that looks at each element.
_STYLED = XPath("(.//@style | .//@hidden)/..")
_LARGE = ("div", "section", "article", "ul", "ol", "table", "form")
_WORDS = frozenset({"span", "b", "strong", "em", "i", "small", "a"})
_HIDE = frozenset({"hidden", "style", "aria-hidden"})
_LEAST, _ENDS, _CLOSING = 40, frozenset(".!?…"), "\"'”’)"  # letters; chosen: labels are shorter
_MOST_HIDDEN = 2_000  # elements that are looked at
_FEWEST_BESIDE = 2  # chosen: sentences that are shown
# Words of what is hidden until something happens, or until somebody cannot see the page.
_OF_NOTICES = re.compile(
    r"\b(?:je|jij|jouw|jullie|u|uw|ons|onze|we|wij|you|your|our|vous|votre|nous|sie|ihr|ihre"
    r"|browsers?|javascript|cookies?|adblockers?|laden|geladen|pagina|website|links?|klik|probeer"
    r"|artikel|videos?|video['’]s|account|abonne\w+|nieuwsbrief|app|advertenties?|formulier"
    r"|copyright|inloggen|loading|error|fout)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[„“\"«][^„“”\"«»]{1,400}[”“\"»]")
_LINKED = 0.4  # chosen: share of linked letters from which a box is a menu
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def text_seen(element: HtmlElement) -> str:
    """The text of an element without scripts and what else no reader sees."""
    return "".join(cast("list[str]", _SEEN(element)))


class SeenText:
    """The same for one element after the other of a page that has not changed since it was made.

    Most elements hold nothing that no reader sees, so that not each text in them is looked at.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._unseen = {inner for box in tree.iter(*_UNSEEN) for inner in box.iter()}
        self._mixed = above(tree, *_UNSEEN)

    def of(self, element: HtmlElement) -> str:
        """The text of this element."""
        if element in self._unseen:
            return ""
        if not len(element):
            return element.text or ""
        if len(element) == 1 and element not in self._mixed and not len(child := element[0]):
            return f"{element.text or ''}{child.text or ''}{child.tail or ''}"  # a link in a menu
        return text_seen(element) if element in self._mixed else str(_ALL(element))


def leaves_of(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks of a page that hold no others, in their order."""
    blocks = list(tree.iter(*BLOCKS))
    holders: set[HtmlElement] = set()
    for block in blocks:
        up = block.getparent()
        while up is not None and up not in holders:
            holders.add(up)
            up = up.getparent()
    return (block for block in blocks if block not in holders)


def linked_letters(element: HtmlElement) -> int:
    """The number of letters in links."""
    if len(element) == 1 and not len(child := element[0]):  # as most lines of a menu are
        return len(child.text or "") if child.tag == "a" else 0
    return sum(map(len, cast("list[str]", _LINKED_TEXTS(element)))) if len(element) else 0


def ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements around it, from the nearest on; of a very deep one not all."""
    return islice(element.iterancestors(), DEEPEST)


def above(tree: HtmlElement, *tags: str) -> set[HtmlElement]:
    """The elements that hold one of these."""
    found: set[HtmlElement] = set()
    for element in tree.iter(*tags):
        up = element.getparent()
        while up is not None and up not in found:
            found.add(up)
            up = up.getparent()
    return found


def holds(element: HtmlElement, *tags: str) -> bool:
    """Whether one of these stands in an element."""
    return next(element.iterdescendants(*tags), None) is not None


def link_above(element: HtmlElement) -> HtmlElement | None:
    """The link that an element stands in."""
    return next((up for up in ancestors(element) if up.tag == "a"), None)


def leads_away(heading: HtmlElement, around: Iterable[HtmlElement]) -> bool:
    """Whether a heading has a link to another page, or stands in one of these `around` it."""
    return any(
        not (link.get("href") or "#").startswith("#") for link in (*heading.iter("a"), *around)
    )


def mark_own_links(tree: HtmlElement, url: str) -> None:
    """Let each link in a heading that leads to a place on this page (`url`) say only the place.

    Updates of a live blog have such links, often with the whole address of their page.
    """
    path = urlsplit(url).path.rstrip("/")
    headings = (one for one in tree.iter(*_HEADINGS) if len(one)) if path else ()
    for link in (link for heading in headings for link in heading.iter("a")):
        href = link.get("href") or ""
        if path in href and urlsplit(urljoin(url, href)).path.rstrip("/") == path:
            link.set("href", "#")


def is_hidden(element: HtmlElement) -> bool:
    """Whether its own style hides an element, and no click of a reader shows it."""
    hidden = "hidden" in element.attrib and not is_streamed(element)
    hidden = hidden or bool(_HIDING.search(element.get("style") or ""))
    return hidden and not is_opened(element)


def styled_in(tree: HtmlElement) -> list[HtmlElement]:
    """The elements with a style of their own or the attribute `hidden`."""
    return cast("list[HtmlElement]", _STYLED(tree))


def show_told(tree: HtmlElement) -> None:
    """Show each hidden paragraph that a script shows: sentences amid those of a text.

    Others of its kind stand beside it, one of them before it, and it has no words of notices. Of
    words that are hidden in a paragraph, sentences are shown and the others emptied.
    """
    styled = [one for one in styled_in(tree)[:_MOST_HIDDEN] if is_hidden(one)]
    for words in [one for one in styled if one.tag in _WORDS and _is_in_paragraph(one)]:
        if _runs(words) and not _is_notice(words):
            _show(words)
        else:
            words.clear(keep_tail=True)
    hidden = {one for one in styled if _is_told(one) and not _is_notice(one)}
    for row in dict.fromkeys(one.getparent() for one in hidden if one.getparent() is not None):
        kinds = {one: _kind(one) for one in row if one in hidden or _is_told(one)}
        beside = Counter(kind for one, kind in kinds.items() if one not in hidden)
        begun = set[tuple[str, str]]()
        for one, kind in kinds.items():
            if one not in hidden:
                begun.add(kind)
            elif kind in begun and beside[kind] >= _FEWEST_BESIDE:
                _show(one)


def _show(element: HtmlElement) -> None:
    for name in _HIDE.intersection(element.attrib):
        del element.attrib[name]


def _is_in_paragraph(words: HtmlElement) -> bool:
    parent = words.getparent()
    return parent is not None and parent.tag == "p" and words.get("itemprop") is None


def _is_notice(element: HtmlElement) -> bool:
    if holds(element, "a", "input", "textarea", "button"):
        return True
    return _OF_NOTICES.search(_QUOTED.sub("", text_seen(element))) is not None


def _is_told(element: HtmlElement) -> bool:
    if element.tag not in {"p", "div"} or holds(element, *_LARGE):
        return False
    return _runs(element)


def _runs(element: HtmlElement) -> bool:
    text = text_seen(element).strip()
    return len(text) >= _LEAST and text.rstrip(_CLOSING)[-1:] in _ENDS


def _kind(element: HtmlElement) -> tuple[str, str]:
    """What tells a paragraph from what else stands in its row: of a box, its class."""
    if element.tag == "p":
        return "p", ""
    return element.tag, element.get("class") or str(id(element))


def is_opened(element: HtmlElement) -> bool:
    """Whether a reader opens an element with a click: a tab, or what a heading or button unfolds.

    It holds a sentence and no form, and most of it is not links.
    """
    if element.get("hidden") != "until-found" and element.get("role") != "tabpanel":
        beside = (element.getprevious(), element.getnext())  # a button stands above it or below
        if not any(one is not None and _UNFOLDS(one) for one in beside):
            return False
    text = text_seen(element).strip()
    return (
        bool(_SENTENCE.search(text))
        and linked_letters(element) < _LINKED * len(text)
        and not holds(element, "input", "textarea", "select")
    )


def is_streamed(element: HtmlElement) -> bool:
    """Whether it is a part of the page that came later, and which a script puts into its place."""
    return _STREAMED.fullmatch(element.get("id") or "") is not None
