"""The core types of the crawler: frozen values without input or output."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.frozen import dataclass


class SourceKind(StrEnum):
    """How a source lists its articles."""

    FEED = "feed"
    NEWS_SITEMAP = "news-sitemap"
    SECTION = "section"


class Fetch(StrEnum):
    """Where the text of an article comes from: its page, or its entry in the list."""

    PAGE = "page"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors of a section page: `item` finds each article, the others look inside it."""

    item: str
    link: str = "a"
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is polled; `every` is the shortest time between two polls."""

    id: str
    outlet: str
    kind: SourceKind
    url: str
    every: timedelta
    fetch: Fetch = Fetch.PAGE
    language: str = "nl"
    section: str | None = None
    selectors: Selectors | None = None
    archive: str | None = None  # a sitemap or list page that is read after a gap
    confidence: str | None = None
    note: str = ""
    enabled: bool = True
    auth: str | None = field(default=None, repr=False)  # user and password, with ":" between
    proxy: str | None = field(default=None, repr=False)  # its own; "direct" for none at all
    at_most: timedelta | None = None  # the longest time between two polls that went well


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request for one address conditional (RFC 9110, 8.8).

    They belong to the address that is asked, or to `url` if that redirects to another.
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSitemap:
    """What is known of a sitemap that an index names.

    `asked` is when it was last asked for, `changed` when it last proved to be another one than
    before, by the `digest` of its bytes.
    """

    validators: Validators
    asked: datetime
    changed: datetime | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item as a feed, sitemap or section page gives it; all text is plain text.

    `lead` is the summary, `body` the full text if the feed carries it. All times are aware.
    `part` tells apart entries that share an address and are articles of their own.
    """

    url: str
    guid: str | None = None
    title: str = ""
    lead: str = ""
    body: str = ""
    author: str | None = None
    section: str | None = None
    image: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    paid: bool | None = None
    part: str = ""


class DateOrigin(StrEnum):
    """Where an article's date of publication comes from."""

    PAGE = "page"
    FEED = "feed"
    FIRST_SEEN = "first-seen"


class Live(StrEnum):
    """How a live blog is followed: by its page, or only by what the feed gives of it."""

    PAGE = "page"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class ArticleItem:
    """An update of a live blog, or an item of a news overview.

    It begins at `start` in the body and ends where the next one begins. What stands before the
    first belongs to no item. `key` is the same in all readings; `at` is the time that the outlet
    gives it.
    """

    start: int
    key: str
    at: datetime | None = None


# With this begins a paragraph of a body that is a post of social media, embedded by the article.
POST_MARK = "> "


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One publication by one outlet, as last seen; all times are aware, all text is plain text.

    `key` is the outlet with the site's own id, or the canonical address; `id` is derived from it.
    `partial` says that only a part of the text is known (a wall, or only the feed's text), `mild`
    that the usual rules would have left little of its page, so that more of it was kept.
    `withdrawn` is when we saw that its outlet had taken it down. `items` are the parts that stand
    by themselves, where they are known. `live` says that it is a live blog, `live_until` when its
    outlet means to end it.
    """

    id: str
    key: str
    url: str
    outlet: str
    source: str
    title: str
    lead: str
    body: str
    first_seen: datetime
    published: datetime
    published_from: DateOrigin
    author: str | None = None
    section: str | None = None
    language: str = "nl"
    image: str | None = None
    modified: datetime | None = None
    partial: bool = False
    paid: bool | None = None
    withdrawn: datetime | None = None
    items: tuple[ArticleItem, ...] = ()
    live: Live | None = None
    live_until: datetime | None = None
    mild: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of an article; `number` counts from 1, `seq` is its place in the article log.

    `partial` says that it is a part of the text, as of an article.
    Of one that is not `whole`, the title and the sentences that matched are kept, each on a line.
    `after_restore` says that it came by the first reading since a backup was put back.
    """

    article: str
    number: int
    seq: int
    seen: datetime
    title: str
    lead: str
    body: str
    text_hash: str
    partial: bool = False
    items: tuple[ArticleItem, ...] = ()
    whole: bool = True
    after_restore: bool = False


class Verdict(StrEnum):
    """Whether an article just read is new, changed or known, compared with the archive."""

    NEW = "new"
    REVISED = "revised"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Story:
    """Articles with copies of the same text, in the order in which they came in."""

    id: str
    articles: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One record of the article log: a new article or revision, with the revision before it."""

    seq: int
    article: Article
    revision: Revision
    previous: Revision | None
    story: Story


@dataclass(frozen=True, slots=True)
class LogCursor:
    """How far a reader has read the log: everything up to `seq`, and above it those in `seen`."""

    seq: int = 0
    seen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LogPage:
    """Records that were not read yet, in order; the next page begins after `cursor`."""

    records: tuple[LogRecord, ...]
    cursor: LogCursor
