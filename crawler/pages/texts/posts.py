"""Posts of social media that a page embeds: their text stays, each as a paragraph of its own.

Such a paragraph begins with "> ", as a quotation does in mail, and ends with who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast
from urllib.parse import urlsplit

from lxml.etree import XPath, iterwalk
from lxml.html import Element, HtmlElement

from crawler.model import POST_MARK
from crawler.pages.texts.names import PageNames
from crawler.text.plain import one_line, plain_text

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:twitter-(?:tweet|video)|tweet|instagram-media|tiktok-embed|fb-(?:post|video)"
    r"|bluesky-embed|mastodon-(?:embed|post)|truth-?social-embed|threads-post|text-post-media"
    r"|telegram-(?:post|embed)|reddit-embed\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAGS = frozenset({"amp-twitter", "amp-instagram", "amp-facebook", "amp-bluesky", "amp-mastodon"})
_HOSTS = re.compile(
    r"(?:^|\.)(?:twitter\.com|x\.com|t\.co|t\.me|telegram\.me|instagram\.com|facebook\.com|fb\.watch"
    r"|bsky\.app|linkedin\.com|threads\.(?:net|com)|tiktok\.com|truthsocial\.com|vk\.com)$"
)
# A post has a path of its own there: /name/status/1, /p/abc, /name/123; a profile has none.
_POST_PATH = re.compile(
    r"/(?:status(?:es)?|posts?|p|reel|tv|video|videos|permalink\.php|photo|feed/update)/|/\d{2,}"
    r"|/wall-?\d"
)
_FEDIVERSE = re.compile(r"^/(?:@[\w.@-]+/\d{6,}|users/[\w.-]+/statuses/\d+)")
_CANDIDATES = XPath(
    ".//*[self::blockquote or self::iframe or self::noscript or (@class and (self::div"
    " or self::section or self::figure or self::aside or self::article))"
    " or starts-with(name(), 'amp-')]"
)
_BROKEN = frozenset({"p", "div", "li", "br", "section", "header", "footer", "blockquote"})
_SILENT = frozenset({"script", "style", "svg"})
_SHORTENED = re.compile(r"(?:https?://)?(?:pic\.(?:twitter|x)\.com|t\.co)/\w+")
_CALL = re.compile(
    r"(?:view|see|bekijk|zie) (?:this|dit|the|de|het|deze) (?:post|bericht|tweet|video|profi\w+).*"
    r"|dit bericht (?:op \w+ )?(?:bekijken|weergeven).*|(?:view|bekijk|weergeven) (?:on|op) \w+"
    r"|.{0,30}\b(?:javascript|cookies?)\b.*|(?:loading|laden|tweet|post|bericht)(?:\.\.\.|…)?"
    r"|(?:tweet|post|bericht) (?:van|by) [^.!?@]{0,40}"
    r"|add a comment.*|x\.com|twitter(?:\.com)?|instagram|facebook",
    re.IGNORECASE,
)
_LONGEST, _MOST_POSTS = 2_000, 400  # letters and posts; chosen: longer is no post
_LEAST = 12  # letters; chosen: of a text without a name
_MOST_RUNNING = 0.5  # of the letters of the page: what holds more is no post


def mark_posts(tree: HtmlElement, names: PageNames) -> None:
    """Put a marked paragraph in the place of each post that the page, with these names, embeds."""
    whole = 0
    done: set[HtmlElement] = set()
    for box in islice(_posts(tree, names), _MOST_POSTS):
        if any(up in done for up in box.iterancestors()) or box.getparent() is None:
            continue
        whole = whole or len(_string(tree))
        if (
            len(_string(box)) > min(_LONGEST, _MOST_RUNNING * whole)
            or box.find(".//h1") is not None
        ):
            continue
        text = " ".join(_lines(box))
        if len(text) >= _LEAST:
            done.add(box)
            _replace(box, POST_MARK + text)


def _posts(tree: HtmlElement, names: PageNames) -> Iterator[HtmlElement]:
    for box in _candidates(tree, names):
        if box.tag == "noscript":
            if _is_instead_of_post(box):
                yield box
        elif box.tag == "iframe":
            if (
                _is_post_address(box.get("src") or box.get("data-src") or "")
                and _string(box).strip()
            ):
                yield box
        elif (
            box.tag in _TAGS
            or _NAMED.search(box.get("class") or "")
            or (box.tag == "blockquote" and any(map(_is_post_address, _links(box))))
        ):
            yield box


def _candidates(tree: HtmlElement, names: PageNames) -> Iterable[HtmlElement]:
    """The elements that may be posts: by their class, if any on the page says so, or by their tag.

    To look at each element takes as long as to parse the page.
    """
    if _NAMED.search(names.classes):
        return cast("list[HtmlElement]", _CANDIDATES(tree))
    return list(tree.iter("blockquote", "iframe", "noscript", *_TAGS))


def _is_instead_of_post(noscript: HtmlElement) -> bool:
    """Whether it is what readers without scripts see of a post, by its frame or its link."""
    beside = (noscript.getprevious(), noscript.getnext(), noscript.getparent())
    frames = (one.get("src") or one.get("data-src") or "" for one in beside if one is not None)
    quotes = noscript.iter("blockquote")
    links = (link for quote in quotes for link in _links(quote))
    return any(map(_is_post_address, frames)) or any(map(_is_post_address, links))


def _links(box: HtmlElement) -> Iterable[str]:
    given = [box.get("cite") or "", *(link.get("href") or "" for link in box.iter("a"))]
    return [address for address in given if address]


def _is_post_address(address: str) -> bool:
    try:
        parts = urlsplit(address if "://" in address else f"https:{address}")
        host = parts.hostname or ""
    except ValueError:
        return False
    if _FEDIVERSE.match(parts.path):
        return True
    return bool(_HOSTS.search(host)) and bool(
        _POST_PATH.search(parts.path) or "embed" in parts.path or "plugins" in parts.path
    )


def _lines(box: HtmlElement) -> list[str]:
    """The lines of a post, without what its service adds, each once."""
    text = [plain_text(box.text or "")] if box.tag == "iframe" else []  # no elements for a parser
    for event, element in iterwalk(box, events=("start", "end")):
        known = isinstance(element.tag, str) and element.tag not in _SILENT
        if element.tag in _BROKEN:
            text.append("\n")
        if event == "start" and known and element.tag != "iframe":
            text.append(element.text or "")
        elif event == "end" and element is not box:
            text.append(element.tail or "")
    lines = (_SHORTENED.sub("", one_line(line)).strip() for line in "".join(text).split("\n"))
    return list(dict.fromkeys(line for line in lines if line and not _CALL.fullmatch(line)))


def _replace(box: HtmlElement, text: str) -> None:
    paragraph = Element("p")
    paragraph.text = text
    paragraph.tail, box.tail = box.tail, None
    parent = box.getparent()
    assert parent is not None
    parent.replace(box, paragraph)


def _string(element: HtmlElement) -> str:
    return "".join(element.itertext())
