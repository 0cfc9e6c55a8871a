"""Sitemaps that name sitemaps: which are read, in what order, and what they list together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from crawler.errors import SourceError, StoppedError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault, together
from crawler.feeds.listing import Listing
from crawler.model import FeedEntry, Validators
from crawler.network.faults import fault_of
from crawler.reading.reader import Reader
from crawler.reading.tasks import NOT_MODIFIED, Answer, PollWork
from crawler.sources.retries import status_fault

# Chosen: requests that one poll may cost besides the index itself.
MOST_SITEMAPS = 5

Ask = Callable[[str, Validators], Awaitable[Answer]]


@dataclass(slots=True)
class _Found:
    entries: list[FeedEntry] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    sitemaps: dict[str, Validators] = field(default_factory=dict)
    dropped: int = 0
    changed: bool = False


class IndexReader:
    """Follows an index downwards, newest first; each sitemap is requested with its own validators.

    A sitemap that is named twice, or names itself, is read once. If one fails, the others are still
    read.
    """

    def __init__(self, work: PollWork, reader: Reader, ask: Ask) -> None:
        self._work, self._reader, self._ask = work, reader, ask
        self._known = work.state.sitemaps

    async def listing(self, answer: Answer, index: Listing) -> Listing:
        """What the sitemaps of this index list, together."""
        named = {child.url for child in index.children}
        kept = {url: held for url, held in self._known.items() if url in named}
        found = _Found(list(index.entries), [index.fault], kept, index.dropped)
        asked = {self._work.source.url, answer.url}
        waiting = self._below(index, (answer.url,))
        limit = len(asked) + MOST_SITEMAPS
        while waiting and len(asked) < limit:
            url, path = waiting.pop(0)
            if url not in asked:
                asked.add(url)
                waiting[:0] = await self._taken(url, path, found)
        fault = together(found.faults)
        return replace(
            index,
            entries=tuple(found.entries),
            fault=fault,
            dropped=found.dropped,
            unchanged=not (found.changed or fault),
            sitemaps=found.sitemaps,
        )

    def _below(self, index: Listing, path: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        return [(url, path) for url in self._reader.sitemaps_to_read(self._work, index, path)]

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
        if child is None:
            return []
        found.entries += child.entries
        found.faults.append(child.fault)
        found.dropped += child.dropped
        found.changed = True
        return self._below(child, (*path, url))

    async def _read(self, url: str, found: _Found) -> Listing | None:
        known = self._known.get(url, Validators())
        answer = await self._ask(url, known)
        if answer.status == NOT_MODIFIED and known and answer.conditional:
            return None
        if not answer.ok:
            raise SourceError(self._work.source.id, status_fault(answer.status), url=url)
        child = await self._reader.listing(self._work, answer)
        # Validators of an index are not kept: it may stay the same while its sitemaps change.
        whole = child.complete and not child.index
        found.sitemaps[url] = answer.validators if whole else Validators()
        return child
