"""A page as a tree, without the input on which a parser fails or becomes slow."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, takewhile
from typing import cast

from lxml.etree import ElementDefaultClassLookup, ParserError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.errors import PageError
from crawler.faults.kinds import CrawlFault
from crawler.pages.paragraphs import runs
from crawler.pages.texts.elements import show_told

_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D})
_NONCHARACTERS = ("\ufffe", "\uffff")
# libxml2 needs a second for 20,000 attributes of one tag, and four times that for twice as many.
_LONGEST_TAG = 8_000  # bytes; chosen, as is _MOST_ATTRIBUTES: far below what becomes slow
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(rb"[a-zA-Z][\w:-]*")
_MOST_ATTRIBUTES = 400
_TITLE = re.compile(rb"<title(?=[\s>])[^<>]*>[^<]*", re.IGNORECASE)
_TITLE_ENDS = re.compile(rb"</title(?=[\s/>])", re.IGNORECASE)
_IN_NO_TITLE = re.compile(
    rb"<(?:/head|/?body|meta|link|script|style|base|title|h1|p|div)(?=[\s>/])", re.IGNORECASE
)
# Start and end tags that are read of a page. Chosen: several times what long live blogs have. One
# of 5 MB with 190,000 took 23 s and 230 MB, with this limit 2 s and 113 MB.
_MOST_TAGS = 40_000
_WRAPPERS = (
    *("nav", "button", "footer", "aside", "figure", "form", "menu", "dialog", "noscript"),
    *("header", "svg", "video", "object"),
)
_WRAPPING = re.compile(rf"<(/?)({'|'.join(_WRAPPERS)})(?=[\s>])", re.IGNORECASE)
_TOLD = XPath(".//p[string-length(normalize-space()) >= 40 and not(a)]")  # letters; chosen
# Places to which links lead.
_ANCHORS = XPath(".//a[@name and not(@href)]")
# What stands beside the caption of a picture: paragraphs that are not named after one, and quotes.
_BESIDE_CAPTION = XPath(
    ".//figure[figcaption]/p[string-length(normalize-space()) >= 40 and not(.//a)"
    " and not(contains(@class, 'caption') or contains(@class, 'schrift'))]"
    " | .//figure[figcaption]/blockquote[string-length(normalize-space()) >= 40]"
)
# A picture's element with no caption and nothing that leads on or asks.
_BARE_FIGURES = XPath(
    ".//figure[not(ancestor::figure or ancestor::aside or ancestor::li)]"
    "[not(.//figcaption or .//a or .//h2 or .//h3 or .//h4 or .//input)]"
)
_PARAGRAPHS = XPath("(.//p | .//div)[not(p or div or ul or table)]")
_OTHERS_WORDS = re.compile(r"caption|schrift|credit|quote", re.IGNORECASE)
_PICTURES = ("img", "video", "iframe", "audio", "object", "amp-img", "svg")
_LONGER_THAN_CAPTIONS = 240  # letters; chosen
_MOST_AROUND = 20  # boxes that are looked at; chosen
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6", "dt"})
_SEVERAL = 2  # of these paragraphs; chosen
# For each element that is looked at, lxml.html calls a Python function that chooses its class. That
# is most of the cost of a large page. We need no special classes for forms and fields.
_CLASSES = ElementDefaultClassLookup(element=HtmlElement)


def tree_of(html: str, *, url: str) -> HtmlElement:
    """The tree of a page.

    Raises:
        PageError: there is no HTML in it.
    """
    for sign in _NONCHARACTERS:  # fast: Python knows of most strings that they cannot hold these
        html = html.replace(sign, "")
    data = html.encode("utf-8", "replace").translate(None, _CONTROLS)
    if data.count(b"<") > _MOST_TAGS:
        data = b"<".join(data.split(b"<", _MOST_TAGS + 1)[:-1])
    data = _with_title_closed(data)
    if has_long_tag(data):
        data = b"<".join(map(_thinned, data.split(b"<")))
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(data, parser=parser)
    except (ParserError, ValueError, AssertionError) as error:  # empty, or nothing but comments
        raise PageError(url, CrawlFault.NO_HTML()) from error
    for anchor in cast("list[HtmlElement]", _ANCHORS(tree)):
        anchor.tag = "span"
    for shadow in list(tree.iter("template")):
        if shadow.get("shadowrootmode") is not None:  # browsers show it as what its element holds
            shadow.tag = "div"
    _open_wrappers(tree, html)
    _open_pictures(tree)
    show_told(tree)
    for button in list(tree.iter("button")):
        parent = button.getparent()
        if parent is not None and parent.tag in _HEADINGS:
            button.tag = "span"
    return tree


def _with_title_closed(data: bytes) -> bytes:
    """The page with an end of its title, if what follows stands in it: to the parser the page is.

    Markup of letters in a title is kept, as part of it.
    """
    opened = _TITLE.search(data)
    if opened is None or _TITLE_ENDS.match(data, place := opened.end()):
        return data
    closed = _TITLE_ENDS.search(data, place)
    if closed is not None and not _IN_NO_TITLE.search(data, place, closed.start()):
        return data
    if again := _TITLE.match(data, place):  # its end, without the stroke
        return data[:place] + b"</title>" + data[data.index(b">", place, again.end()) + 1 :]
    return data[:place] + b"</title>" + data[place:]


def _open_wrappers(tree: HtmlElement, html: str) -> None:
    """Make a plain box of each element that was never closed, as it swallowed what followed.

    Elements of its name begin more often than they end; it ends with the element around it, and
    paragraphs stand in it.
    """
    swallowing = [element for element in tree.iter(*_WRAPPERS) if _may_swallow(element)]
    if not swallowing:  # on most pages; to count tags takes half as long as to parse the page
        return
    seen = Counter((end, name.lower()) for end, name in _WRAPPING.findall(html))
    for element in swallowing:
        if seen["", element.tag] > seen["/", element.tag]:
            element.attrib.clear()
            element.tag = "div"


def _open_pictures(tree: HtmlElement) -> None:
    """Make a plain box of a picture's with text of the article: heading, lead, paragraph, quote."""
    for heading in tree.iter("h1"):
        for around in heading.iterancestors("figure", "figcaption"):
            around.tag = "div"
    for told in cast("list[HtmlElement]", _BESIDE_CAPTION(tree)):
        around = told.getparent()
        if next(told.iterancestors("aside", "li"), None) is None and around is not None:
            around.tag = "div"
    for figure in cast("list[HtmlElement]", _BARE_FIGURES(tree)):
        told = _told_in(figure)
        figure.tag = "div" if told else "figure"
        for one in told:
            one.tag = "p"


