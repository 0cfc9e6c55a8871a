"""The parts of a page that are not its article, removed: teasers, related boxes, captions, calls.

The limits below are chosen, and held by the pages in the tests; no measurement is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from itertools import takewhile
from typing import cast

from lxml.etree import XPath, strip_elements
from lxml.html import HtmlElement

from crawler.pages.texts.boilerplate import is_signpost
from crawler.pages.texts.elements import is_opened, is_streamed, styled_in
from crawler.pages.texts.teasers import teasers_in


class _Kind(Enum):
    """What an element holds, judging by its class or id."""

    ANY = 0
    FOREIGN = 1  # words that are not the article's: comments, captions, calls
    FURNITURE = 2  # parts of a page that hold no text of an article
    TEASERS = 3  # the same, but only if they hold links
    BARRIER = 4  # the same, but only if they ask for a subscription: others enclose the article


_NEVER_TEXT = frozenset(
    """
    script style template noscript nav footer figure figcaption picture iframe form button
    select dialog video audio object svg menu amp-ad amp-iframe amp-social-share amp-sidebar
    amp-list amp-img amp-video amp-consent amp-analytics amp-twitter amp-instagram amp-facebook
    amp-youtube amp-embed
    """.split()  # noqa: SIM905  (a table of words)
)
# Some systems put the whole page into a form, some tables into figures; others forget an end tag.
_WRAPPERS = frozenset({"form", "button", "nav", "footer", "menu", "dialog", "figure"})
# Of what holds most of the sentences: a footer or menu may hold long notices, or teasers.
_HOLDING = frozenset({"form", "button", "dialog", "figure", "aside"})
_OF_HEAD = ("link", "meta", "base")
_SILENT = frozenset({"script", "style", "template", "iframe", "svg", "select"})
_FOREIGN = re.compile(
    r" (?:cookies?|consent|gdpr|newsletter|nieuwsbrief|comments?|reacties|advert\w*|captions?"
    r"|bijschrift|onderschrift|credits?|breadcrumbs?|kruimelpad"
    r"|(?:media|image|img|photo|foto|picture) description"
    r"|twitter tweet|instagram media|tiktok embed|fb post|bluesky embed|pull ?quotes?) "
)
_BARRIER = re.compile(r" (?:paywall|betaalmuur|premium gate|(?:login|register) wall) ")
_ASKING = re.compile(r"abonne|inloggen|log in|account|subscri|sign in|gratis", re.IGNORECASE)
_LONGEST_BARRIER = 1_500  # letters
_FURNITURE = re.compile(
    r" (?:shar(?:e|ing)|socials?|deel|delen|ads?|banner|sponsor\w*|byline|authors?|auteurs?|tags"
    r"|keywords|login|subscri\w+|abonne\w+|toolbar|menu|sr only|visually hidden|screen reader\w*"
    r"|timestamp|pub ?date|date ?line|feedback|survey|poll|whatsapp|push|skip link|readspeaker"
    r"|(?:video|audio|media) player) "
)
_TEASERS = re.compile(
    r" (?:related|gerelateerde?|teasers?|lees ?(?:ook|meer|verder)|read (?:more|next|also)|more on"
    r"|meer (?:over|nieuws|uit)|recommend\w*|aanbevolen|aanraders?|popula(?:r|ir)|trending|latest"
    r"|(?:most|best|meest) ?(?:read|viewed|gelezen|bekeken)|laatste nieuws|net binnen|dossiers?"
    r"|ook interessant|carr?ousel|swiper|slider|outbrain|taboola|strossle|inline link"
    r"|link ?(?:box|list)"
    r"|(?:article|story|news) list|cards?|tiles?|river|side ?bar|see also|(?:zie|kijk|bekijk) ook"
    r"|podcasts?|widget|next article|volgende?|onward|verwant|tip(?:s|box)?|promos?|highlights?) "
)
_INTRO = re.compile(r" (?:intro|introduction|inleiding|lead|lede|chapeau|standfirst|description) ")
_SHORTEST_INTRO, _LONGEST_INTRO = 40, 1_500  # letters
_MOST_INTRO = 0.5  # of the letters that are left of the page
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])")
_NAMELESS = frozenset({"html", "head", "body", "main", "tr", "td", "th", "tbody"})
_INLINE = frozenset({"a", "span", "b", "strong", "em", "i", "u", "mark", "small", "q", "abbr"})
_FLOWING = frozenset({"p", "li", "blockquote", "td"}) | _INLINE
_BODY_MARK = re.compile(r"article-?_*body", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_MOST_WORDS = 40
_LINKED = 0.4  # share of linked text from which a box is a list of teasers
# Shares of a page's text outside links. The first three say how much one box may hold: any box, one
# with many links, one of kind FOREIGN. The last says how much must be left without all boxes.
_MOST, _MOST_LINKED, _MOST_FOREIGN, _LEAST_LEFT = 0.35, 0.6, 0.8, 0.25


# lxml makes an object for each element that Python sees; elements that XPath skips cost nothing.
_TEXT = XPath("string()", smart_strings=False)
_LINKED_TEXTS = XPath(".//a//text()", smart_strings=False)
_NAMED = XPath("(.//@class | .//@itemprop | .//@id)/.. | .//article | .//aside")
_CALLED = XPath("(.//@class | .//@id)/.. | .//article | .//aside")
_SHOWN = frozenset({"html", "body", "main", "article"})
_LINES = ("p", "li", "h2", "h3", "h4", "h5", "h6", "div", "section")
_INNER = (*_LINES, "h1", "ul", "ol", "table", "article", "blockquote")

# What stands behind two paragraphs and is one: an afterword, an explanation.
_IS_TOLD = XPath(
    "boolean(preceding-sibling::p[string-length() >= 80][2]) and not(.//a | .//input)"
    " and boolean(.//p[string-length() >= 80])"
)
_HOLDS_ARTICLE = XPath("boolean(.//h1) or boolean(.//@itemprop[. = 'articleBody'])")

# Captions, links, and what readers say: no text of the article, also where JSON-LD repeats it.
_BESIDE = XPath(
    ".//figcaption | .//a[string-length(.) > 20]"
    " | descendant::*/@class[contains(., 'caption')]/.."
    " | descendant::*/@class[contains(., 'comment')]/parent::*[not(self::body) and not(.//h1)]"
)

_IN_PARAGRAPH = "[parent::p or ../parent::p]"  # "//p//*" would be slow on nested paragraphs
_LABELS = ("a", "b", "strong", "em", "i", "span")
_LABELLED = ("ook", "OOK", "meer")
_CAPTIONS = XPath(".//p[img or a/img or picture]/*[self::small or self::em or self::i]")
_BUTTONS = XPath("descendant::*/@role[. = 'button']/..")
_LONGEST_LABEL = 120  # letters; chosen: a longer text on a button is prose
_WORDS = XPath(f".//span[@class or @id or @style]{_IN_PARAGRAPH}")


def prune(tree: HtmlElement, most: HtmlElement | None = None) -> None:
    """Remove from the tree the boxes that are not the article.

    A box that holds the main heading, or `most` of the sentences, or is marked as the article's
    text, stays. A name is not believed if the box has a large share of the text and is not mostly
    links. If hardly any text would be left, only boxes of links and of foreign words are removed.
    """
    wrappers = [element for element in tree.iter(*_WRAPPERS) if _wraps_article(element)]
    around = () if most is None else (most, *most.iterancestors())
    wrappers += [one for one in tree.iter("aside") if _IS_TOLD(one)]
    for wrapper in (*wrappers, *(one for one in around if one.tag in _HOLDING)):
        wrapper.tag = "div"  # trafilatura also judges tags
    hidden = _hidden(tree)  # as long as the buttons that show it are there
    strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    for head in tree.iter("head"):
        strip_elements(head, *_OF_HEAD, with_tail=False)  # trafilatura looks at each several times
    drop(hidden)
    drop(_elements(_CAPTIONS, tree))
    drop(button for button in _elements(_BUTTONS, tree) if _is_label(_text(button)))
    whole = running_letters(tree)
    boxes = _outermost_boxes(tree, whole)
    if _hardly_leave(boxes, whole):
        boxes = [box for box in boxes if _link_share(box) >= _LINKED or _kind(box) is _Kind.FOREIGN]
    drop(boxes)
    teasers = teasers_in(tree)
    if sum(map(running_letters, teasers)) <= _MOST * whole:  # with more, the page is about them
        drop(teasers)
    drop(_signposts(tree))
    drop(_labels(tree))
    for time in list(_told_times(tree)):
        time.tag = "span"  # trafilatura would remove it from its line
    for word in _elements(_WORDS, tree):
        word.attrib.clear()  # trafilatura also judges names, and would remove it from its sentence


def _hardly_leave(boxes: list[HtmlElement], whole: int) -> bool:
    """Whether hardly any text outside of links is left without these boxes."""
    most = (1 - _LEAST_LEFT) * whole
    # No box has more letters outside links than letters, which take half as long to count.
    return sum(len(_text(box)) for box in boxes) > most and (
        whole - sum(map(running_letters, boxes)) < _LEAST_LEFT * whole
    )


def prune_mildly(tree: HtmlElement) -> None:
    """Remove what holds no text of an article on any page, and lines that lead to others."""
    strip_elements(tree, *_SILENT, with_tail=False)
    drop(_signposts(tree))


def _is_label(text: str) -> bool:
    text = text.strip()
    return len(text) < _LONGEST_LABEL and not text.endswith((".", "!", "?", "”", '"'))


def _elements(path: XPath, tree: HtmlElement) -> list[HtmlElement]:
    return cast("list[HtmlElement]", path(tree))


def _text(element: HtmlElement) -> str:
    return str(_TEXT(element))


def drop(elements: Iterable[HtmlElement]) -> None:
    """Take these elements out of their page; the text behind each stays."""
    for element in list(elements):
        parent = element.getparent()
        if parent is None:
            continue
        if element.tail:
            element.drop_tree()  # the text behind it stays
        else:
            parent.remove(element)


def _hidden(tree: HtmlElement) -> list[HtmlElement]:
    styled = (one for one in styled_in(tree) if one.tag not in _SHOWN and one is not tree)
    hidden = [one for one in styled if _is_hidden(one) and not _is_article(one)]
    for panel in filter(is_opened, hidden):
        panel.attrib.clear()  # trafilatura also judges styles
    return [element for element in hidden if element.attrib]


def _told_times(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the times that are a part of a sentence or of a point in a list, no dates of a page."""
    lines = defaultdict[HtmlElement, list[HtmlElement]](list)
    for time in tree.iter("time"):
        lines[time.getparent()].append(time)
    for line, times in lines.items():
        if line.tag in {"li", "td", "dd"}:
            yield from (time for time in times if f"{line.text or ''}{time.tail or ''}".strip())
        elif _text(line).rstrip().endswith((".", "!", "?")):
            yield from times


