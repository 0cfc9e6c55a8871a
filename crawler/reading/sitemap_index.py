"""Sitemaps that name sitemaps: which are read, in what order, and what they list together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import field, replace
from hashlib import blake2b

from crawler.errors import SourceError, StoppedError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault, together
from crawler.feeds.listing import Listing
from crawler.frozen import dataclass
from crawler.model import FeedEntry, KnownSitemap, Validators
from crawler.network.faults import fault_of
from crawler.reading.reader import Reader
from crawler.reading.tasks import NOT_MODIFIED, Answer, PollWork
from crawler.sources.retries import status_fault
from crawler.sources.sitemap_turns import (
    MAX_DEPTH,
    MOST_SITEMAPS,
    has_news,
    is_archive,
    recent,
    sitemaps_to_ask,
)

Ask = Callable[[str, Validators], Awaitable[Answer]]


@dataclass(slots=True)
class _Found:
    entries: list[FeedEntry] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    sitemaps: dict[str, KnownSitemap] = field(default_factory=dict)
    dropped: int = 0
    unread: list[str] = field(default_factory=list)
    changed: bool = False
    read: int = 0


class IndexReader:
    """Follows an index downwards, newest first; each sitemap is requested with its own validators.

    A sitemap that is named twice, or names itself, is read once. If one fails, the others are still
    read.
    """

    def __init__(self, work: PollWork, reader: Reader, ask: Ask) -> None:
        self._work, self._reader, self._ask = work, reader, ask
        self._now = reader.now()
        self._known = work.state.sitemaps
        self._archives: set[str] = set()

    async def listing(self, answer: Answer, index: Listing) -> Listing:
        """What the sitemaps of this index list, together.

        Raises:
            SourceError: none of them could be read, or none is of the same site.
        """
        named = {child.url for child in index.children}
        kept = {url: held for url, held in self._known.items() if url in named}
        found = _Found(
            entries=list(index.entries),
            faults=[index.fault],
            sitemaps=kept,
            dropped=index.dropped,
            unread=list(index.unread_dates),
            changed=bool(index.entries),
        )
        asked = {self._work.source.url, answer.url}
        waiting = self._below(index, (answer.url,))
        limit = len(asked) + MOST_SITEMAPS
        while waiting and len(asked) < limit:
            url, path = waiting.pop(0)
            if url not in asked:
                asked.add(url)
                waiting[:0] = await self._taken(url, path, found)
        fault = together(found.faults)
        if not (found.read or found.entries) and (fault or not found.sitemaps):
            what = fault or CrawlFault.NO_SITEMAPS()
            raise SourceError(self._work.source.id, what, url=answer.url)
        return replace(
            index,
            entries=tuple(found.entries),
            fault=fault,
            dropped=found.dropped,
            unread_dates=tuple(found.unread),
            unchanged=not (found.changed or fault),
            sitemaps=found.sitemaps,
        )

    def _below(self, index: Listing, path: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        asked = sitemaps_to_ask(index.children, self._known, path=path, now=self._now)
        self._archives |= {child.url for child in index.children if is_archive(child, self._now)}
        return [(url, path) for url in asked]

    async def _taken(
        self, url: str, path: tuple[str, ...], found: _Found
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Add what this sitemap lists; returns the sitemaps that it names itself."""
        try:
            child = await self._read(url, found)
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, this sitemap did not come
            found.sitemaps.pop(url, None)
            found.faults.append(CrawlFault.SITEMAP(url=url, cause=fault_of(error)))
            return []
        found.read += 1
        if child is None:
            return []
        entries = child.entries
        if url in self._archives:
            if has_news(entries, self._now):
                found.sitemaps[url] = replace(found.sitemaps[url], changed=self._now)
            entries = tuple(recent(entries, self._now))
        found.entries += entries
        found.faults.append(child.fault)
        found.dropped += child.dropped
        found.unread += child.unread_dates
        found.changed = True
        if child.index and len(path) >= MAX_DEPTH:
            found.faults.append(CrawlFault.SITEMAP(url=url, cause=CrawlFault.NESTED()))
        return self._below(child, (*path, url))

    async def _read(self, url: str, found: _Found) -> Listing | None:
        known = self._known.get(url) or KnownSitemap(validators=Validators(), asked=self._now)
        answer = await self._ask(url, known.validators)
        if answer.status == NOT_MODIFIED and known.validators and answer.conditional:
            found.sitemaps[url] = replace(known, asked=self._now)
            return None
        if not answer.ok:
            raise SourceError(self._work.source.id, status_fault(answer.status), url=url)
        child = await self._reader.listing(self._work, answer)
        # Validators of an index are not kept: it may stay the same while its sitemaps change.
        whole = child.complete and not child.index
        digest = blake2b(answer.body, digest_size=8).hexdigest()
        changed = self._now if known.digest not in {"", digest} else known.changed
        found.sitemaps[url] = KnownSitemap(
            validators=answer.validators if whole else Validators(),
            asked=self._now,
            changed=changed,
            digest=digest,
        )
        return child
