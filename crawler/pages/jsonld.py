"""What a page says about its article in JSON-LD (https://schema.org), in all forms in use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from crawler.addresses.links import is_web_address
from crawler.frozen import dataclass
from crawler.pages.items.page_item import PageItem
from crawler.text.dates import parse_date
from crawler.text.plain import one_line, plain_line, plain_text

Node = Mapping[str, Any]

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting)$")
_LIVE_TYPE = re.compile(r"LiveBlogPosting$")
_VIDEO_TYPE = re.compile(r"^VideoObject$")
_PUBLISHED = ("datePublished", "dateCreated", "uploadDate")
_UPDATE_TEXTS = ("description", "text", "abstract")
_LONGEST_COVERAGE = timedelta(days=30)  # chosen: an end later than this is none
_MARKED = re.compile(
    r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|#\d{2,5});", re.IGNORECASE
)
_ESCAPED = 2  # chosen: some systems escape the text of a page once or twice too often
_CUT = re.compile(r"(?:\.\.\.|…)\W*$")
_DEEPEST = 12  # chosen, like the next one: bounds the work on a hostile script
_MOST_NODES = 4_000
# Nodes below these are about other articles, or about the publisher.
_ELSEWHERE = frozenset(
    {"itemListElement", "publisher", "author", "image", "comment", "relatedLink", "citation"}
    | {"mentions", "isRelatedTo", "breadcrumb", "potentialAction", "review", "liveBlogUpdate"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedData:
    """What is said about one article: dates as written, an empty string if nothing is said."""

    title: str = ""
    lead: str = ""
    body: str = ""
    author: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    language: str = ""
    image: str = ""
    paid: bool | None = None
    words: int | None = None
    corrections: tuple[str, ...] = ()
    gated: tuple[str, ...] = ()  # CSS selectors of the parts that are for subscribers


def nodes_of(scripts: Iterable[str]) -> tuple[Node, ...]:
    """All nodes of a page's scripts, in their order; a broken script is left out."""
    return tuple(node for value in map(_loaded, scripts) for node in _nodes(value))


def facts_of(
    nodes: Iterable[Node], *, is_page: Callable[[str], bool], is_title: Callable[[str], bool]
) -> LinkedData:
    """The facts of the article that the page is about; empty ones if there is none.

    If there are several articles, the one with the page's address is taken, else the one with its
    title, else one without an address. A node that only refers to another (`@id`) stands for it.
    """
    nodes = tuple(nodes)
    named = _by_name(nodes)
    chosen = _chosen(nodes, named, _ARTICLE_TYPE, is_page=is_page, is_title=is_title)
    return LinkedData() if chosen is None else _facts(chosen, named)


def _chosen(
    nodes: Iterable[Node],
    named: Mapping[str, Node],
    kind: re.Pattern[str],
    *,
    is_page: Callable[[str], bool],
    is_title: Callable[[str], bool],
) -> Node | None:
    articles: list[Node] = [_referred(node, named) for node in nodes if _is_of(node, kind)]
    by_address = (node for node in articles if any(map(is_page, _addresses(node))))
    by_title = (node for node in articles if is_title(_line(node, "headline")))
    nameless = (node for node in articles if not _addresses(node))
    return next(chain(by_address, by_title, nameless), None)


@dataclass(frozen=True, slots=True)
class StatedBlog:
    """A live blog: its updates in the order given, and when its outlet means to end it."""

    updates: tuple[PageItem, ...]
    ends: datetime | None

    @property
    def is_whole(self) -> bool:
        """Whether it states updates, and none that is cut short: then no wall hides them."""
        return bool(self.updates) and not any(_CUT.search(one.text) for one in self.updates)


def live_blog_of(
    nodes: Iterable[Node],
    *,
    is_page: Callable[[str], bool],
    is_title: Callable[[str], bool],
    now: datetime,
) -> StatedBlog | None:
    """The live blog that the page is; None if it does not say that it is one."""
    nodes = tuple(nodes)
    chosen = _chosen(nodes, _by_name(nodes), _LIVE_TYPE, is_page=is_page, is_title=is_title)
    if chosen is None:
        return None
    parts = [part for part in _listed(chosen.get("liveBlogUpdate")) if isinstance(part, dict)]
    updates = (_update(part, now) for part in parts[:_MOST_NODES])
    return StatedBlog(
        tuple(update for update in updates if update.text),
        parse_date(_line(chosen, "coverageEndTime"), now=now + _LONGEST_COVERAGE),
    )


def _update(node: Node, now: datetime) -> PageItem:
    given = (node.get(name) for name in ("url", "@id", "identifier", "mainEntityOfPage"))
    address = next((text for text in given if isinstance(text, str) and text), "")
    written = next(filter(None, (_line(node, name) for name in _PUBLISHED)), "")
    body = _body(node) or "\n\n".join(filter(None, (_line(node, name) for name in _UPDATE_TEXTS)))
    return PageItem(
        name=address.rpartition("#")[2],
        title=_line(node, "headline") or _line(node, "name"),
        at=parse_date(written, now=now),
        paragraphs=tuple(filter(None, map(one_line, body.split("\n\n")))),
    )


