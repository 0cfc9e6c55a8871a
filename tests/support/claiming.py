"""Claims for tests of what is written under one; nobody else wants the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.model import Source
from crawler.reading import ClaimedPoll, PageWork
from crawler.store import ClaimTable, Connection, PollStore, WorkClaim
from crawler.store.records import optional_time


def source_claim(db: Connection, source: str, now: datetime) -> WorkClaim:
    claim = ClaimTable(db, "sources", "id").take(source, "proef", now)
    assert claim is not None, f"somebody else polls {source}"
    return claim


def page_claim(db: Connection, key: str, now: datetime) -> WorkClaim:
    claim = ClaimTable(db, "pages", "key").take(key, "proef", now)
    assert claim is not None, f"somebody else fetches {key}"
    (row,) = db.rows("SELECT wanted FROM pages WHERE key = ?", [key])
    return replace(claim, wanted=optional_time(row["wanted"]))


def claimed_poll(db: Connection, source: Source, now: datetime) -> ClaimedPoll:
    (due,) = PollStore(db).claim_due_sources("proef", now, 1, only=[source.id])
    return ClaimedPoll(source, due.state, due.claim)


def claimed_again(db: Connection, work: PageWork, now: datetime) -> PageWork:
    """The same work, for one more fetch of the page."""
    PollStore(db).give_back([work.claim])
    return replace(work, page=replace(work.page, claim=page_claim(db, work.page.key, now)))
