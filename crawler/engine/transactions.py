"""How each thing learned changes the store; every function here is part of a writer's job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.engine.outcomes import (
    Listed,
    article_counts,
    page_counts,
    page_in,
    poll_with_listing,
    taken_down,
)
from crawler.engine.storing import FromEntry, ListedAs, store_article, store_from_entries
from crawler.errors import PageError
from crawler.feeds.listing import Listing
from crawler.frozen import dataclass
from crawler.model import (
    FeedEntry,
    Fetch,
    Live,
    Source,
    Validators,
    Verdict,
)
from crawler.network.guard import forbidden_address, literal_address
from crawler.pages.extract import article_from_entry
from crawler.reading.tasks import (
    ArchiveSpan,
    EntryArticle,
    FetchedArticle,
    FoundArticle,
    PageFault,
    PageWork,
    PollWork,
)
from crawler.sources.freshness import (
    KnownEntry,
    ListedEntry,
    entries_missed,
    entries_to_fetch,
    key_before,
)
from crawler.sources.shared_addresses import by_address, entries_by_key
from crawler.store.archive.articles import ArticleStore
from crawler.store.archive.forgetting import forgotten_among
from crawler.store.archive.readings import ReadingStore
from crawler.store.connection import Connection
from crawler.store.ledger.gaps import GapStore
from crawler.store.ledger.live_pages import LivePageStore
from crawler.store.ledger.pages import PageQueue
from crawler.store.ledger.polls import PollStore
from crawler.store.records import FetchedPage, Poll, Saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The outcome of a list: its entries, the articles stored at once, and the faults by key.

    `gap` is since when entries may have come and gone, None if they cannot have.
    """

    listed: list[ListedEntry]
    saved: list[Saved]
    missed: dict[str, PageError]
    gap: datetime | None = None

    @property
    def wanted(self) -> int:
        """How many pages are to be fetched."""
        return sum(entry.wanted for entry in self.listed)


def record_listing(db: Connection, came: Listed, now: datetime, jitter: float) -> Recorded:
    """Write down a list: entries, pages wanted, validators and the next poll, as one change."""
    polls, source = PollStore(db), came.work.source
    came = replace(came, listing=_without_inner_links(came.listing, source))
    entries, known = _under_their_keys(db, source, *_told_apart(db, source, came.listing), now)
    listed = entries_to_fetch(entries, known, now)
    taken = _taken_at_once(db, source, listed, now)
    poll = poll_with_listing(came, listed=listed, known=known, now=now, jitter=jitter)
    polls.record_poll(poll, taken.listed)
    _note_missed(db, source, taken, now)
    return replace(taken, gap=poll.gap)


def record_unchanged_list(db: Connection, work: PollWork, poll: Poll) -> None:
    """Write down a poll whose list has not changed; the texts that it gives count as read again."""
    PollStore(db).record_poll(poll)
    if work.source.fetch is Fetch.ENTRY:
        ReadingStore(db).note_list_unchanged(work.source.id, poll.at)


def record_archive(
    db: Connection, source: Source, listing: Listing, span: ArchiveSpan, now: datetime
) -> Recorded:
    """Write down an archive; entries of this span that no list has named are wanted."""
    polls = PollStore(db)
    entries, known = _told_apart(db, source, _without_inner_links(listing, source))
    found = entries_missed(entries, known, since=span.since, now=now)
    taken = _taken_at_once(db, source, found, now)
    GapStore(db).fill(source.id, now, taken.listed, asked=span.at)
    _note_missed(db, source, taken, now)
    polls.count(source.id, "found", now, len(found))
    return taken


def _without_inner_links(listing: Listing, source: Source) -> Listing:
    """The list without entries that lead into a private network, unless its source is in one."""
    if _is_inside(source.url):
        return listing
    kept = tuple(entry for entry in listing.entries if not _is_inside(entry.url))
    left_out = len(listing.entries) - len(kept)
    return replace(listing, entries=kept, dropped=listing.dropped + left_out)


def _is_inside(url: str) -> bool:
    """Whether an address names, without any look-up, a machine that is not public."""
    host = urlsplit(url).hostname or ""
    literal = literal_address(host)
    return host == "localhost" or bool(literal and forbidden_address(literal))


def _told_apart(
    db: Connection, source: Source, listing: Listing
) -> tuple[dict[str, FeedEntry], dict[str, KnownEntry]]:
    """The entries of a list by article key, and what is known of them.

    Those of articles that were forgotten are left out.
    """
    polls, addresses = PollStore(db), by_address(listing.entries, source)
    parts = [key for shared in addresses for key in shared.parts]
    known = polls.known_entries(source.id, [*(shared.key for shared in addresses), *parts])
    held = polls.entries_held(filter(None, (shared.asked for shared in addresses)))
    entries = entries_by_key(addresses, source, held=held, known=known)
    for key in forgotten_among(db, entries):
        del entries[key]
    return entries, known


