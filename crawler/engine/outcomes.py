"""What a poll or a page's fetch leaves in the store, decided from what came in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crawler.faults.fault import Fault
from crawler.feeds.listing import Listing
from crawler.frozen import dataclass
from crawler.model import Article, DateOrigin, Live, Validators, Verdict
from crawler.reading.tasks import NOT_MODIFIED, Answer, ClaimedPoll, PageFault, PageWork
from crawler.sources.freshness import KnownEntry, LastList, ListedEntry, has_gap, next_look
from crawler.sources.live_blogs import LiveBlog, LiveReading
from crawler.sources.retries import GONE, is_withdrawn, next_attempt
from crawler.sources.schedule import (
    Advice,
    Paces,
    interval_after,
    next_poll,
    paces_of,
    poll_after_failure,
)
from crawler.store.records import FetchedPage, Poll, Saved, SourceState, WantedPage
from crawler.stories.growth import has_grown
from crawler.stories.rectifications import with_news_of
from crawler.stories.revisions import is_part

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])", re.ASCII)


def advice_in(answer: Answer, listing: Listing | None = None) -> Advice:
    """What the publisher says about polling, in headers (RFC 9111, 5.2) and in the feed."""
    max_age = _MAX_AGE.search(answer.headers.get("cache-control", "").lower())
    return Advice(
        retry_after=answer.wait,
        max_age=timedelta(seconds=int(max_age[1])) if max_age else None,
        ttl=listing.ttl if listing else None,
        skip_hours=listing.skip_hours if listing else frozenset(),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """The list that a source answered with, and the poll that asked for it."""

    work: ClaimedPoll
    answer: Answer
    listing: Listing


def poll_with_listing(
    came: Listed,
    *,
    listed: Sequence[ListedEntry],
    known: Mapping[str, KnownEntry],
    now: datetime,
    jitter: float,
) -> Poll:
    """A poll that listed entries.

    Validators are not kept if there are no entries or only a part of them: the next poll must not
    be told that nothing has changed since. Nor are those of a sitemap index, which may stay the
    same while the sitemaps that it names change.
    """
    source, state = came.work.source, came.work.state
    answer, listing = came.answer, came.listing
    new = sum(entry.new for entry in listed)
    gap = _gap(state, listing, [entry.key for entry in listed], known)
    # After a gap the source is asked as often as it may be.
    paces = _paces(came.work, answer)
    interval = source.every if gap else interval_after(paces, state.interval, lively=new > 0)
    whole = bool(listed) and listing.complete and not listing.index
    return Poll(
        source=source.id,
        claim=came.work.claim,
        at=now,
        next_poll=next_poll(now, paces, interval, advice_in(answer, listing), jitter),
        status=answer.status,
        interval=interval,
        validators=answer.validators if whole else None,
        new=new,
        took=answer.took,
        listed=len(listed),
        gap=gap,
        archive=source.archive is not None,
        sitemaps=listing.sitemaps,
        counts=_list_counts(listing, listed) | _counts(gap=int(gap is not None)),
    )


def _list_counts(listing: Listing, listed: Sequence[ListedEntry]) -> dict[str, int]:
    return _counts(
        polled=1,
        entries=len(listed),
        dropped=listing.dropped,
        merged=max(0, len(listing.entries) - len(listed)),
        new=sum(entry.new for entry in listed),
        wanted=sum(entry.wanted for entry in listed),
        empty=int(not listed),
        incomplete=int(not listing.complete),
    )


def _gap(
    state: SourceState, listing: Listing, keys: Sequence[str], known: Mapping[str, KnownEntry]
) -> datetime | None:
    """Since when entries may have come and gone, None if there is no gap; an index has none."""
    last = LastList(state.listed, state.listed_entries)
    return state.last_success if not listing.index and has_gap(keys, known, last) else None


def poll_without_news(work: ClaimedPoll, answer: Answer, *, now: datetime, jitter: float) -> Poll:
    """A poll whose answer is that nothing has changed; a 304 may bring a new validator."""
    source = work.source
    paces = _paces(work, answer)
    interval = interval_after(paces, work.state.interval, lively=False)
    held, given = work.state.validators, answer.validators
    validators = Validators(
        given.etag or held.etag, given.last_modified or held.last_modified, held.url
    )
    return Poll(
        source=source.id,
        claim=work.claim,
        at=now,
        next_poll=next_poll(now, paces, interval, advice_in(answer), jitter),
        status=answer.status,
        interval=interval,
        validators=validators if answer.status == NOT_MODIFIED and validators != held else None,
        took=answer.took,
        counts=_counts(polled=1, unchanged=1),
    )


def _paces(work: ClaimedPoll, answer: Answer) -> Paces:
    return paces_of(work.source, cheap=bool(answer.status == NOT_MODIFIED or answer.validators))


def poll_with_fault(
    work: ClaimedPoll, answer: Answer, fault: Fault, *, now: datetime, jitter: float
) -> Poll:
    """A poll that failed; what is known of the source stays as it is."""
    every, failures = work.source.every, work.state.failures + 1
    return Poll(
        source=work.source.id,
        claim=work.claim,
        at=now,
        next_poll=poll_after_failure(now, every, failures, advice_in(answer), jitter),
        status=answer.status or None,
        error=fault,
        took=answer.took,
        counts=_counts(polled=1, failed=1),
    )


def page_in(
    work: PageWork,
    *,
    validators: Validators,
    body_hash: str | None,
    now: datetime,
    changed: bool = False,
) -> FetchedPage:
    """A page that was read, with the time of the next look if it is young.

    `changed` says that its article was revised.
    """
    page = work.page
    return FetchedPage(
        key=page.key,
        claim=page.claim,
        at=now,
        validators=validators,
        body_hash=body_hash,
        next_look=next_look(page.first_seen, page.fetches + 1, now, changed=changed),
    )


def live_reading(article: Article, known: Article | None) -> LiveReading:
    """What a text says of a live blog, compared with what is held of its article."""
    dated = article.published_from is not DateOrigin.FIRST_SEEN
    return LiveReading(
        named=article.live is Live.PAGE,
        # What a wall hid or a completed page adds was no news.
        grew=known is not None
        and known.partial == article.partial
        and has_grown(known.body, article.body),
        touched=article.modified or (article.published if dated else None),
        ends=article.live_until,
    )


def live_as(
    article: Article, known: Article | None, blog: LiveBlog | None, by: Live
) -> Live | None:
    """How an article is followed as a live blog, None if it is none; once it is, it stays one."""
    if article.live is None and not (blog and blog.live) and not (known and known.live):
        return None
    return article.live or by


def next_try(page: WantedPage, answer: Answer, now: datetime) -> datetime | None:
    """When a page that failed is asked for again; None if it is given up.

    A page that was taken down is still looked at while it is young: it may have been a mistake.
    """
    held = page.fetches > 0
    if taken_down(page, answer.status) and answer.status != GONE:
        return next_look(page.first_seen, page.fetches + page.attempts, now)
    return next_attempt(page.attempts, now, status=answer.status, wait=answer.wait, held=held)


def taken_down(page: WantedPage, status: int) -> bool:
    """Whether an answer with this status says that the article was withdrawn."""
    return is_withdrawn(status, page.error, held=page.fetches > 0)


def page_counts(fault: PageFault, *, missed: bool) -> dict[str, int]:
    """What a page that gave nothing adds to the counters of its source."""
    return _counts(
        page_missed=int(missed),
        page_failed=int(not missed),
        walled=int(bool(fault.wall)),
    ) | wall_counts(fault.wall)


def article_counts(saved: Saved | None, wall: str = "") -> dict[str, int]:
    """What an article that was read adds to the counters: its verdict and its wall."""
    verdict = saved.verdict if saved else None
    return _counts(
        stored=int(verdict is Verdict.NEW), revised=int(verdict is Verdict.REVISED)
    ) | wall_counts(wall)


def wall_counts(wall: str) -> dict[str, int]:
    """One more for the counter of this wall; nothing without a wall."""
    return {f"wall:{wall}": 1} if wall else {}


def without_loss(
    article: Article, held: Article | None, by: Live, *, stands_in: bool = False
) -> Article | None:
    """What to store of an article that was read, so that no part replaces a whole text.

    Of a part of the held text, as before a wall that has come up since, that is the held text with
    what the part says anew; None if it says nothing new. So it is of what `stands_in` for its page:
    the summary of a list has words of its own.
    """
    if held is None or held.partial or not is_part(article, held):
        return article
    return None if stands_in else with_news_of(article, held, walled=by is Live.PAGE)


def _counts(**counts: int) -> dict[str, int]:
    return {name: number for name, number in counts.items() if number}
