"""Common faults of feeds and sitemaps, mended in the text so that a strict parser can read it.

Each step is one pass over the text. The faults are those that feed readers usually mend: text
before the XML, characters that XML forbids, HTML's named characters, bare ampersands, undeclared
prefixes, and a missing end.
"""

from __future__ import annotations

import re
import sys
from html import unescape
from html.entities import html5
from typing import NamedTuple

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.text.plain import plain_line

_START = re.compile(
    r"<\?xml|<(?:[\w-]+:)?(?:rss|feed|channel|rdf|urlset|sitemapindex)\b", re.IGNORECASE
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|div|p|h1|meta)[\s>]", re.IGNORECASE)
_HTML_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_HEAD = 20_000  # characters; chosen: a document shows in these what it is
_DECLARED = 300  # characters; chosen: in these a document is declared
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}>")
_DOCTYPE_END = re.compile(r"[\[\]>\"']")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
_AMPERSAND = re.compile(r"&(?:(#\d{1,10}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MARKUP = {"<": "&lt;", "&": "&amp;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_ROOT = re.compile(
    r"<((?:[\w-]+:)?(?:rss|rdf|feed|channel|urlset|sitemapindex))(?=[\s>])", re.IGNORECASE
)
_ITEM_END = re.compile(r"</((?:[\w-]+:)?(?:item|entry))\s*>", re.IGNORECASE)
_ITEM_START = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ADDRESS_END = re.compile(r"</((?:[\w-]+:)?(?:url|sitemap))\s*>", re.IGNORECASE)
_USED = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,30}):[A-Za-z_][\w.-]{0,60}(?=[\s=/>])")
_KNOWN = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rss": "http://backend.userland.com/rss2",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_MAX_PREFIXES = 50
_SECTION, _SECTION_END = "<![CDATA[", "]]>"
_ITEM_BEHIND = re.compile(
    r"</(?:[\w-]+:)?(?:item|entry)\s*>\s*"
    r"<(?:(?:[\w-]+:)?(?:item|entry)[\s>]|/(?:[\w-]+:)?(?:channel|rss|feed|rdf)\s*>)",
    re.IGNORECASE,
)
_BEFORE_SECTION = re.compile(r"<([A-Za-z][\w:.-]*)[^<>]*>\s*\Z")
_LONGEST_TAG = 300  # characters; chosen: of the one before a section