def _told_in(figure: HtmlElement) -> list[HtmlElement]:
    """The sentences in a figure: one beside a picture is its caption, unless it is long.

    More sentences than pictures are text.
    """
    texts = cast("list[HtmlElement]", _PARAGRAPHS(figure))
    running = (one for one in texts if runs("".join(one.itertext())))
    told = [one for one in running if not _is_of_others(one, figure)]
    pictures = sum(1 for _ in figure.iter(*_PICTURES))
    if pictures == 1 and len(told) == 1:
        return told if len("".join(told[0].itertext())) >= _LONGER_THAN_CAPTIONS else []
    return told if len(told) > pictures else []


def _is_of_others(line: HtmlElement, figure: HtmlElement) -> bool:
    """Whether a line in a figure is a caption or a quotation, by the names of what is around it."""
    around = takewhile(lambda one: one is not figure, line.iterancestors())
    boxes = (line, *islice(around, _MOST_AROUND), figure)
    return any(_OTHERS_WORDS.search(f"{one.tag} {one.get('class') or ''}") for one in boxes)


def _may_swallow(element: HtmlElement) -> bool:
    """Whether nothing follows an element in its box, and paragraphs stand in it."""
    if element.getnext() is not None or (element.tail or "").strip():
        return False
    return len(cast("list[HtmlElement]", _TOLD(element))) >= _SEVERAL


def has_long_tag(data: bytes) -> bool:
    """Whether a tag may be so long that it is crowded with attributes; a no is certain.

    It looks in steps of `_LONGEST_TAG` bytes: a page of 45 kB needs a few.
    """
    place = 0
    while (end := place + _LONGEST_TAG) <= len(data):
        angle = max(data.rfind(b"<", place, end), data.rfind(b">", place, end))
        if angle < 0 and data[place - 1 : place] != b">":
            return True
        if angle < 0:  # a long text or script: go on at its end
            angle = data.find(b"<", end)
            if angle < 0:
                return False
        place = angle + 1
    return False


def _thinned(part: bytes) -> bytes:
    """What follows a "<", without the attributes if the tag is crowded with them."""
    if len(part) < _LONGEST_TAG or b">" in part[:_LONGEST_TAG]:
        return part
    name = _NAME.match(part)
    tag, _, rest = part.partition(b">")
    if name is None or len(_QUOTED.sub(b"", tag).split()) <= _MOST_ATTRIBUTES:
        return part
    return name[0] + b">" + rest
