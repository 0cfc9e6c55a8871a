"""What a look at a source found, and what the owner of the catalogue might do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.faults.wording import advice
from crawler.frozen import dataclass
from crawler.model import FeedEntry, Fetch, Source, SourceKind
from crawler.pages.walls import Treatment, Wall, treatment
from crawler.sources.health import SLOW
from crawler.sources.shared_addresses import by_address

# Chosen: a feed without anything new for this long is rarely just quiet.
STALE = timedelta(days=14)
# Characters. Chosen: a longer text in an entry is the article, not its summary.
FULL_TEXT = 800
_MOVED = "it answers from another address"
_ANEW = "find the feed anew with `nieuwswacht sources add`"
_READ = frozenset({200, 203, 206, 226})  # RFC 9110, 15.3; RFC 3229, 10.4.1
_GONE = frozenset({404, 410})
_LOGIN = 401
_REFUSED = frozenset({402, 403, 406, 429, 451})
_SERVER_FAULT = 500


class Robots(StrEnum):
    """What an outlet's robots.txt allows us."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    PAGES_FORBIDDEN = "pages forbidden"
    NO_ANSWER = "no answer"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A page of a source with an article of so many `words`; `wall` is "" if none is before it.

    `mild` says that the usual rules would have left little of it, so that milder ones were used.
    """

    url: str
    words: int
    wall: str = ""
    mild: bool = False


@dataclass(frozen=True, slots=True)
class FaultyPage:
    """A page of a source that gave no article."""

    url: str
    fault: Fault
    wall: str = ""


PageLook = ArticlePage | FaultyPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How a source answered: from which address, with which status, after which time.

    `moved` is the address that the outlet wants used from now on, "" if it is the one asked. `kind`
    is what the answer looks like; None if it looks like nothing that can be polled.
    """

    url: str
    status: int
    took: timedelta | None = None
    moved: str = ""
    kind: SourceKind | None = None

    @property
    def ok(self) -> bool:
        """Whether the server gave what it was asked for, even if it is not readable."""
        return self.status in _READ


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedLook:
    """A source that could not be read; `answered` is None if no answer came."""

    source: Source
    fault: Fault
    answered: Answered | None = None
    robots: Robots = Robots.ALLOWED

    @property
    def wall(self) -> str:
        """The wall before its list; "" if the fault is another one."""
        return str(self.fault["name"]) if self.fault.kind is CrawlFault.WALL else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLook:
    """What a source lists, and what the page of its newest item gave if that was asked for.

    `title` is what the list calls itself. `dropped` counts the items without an address,
    `unread_dates` are dates that cannot be read, as they are written. `note` says why others may be
    missing.
    """

    source: Source
    answered: Answered
    robots: Robots = Robots.ALLOWED
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    dropped: int = 0
    unread_dates: tuple[str, ...] = ()
    note: Fault | None = None
    page: PageLook | None = None

    @property
    def merged(self) -> int:
        """How many items name an article that stands in the list already."""
        articles = by_address(self.entries, self.source)
        return len(self.entries) - sum(len(address.entries) for address in articles)

    @property
    def newest(self) -> datetime | None:
        """When the newest item was published."""
        return max(_dates(self.entries), default=None)

    @property
    def wall(self) -> str:
        """The wall before its pages; "" if there is none or nobody looked."""
        return self.page.wall if self.page else ""


Look = FailedLook | ListLook


def entry_to_try(entries: Sequence[FeedEntry]) -> FeedEntry | None:
    """The newest item, whose page tells most; the first item if none has a date."""
    dated = [(date, entry) for entry in entries if (date := _date(entry))]
    if dated:
        return max(dated, key=lambda pair: pair[0])[1]
    return entries[0] if entries else None


def twins(looks: Sequence[Look]) -> dict[str, tuple[str, ...]]:
    """For each source, the other ones whose answers came from the same address."""
    ids: dict[str, list[str]] = defaultdict(list)
    for look in looks:
        if look.answered and look.answered.ok:
            ids[look.answered.url].append(look.source.id)
    return {name: tuple(n for n in same if n != name) for same in ids.values() for name in same}


def suggestion(look: Look, now: datetime, same: Sequence[str] = ()) -> str:
    """What the owner of the catalogue might do; "" if all is well.

    `same` are the sources whose answers came from the same address.
    """
    return "; ".join(filter(None, (_about_address(look, same), _about_answer(look, now))))


