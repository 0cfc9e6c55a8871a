"""What is read in other processes, and what is not read again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from crawler.model import FeedEntry, Source, SourceKind, Validators
from crawler.reading.pool import WorkerPool
from crawler.reading.reader import Reader
from crawler.reading.tasks import Answer, PageFault, PageRead, PageWork, Unchanged
from crawler.store.records import WantedPage

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://krant.example/a"
BODY = b"<html><h1>Brug gesloten</h1></html>"
KRANT = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss",
    every=timedelta(minutes=5),
)


def page_of_last_time(body: bytes) -> PageWork:
    page = WantedPage(
        key=URL,
        source=KRANT.id,
        url=URL,
        entry=FeedEntry(url=URL, title="Brug gesloten"),
        first_seen=NOW,
        attempts=0,
        fetches=1,
        validators=Validators(),
        body_hash=blake2b(body, digest_size=16).hexdigest(),
    )
    return PageWork(KRANT, page)


def read_without_processes(job: Callable[[Reader], Awaitable[PageRead]]) -> PageRead:
    async def run() -> PageRead:
        pool = WorkerPool()
        await pool.close()
        return await job(Reader(pool, lambda: NOW))

    return asyncio.run(run())


def test_a_page_whose_bytes_did_not_change_is_not_extracted_again() -> None:
    answer, work = Answer(url=URL, status=200, body=BODY), page_of_last_time(BODY)
    read = read_without_processes(lambda reading: reading.page(work, answer))
    assert read == Unchanged()


def test_a_page_with_other_bytes_goes_to_a_process() -> None:
    answer, work = Answer(url=URL, status=200, body=BODY + b" "), page_of_last_time(BODY)
    read = read_without_processes(lambda reading: reading.page(work, answer))
    assert isinstance(read, PageFault)