def _under_their_keys(
    db: Connection,
    source: Source,
    entries: Mapping[str, FeedEntry],
    known: Mapping[str, KnownEntry],
    now: datetime,
) -> tuple[Mapping[str, FeedEntry], Mapping[str, KnownEntry]]:
    """The same, with the key of before for an article that has another address at each poll."""
    pages, renamed = PageQueue(db), dict[str, str]()
    for key, entry in entries.items() if source.fetch is Fetch.PAGE else ():
        if key not in known and entry.guid and not entry.part:
            before = key_before(entry, pages.named_before(source.id, entry.guid), now)
            if before and before not in entries:
                renamed[key] = before
    if not renamed:
        return entries, known
    keyed = {renamed.get(key, key): entry for key, entry in entries.items()}
    return keyed, {**known, **PollStore(db).known_entries(source.id, list(renamed.values()))}


def _taken_at_once(
    db: Connection, source: Source, listed: list[ListedEntry], now: datetime
) -> Recorded:
    """Store the articles whose pages are not fetched: the list gives their text."""
    at_once = [one for one in listed if source.fetch is Fetch.ENTRY or one.entry.part]
    ReadingStore(db).note_unchanged((entry.key for entry in at_once if not entry.wanted), now)
    found, missed = list[FromEntry](), dict[str, PageError]()
    for entry in at_once:
        if not entry.wanted:
            continue
        try:
            article = article_from_entry(entry.entry, source, now)
        except PageError as error:
            missed[entry.key] = error
            continue
        found.append(FromEntry(article, ListedAs(entry.key, entry.entry.guid, Live.FEED)))
    saved = store_from_entries(db, found, now)
    counts = Counter[str]()
    for one in saved:
        counts.update(article_counts(one))
    PollStore(db).count_all(source.id, counts, now)
    taken = {entry.key for entry in at_once}
    return Recorded(
        listed=[replace(entry, due=None) if entry.key in taken else entry for entry in listed],
        saved=saved,
        missed=missed,
    )


def _note_missed(db: Connection, source: Source, taken: Recorded, now: datetime) -> None:
    for key, error in taken.missed.items():
        PageQueue(db).give_up(key, error.what, now)
    if taken.missed:
        PollStore(db).count(source.id, "entry_missed", now, len(taken.missed))


def record_article(db: Connection, item: FoundArticle, now: datetime) -> Saved | None:
    """Write down an article, from its page or its entry, together with the outcome of the page."""
    match item:
        case FetchedArticle(work=work, read=read):
            named = _named(work, Live.PAGE)
            saved = store_article(db, read.article, named, now, refrains=read.refrains)
            page = page_in(
                work,
                validators=item.validators,
                body_hash=read.body_hash,
                now=now,
                changed=saved is not None and saved.verdict is Verdict.REVISED,
            )
            _record_fetch(db, replace(page, following=item.following), work.page.url)
            counts = {"fetched": 1, "extracted": 1} | article_counts(saved, read.wall)
        case EntryArticle(work=work, article=article, missed=missed, again=again):
            named = replace(_named(work, Live.FEED), stands_in=True)
            saved = store_article(db, article, named, now)
            record_failure(db, work, missed, again, now)
            counts = article_counts(saved)
    PollStore(db).count_all(work.source.id, counts, now)
    return saved


def record_unchanged(db: Connection, work: PageWork, validators: Validators, now: datetime) -> None:
    """Write down that a page has not changed."""
    page = work.page
    ReadingStore(db).note_unchanged([page.key], now)
    validators = validators or page.validators
    read = page_in(work, validators=validators, body_hash=page.body_hash, now=now)
    _record_fetch(db, replace(read, following=page.following), page.url)
    PollStore(db).count_all(work.source.id, {"fetched": 1, "page_unchanged": 1}, now)


def _record_fetch(db: Connection, page: FetchedPage, url: str) -> None:
    again = LivePageStore(db).next_reading(page.key, url, page.at)
    looks = filter(None, (page.next_look, again))
    PollStore(db).page_fetched(replace(page, next_look=min(looks, default=None)))
    ArticleStore(db).restore(page.key)


def record_failure(
    db: Connection, work: PageWork, fault: PageFault, at: datetime | None, now: datetime
) -> None:
    """Write down that a page gave nothing, and mark an article that was taken down.

    The page is asked for again at `at`; with None it is given up.
    """
    missed = PollStore(db).page_failed(
        work.page.key, fault.what, now=now, next_attempt=at, claim=work.page.claim
    )
    counts = page_counts(fault, missed=missed)
    if taken_down(work.page, fault.status) and ArticleStore(db).withdraw(work.page.key, now):
        counts["withdrawn"] = 1
    PollStore(db).count_all(work.source.id, counts, now)


def _named(work: PageWork, by: Live) -> ListedAs:
    return ListedAs(work.page.key, work.page.entry.guid, by)