_LASTING = frozenset({401, 402, 403, 404, 410, 451})


def confidence_today(look: Look) -> str | None:
    """The confidence that today's answer gives a source: A or X; None if it says nothing.

    A fault that may be over tomorrow says nothing.
    """
    match look:
        case ListLook(entries=entries):
            return "A" if entries else None
        case FailedLook(answered=answered):
            lasting = answered is not None and answered.status in _LASTING
            return "X" if lasting or look.wall else None


def _about_address(look: Look, same: Sequence[str]) -> str:
    new = look.answered.moved if look.answered else ""
    moved = f"moved for good to {new}: write that into sources.toml" if new else ""
    others = ", ".join(f'"{name}"' for name in same)
    one = f"ends at the same address as {others}: one of them is enough" if others else ""
    return "; ".join(filter(None, (moved, one)))


def _about_answer(look: Look, now: datetime) -> str:
    match look:
        case FailedLook(answered=answered):
            return _about_fault(look, answered) if answered else _about_silence(look)
        case ListLook():
            return _about_list(look, now) or _about_pages(look) or _about_state(look)


def _about_silence(look: FailedLook) -> str:
    if look.robots is Robots.NO_ANSWER:
        return "its robots.txt does not answer, so nothing may be asked: try again later"
    if look.robots is Robots.FORBIDDEN:
        return "robots.txt forbids it: ask the outlet, or set enabled = false"
    return advice(look.fault, "en")


def _about_fault(look: FailedLook, answered: Answered) -> str:
    kind = _about_kind(look.source, answered)
    return kind or _about_status(answered.status) or advice(look.fault, "en")


def _about_kind(source: Source, answered: Answered) -> str:
    if answered.kind in {None, source.kind}:
        return ""
    if answered.kind is SourceKind.SECTION:
        return "this is a page: find its feed with `nieuwswacht sources add`" if answered.ok else ""
    return f'set kind = "{answered.kind}"'


def _about_status(status: int) -> str:
    if status in _GONE:
        return f"the address is gone: {_ANEW}"
    if status == _LOGIN:
        return 'it asks for user and password: set auth = "${NAME}", or enabled = false'
    if status in _REFUSED:
        return "the outlet refuses us: ask it, or set enabled = false"
    return "the outlet's server has a fault: try again later" if status >= _SERVER_FAULT else ""


def _about_list(look: ListLook, now: datetime) -> str:
    if not look.entries:
        return "it lists nothing: look at the site whether the feed is still kept up"
    if look.newest and now - look.newest > STALE:
        days = (now - look.newest).days
        return f"nothing new for {days} days: look whether the outlet has another feed"
    if look.note:
        return f"some may be missing: {look.note}"
    return ""


def _about_pages(look: ListLook) -> str:
    if look.robots is Robots.PAGES_FORBIDDEN:
        return 'robots.txt forbids its pages: set fetch = "entry"'
    if look.wall and treatment(Wall(look.wall)) is Treatment.ENTRY:
        return 'its pages are behind a wall: set fetch = "entry"'
    if look.wall:
        return "articles will be partial: a wall stands in them"
    if isinstance(look.page, FaultyPage):
        return f"its newest page gave nothing: {look.page.fault}"
    if look.page and look.page.mild:
        return "little was left of its newest page, so more of it was kept: see if all is article"
    return ""


def _about_state(look: ListLook) -> str:
    answered = look.answered
    if not look.source.enabled:
        return "it answers: set enabled = true if you want it"
    if not answered.moved and _host(answered.url) != _host(look.source.url):
        return f'{_MOVED}: set url = "{answered.url}"'
    if answered.took and answered.took >= SLOW:
        return 'it is slow: set a longer "every"'
    if look.source.fetch is Fetch.PAGE and _has_full_text(look.entries):
        return 'its entries carry the whole text: fetch = "entry" would spare its pages'
    return ""


def _has_full_text(entries: tuple[FeedEntry, ...]) -> bool:
    full = sum(len(entry.body or entry.lead) >= FULL_TEXT for entry in entries)
    return 2 * full > len(entries)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.").lower()


def _date(entry: FeedEntry) -> datetime | None:
    return entry.published or entry.modified


def _dates(entries: Sequence[FeedEntry]) -> list[datetime]:
    return [date for entry in entries if (date := _date(entry))]
