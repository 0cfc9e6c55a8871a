"""What is read in other processes, and what is not read again."""

from __future__ import annotations

import asyncio
from hashlib import blake2b

from krant import KRANT, NOW

from crawler.faults.kinds import CrawlFault
from crawler.model import FeedEntry
from crawler.reading.pool import WorkerPool
from crawler.reading.reader import Reader, read_page
from crawler.reading.tasks import Answer, PageFault, PageRead, Unchanged

URL = "https://krant.example/a"
BODY = b"<html><h1>Brug gesloten</h1></html>"


def read_without_processes(answer: Answer, before: bytes) -> PageRead:
    async def run() -> PageRead:
        pool = WorkerPool()
        await pool.close()
        entry = FeedEntry(url=URL, title="Brug gesloten")
        known = blake2b(before, digest_size=16).hexdigest()
        return await Reader(pool, lambda: NOW).page(KRANT, entry, answer, before=known)

    return asyncio.run(run())


def test_a_page_whose_bytes_did_not_change_is_not_extracted_again() -> None:
    answer = Answer(url=URL, status=200, body=BODY)
    read = read_without_processes(answer, BODY)
    assert read == Unchanged()


def test_a_page_with_other_bytes_goes_to_a_process() -> None:
    answer = Answer(url=URL, status=200, body=BODY + b" ")
    read = read_without_processes(answer, BODY)
    assert isinstance(read, PageFault)


def test_a_page_without_a_byte_is_called_empty_and_asked_for_again() -> None:
    answer = Answer(url=URL, status=200, body=b"")

    read = read_page(answer, FeedEntry(url=URL, title="Brug gesloten"), KRANT, NOW, "")

    assert read == PageFault(what=CrawlFault.EMPTY_PAGE(), status=200, again=True)
