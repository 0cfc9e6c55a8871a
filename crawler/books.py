"""The store behind the spider: each thing learned is one job of the writer."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlite_utils import Database

from crawler.article import Fetch, Source
from crawler.attempts import next_attempt
from crawler.errors import PageError, StoreError
from crawler.extract import article_from_entry
from crawler.freshness import ListedEntry, entries_to_fetch
from crawler.outcomes import (
    keyed,
    loses_text,
    page_in,
    poll_with_fault,
    poll_with_listing,
    poll_without_news,
)
from crawler.report import Tally
from crawler.store import ArticleStore, PollStore, Saved, Writer
from crawler.work import Answer, FetchedArticle, Listing, PageWork, PollWork

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told, on the loop, once something is durable."""

    saved: Callable[[Saved], None] | None = None
    wanted: Callable[[], None] | None = None
    page_done: Callable[[PageWork], None] | None = None


class StoreBooks:
    """Writes down what the spider learns, and counts it in `tally`.

    What cannot be written (a full disk) is logged and counted in `lost`; once nothing is in hand,
    whoever runs the crawl releases the claims, and it is done again.
    """

    def __init__(self, writer: Writer, clock: Callable[[], datetime], hooks: Hooks) -> None:
        self._writer = writer
        self._clock = clock
        self._hooks = hooks
        self.tally = Tally()
        self.lost = 0

    async def listed(self, work: PollWork, answer: Answer, listing: Listing) -> None:
        """Write down the entries, the pages wanted and the validators as one change."""
        now, jitter = self._clock(), random.random()  # noqa: S311 - spreads polls, hides nothing

        def job(db: Database) -> tuple[list[ListedEntry], list[Saved]]:
            return _record_listing(db, _Listed(work, answer, listing), now, jitter)

        outcome = await self._written(job, work.source.id)
        self.tally.polled += 1
        if outcome is None:
            return
        listed, saved = outcome
        self.tally.entries += len(listed)
        for each in saved:
            self._tell_saved(each)
        wanted = sum(entry.wanted for entry in listed)
        log.info(
            "poll source=%s entries=%d wanted=%d saved=%d%s",
            *(work.source.id, len(listed), wanted, len(saved)),
            f" fault={listing.fault!r}" if listing.fault else "",
        )
        if wanted and self._hooks.wanted:
            self._hooks.wanted()

    async def unchanged(self, work: PollWork, answer: Answer) -> None:
        """Write down that there is nothing new."""
        now, jitter = self._clock(), random.random()  # noqa: S311 - spreads polls, hides nothing
        poll = poll_without_news(work, answer, now=now, jitter=jitter)
        await self._written(lambda db: PollStore(db).record_poll(poll), work.source.id)
        self.tally.polled += 1
        self.tally.unchanged += 1
        log.debug("poll source=%s unchanged", work.source.id)

    async def poll_failed(self, work: PollWork, answer: Answer, fault: str) -> None:
        """Write down the fault; the source backs off, and what is held of it stays."""
        now, jitter = self._clock(), random.random()  # noqa: S311 - spreads polls, hides nothing
        poll = poll_with_fault(work, answer, fault, now=now, jitter=jitter)
        await self._written(lambda db: PollStore(db).record_poll(poll), work.source.id)
        self.tally.polled += 1
        self.tally.sources_failed += 1
        self.tally.fault(work.source.id, answer.url, fault)
        log.warning("poll source=%s fault=%r url=%s", work.source.id, fault, answer.url)

    async def save(self, item: FetchedArticle) -> None:
        """Write down an article and that its page is in, as one change."""
        now = self._clock()
        saved = await self._written(lambda db: _save(db, item, now), item.work.source.id)
        if item.missed:
            self._tell_page_failed(item.work, item.missed)
        else:
            self.tally.fetched += 1
        if saved is not None:
            self._tell_saved(saved)
        self._tell_page_done(item.work)

    async def page_unchanged(self, work: PageWork, answer: Answer) -> None:
        """Write down that the page says what it said."""
        page = page_in(
            work,
            validators=answer.validators or work.page.validators,
            body_hash=work.page.body_hash,
            now=self._clock(),
        )
        await self._written(lambda db: PollStore(db).page_fetched(page), work.source.id)
        self.tally.fetched += 1
        self.tally.known += 1
        self._tell_page_done(work)

    def next_attempt(self, work: PageWork, answer: Answer) -> datetime | None:
        """When a page that failed is asked for again; None when it is given up."""
        return next_attempt(
            work.page.attempts, self._clock(), status=answer.status, wait=answer.wait
        )

    async def page_later(self, work: PageWork, fault: str, at: datetime) -> None:
        """Write down the fault and the next attempt."""
        await self._page_failed(work, fault, at)

    async def page_missed(self, work: PageWork, fault: str) -> None:
        """Write down the fault; the page is given up."""
        await self._page_failed(work, fault, None)

    async def _page_failed(self, work: PageWork, fault: str, at: datetime | None) -> None:
        now = self._clock()

        def job(db: Database) -> None:
            PollStore(db).page_failed(work.page.key, fault, now=now, next_attempt=at)
            PollStore(db).count(work.source.id, "page_missed" if at is None else "page_failed", now)

        await self._written(job, work.source.id)
        self._tell_page_failed(work, fault)
        self._tell_page_done(work)

    async def _written(self, job: Callable[[Database], T], source: str) -> T | None:
        try:
            return await asyncio.wrap_future(self._writer.submit(job))
        except (sqlite3.Error, StoreError) as error:
            self.lost += 1
            log.error("store source=%s error=%s", source, error)  # noqa: TRY400 - a full disk, no bug
            return None
        except Exception:
            self.lost += 1
            raise

    def _tell_saved(self, saved: Saved) -> None:
        self.tally.saved(saved)
        if self._hooks.saved:
            self._hooks.saved(saved)

    def _tell_page_failed(self, work: PageWork, fault: str) -> None:
        self.tally.pages_failed += 1
        self.tally.fault(work.source.id, work.page.url, fault)
        log.warning("page source=%s fault=%r url=%s", work.source.id, fault, work.page.url)

    def _tell_page_done(self, work: PageWork) -> None:
        if self._hooks.page_done:
            self._hooks.page_done(work)