def _has_name(element: HtmlElement) -> bool:
    """Whether the page gives the element a class, property or id that may say what it is."""
    get, tag = element.get, element.tag
    if get("class") is not None or get("itemprop") is not None:
        return tag not in _NAMELESS
    if get("id") is None:
        return tag in {"article", "aside"}
    return tag not in _NAMELESS and tag != "p"


def _outermost_boxes(tree: HtmlElement, whole: int) -> list[HtmlElement]:
    """The boxes in the order of the page, without those inside another box."""
    boxes: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    for element in _elements(_CALLED, tree):
        if element not in inside and _is_box(element, whole):
            boxes.append(element)
            inside.update(element.iter())
    return boxes


def _wraps_article(element: HtmlElement) -> bool:
    """Whether an element holds an article, by mistake or as some systems do; or a table."""
    if element.tag == "figure":
        return element.find(".//table") is not None and element.find(".//img") is None
    return _is_article(element) and running_letters(element) > _LONGEST_BARRIER


def _is_box(element: HtmlElement, whole: int) -> bool:
    tag = element.tag
    if tag == "article":
        return not _is_article(element) and _link_share(element) >= _LINKED
    kind = _kind(element)
    if kind is _Kind.ANY or not _has_name(element):
        return False
    if tag in _INLINE and element.getparent().tag in _FLOWING:
        return False  # a word of a sentence, whatever its name
    if _is_article(element):
        return False
    if kind is _Kind.TEASERS and tag != "a" and element.find(".//a") is None:
        return False
    return _keeps_promise(element, kind, whole)