def video_of(nodes: Iterable[Node], *, is_title: Callable[[str], bool]) -> LinkedData:
    """What is said about the video with the page's title; some pages describe nothing else."""
    videos = (node for node in nodes if _is_of(node, _VIDEO_TYPE))
    chosen = next((node for node in videos if is_title(_line(node, "name"))), None)
    return LinkedData() if chosen is None else _facts(chosen, {})


_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)")


def _loaded(script: str) -> Any:
    """The value of a script; common faults of templates are mended."""
    text = (
        _WRAPPING.sub("", script.lstrip("\ufeff")).strip().removesuffix("-->").strip().rstrip(";")
    )
    text = re.sub(r"(?:/\*|//)?\s*\]\]>\s*(?:\*/)?\s*$", "", text)
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(attempt.lstrip())
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _nodes(value: Any) -> Iterator[Node]:
    """Yield the nodes in a value, outermost first: itself, and those in a list, graph or page."""
    level, seen = [value], 0
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for node in level:
            seen += 1
            if seen > _MOST_NODES:
                return
            if isinstance(node, list):
                below += node
            elif isinstance(node, dict):
                yield node
                below += [part for name, part in node.items() if name not in _ELSEWHERE]
        level = [node for node in below if isinstance(node, dict | list)]


def _by_name(nodes: Iterable[Node]) -> Mapping[str, Node]:
    """The node of each `@id`; if there are several, the one that says most."""
    named: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(named.get(name, ())):
            named[name] = node
    return named


def _referred(value: Any, named: Mapping[str, Node]) -> Any:
    """The node that a value refers to, if the value says little more than an `@id`."""
    if isinstance(value, list):
        return [_referred(part, named) for part in value]
    name = value.get("@id") if isinstance(value, dict) else None
    told = named.get(name) if isinstance(name, str) else None
    return value if told is None or len(told) <= len(value) else told


def _is_of(node: Node, kind: re.Pattern[str]) -> bool:
    return any(isinstance(name, str) and kind.search(name) for name in _listed(node.get("@type")))


def _addresses(node: Node) -> list[str]:
    page = node.get("mainEntityOfPage")
    given = [node.get("url"), node.get("@id")]
    given += [page.get("@id"), page.get("url")] if isinstance(page, dict) else [page]
    return [text for text in given if isinstance(text, str) and is_web_address(text)]


def _facts(node: Node, named: Mapping[str, Node]) -> LinkedData:
    author, creator, image = (
        _referred(node.get(name), named) for name in ("author", "creator", "image")
    )
    return LinkedData(
        title=_line(node, "headline") or _line(node, "name"),
        lead=_line(node, "description") or _line(node, "abstract"),
        body=_body(node),
        author=", ".join(_names(author) or _names(creator)),
        published=next(filter(None, (_line(node, name) for name in _PUBLISHED)), ""),
        modified=_line(node, "dateModified"),
        section=next(iter(_names(node.get("articleSection"))), ""),
        language=next(iter(_names(node.get("inLanguage"))), ""),
        image=_image(image) or _image(node.get("thumbnailUrl")),
        paid=_paid(node.get("isAccessibleForFree")),
        words=_count(node.get("wordCount")),
        corrections=tuple(_corrections(node.get("correction"))),
        gated=tuple(_gated(node.get("hasPart"))),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _line(node: Node, name: str) -> str:
    texts = (plain_line(text) for text in _listed(node.get(name)) if isinstance(text, str))
    return next(filter(None, texts), "")


def _body(node: Node) -> str:
    """The article's text, "" if there is none; the updates of a live blog stand by themselves."""
    texts = [text for text in _listed(node.get("articleBody")) if isinstance(text, str)]
    text = "\n\n".join(texts)
    plain = plain_text(text)
    for _ in range(_ESCAPED):
        if not _MARKED.search(plain):
            break
        plain = plain_text(plain)
    return plain if "\n\n" in plain else plain.replace("\n", "\n\n")


def _corrections(value: Any) -> Iterator[str]:
    """Yield what the outlet says that it had wrong; an address says nothing."""
    for part in _listed(value):
        text = (part.get("text") or part.get("description")) if isinstance(part, dict) else part
        line = plain_line(text) if isinstance(text, str) else ""
        if line and not is_web_address(line):
            yield line


def _names(value: Any) -> list[str]:
    """Names of people, sections or languages in a text, node or list; addresses are left out."""
    names: list[str] = []
    for part in _listed(value):
        name = part.get("name") if isinstance(part, dict) else part
        for text in _listed(name):
            line = plain_line(text) if isinstance(text, str) else ""
            if line and "://" not in line and line not in names:
                names.append(line)
    return names


def _image(value: Any) -> str:
    for part in _listed(value):
        address = (part.get("url") or part.get("contentUrl")) if isinstance(part, dict) else part
        if isinstance(address, str) and address:
            return address.strip()
    return ""


def _paid(value: Any) -> bool | None:
    """Whether reading costs money; `isAccessibleForFree` comes as boolean, text and address."""
    if isinstance(value, bool):
        return not value
    text = str(value).lower().rpartition("/")[2]
    return {"true": False, "false": True, "ja": False, "nee": True}.get(text)


def _gated(value: Any) -> Iterator[str]:
    for part in _listed(value):
        if isinstance(part, dict) and _paid(part.get("isAccessibleForFree")):
            yield from (text for text in _listed(part.get("cssSelector")) if isinstance(text, str))


def _count(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else None
