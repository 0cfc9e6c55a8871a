"""Entries from raw items: which of several fields is used, cleaned and cut to size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from html import unescape

from crawler.addresses.bare_reference import bare_reference
from crawler.addresses.canonical import canonical_address
from crawler.addresses.links import MAX_CHARS, web_address
from crawler.addresses.mended_reference import mended_reference
from crawler.feeds.xml import RawItem, RawLink, is_language
from crawler.frozen import dataclass
from crawler.model import FeedEntry
from crawler.text.dates import parse_date
from crawler.text.plain import (
    has_html,
    one_line,
    paragraphs,
    plain_line,
    plain_text,
    without_unknown_tags,
)
from crawler.text.signatures import without_signature

# Characters. All sizes here are chosen: far above what feeds contain.
MAX_TITLE = 1_000
MAX_LEAD = 5_000
MAX_BODY = 200_000
MAX_NAME = 300
MAX_GUID = 1_000
_MARKUP_ROOM = 10  # raw text may be this much longer than what is kept of it
_MAX_AUTHORS = 10
# Chosen: a description of several paragraphs with this many characters is the article.
_FULL_TEXT = 500

_TITLE = ("title", "dc:title", "media:title", "itunes:title")
_GUID = ("guid", "id", "rdf:about", "dc:identifier")
_SUMMARY = (
    *("description", "summary", "dc:description", "itunes:summary", "media:description"),
    *("media:text", "itunes:description", "itunes:subtitle", "dcterms:abstract", "dc:abstract"),
)
_AUTHOR = ("itunes:author", "media:credit", "dc:publisher")
_CONTENT = ("content:encoded", "content", "xhtml:body", "xhtml:div", "fullitem")
_SECTION = ("category", "dc:subject", "?:nstag")
_PUBLISHED = (
    *("pubdate", "published", "issued", "dcterms:issued", "dc:date", "created"),
    *("dcterms:created", "date"),
)
_MODIFIED = ("updated", "modified", "dcterms:modified")
_PAID = {"true": True, "1": True, "yes": True, "ja": True, "premium": True, "paid": True}
_FREE = {"false": False, "0": False, "no": False, "nee": False, "free": False}
_NAME_IN_BRACKETS = re.compile(r"^[^\s@]+@[^\s@]+ \(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a feed was read, and in which language, "" for any.

    Addresses are relative to the `home` page that an RSS channel names, else to the `url` of the
    feed, as always in Atom (`is_atom`); dates are relative to `now`.
    """

    url: str
    home: str
    now: datetime
    language: str = ""
    is_atom: bool = False

    @property
    def site(self) -> str:
        """The address of the home page; "" if the feed does not name it."""
        return _site(self.home, self.url)

    @property
    def base(self) -> str:
        """What relative addresses are joined to. RSS says nothing; its channel names the site."""
        return ("" if self.is_atom else self.site) or self.url


@lru_cache(maxsize=64)  # each entry of a feed asks several times
def _site(home: str, url: str) -> str:
    return web_address(mended_reference(bare_reference(home.strip()[:MAX_CHARS]), ""), url)


# The same address is that of the home page for all entries of a feed.
_canonical_site = lru_cache(maxsize=64)(canonical_address)


def entry_of(item: RawItem, place: Place) -> FeedEntry | None:
    """The entry, or None if nothing leads to it: the item has no web address and the feed no site.

    An item without an address has that of the site, if it has text.
    """
    guid = first(item, _GUID)
    titles = [_title(item, name) for name in _TITLE if name in item.texts]
    lead, body = _lead_and_body(item, titles)
    title = next(filter(None if not (lead or body) else _says_something, titles), "")
    address = article_address(item, guid, place)
    if not address and (title or lead or body):
        address = place.site
    if not address:
        return None
    published = _date(item, _PUBLISHED, place)
    modified = _date(item, _MODIFIED, place)
    return FeedEntry(
        url=address,
        guid=one_line(guid[:MAX_GUID]) or None,
        title=title,
        lead=lead[:MAX_LEAD],
        body=body,
        author=_authors(item.authors or [first(item, _AUTHOR)]),
        section=_line(first(item, _SECTION), MAX_NAME) or None,
        image=_image(item, place.base),
        published=published or modified,  # Atom requires only `updated` (RFC 4287, 4.1.2)
        modified=modified,
        paid=_PAID.get(paid := item.texts.get("premium", "").strip().lower(), _FREE.get(paid)),
    )