def _keeps_promise(element: HtmlElement, kind: _Kind, whole: int) -> bool:
    """Whether an element can be what its name says, judging by how much of the text it holds."""
    if kind is _Kind.BARRIER:
        text = _text(element)
        return len(text) < _LONGEST_BARRIER and bool(_ASKING.search(text))
    most = (_MOST_FOREIGN if kind is _Kind.FOREIGN else _MOST) * whole
    if len(_text(element)) <= most:  # then it has no more outside of links
        return True
    running = running_letters(element)
    if kind is _Kind.FOREIGN or running <= most:
        return running <= most
    return running <= _MOST_LINKED * whole and _link_share(element) >= _LINKED


def _kind(element: HtmlElement) -> _Kind:
    if element.tag == "aside":
        return _Kind.FURNITURE
    return _kind_of(element.get("class"), element.get("id"))


@lru_cache(maxsize=4096)  # a page has few names and repeats them often
def _kind_of(name: str | None, identity: str | None) -> _Kind:
    names = f"{name or ''} {identity or ''}"
    words = f" {' '.join(_words(names))} "
    if _FOREIGN.search(words):
        return _Kind.FOREIGN
    if _BARRIER.search(words):
        return _Kind.BARRIER
    if _FURNITURE.search(words):
        return _Kind.FURNITURE
    return _Kind.TEASERS if _TEASERS.search(words) else _Kind.ANY


