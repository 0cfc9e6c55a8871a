"""Lists of feeds in OPML, the form in which feed readers exchange them (http://opml.org/spec2.opml).

An imported list comes from others, so each entry is reported: taken, already there, or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.addresses.links import web_address
from crawler.errors import ConfigError
from crawler.feeds.repair import repaired
from crawler.feeds.xml import Element, XmlFault, root_of
from crawler.frozen import dataclass
from crawler.model import Fetch, Source, SourceKind
from crawler.sources.catalogue import free_id, inert
from crawler.text.decoding import TooLargeError, text_of, unpacked
from crawler.text.plain import one_line, plain_line

# Chosen: no list that people keep comes near these limits. The time to read a tag grows with
# the square of its attributes: one with 20,000 took 17 s.
MAX_BYTES = 4 * 1024 * 1024
MAX_NEW = 2_000
_MOST_ATTRIBUTES = 100
# Chosen: a third of the catalogue is polled at this pace. A list may have another one.
EVERY = timedelta(minutes=15)
# For what OPML has no attribute. Other feed readers ignore it (OPML 2.0, "Extending OPML").
_OURS = "urn:nieuwswacht"
_OFTENEST, _RAREST = 60, 86_400  # seconds
_MAX_NAME = 120  # characters; chosen: longer than any name of an outlet
_CROWDED = re.compile(rf"<(?:[^<=]*=){{{_MOST_ATTRIBUTES + 1}}}")
_LOGIN = re.compile(r"[^/?#]*//[^/?#]*@")
_FEED_SCHEME = re.compile(r"^feed:(?:(https?://)|//)", re.IGNORECASE)
_TOO_MANY = f"more than {MAX_NEW:,} new feeds at once: import the list again for the next ones"
_REMEDY = "export it again from the feed reader, as OPML 2.0"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed of the list, with the source that it would become."""

    title: str
    url: str
    source: Source


@dataclass(frozen=True, slots=True)
class HeldFeed:
    """A feed of the list whose address the source with this id has already."""

    title: str
    url: str
    held: str


@dataclass(frozen=True, slots=True)
class RefusedFeed:
    """An entry of the list that cannot be a source, and why."""

    title: str
    url: str
    fault: str


OpmlEntry = NewFeed | HeldFeed | RefusedFeed


def entries_of_opml(body: bytes, *, known: Iterable[Source] = ()) -> tuple[OpmlEntry, ...]:
    """Every feed that the list names, in its order, each with a source or a reason.

    `known` are the sources that exist already; their ids and addresses are not used again.

    Raises:
        ConfigError: this is no OPML, or it exceeds a limit.
    """
    held = list(known)
    addresses = {source.url: source.id for source in held}
    taken = {source.id for source in held}
    found, new = list[OpmlEntry](), 0
    for outline in _feeds(_root(body)):
        entry = _entry(outline, addresses, taken)
        if isinstance(entry, NewFeed) and new >= MAX_NEW:
            entry = RefusedFeed(entry.title, entry.url, _TOO_MANY)
        if isinstance(entry, NewFeed):
            new += 1
            addresses[entry.source.url] = entry.source.id
            taken.add(entry.source.id)
        found.append(entry)
    return tuple(found)


