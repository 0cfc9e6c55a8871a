"""The values that go into the store and come out of it, and how they are written as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.faults.fault import Fault
from crawler.faults.notation import noted, optional_fault
from crawler.frozen import dataclass
from crawler.model import (
    Article,
    ArticleItem,
    DateOrigin,
    FeedEntry,
    KnownSitemap,
    Live,
    Validators,
    Verdict,
)

if TYPE_CHECKING:
    from crawler.sources import KnownEntry

Row = dict[str, Any]


def as_text(time: datetime) -> str:
    """The time as text: RFC 3339 in UTC with microseconds, so that texts sort by time."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def as_time(text: str) -> datetime:
    """The time written by `as_text`."""
    return datetime.fromisoformat(text)


def optional_time(text: str | None) -> datetime | None:
    """The time, or None if there is no text."""
    return None if text is None else as_time(text)


def optional_text(time: datetime | None) -> str | None:
    """The text, or None if there is no time."""
    return None if time is None else as_text(time)


# Chosen: after this many failed attempts the fault of a page is not a short one.
HICCUPS = 2


@dataclass(frozen=True, slots=True)
class WorkClaim:
    """The right of an owner to work on this row of a table, which others have to respect.

    `fence` is the number of the claim: it grows with each claim of the row. Of a page, `wanted` is
    since when it was wanted as it was claimed: if that is later now, a list has changed its entry.
    `due` is when the work was due before it was claimed.
    """

    table: str
    key: str
    owner: str
    fence: int
    wanted: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is known of a source from its polls; `interval` is the present time between two.

    `listed` is when a list with entries last came in, `listed_entries` how many it had. Since `gap`
    entries may be missing, which its archive should give. `sitemaps` are those that its index
    names.
    """

    id: str
    validators: Validators
    next_poll: datetime
    interval: timedelta | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0
    status: int | None = None
    error: Fault | None = None
    added: datetime | None = None
    took: timedelta | None = None
    listed: datetime | None = None
    listed_entries: int = 0
    gap: datetime | None = None
    sitemaps: Mapping[str, KnownSitemap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueSource:
    """A source to poll, with the claim under which that is done."""

    state: SourceState
    claim: WorkClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How one poll ended, made under this claim; `error` is None after a success (304 included).

    `counts` are added to the day's counters of the source, by name. `gap` is since when entries
    may have come and gone, and `archive` says that the source has an archive in which to look for
    them. `sitemaps` are those of an index that were asked for; None changes nothing about them.
    """

    source: str
    claim: WorkClaim
    at: datetime
    next_poll: datetime
    status: int | None = None
    interval: timedelta | None = None
    validators: Validators | None = None
    new: int = 0
    error: Fault | None = None
    took: timedelta | None = None
    listed: int = 0
    gap: datetime | None = None
    archive: bool = False
    sitemaps: Mapping[str, KnownSitemap] | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FollowingPage:
    """A further page of an article over several, as it was read; `body_hash` is of its bytes."""

    url: str
    validators: Validators
    body_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPage:
    """A page to fetch under this claim: `attempts` failed ones came before.

    The validators are the page's own; `following` are the pages that were read with it. `fetches`
    have succeeded; `first_seen` is when the page was
    first wanted; `error` is how the last attempt failed.
    """

    key: str
    claim: WorkClaim
    source: str
    url: str
    entry: FeedEntry
    first_seen: datetime
    attempts: int
    fetches: int
    validators: Validators
    body_hash: str | None
    error: Fault | None = None
    following: tuple[FollowingPage, ...] = ()

    @property
    def stays_away(self) -> bool:
        """Whether it never came and failed so often that its entry is used until it comes."""
        return self.fetches == 0 and self.attempts >= HICCUPS


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """What is kept of a fetched page for the next time; `body_hash` is of the bytes as received.

    At `next_look` the page is due again, to see whether its article has been edited.
    """

    key: str
    claim: WorkClaim
    at: datetime
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None
    next_look: datetime | None = None
    following: tuple[FollowingPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of an article: `seq` is its place in the log, None when nothing changed."""

    article: str
    verdict: Verdict
    seq: int | None
    story: str
    story_new: bool


def entry_to_json(entry: FeedEntry) -> str:
    """One JSON object with the fields that are set."""
    fields = {name: getattr(entry, name) for name in FeedEntry.__dataclass_fields__}
    return json.dumps(
        {
            name: as_text(value) if isinstance(value, datetime) else value
            for name, value in fields.items()
            if value not in (None, "")
        },
        ensure_ascii=False,
    )


def entry_from_json(text: str) -> FeedEntry:
    """The entry written by `entry_to_json`."""
    fields = json.loads(text)
    for name in ("published", "modified"):
        if name in fields:
            fields[name] = as_time(fields[name])
    return FeedEntry(**fields)


def article_to_row(article: Article) -> Row:
    """The columns of `articles` that come from the article itself."""
    return {
        "id": article.id,
        "key": article.key,
        "url": article.url,
        "outlet": article.outlet,
        "source": article.source,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "author": article.author,
        "section": article.section,
        "language": article.language,
        "image": article.image,
        "published": as_text(article.published),
        "published_from": article.published_from.value,
        "modified": optional_text(article.modified),
        "first_seen": as_text(article.first_seen),
        "partial": article.partial,
        "paid": article.paid,
        "items": items_to_text(article.items),
        "live": article.live.value if article.live else None,
        "live_until": optional_text(article.live_until),
        "mild": article.mild,
    }


def article_from_row(row: Row) -> Article:
    """The article in a row of `articles`."""
    return Article(
        id=row["id"],
        key=row["key"],
        url=row["url"],
        outlet=row["outlet"],
        source=row["source"],
        title=row["title"],
        lead=row["lead"],
        body=row["body"],
        author=row["author"],
        section=row["section"],
        language=row["language"],
        image=row["image"],
        published=as_time(row["published"]),
        published_from=DateOrigin(row["published_from"]),
        modified=optional_time(row["modified"]),
        first_seen=as_time(row["first_seen"]),
        partial=bool(row["partial"]),
        paid=None if row["paid"] is None else bool(row["paid"]),
        withdrawn=optional_time(row["withdrawn"]),
        items=items_from_text(row["items"]),
        live=Live(row["live"]) if row["live"] else None,
        live_until=optional_time(row["live_until"]),
        mild=bool(row["mild"]),
    )


def items_to_text(items: Iterable[ArticleItem]) -> str | None:
    """The items as a JSON list of start, key and time; None if there are none."""
    rows = [[item.start, item.key, optional_text(item.at)] for item in items]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else None


def items_from_text(text: str | None) -> tuple[ArticleItem, ...]:
    """The items written by `items_to_text`."""
    rows = json.loads(text) if text else ()
    return tuple(ArticleItem(start, key, optional_time(at)) for start, key, at in rows)


def following_to_text(pages: Iterable[FollowingPage]) -> str | None:
    """The pages as a JSON list of address, validators and hash; None if there are none."""
    rows = [[page.url, *astuple(page.validators), page.body_hash] for page in pages]
    return json.dumps(rows, separators=(",", ":")) if rows else None


def fetched_to_row(page: FetchedPage) -> Row:
    """What a page that was fetched leaves in `pages`."""
    return {
        "key": page.key,
        "at": as_text(page.at),
        "next": optional_text(page.next_look),
        "hash": page.body_hash,
        "etag": page.validators.etag,
        "modified": page.validators.last_modified,
        "validators_of": page.validators.url,
        "following": following_to_text(page.following),
    }


def following_from_text(text: str | None) -> tuple[FollowingPage, ...]:
    """The pages written by `following_to_text`."""
    rows = json.loads(text) if text else ()
    return tuple(FollowingPage(url, Validators(*held), digest) for url, *held, digest in rows)


def state_from_row(row: Row, sitemaps: Mapping[str, KnownSitemap] | None = None) -> SourceState:
    """The state in a row of `sources`, with the sitemaps that it names."""
    return SourceState(
        id=row["id"],
        validators=_validators(row),
        next_poll=as_time(row["next_poll"]),
        interval=_seconds(row["interval"]),
        last_poll=optional_time(row["last_poll"]),
        last_success=optional_time(row["last_success"]),
        last_new=optional_time(row["last_new"]),
        failures=row["failures"],
        status=row["status"],
        error=optional_fault(row["error"]),
        added=as_time(row["added"]),
        took=_seconds(row["took"]),
        listed=optional_time(row["listed"]),
        listed_entries=row["listed_entries"],
        gap=optional_time(row["gap"]),
        sitemaps=sitemaps or {},
    )


def _validators(row: Row) -> Validators:
    """The validators in a row; a table of an older version has no address for them."""
    return Validators(row["etag"], row["last_modified"], row.get("validators_of"))


def _seconds(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def poll_to_row(poll: Poll) -> Row:
    """What a poll leaves in `sources`."""
    validators, interval, took = poll.validators, poll.interval, poll.took
    return {
        "source": poll.source,
        "at": as_text(poll.at),
        "next_poll": as_text(poll.next_poll),
        "status": poll.status,
        "error": noted(poll.error) if poll.error else None,
        "interval": None if interval is None else interval.total_seconds(),
        "new": poll.new,
        "validated": validators is not None,
        "etag": validators.etag if validators else None,
        "modified": validators.last_modified if validators else None,
        "validators_of": validators.url if validators else None,
        "took": None if took is None else took.total_seconds(),
        "listed": poll.listed,
        "gap": optional_text(poll.gap) if poll.archive else None,
    }


def known_entry_from_row(row: Row) -> KnownEntry:
    """The entry in a row of the question about held entries."""
    from crawler.sources import KnownEntry

    return KnownEntry(
        key=row["key"],
        entry_hash=row["entry_hash"],
        first_seen=as_time(row["first_seen"]),
        fetches=row["fetches"],
        last_fetched=optional_time(row["last_fetched"]),
        wanted=bool(row["wanted"]),
        last_listed=optional_time(row["last_listed"]),
        published=optional_time(row["published"]),
        changed=optional_time(row["changed"]),
        live=bool(row["live"]),
    )


def wanted_page_from_row(row: Row, claim: WorkClaim) -> WantedPage:
    """The page in a row of `pages`, with its claim."""
    return WantedPage(
        key=row["key"],
        source=row["source"],
        url=row["url"],
        entry=entry_from_json(row["entry"]),
        first_seen=as_time(row["first_seen"]),
        attempts=row["attempts"],
        fetches=row["fetches"],
        validators=_validators(row),
        body_hash=row["body_hash"],
        error=optional_fault(row["error"]),
        following=following_from_text(row["following"]),
        claim=claim,
    )