def date_of(item: RawItem, place: Place) -> datetime | None:
    """When the item was published or changed, whichever it says, None if neither."""
    return _date(item, _PUBLISHED, place) or _date(item, _MODIFIED, place)


def unread_date(item: RawItem, place: Place) -> str:
    """A date that the item gives and nobody can read, as it is written; "" if there is none."""
    written = first(item, (*_PUBLISHED, *_MODIFIED))
    return one_line(written[:MAX_NAME]) if written and date_of(item, place) is None else ""


def first(item: RawItem, names: Iterable[str]) -> str:
    """The first of these texts that exists and is not blank, else ""."""
    for name in names:
        if (text := item.texts.get(name)) and not text.isspace():
            return text.strip()
    return ""


def article_address(item: RawItem, guid: str, place: Place) -> str:
    """The address of the article itself, not of a counter, the feed or an image; "" if none.

    An id that looks like an address is used as one, whatever "isPermaLink" says. Last come links
    of foreign formats (sponsors, shops), the address of the item itself in the feed, and the home
    page, which some feeds give as the link of each item.
    """
    if original := web_address(first(item, ("feedburner:origlink", "?:origlink"))):
        return original
    ranked = sorted((_rank(link, place.language), at) for at, link in enumerate(item.links))
    likely = [item.links[at] for rank, at in ranked if rank < _AFTER_GUID]
    unlikely = [item.links[at] for rank, at in ranked if _AFTER_GUID <= rank < _NEVER]
    found = (
        *(_joined(link, place) for link in likely),
        web_address(guid),
        *(_joined(link, place) for link in unlikely),
        _joined(RawLink(href=guid), place) if guid.startswith("/") else "",
    )
    found = (*found, _joined(RawLink(href=_page_of(first(item, ("comments",)))), place))
    home = _canonical_site(place.site)
    elsewhere = (one for one in found if one and canonical_address(one) != home)
    return next(elsewhere, "") or next(filter(None, found), "")


def _page_of(comments: str) -> str:
    """The page on which the comments are, which is mostly that of the article."""
    return comments.partition("#")[0]


_NO_PAGE = re.compile(r"json|xml|image|audio|video")
_KINDS = {"text/html": 0, "": 1, "application/xhtml+xml": 2, "text/plain": 3}
_RELATIONS = {"via": 5, "related": 6}
_OF_ITSELF = {"bookmark": 0, "permalink": 0, "canonical": 0, "shortlink": 1}
_LAST_KIND = 4
# The feed's own link comes first, in any language, and the one for all languages before the others.
_IN_ATOM, _IN_ALL_LANGUAGES, _IN_OTHER_LANGUAGE = 10, 15, 20
_AFTER_GUID, _IN_FEED, _NEVER = 100, 500, 1_000
# No address, though it stands where one should.
_PLACEHOLDER = re.compile(
    r"#.*|n/?a|n\.?v\.?t\.?|none|null|nil|nan|undefined|false|true|tbd|geen|leeg|0|-+|\.+|\?",
    re.IGNORECASE,
)


def _rank(link: RawLink, language: str) -> int:
    kind = link.type.partition(";")[0].strip()
    rank = _KINDS.get(kind, _LAST_KIND)
    if _NO_PAGE.search(kind.replace("xhtml+xml", "")):
        return _IN_FEED if link.rel == "self" and "xml" in kind else _NEVER
    if link.rel == "self":
        rank = _LAST_KIND if kind == "text/html" else _AFTER_GUID
    elif link.rel in _OF_ITSELF:
        rank = _LAST_KIND + _OF_ITSELF[link.rel]
    elif link.rel in _RELATIONS:
        rank = _RELATIONS[link.rel] if not kind else _NEVER
    elif link.rel != "alternate":
        return _NEVER
    if link.lang and language and not is_language(link.lang, language):
        rank += _IN_ALL_LANGUAGES if link.lang == "x-default" else _IN_OTHER_LANGUAGE
    return rank + _IN_ATOM * link.added + _AFTER_GUID * link.foreign


def _joined(link: RawLink, place: Place) -> str:
    if _PLACEHOLDER.fullmatch(href := bare_reference(link.href.strip()[:MAX_CHARS])):
        return ""
    base = web_address(link.base) or place.base
    return web_address(mended_reference(href, base), base)


