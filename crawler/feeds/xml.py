"""The raw items of RSS 0.9 to 2.0, RDF and Atom, before any text is cleaned.

The parser is strict, expands no entity, fetches nothing and reads no DTD. If it refuses a document,
`XmlFault` is raised. A document is read in one pass.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import field, replace
from functools import lru_cache
from itertools import islice

from lxml import etree

from crawler.addresses.bare_reference import bare_reference
from crawler.addresses.links import MAX_CHARS, web_address
from crawler.addresses.mended_reference import mended_reference
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault, said
from crawler.feeds.newest import ends_of
from crawler.frozen import dataclass
from crawler.text.plain import short_line

MAX_READ = 20_000  # items; chosen: some 10 MB, far more than feeds have
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
    lang: str = ""
    foreign: bool = False  # not of the feed's own format or Atom
    added: bool = False  # of Atom, in an item of another format


@dataclass(slots=True, kw_only=True)
class RawItem:
    """One item; every text is as the feed gives it, HTML or not.

    `texts` holds a text for each name, if its namespace is the feed's or a known one: the first
    one, or that in the language of the source. Those named in `plain` are declared to be no HTML,
    those in `elsewhere` to be in another language.
    """

    texts: dict[str, str] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    links: list[RawLink] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as read: `capped` says that it has more than `MAX_READ` items.

    `title` is what the feed calls itself, `link` the address of its site. In Atom (`is_atom`),
    relative addresses have nothing to do with it.
    """

    items: tuple[RawItem, ...]
    title: str = ""
    link: str = ""
    is_atom: bool = False
    ttl: str = ""
    skip_hours: tuple[str, ...] = ()
    capped: bool = False


# Namespaces without scheme and "www.": many feeds had them replaced when their site moved to https.
_CORE = (
    "backend.userland.com/",
    "blogs.law.harvard.edu/tech/rss",
    "channel.netscape.com/rdf/simple/0.9",
    "example.com/",
    "my.netscape.com/rdf/simple/0.9",
    "purl.org/net/rss1.1",
    "purl.org/rss/1.0/",
)
_ATOM = (
    "purl.org/atom/ns",
    "purl.org/echo/",
    "purl.org/pie/",
    "uri/of/echo/namespace",
    "w3.org/2005/atom",
)
_MODULES = {
    "purl.org/dc/elements/1.0": "dc:",
    "purl.org/dc/elements/1.1": "dc:",
    "purl.org/dc/terms": "dcterms:",
    "purl.org/rss/1.0/modules/content": "content:",
    "web.resource.org/rss/1.0/modules/content": "content:",
    "purl.org/rss/1.0/modules/rss091": "",
    "search.yahoo.com/mrss": "media:",
    "video.search.yahoo.com/mrss": "media:",
    "tools.search.yahoo.com/mrss": "media:",
    "rssboard.org/media-rss": "media:",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "google.com/schemas/play-podcasts/1.0": "itunes:",
    "w3.org/1999/xhtml": "xhtml:",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
}
_SCHEME = re.compile(r"^(?:https?:)?//(?:www\.)?")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LIMITS = frozenset({etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_ENTITY_LOOP})
_ITEMS = frozenset({"item", "entry"})
_PEOPLE = frozenset({"author", "dc:creator", "dc:author", "dcterms:creator"})
_IMAGES = frozenset({"media:content", "media:thumbnail", "media:group", "enclosure", "image"})
_TEXTS_OF_MEDIA = frozenset({"media:title", "media:description"})
_HEAD = frozenset({"ttl", "skiphours", "link", "title"})
_SPECIAL = _PEOPLE | _IMAGES | {"link", "category", "contributor"}
_LISTS = frozenset({"rss", "rdf:rdf", "feed", "channel", "items"})
_ROOTS = frozenset({"rss", "rdf:rdf", "feed", "channel", "entry"})
_PREFIX = re.compile(r"(</?)[\w.-]+:")


