"""What a page says of its article in JSON-LD (schema.org), in whichever form is in use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from crawler.plaintext import plain_line, plain_text

Node = Mapping[str, Any]

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting)$")
_DEEPEST = 12
_MOST_NODES = 4_000
# What hangs below these tells of other articles, or of the publisher.
_ELSEWHERE = frozenset(
    {"itemListElement", "publisher", "author", "image", "comment", "relatedLink", "citation"}
    | {"mentions", "isRelatedTo", "breadcrumb", "potentialAction", "review", "liveBlogUpdate"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of one article; dates as written, the empty string where nothing is said."""

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


def facts_of(
    scripts: Iterable[str], *, is_page: Callable[[str], bool], is_title: Callable[[str], bool]
) -> Facts:
    """The facts of the article that the page is about; empty ones where none is told.

    Of several articles the one with the page's address is taken, then the one with its title,
    then one without any address. Broken scripts cost only themselves.
    """
    articles = [node for script in scripts for node in _articles(_loaded(script))]
    by_address = (node for node in articles if any(map(is_page, _addresses(node))))
    by_title = (node for node in articles if is_title(_line(node, "headline")))
    nameless = (node for node in articles if not _addresses(node))
    chosen = next(chain(by_address, by_title, nameless), None)
    return Facts() if chosen is None else _facts(chosen)


_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)")


def _loaded(script: str) -> Any:
    """The value of a script; faults that browsers and hurried templates make are forgiven."""
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


def _articles(value: Any) -> Iterator[Node]:
    """The articles in a value, outermost first: a node, a list, a graph, or below a page."""
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
                if _is_article(node):
                    yield node
                below += [part for name, part in node.items() if name not in _ELSEWHERE]
        level = [node for node in below if isinstance(node, dict | list)]


def _is_article(node: Node) -> bool:
    kinds = [kind for kind in _listed(node.get("@type")) if isinstance(kind, str)]
    return any(_ARTICLE_TYPE.search(kind) for kind in kinds)


def _addresses(node: Node) -> list[str]:
    page = node.get("mainEntityOfPage")
    given = [node.get("url"), node.get("@id")]
    given += [page.get("@id"), page.get("url")] if isinstance(page, dict) else [page]
    return [text for text in given if isinstance(text, str) and text.startswith("http")]


def _facts(node: Node) -> Facts:
    return Facts(
        title=_line(node, "headline") or _line(node, "name"),
        lead=_line(node, "description") or _line(node, "abstract"),
        body=_body(node),
        author=", ".join(_names(node.get("author")) or _names(node.get("creator"))),
        published=_line(node, "datePublished") or _line(node, "dateCreated"),
        modified=_line(node, "dateModified"),
        section=next(iter(_names(node.get("articleSection"))), ""),
        language=next(iter(_names(node.get("inLanguage"))), ""),
        image=_image(node.get("image")) or _image(node.get("thumbnailUrl")),
        paid=_paid(node.get("isAccessibleForFree")),
        words=_count(node.get("wordCount")),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _line(node: Node, name: str) -> str:
    texts = (plain_line(text) for text in _listed(node.get(name)) if isinstance(text, str))
    return next(filter(None, texts), "")


def _body(node: Node) -> str:
    """The article's text; of a live blog its updates, as they stand there."""
    text = node.get("articleBody")
    if isinstance(text, str):
        return plain_text(text)
    updates = [part for part in _listed(node.get("liveBlogUpdate")) if isinstance(part, dict)]
    texts = (f"{_line(part, 'headline')}\n\n{_body(part)}".strip() for part in updates)
    return "\n\n".join(filter(None, texts))


def _names(value: Any) -> list[str]:
    """Names of people, sections or languages: text, a node, or a list of either; no addresses."""
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


def _count(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else None