def _words(name: str) -> list[str]:
    """The words in class names and ids of any style: `lees-ook`, `leesOok`, `lees__ook`."""
    found = _WORD.findall(name)[:_MOST_WORDS]
    return [word.lower() for word in found]


def beside_in(tree: HtmlElement) -> str:
    """What a page shows as captions, links and readers' remarks."""
    return "\n".join(map(_text, _elements(_BESIDE, tree)))


def intro_in(tree: HtmlElement) -> str:
    """The text of the first element of a pruned page whose name says lead; "" if there is none."""
    for element in filter(_has_name, _elements(_NAMED, tree)):
        name = f"{element.get('class', '')} {element.get('itemprop', '')}"
        if _INTRO.search(f" {' '.join(_words(name))} "):
            text = " ".join(_text(element).split())
            fits = _SHORTEST_INTRO <= len(text) <= _LONGEST_INTRO and not _is_article(element)
            if len(element.findall(".//p")) > 1 and len(text) > _MOST_INTRO * len(_text(tree)):
                continue  # the whole article, although its name says lead
            if fits and _link_share(element) < _LINKED:
                return text
    return ""


def _is_article(element: HtmlElement) -> bool:
    """Whether the element is, or holds, what the page marks as its article."""
    return _BODY_MARK.search(
        f"{element.get('itemprop', '')} {element.get('class', '')}"
    ) is not None or bool(_HOLDS_ARTICLE(element))


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    if "hidden" in element.attrib:
        return not is_streamed(element)
    return style is not None and bool(_HIDING.search(style))


def running_letters(element: HtmlElement) -> int:
    """The number of letters outside links."""
    return len(_text(element)) - _linked_letters(element)


def _linked_letters(element: HtmlElement) -> int:
    return sum(map(len, cast("list[str]", _LINKED_TEXTS(element))))


def _link_share(element: HtmlElement) -> float:
    if element.tag == "a":
        return 1.0
    linked = _linked_letters(element)
    return linked / max(1, len(_text(element))) if linked else 0.0


_LONGEST_SIGNPOST = 240
_LINK_ALONE = 0.9


def _signposts(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield lines that lead to other pages: "Lees ook", the links below it, and lone links."""
    holders = {inner.getparent() for inner in tree.iter(*_INNER)}
    lines = [one for one in tree.iter(*_LINES) if one not in holders and one is not tree]
    for element in lines:
        text = _text(element)
        if len(text) > 2 * _LONGEST_SIGNPOST:
            continue
        text = " ".join(text.split())
        if not text or len(text) > _LONGEST_SIGNPOST:
            continue
        if is_signpost(text):
            yield element
            yield from _introduced_by(element)
        elif _link_share(element) >= _LINK_ALONE:
            yield element


def _labels(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield each "Lees ook:" inside a paragraph, with the links after it."""
    labels = [one for one in tree.iter(*_LABELS) if _is_in_paragraph(one) and one is not tree]
    for label in labels:
        text = _text(label)
        if any(word in text for word in _LABELLED) and is_signpost(" ".join(text.split())):
            yield label
            yield from takewhile(lambda sibling: sibling.tag == "a", label.itersiblings())


def _is_in_paragraph(element: HtmlElement) -> bool:
    parent = element.getparent()
    if parent is None or parent.tag == "p":
        return parent is not None
    above = parent.getparent()
    return above is not None and above.tag == "p"


def _introduced_by(signpost: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the list or links right after a heading or label such as "Lees ook:"."""
    following = signpost.getnext()
    while following is not None and _link_share(following) >= _LINKED:
        yield following
        following = following.getnext()