def opml_of(sources: Iterable[Source], *, title: str = "Nieuwswacht") -> bytes:
    """The feeds among these sources as OPML 2.0, in folders by outlet.

    Sitemaps and list pages are left out: feed readers cannot use them. What only Nieuwswacht knows
    (id, pace, how articles are read) is written in a namespace of its own.
    """
    opml = etree.Element("opml", version="2.0", nsmap={"nieuwswacht": _OURS})
    etree.SubElement(etree.SubElement(opml, "head"), "title").text = one_line(title)
    body = etree.SubElement(opml, "body")
    folders: dict[str, Element] = {}
    for source in sources:
        if source.kind is not SourceKind.FEED:
            continue
        outlet = one_line(source.outlet)
        if outlet not in folders:
            folders[outlet] = etree.SubElement(body, "outline", text=outlet)
        section = one_line(source.section or "")
        fields = {
            "type": "rss",
            "text": f"{outlet} {section}".strip(),
            "title": outlet,
            "xmlUrl": one_line(source.url),
            "language": source.language,
            f"{{{_OURS}}}id": source.id,
            f"{{{_OURS}}}every": str(round(source.every.total_seconds())),
            f"{{{_OURS}}}fetch": source.fetch.value,
        }
        if section:
            fields["category"] = f"/{section}"
        etree.SubElement(folders[outlet], "outline", fields)
    return etree.tostring(opml, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _root(body: bytes) -> Element:
    try:
        text = text_of(unpacked(body, limit=MAX_BYTES))
        if _CROWDED.search(text):
            what = f"a tag has more than {_MOST_ATTRIBUTES} attributes"
            raise ConfigError(what, remedy=_REMEDY)
        root = root_of(repaired(text).text.encode("utf-8", "replace"))
    except TooLargeError as error:
        raise ConfigError(f"the list is {error}", remedy=_REMEDY) from error
    except XmlFault as error:
        what = f"this is no OPML: {one_line(str(error))[:200]}"
        raise ConfigError(what, remedy=_REMEDY) from error
    if _name(root) != "opml":
        what = f"this is no OPML, its root is <{one_line(str(root.tag))[:40]}>"
        raise ConfigError(what, remedy=_REMEDY)
    return root


def _feeds(root: Element) -> Iterator[Element]:
    """Yield the outlines that name a feed or have only an address; folders are searched too."""
    for outline in root.iter():
        is_outline = _name(outline) == "outline"
        if is_outline and (_attribute(outline, "xmlurl") or not len(outline)):
            yield outline


def _entry(outline: Element, addresses: dict[str, str], taken: set[str]) -> OpmlEntry:
    title = _line(outline, "text") or _line(outline, "title")
    given = _attribute(outline, "xmlurl")
    url = web_address(_FEED_SCHEME.sub(lambda found: found[1] or "https://", given.strip()))
    if not given:
        return RefusedFeed(title, "", "it has no feed address (xmlUrl)")
    if not url:
        return RefusedFeed(title, one_line(given)[:200], "its address is no web address")
    if _LOGIN.match(given):  # which `url` is without
        return RefusedFeed(title, urlsplit(url).hostname or "", "its address carries a password")
    if (address := inert(url)) in addresses:
        return HeldFeed(title, url, addresses[address])
    host = url.split("/")[2]
    source = Source(
        id=free_id(_our(outline, "id") or title or host, taken),
        outlet=inert(_line(outline, "title") or title or host),
        kind=SourceKind.FEED,
        url=address,
        every=_every(outline),
        fetch=Fetch.ENTRY if _our(outline, "fetch") == Fetch.ENTRY.value else Fetch.PAGE,
        language=_language(outline),
        section=inert(_line(outline, "category").lstrip("/")) or None,
    )
    return NewFeed(title, url, source)


def _line(outline: Element, name: str) -> str:
    return plain_line(_attribute(outline, name)[: 10 * _MAX_NAME])[:_MAX_NAME]


def _our(outline: Element, name: str) -> str:
    return _line(outline, f"{{{_OURS}}}{name}")


def _every(outline: Element) -> timedelta:
    text = _our(outline, "every")
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        return EVERY
    return timedelta(seconds=min(max(int(text), _OFTENEST), _RAREST))


def _language(outline: Element) -> str:
    language = _attribute(outline, "language").strip().lower()[:2]
    return language if language.isascii() and language.isalpha() and len(language) > 1 else "nl"


def _attribute(element: Element, name: str) -> str:
    """The attribute with this name, in upper or lower case."""
    for key, value in islice(element.attrib.items(), 50):
        if str(key).lower() == name:
            return str(value)
    return ""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
