"""What a poll or a page's fetch leaves in the store, decided from what came in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from crawler.article import Article, FeedEntry, Source, Validators
from crawler.freshness import KnownEntry, ListedEntry, has_gap, next_look
from crawler.outlets import article_key
from crawler.polling import Advice, interval_after, next_poll, poll_after_failure
from crawler.store.records import FetchedPage, Poll
from crawler.work import Answer, Listing, PageWork, PollWork

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])", re.ASCII)


def keyed(entries: Iterable[FeedEntry], source: Source) -> dict[str, FeedEntry]:
    """The entries by article key, in their order; of two about one article the first counts."""
    found: dict[str, FeedEntry] = {}
    for entry in entries:
        found.setdefault(article_key(source.outlet, entry.url, entry.guid), entry)
    return found


def advice_in(answer: Answer, listing: Listing | None = None) -> Advice:
    """What the publisher says about being asked, in headers and in the feed itself."""
    max_age = _MAX_AGE.search(answer.headers.get("cache-control", "").lower())
    return Advice(
        retry_after=answer.wait,
        max_age=timedelta(seconds=int(max_age[1])) if max_age else None,
        ttl=listing.ttl if listing else None,
        skip_hours=listing.skip_hours if listing else frozenset(),
    )


def poll_with_listing(  # noqa: PLR0913 - what is known after a poll, by name
    work: PollWork,
    answer: Answer,
    listing: Listing,
    *,
    listed: Sequence[ListedEntry],
    known: Mapping[str, KnownEntry],
    now: datetime,
    jitter: float,
) -> Poll:
    """A poll that listed entries.

    Without entries, with a part of them, or of a sitemap index, which may stay as it is while what
    it names changes, no new validators are kept: the next poll must not be told that nothing has
    changed since.
    """
    source, state = work.source, work.state
    new = sum(entry.new for entry in listed)
    interval = interval_after(source.every, state.interval, lively=new > 0)
    gap = state.last_success is not None and has_gap((entry.key for entry in listed), known)
    whole = bool(listed) and listing.complete and not listing.fault and not listing.index
    return Poll(
        source=source.id,
        at=now,
        next_poll=next_poll(now, source.every, interval, advice_in(answer, listing), jitter),
        status=answer.status,
        interval=interval,
        validators=answer.validators if whole else None,
        new=new,
        counts=_counts(
            polled=1,
            entries=len(listed),
            new=new,
            wanted=sum(entry.wanted for entry in listed),
            gap=int(gap),
            empty=int(not listed),
            incomplete=int(not listing.complete),
        ),
    )


def poll_without_news(work: PollWork, answer: Answer, *, now: datetime, jitter: float) -> Poll:
    """A poll that was told that nothing has changed; a new validator is taken over."""
    source = work.source
    interval = interval_after(source.every, work.state.interval, lively=False)
    held, given = work.state.validators, answer.validators
    validators = Validators(given.etag or held.etag, given.last_modified or held.last_modified)
    return Poll(
        source=source.id,
        at=now,
        next_poll=next_poll(now, source.every, interval, advice_in(answer), jitter),
        status=answer.status,
        interval=interval,
        validators=validators if validators != held else None,
        counts=_counts(polled=1, unchanged=1),
    )


def poll_with_fault(
    work: PollWork, answer: Answer, fault: str, *, now: datetime, jitter: float
) -> Poll:
    """A poll that failed; what is held of the source stays as it is."""
    every, failures = work.source.every, work.state.failures + 1
    return Poll(
        source=work.source.id,
        at=now,
        next_poll=poll_after_failure(now, every, failures, advice_in(answer), jitter),
        status=answer.status or None,
        error=fault,
        counts=_counts(polled=1, failed=1),
    )


def page_in(
    work: PageWork, *, validators: Validators, body_hash: str | None, now: datetime
) -> FetchedPage:
    """A page that was read, with the time to look at it again while it is young."""
    page = work.page
    return FetchedPage(
        key=page.key,
        at=now,
        validators=validators,
        body_hash=body_hash,
        next_look=next_look(page.first_seen, page.fetches + 1, now),
    )


def loses_text(article: Article, held: Article | None) -> bool:
    """A part of an article may not replace the whole of it: a wall has come up since."""
    return held is not None and article.partial and not held.partial


def _counts(**counts: int) -> dict[str, int]:
    return {name: number for name, number in counts.items() if number}
