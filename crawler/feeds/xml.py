"""The raw items of RSS 0.9 to 2.0, RDF and Atom, before any text is cleaned.

The parser is strict, expands no entity, fetches nothing and reads no DTD. If it refuses a document,
`XmlFault` is raised. A document is read in one pass.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault, said
from crawler.text.plain import short_line

MAX_ITEMS = 1_000  # chosen: the longest feeds in use have some hundred
MAX_PARTS = 200  # children of one item; chosen
_MAX_LEVELS = 4  # where items stand: rss/channel/item, feed/entry, RDF/item

Element = etree._Element  # noqa: SLF001  (lxml has no public name for the type of an element)


class XmlFault(ValueError):  # noqa: N818  (a fault of the document, with its kind)
    """The strict parser refuses this. `limit` says that it is too deep or too large, not wrong."""

    def __init__(self, what: Fault, *, limit: bool) -> None:
        self.what, self.limit = what, limit
        super().__init__(str(what))


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLink:
    """One link of an item as written."""

    href: str
    rel: str = "alternate"
    type: str = ""
    base: str = ""


@dataclass(slots=True, kw_only=True)
class RawItem:
    """One item; every text is as the feed gives it, HTML or not.

    `texts` holds the first text for each name, if its namespace is the feed's or a known one.
    """

    texts: dict[str, str] = field(default_factory=dict)
    links: list[RawLink] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as read: `capped` says that it has more than `MAX_ITEMS` items."""

    items: tuple[RawItem, ...]
    ttl: str = ""
    skip_hours: tuple[str, ...] = ()
    capped: bool = False


_CORE = (
    "http://backend.userland.com/",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://channel.netscape.com/rdf/simple/0.9",
    "http://example.com/",
    "http://my.netscape.com/rdf/simple/0.9",
    "http://purl.org/atom/ns",
    "http://purl.org/echo/",
    "http://purl.org/net/rss1.1",
    "http://purl.org/pie/",
    "http://purl.org/rss/1.0",
    "http://www.w3.org/2005/atom",
    "uri/of/echo/namespace",
)
_MODULES = {
    "http://purl.org/dc/elements/1.1": "dc:",
    "http://purl.org/dc/terms": "dcterms:",
    "http://purl.org/rss/1.0/modules/content": "content:",
    "http://purl.org/rss/1.0/modules/rss091": "",
    "http://search.yahoo.com/mrss": "media:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
}
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LIMITS = frozenset({etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_ENTITY_LOOP})
_ITEMS = frozenset({"item", "entry"})
_PEOPLE = frozenset({"author", "dc:creator"})
_IMAGES = frozenset({"media:content", "media:thumbnail", "media:group", "enclosure", "image"})
_SPECIAL = _PEOPLE | _IMAGES | {"link", "category", "contributor"}
_ROOTS = frozenset({"rss", "rdf:rdf", "feed", "channel"})
_PREFIX = re.compile(r"(</?)[\w.-]+:")


def raw_feed(xml: bytes, *, url: str = "") -> RawFeed:
    """The feed in this document, which is read as UTF-8 whatever it declares.

    Raises:
        XmlFault: the document is not well formed, has no feed in it, or exceeds a limit.
    """
    return _Reader().feed(root_of(xml, url=url))