_SHOWN = re.compile(
    r"&(?:amp;){0,2}lt;"
    r"(?:\?xml\s|(?:[\w-]+:)?(?:rss|feed|rdf|urlset|sitemapindex)(?:\s|&(?:amp;){0,2}gt;))",
    re.IGNORECASE,
)
_SHOWN_END = re.compile(r"</(?:pre|textarea|code|xmp|body)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ESCAPED = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TIMES_ESCAPED = 3  # chosen


class Repaired(NamedTuple):
    """The mended text; `whole` is False if the end was missing and the last item was cut off."""

    text: str
    whole: bool


def repaired(text: str) -> Repaired:
    """The same document, as well-formed as these steps can make it, without declaration or DTD."""
    start = _START.search(text, 0, _HEAD)
    text = without_prolog(text[start.start() :] if start else text.lstrip())
    text = _AMPERSAND.sub(_reference, _FORBIDDEN.sub("", text))
    text, whole = _with_an_end(text)
    return Repaired(_with_prefixes(text), whole)


def shown_source(text: str) -> str:
    """The XML whose source this document shows, as text with nothing before it; "" if it does not.

    A proxy that is a browser, or an outlet's own system, makes such a page of a feed.
    """
    start = _SHOWN.search(text, 0, _HEAD)
    if start is None or plain_line(text[: start.start()]):
        return ""
    end = _SHOWN_END.search(text, start.end())
    shown = text[start.start() : end.start() if end else len(text)]
    shown = _TAG.sub("", shown) if "<" in shown else shown
    for _ in range(_TIMES_ESCAPED):
        if shown.startswith("<"):
            break
        shown = _ESCAPED.sub(lambda found: unescape(found[0]), shown)
    return shown


def with_closed_sections(text: str) -> str:
    """The document with an end for each CDATA section that has none in its own item.

    Such a section goes on to the end of the next one: a parser finds no fault, and fewer items.
    """
    if text.count(_SECTION) <= text.count(_SECTION_END):
        return text
    parts: list[str] = []
    place = end = 0
    while (start := text.find(_SECTION, place)) >= 0:
        if 0 <= end < start:  # once there is none, there is none further on
            end = text.find(_SECTION_END, start)
        item = _ITEM_BEHIND.search(text, start, end if end >= 0 else len(text))
        if item is None and end < 0:
            break
        at, closing = (end, "") if item is None else _end_of_element(text, start, item.start())
        parts += text[place:at], _SECTION_END, closing
        place = at + len(_SECTION_END) if item is None else at
    return "".join((*parts, text[place:]))


def _end_of_element(text: str, section: int, most: int) -> tuple[int, str]:
    """The place where the element with this section ends, and its end tag if that is missing."""
    name = _BEFORE_SECTION.search(text, max(0, section - _LONGEST_TAG), section)
    if name is None:
        return most, ""
    place = text.find(f"</{name[1]}", section, most)
    return (most, f"</{name[1]}>") if place < 0 else (place, "")


def without_middle(text: str, most: int) -> str:
    """The document with the middle of its items left out, so that `most` characters remain.

    New items stand at one of the ends, whichever it is.
    """
    if len(text) <= most:
        return text
    head, tail = text[: most // 2], text[-(most // 2) :]
    ends = list(_ITEM_END.finditer(head))
    start = _ITEM_START.search(tail)
    if not ends or start is None:
        return text[:most]
    return head[: ends[-1].end()] + tail[start.start() :]


def what_it_is(text: str, *, wanted: str) -> Fault:
    """The fault that says what a document is instead of the one that was wanted."""
    if not text.strip("\ufeff \t\r\n\0"):
        return CrawlFault.EMPTY(wanted=wanted)
    if not _HTML.search(text, 0, _HEAD):
        return CrawlFault.NO_LIST(wanted=wanted)
    if title := _HTML_TITLE.search(text, 0, _HEAD):
        return CrawlFault.TITLED_PAGE(title=plain_line(title[1])[:80], wanted=wanted)
    return CrawlFault.PAGE(wanted=wanted)


def without_prolog(text: str) -> str:
    """The text without its XML declarations and without its document type declaration."""
    root = _ROOT.search(text, 0, _HEAD)
    end = root.start() if root else _DECLARED
    text = _DECLARATION.sub("", text[:end]) + text[end:]
    start = text[:_HEAD].upper().find("<!DOCTYPE")
    root = _ROOT.search(text, 0, _HEAD)
    if start < 0 or (root and root.start() < start):
        return text
    return text[:start] + text[_end_of_doctype(text, start) :]


def _end_of_doctype(text: str, start: int) -> int:
    """The place after the ">" that ends the declaration; others may be in brackets and quotes."""
    depth = 0
    place = start
    while found := _DOCTYPE_END.search(text, place):
        mark, place = found[0], found.end()
        if mark in "\"'":
            place = text.find(mark, place) + 1
            if place == 0:
                break
        elif mark == ">" and depth == 0:
            return place
        else:
            depth += {"[": 1, "]": -1, ">": 0}[mark]
    return len(text)


def _reference(found: re.Match[str]) -> str:
    """A reference that XML knows, the characters that HTML means by it, or an escaped ampersand."""
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        digits = name[1:]
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        sound = code <= sys.maxunicode and not _FORBIDDEN.match(chr(code))
        return f"&#{code};" if sound else ""
    if name in _XML_NAMES:
        return found[0]
    letters = html5.get(f"{name};")
    return f"&amp;{name};" if letters is None else "".join(_MARKUP.get(c, c) for c in letters)


def _with_an_end(text: str) -> tuple[str, bool]:
    """The text, and whether its end was there; if not, it is closed after its last whole item."""
    root = _ROOT.search(text, 0, _HEAD)
    if root is None:
        return text, True
    if (end := text.rfind(f"</{root[1]}")) >= 0:
        return f"{text[:end]}</{root[1]}>", True
    last = None
    of_sitemap = root[1].lower().endswith(("urlset", "sitemapindex"))
    for last in (_ADDRESS_END if of_sitemap else _ITEM_END).finditer(text, root.end()):  # noqa: B007  (the last one counts)
        pass
    kept = text[: last.end()] if last else text[: root.end()] + ">"
    return kept + _closing(kept, root), False


def _closing(kept: str, root: re.Match[str]) -> str:
    channel = re.search(r"<((?:[\w-]+:)?channel)(?=[\s>])", kept, re.IGNORECASE)
    inside = channel and channel[1] != root[1] and f"</{channel[1]}>" not in kept
    return (f"</{channel[1]}>" if inside and channel else "") + f"</{root[1]}>"


def _with_prefixes(text: str) -> str:
    """The text with a declaration in its root for each prefix that has none."""
    root = _ROOT.search(text, 0, _HEAD)
    if root is None:
        return text
    declared = set(re.findall(r"xmlns:([\w.-]+)\s*=", text[: root.start() + _HEAD]))
    own, _, local = root[1].rpartition(":")
    known = {own: _KNOWN["atom" if local.lower() == "feed" else "rss"]} | _KNOWN
    used = {name for name in _USED.findall(text) if name not in declared | {"xml", "xmlns"}}
    added = "".join(
        f' xmlns:{name}="{known.get(name.lower(), known.get(name, "urn:undeclared:" + name))}"'
        for name in sorted(used)[:_MAX_PREFIXES]
    )
    return text[: root.end()] + added + text[root.end() :]
