"""The kinds of faults of the crawler, and the reasons why a source is not well.

Values are stored, so they never change. A value without parameters has a hyphen: older versions
stored English, and no single word of theirs may be taken for a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce

from crawler.faults.fault import Fault, FaultKind


class CrawlFault(FaultKind):
    """Why a source, a page or a part of a list is missing or incomplete."""

    SAID = "said", "text"  # words of a library, a server or an older version, unchanged
    BOTH = "both", "first", "second"

    # On the way to a server.
    HTTP_STATUS = "http-status", "status"
    TIMEOUT = "not-in-time"
    NO_ANSWER = "no-answer"
    HOST_UNKNOWN = "host-unknown"
    REFUSED = "connection-refused"
    LOST = "connection-lost"
    CLOSED = "connection-closed"
    BROKEN_OFF = "answer-broken-off"
    UNREADABLE = "answer-unreadable"
    TOO_LARGE = "too-large"
    ENDLESS_HEADERS = "endless-headers"
    NO_WEB_ADDRESS = "not-a-web-address"
    NO_HTTP = "not-http"
    BROKEN_PACKING = "broken-packing"
    CERTIFICATE = "invalid-certificate"
    FORBIDDEN = "address-forbidden", "reason"
    PROXY_UNREACHED = "proxy-unreached", "cause"
    PROXY_LOGIN = "proxy-wants-login"
    PROXY_REFUSED = "proxy-refused", "status"

    # What we do not ask for.
    NOT_ASKED = "not-asked"
    REDIRECTS = "too-many-redirects"
    REDIRECT = "redirect-to-nowhere"
    ROBOTS_FORBID = "robots-forbid"
    ROBOTS_UNREAD = "robots-unread", "cause"
    ASKED_TO_WAIT = "asked-to-wait"
    STOPPED = "crawl-ended"

    # No list in what came.
    NO_LIST = "no-list", "wanted"
    EMPTY = "empty-answer", "wanted"
    PAGE = "page-instead", "wanted"
    TITLED_PAGE = "titled-page-instead", "title", "wanted"
    OTHER_DOCUMENT = "other-document", "root"
    NOT_A_FEED = "not-a-feed"
    IS_A_FEED = "feed-instead"
    BROKEN_JSON = "broken-json", "said"
    DEEP_JSON = "deep-json"
    JSON_WITHOUT_ITEMS = "json-without-items"
    NOT_READABLE = "not-readable", "error"
    CROWDED = "too-crowded"
    MORE_TAGS = "more-tags", "most"
    MORE_BYTES = "more-bytes", "most"
    WRONG_SELECTOR = "wrong-selector", "said"
    NOTHING_FITS = "nothing-fits", "selector"
    NOTHING_FITS_ON = "nothing-fits-on", "selector", "title"
    NO_SELECTORS = "no-selectors"
    EMPTY_ARCHIVE = "empty-archive"
    ARCHIVE = "archive", "cause"
    SITEMAP = "sitemap", "url", "cause"

    # A part of a list.
    CUT_TAGS = "cut-tags", "most"
    CUT_ITEMS = "cut-items", "most"
    CUT_ADDRESSES = "cut-addresses", "most"
    CUT_SITEMAPS = "cut-sitemaps", "most"
    CUT_ENTRIES = "cut-entries", "most"
    CUT_TEXT = "cut-text"
    TORN_ITEMS = "torn-items"
    TORN_ADDRESSES = "torn-addresses"

    # No article in what came.
    WALL = "wall", "name"
    NO_PAGE = "no-page", "content_type"
    EMPTY_PAGE = "empty-page"
    NO_ARTICLE = "no-article"
    NO_HTML = "no-html"
    NO_SITEMAPS = "no-sitemaps"
    NO_TITLE = "no-title"
    NO_ADDRESS = "no-address"

    # The work on it.
    TOOK_LONGER = "took-longer", "seconds"
    MORE_MEMORY = "more-memory"
    NESTED = "nested-too-deeply"
    DIED_TWICE = "died-twice"
    NOT_BEGUN = "not-begun"
    NOT_FINISHED = "not-finished"
    NOT_WRITTEN = "not-written", "error"


class AddressReason(StrEnum):
    """Why an address may not be reached; each language has its words for it.

    The values are stored, and are the English words.
    """

    LOOPBACK = "loopback"
    PRIVATE = "private network"
    LINK_LOCAL = "link-local"
    SHARED = "shared by a provider's customers"
    THIS_NETWORK = "this network"
    PROTOCOLS = "protocol assignments"
    DOCUMENTATION = "documentation"
    RELAY = "6to4 relay"
    BENCHMARKING = "benchmarking"
    METADATA = "cloud metadata"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    UNSPECIFIED = "unspecified"
    SITE_LOCAL = "site-local"
    NO_IP = "not an IP address"
    NO_ADDRESS = "no address"
    NOT_PUBLIC = "not a public address"
    LOCAL_NAME = "a name of a local network"


class HealthFault(FaultKind):
    """Why a source is not well; spans of time are in seconds."""

    GONE = "source-gone"
    NO_ANSWER_FOR = "no-answer-for", "silence", "cause"
    NEVER_ANSWERED = "never-answered", "cause"
    NEVER_READ = "never-read", "cause"
    FAILED_IN_A_ROW = "failed-in-a-row", "times", "cause"
    FAILED = "failed", "times", "cause"
    LISTS_NOTHING = "lists-nothing"
    LIST_BREAKS_OFF = "list-breaks-off"
    WALLED = "walled", "walled", "pages"
    PAGES_FAILED = "pages-failed", "failed", "pages"
    GAP = "listing-gap"
    NOTHING_NEW = "nothing-new", "silence"
    UNUSUALLY_SILENT = "unusually-silent", "silence", "usual"
    SLOW = "slow-answer", "seconds"


def said(text: str) -> Fault:
    """A fault in the words of a library or a server."""
    return CrawlFault.SAID(text=text)


def together(faults: Iterable[Fault | None]) -> Fault | None:
    """All of these as one fault; None if there is none."""
    there = [fault for fault in faults if fault is not None]
    return (
        reduce(lambda one, next_: CrawlFault.BOTH(first=one, second=next_), there)
        if there
        else None
    )