@dataclass(frozen=True, slots=True)
class _Listed:
    work: PollWork
    answer: Answer
    listing: Listing


def _record_listing(
    db: Database, came: _Listed, now: datetime, jitter: float
) -> tuple[list[ListedEntry], list[Saved]]:
    polls, source = PollStore(db), came.work.source
    entries = keyed(came.listing.entries, source)
    known = polls.known_entries(source.id, list(entries))
    listed = entries_to_fetch(entries, known, now)
    saved: list[Saved] = []
    if source.fetch is Fetch.ENTRY:
        saved = _saved_entries(db, source, listed, now)
        listed = [replace(entry, due=None) for entry in listed]
    poll = poll_with_listing(
        came.work, came.answer, came.listing, listed=listed, known=known, now=now, jitter=jitter
    )
    polls.record_poll(poll, listed)
    return listed, saved


def _saved_entries(
    db: Database, source: Source, listed: list[ListedEntry], now: datetime
) -> list[Saved]:
    """Store the articles of a source whose feed gives all that is used of them."""
    articles, saved = ArticleStore(db), []
    for entry in listed:
        if not entry.wanted:
            continue
        try:
            article = article_from_entry(entry.entry, source, now)
        except PageError:
            continue  # no title: there is nothing to store
        held = articles.current(article.key)
        if not loses_text(article, articles.article(held.article) if held else None):
            saved.append(articles.save(article, now=now))
    return saved


def _save(db: Database, item: FetchedArticle, now: datetime) -> Saved | None:
    articles, polls, work = ArticleStore(db), PollStore(db), item.work
    held = articles.current(item.article.key)
    saved = None
    if not loses_text(item.article, articles.article(held.article) if held else None):
        saved = articles.save(item.article, now=now)
    if item.missed:
        polls.page_failed(work.page.key, item.missed, now=now, next_attempt=None)
        polls.count(work.source.id, "page_missed", now)
    else:
        page = page_in(work, validators=item.validators, body_hash=item.body_hash, now=now)
        polls.page_fetched(page)
        polls.count(work.source.id, "fetched", now)
    return saved