def _lead_and_body(item: RawItem, titles: Sequence[str]) -> tuple[str, str]:
    """Summary and full text. A long description is the text, and its first paragraph the lead."""
    summary, body = _long_text(item, _SUMMARY, titles), _long_text(item, _CONTENT, titles)
    if not body and len(summary) >= _FULL_TEXT and "\n\n" in summary:
        return summary.partition("\n\n")[0], summary
    return ("" if summary == body else summary), body


def _long_text(item: RawItem, names: Iterable[str], titles: Sequence[str]) -> str:
    """The first of these texts that says something, without what programs add at its end."""
    for name in names:
        raw = item.texts.get(name, "")[: MAX_BODY * _MARKUP_ROOM]
        if name not in item.plain:
            text = plain_text(raw)
        else:
            html = has_html(raw)
            text = plain_text(without_unknown_tags(raw)) if html else paragraphs(_unescaped(raw))
        text = without_signature(text, titles)
        end = max(0, len(text) - _LONGEST_READ_ON)
        last = _READ_ON.sub("", text[end:])
        if text := (text[:end] + last)[:MAX_BODY].rstrip():
            return text
    return ""


def _unescaped(text: str) -> str:
    """The text with the characters that its references of HTML mean, where it should have none."""
    return _REFERENCE.sub(lambda found: unescape(found[0]), text) if "&" in text else text


_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LONGEST_READ_ON = 700  # characters; chosen: two names and an address
# A link to the whole, as text: "Lees meer", "[Lees verder op krant.nl]", "Continue reading ... →".
_READ_ON = re.compile(
    r"(?:^|(?<=[.!?…\])\"'”’\n]))[^\S\n]*[\[(]?[^\S\n]*(?:»[^\S\n]*)?"
    r"(?:(?:lees|bekijk) (?:hier )?"
    r"(?:meer|verder|(?:het|dit) (?:hele|volledige) (?:artikel|bericht|verhaal))"
    r"|(?:meer|verder) lezen|klik hier (?:om|voor)[^.!?\n]{1,40}|continue reading"
    r"|read (?:more|(?:the )?(?:full|whole) (?:article|story))|lire la suite|weiterlesen)"
    r"(?: (?:op|bij|on|at|sur|bei|in|over) [^\n]{1,80}?|[^\n]{1,200}(?=[→»]))?"
    r"[\])\s.:…→»\u203a>]*\Z",
    re.IGNORECASE,
)


def _title(item: RawItem, name: str) -> str:
    raw = item.texts[name][: MAX_TITLE * _MARKUP_ROOM]
    if name in item.plain and not has_html(raw):
        return one_line(unescape(raw))[:MAX_TITLE].rstrip()
    return _line(without_unknown_tags(raw), MAX_TITLE)


# What programs write where there is no title; the bridges of messengers name what is attached.
_NO_TITLE = re.compile(
    r"[\[(]?(?:no title|untitled|geen titel|zonder titel|naamloos|sans titre|ohne titel|kein titel"
    r"|title|titel|null|undefined|photo|foto"
    r"|image|picture|afbeelding|video|media|gif|sticker|album)[\])]?|https?://\S+",
    re.IGNORECASE,
)


def _says_something(title: str) -> bool:
    return any(map(str.isalnum, title)) and not _NO_TITLE.fullmatch(title)


def _line(text: str, limit: int) -> str:
    return plain_line(text[: limit * _MARKUP_ROOM])[:limit].rstrip()


def _authors(names: Iterable[str]) -> str | None:
    lines = [_line(name, MAX_NAME) for name in list(names)[:_MAX_AUTHORS]]
    readable = [_NAME_IN_BRACKETS.sub(r"\1", line) for line in lines if line]
    return ", ".join(dict.fromkeys(readable)) or None


def _image(item: RawItem, base: str) -> str | None:
    enclosed = [link for link in item.links if link.type.startswith("image")]
    images = [
        *((image, "") for image in item.images),
        *((link.href, link.base) for link in enclosed),
    ]
    addresses = (web_address(image, own or base) for image, own in images[:10])
    return next(filter(None, addresses), None)


def _date(item: RawItem, names: Iterable[str], place: Place) -> datetime | None:
    for name in names:
        if text := item.texts.get(name):
            date = parse_date(text, now=place.now, language=place.language or "nl")
            if date is not None:
                return date
    return None
