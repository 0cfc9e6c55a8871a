"""A record of a web archive as an article, by the same rules as in the crawl."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.addresses.article_key import article_key
from crawler.addresses.canonical import names_article
from crawler.feeds.listing import kind_of
from crawler.frozen import dataclass
from crawler.history.catalogue_hosts import source_of_host
from crawler.history.history_batch import Found, HistoryFault, HistoryPage, HistoryWall, RecordKind
from crawler.model import DateOrigin, FeedEntry, Source, SourceKind
from crawler.reading.reader import hash_of, read_page
from crawler.reading.tasks import Answer, PageArticle
from crawler.text.decoding import TooLargeError
from crawler.warc.http_response import HttpResponse, response_in
from crawler.warc.warc_record import WarcRecord

MOST_BYTES = 8 * 1024 * 1024  # of a page, unpacked: the default of [crawl] max_page_bytes
# Before this there was no web. A clock may be a day ahead of ours.
_FIRST_DATE, _AHEAD = 1990, timedelta(days=1)
_FIELDS = re.compile(rb"(?im)^(WARC-Type|WARC-Target-URI|WARC-Date)[ \t]*:([^\r\n]*)")
# WARC 1.1, 5.13: the block ended too early, at a limit or with the connection.
_TRUNCATED = re.compile(rb"(?im)^WARC-Truncated[ \t]*:")
_HTML = frozenset({"", "text/html", "application/xhtml+xml", "application/octet-stream"})
_LISTS = re.compile(r"\b(?:rss|atom|xml|feed\+json)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records of a file count: those of these hosts, from `since` until before `until`.

    `now` is the present, which no date of a file may be behind.
    """

    hosts: Mapping[str, Source] = field(repr=False)
    now: datetime
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the header of a record says that is worth reading."""

    url: str
    at: datetime
    source: Source


def is_wanted(head: bytes, selection: Selection) -> bool:
    """Whether a record may give an article, by its header; it costs a few microseconds."""
    return isinstance(_sorted(head, selection), _Wanted)


def page_of(record: WarcRecord, selection: Selection) -> Found:
    """The article of this record, or why there is none."""
    match _sorted(record.head, selection):
        case _Wanted() as wanted:
            return _page(record, wanted)
        case RecordKind() as kind:
            return kind
        case what:
            return HistoryFault(record.place, RecordKind.BAD_DATE, what)


def _sorted(head: bytes, selection: Selection) -> _Wanted | RecordKind | str:
    """What a header asks for; a text says what is wrong with its date."""
    fields = _fields(head)
    kind = fields.get(b"warc-type", b"").lower()
    if kind not in {b"response", b"revisit"}:
        return RecordKind.OTHER
    url = fields.get(b"warc-target-uri", b"").strip(b"<>").decode("utf-8", "replace")
    source = _source(url, selection.hosts)
    if source is None:
        return RecordKind.FOREIGN
    if kind == b"revisit":
        return RecordKind.REVISIT
    written = fields.get(b"warc-date", b"").decode("ascii", "replace")
    at = _date(written, selection.now)
    if at is None:
        return f"its date cannot be right: {written[:40]!r}" if written else "it has no date"
    early = selection.since is not None and at < selection.since
    late = selection.until is not None and at >= selection.until
    return RecordKind.OUTSIDE if early or late else _Wanted(url, at, source)


def written_date(head: bytes, now: datetime) -> datetime | None:
    """The date in the header of a record; None if there is none that can be right."""
    written = _fields(head).get(b"warc-date", b"")
    return _date(written.decode("ascii", "replace"), now)


def _fields(head: bytes) -> dict[bytes, bytes]:
    """What a header says that counts here; of a field that stands twice, the first."""
    return {name.lower(): value.strip() for name, value in reversed(_FIELDS.findall(head))}


def _source(url: str, hosts: Mapping[str, Source]) -> Source | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    place = parts.netloc.rpartition("@")[2].lower()
    return source_of_host(place, hosts) or source_of_host(place.partition(":")[0], hosts)


def _date(written: str, now: datetime) -> datetime | None:
    """A moment as WARC 1.1, 5.4 has it; None if it is none, or cannot be right."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=now.tzinfo)
    try:
        return at.astimezone(now.tzinfo) if at.year >= _FIRST_DATE and at <= now + _AHEAD else None
    except OverflowError:
        return None


def _page(record: WarcRecord, wanted: _Wanted) -> Found:
    if not record.whole:
        return RecordKind.OVERSIZED
    try:
        response = response_in(record.block, most=MOST_BYTES)
    except TooLargeError:
        return RecordKind.OVERSIZED
    if response is None:
        return HistoryFault(record.place, RecordKind.DAMAGED, "it holds no answer of a web server")
    if _TRUNCATED.search(record.head):
        response = replace(response, cut=True)
    return _no_page(response, wanted.url) or _read(response, wanted)


def _read(response: HttpResponse, wanted: _Wanted) -> Found:
    answer = Answer(
        url=wanted.url, status=response.status, body=response.body, headers=response.headers
    )
    entry = FeedEntry(url=wanted.url)
    read = read_page(answer, entry, wanted.source, wanted.at, hash_of(answer))
    if isinstance(read, PageArticle):
        if response.cut:
            read = replace(read, article=replace(read.article, partial=True))
        return _article(read, wanted)
    if read.wall:
        return HistoryWall(wanted.source.id, wanted.at, read.wall)
    return RecordKind.NO_ARTICLE if answer.ok else RecordKind.STATUS


def _no_page(response: HttpResponse, url: str) -> RecordKind | None:
    content = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _LISTS.search(content) and content not in _HTML:
        listed = kind_of(response.body, content) in {SourceKind.FEED, SourceKind.NEWS_SITEMAP}
        return RecordKind.FEED if listed else RecordKind.NOT_HTML
    if content not in _HTML:
        return RecordKind.NOT_HTML
    front = not urlsplit(url).path.strip("/")
    return RecordKind.NO_ARTICLE if front else None


def _article(read: PageArticle, wanted: _Wanted) -> HistoryPage | RecordKind:
    article = read.article
    # In a crawl a list has said that the page is an article. Here it may be any page.
    dated = article.published_from is DateOrigin.PAGE
    if not (dated or names_article(article.url)) or not (article.body or article.partial):
        return RecordKind.NO_ARTICLE
    return HistoryPage(
        at=wanted.at,
        key=article_key(wanted.source.outlet, wanted.url),
        article=article,
        wall=read.wall,
        refrains=read.refrains,
    )