def raw_feed(xml: bytes, *, url: str = "", language: str = "") -> RawFeed:
    """The feed in this document, which is read as UTF-8 whatever it declares.

    Of texts in several languages, the one in `language` is taken.

    Raises:
        XmlFault: the document is not well formed, has no feed in it, or exceeds a limit.
    """
    return _Reader(language).feed(root_of(xml, url=url))


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

    def __init__(self, language: str) -> None:
        self._language = language
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
        items: list[Element] = [root] if self.name(root) == "entry" else []
        head: dict[str, Element] = {}
        home = ""  # as a link of Atom names it
        for element in self._members(root) if not items else ():
            name = self.name(element)
            if name in _ITEMS:
                items.append(element)
            elif name == "link" and _is_atom(element.tag):
                if not home and (link := _link(element, name)).rel == "alternate":
                    home = link.href
            elif name in _HEAD and name not in head and markup_of(element).strip():
                head[name] = element
        return RawFeed(
            items=tuple(map(self._item, ends_of(items, MAX_READ))),
            title=_text(head["title"]) if "title" in head else "",
            link=_text(head["link"]).strip() if "link" in head else home,
            is_atom=self.name(root) == "feed",
            ttl=_text(head["ttl"]) if "ttl" in head else "",
            skip_hours=tuple(self._hours(head["skiphours"])) if "skiphours" in head else (),
            capped=len(items) > MAX_READ,
        )

    def _members(self, parent: Element, level: int = 1) -> Iterator[Element]:
        """Yield the items and their siblings, whichever elements they are wrapped in.

        So are items that stand in another one, whose end is in the wrong place.
        """
        for element in parent:
            name = self.name(element)
            if name in _LISTS and level < _MAX_LEVELS and len(element):
                yield from self._members(element, level + 1)
                continue
            yield element
            inner = self._members(element, _MAX_LEVELS) if name in _ITEMS else ()
            yield from (part for part in inner if self.name(part) in _ITEMS)

    def _hours(self, element: Element) -> list[str]:
        return [hour.text or "" for hour in islice(element, 24) if self.name(hour) == "hour"]

    def _item(self, element: Element) -> RawItem:
        item = RawItem()
        if about := _attribute(element, "about"):
            item.texts["rdf:about"] = about
        for part in islice(element, MAX_PARTS):
            self._add(item, self.name(part), part)
        return item

    def _add(self, item: RawItem, name: str, part: Element) -> None:
        if name in _SPECIAL or name.endswith(":link"):
            self._add_special(item, name, part)
        elif name == "content" and (elsewhere := part.get("src")):  # RFC 4287, 4.1.3.2
            link = _link(part, name)
            item.links.append(replace(link, href=elsewhere, rel="alternate"))
        elif text := part.text if _is_bare(part) else _text(part):
            self._add_text(item, name, part, text)

    def _add_text(self, item: RawItem, name: str, part: Element, text: str) -> None:
        here = self._is_here(part)
        held = item.texts.get(name, "")
        if held and not held.isspace() and not (here and name in item.elsewhere):
            return
        item.texts[name] = text
        (item.elsewhere.discard if here else item.elsewhere.add)(name)
        if part.get("type", "text") == "text" and _is_atom(part.tag):  # RFC 4287, 3.1.1
            item.plain.add(name)

    def _is_here(self, part: Element) -> bool:
        """Whether this is not in another language than the source is."""
        lang = part.get(_LANG) if part.attrib else None
        return not lang or not self._language or is_language(lang, self._language)

    def _add_special(self, item: RawItem, name: str, part: Element) -> None:
        if name in _PEOPLE:
            if author := self._author(part):
                item.authors.append(author)
        elif name in _IMAGES:
            self._add_image(item, name, part)
        elif name == "category":
            item.texts.setdefault(name, part.get("label") or part.get("term") or _text(part))
        elif name != "contributor":
            item.links.append(_link(part, name))

    def _author(self, part: Element) -> str:
        for child in part:
            if self.name(child) == "name":
                return child.text or ""
        return part.text or ""

    def _add_image(self, item: RawItem, name: str, part: Element) -> None:
        if name == "media:group":
            for child in islice(part, MAX_PARTS):
                if (inner := self.name(child)) in _TEXTS_OF_MEDIA:
                    self._add(item, inner, child)
                else:
                    self._add_image(item, inner, child)
        url = part.get("url") or part.get("href") or ""
        kind = part.get("type", "") or part.get("medium", "")
        if url and (name == "media:thumbnail" or kind.startswith("image")):
            item.images.append(url)


def _space(tag: object) -> str:
    """The namespace in one spelling: http or https, with "www." or not."""
    space = str(tag).rpartition("}")[0][1:]
    return _SCHEME.sub("", space.rstrip("/#").lower())


@lru_cache(maxsize=256)  # a document has a few tags, many times each
def _is_atom(tag: object) -> bool:
    return f"{_space(tag)}/".startswith(_ATOM)


def _short_name(tag: object) -> str:
    if not isinstance(tag, str):  # an entity
        return ""
    space, local = _space(tag), tag.rpartition("}")[2].lower()
    if space in _MODULES:
        return _MODULES[space] + local
    if not space or f"{space}/".startswith((*_CORE, *_ATOM)):
        return local
    return f"?:{local}"


def is_language(code: str, language: str) -> bool:
    """Whether a code such as `nl-BE` is of this language (RFC 5646, without its parts)."""
    one, other = (tag.replace("_", "-").partition("-")[0] for tag in (code, language))
    return one.strip().lower() == other.strip().lower()


def _link(part: Element, name: str) -> RawLink:
    href = _attribute(part, "href") or markup_of(part)
    parent = part.getparent()
    return RawLink(
        href=href,
        rel=_relation(_attribute(part, "rel") or "alternate"),
        type=_attribute(part, "type").lower(),
        base="" if href.startswith(("https://", "http://")) else _declared_base(part),
        lang=_attribute(part, "hreflang"),
        foreign=name != "link",
        added=parent is not None and _is_atom(part.tag) and not _is_atom(parent.tag),
    )


def _attribute(part: Element, name: str) -> str:
    """The attribute, also where it was given a namespace; "" without it."""
    if (value := part.get(name)) is not None:
        return value
    end = f"}}{name}"
    key = next((key for key in part.keys() if str(key).endswith(end)), None)  # noqa: SIM118  (values cost a search each)
    return "" if key is None else part.get(key, "")


def _relation(rel: str) -> str:
    """One relation of a link: as a word of the registry or as its address, one of several."""
    words = [re.split("[/#]", word)[-1] for word in rel.lower().split()]
    return "alternate" if "alternate" in words else " ".join(words)


def _declared_base(part: Element) -> str:
    """The base that `xml:base` declares, however it is written; "" if none does."""
    declared: list[str] = []
    above: Element | None = part
    while above is not None:
        if base := above.get(_BASE):
            declared.append(bare_reference(base.strip()[:MAX_CHARS]))
        above = above.getparent()
    address = (declared and part.getroottree().docinfo.URL) or ""
    for base in reversed(declared):
        address = web_address(mended_reference(base, address), address) or address
    return address


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