def root_of(xml: bytes, *, url: str = "") -> Element:
    """The root of this UTF-8 document; no entity is expanded, nothing fetched, no DTD read.

    Raises:
        XmlFault: the document is not well formed, or deeper or larger than any honest one.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        return etree.fromstring(xml, parser, base_url=url)
    except etree.XMLSyntaxError as error:
        code = error.code  # type: ignore[attr-defined]  # the stubs leave it out
        # What follows the first comma is advice to programmers.
        what = said(short_line(str(error.msg).partition(", ")[0]))
        raise XmlFault(what, limit=code in _LIMITS) from error
    except (ValueError, LookupError) as error:
        raise XmlFault(said(short_line(str(error))), limit=False) from error


def markup_of(element: Element) -> str:
    """The content of the element as the feed gives it: its text, or its inline mark-up."""
    if not len(element):
        return element.text or ""
    if all(child.tag is etree.Entity for child in element):
        return "".join(map(str, element.itertext()))
    inner = [element.text or ""]
    inner += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return _PREFIX.sub(r"\1", "".join(inner))


class _Reader:
    """Reads one document. The short name of each tag is worked out once."""

    def __init__(self) -> None:
        self._names: dict[object, str] = {}

    def name(self, element: Element) -> str:
        """The name in lower case: bare in a feed's own namespace, `dc:date` in a known one."""
        tag = element.tag
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = _short_name(tag)
        return name

    def feed(self, root: Element) -> RawFeed:
        if self.name(root) not in _ROOTS:
            what = CrawlFault.OTHER_DOCUMENT(root=self.name(root)[:40])
            raise XmlFault(what, limit=False)
        items: list[RawItem] = []
        hours: list[str] = []
        ttl, capped = "", False
        for element in self._members(root):
            name = self.name(element)
            if name == "ttl":
                ttl = ttl or _text(element)
            elif name == "skiphours":
                hours = self._hours(element)
            elif name not in _ITEMS:
                continue
            elif len(items) < MAX_ITEMS:
                items.append(self._item(element))
            else:
                capped = True
                break
        return RawFeed(items=tuple(items), ttl=ttl, skip_hours=tuple(hours), capped=capped)

    def _members(self, parent: Element, level: int = 1) -> Iterator[Element]:
        """Yield the items and their siblings, whichever elements they are wrapped in."""
        for element in parent:
            wraps = self.name(element) in {"channel", "items"} and level < _MAX_LEVELS
            if wraps and len(element):
                yield from self._members(element, level + 1)
            else:
                yield element

    def _hours(self, element: Element) -> list[str]:
        return [hour.text or "" for hour in islice(element, 24) if self.name(hour) == "hour"]

    def _item(self, element: Element) -> RawItem:
        item = RawItem()
        if about := element.get(_RDF_ABOUT):
            item.texts["rdf:about"] = about
        for part in islice(element, MAX_PARTS):
            self._add(item, self.name(part), part)
        return item

    def _add(self, item: RawItem, name: str, part: Element) -> None:
        if name in _SPECIAL or name.endswith(":link"):
            self._add_special(item, name, part)
        elif name not in item.texts and (text := part.text if _is_bare(part) else _text(part)):
            item.texts[name] = text

    def _add_special(self, item: RawItem, name: str, part: Element) -> None:
        if name in _PEOPLE:
            if author := self._author(part):
                item.authors.append(author)
        elif name in _IMAGES:
            self._add_image(item, name, part)
        elif name == "category":
            item.texts.setdefault(name, part.get("label") or part.get("term") or _text(part))
        elif name != "contributor":
            item.links.append(_link(part))

    def _author(self, part: Element) -> str:
        for child in part:
            if self.name(child) == "name":
                return child.text or ""
        return part.text or ""

    def _add_image(self, item: RawItem, name: str, part: Element) -> None:
        if name == "media:group":
            for child in islice(part, MAX_PARTS):
                self._add_image(item, self.name(child), child)
        url = part.get("url") or part.get("href") or ""
        kind = part.get("type", "") or part.get("medium", "")
        if url and (name == "media:thumbnail" or kind.startswith("image")):
            item.images.append(url)


def _short_name(tag: object) -> str:
    if not isinstance(tag, str):  # an entity
        return ""
    space, _, local = tag.rpartition("}")
    space = space[1:].rstrip("/#").lower()
    local = local.lower()
    if space in _MODULES:
        return _MODULES[space] + local
    if not space or f"{space}/".startswith(_CORE):
        return local
    return f"?:{local}"


def _link(part: Element) -> RawLink:
    href = part.get("href") or markup_of(part)
    absolute = href.startswith(("https://", "http://"))
    return RawLink(
        href=href,
        rel=part.get("rel", "alternate").lower(),
        type=part.get("type", "").lower(),
        base="" if absolute else part.base or "",
    )


def _is_bare(part: Element) -> bool:
    """Whether it has nothing but text, as nearly always."""
    return not (len(part) or part.attrib)


def _text(part: Element) -> str:
    text = markup_of(part)
    if part.get("mode") == "base64" or part.get("type") == "application/octet-stream":  # Atom
        try:
            return base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""
    return text
