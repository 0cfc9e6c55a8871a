"""Dates that move together in a list: what was edited is read at this list or the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from claiming import claimed_poll
from krant import HOUR, KRANT, NOW, bridge_article

from crawler.engine.outcomes import Listed
from crawler.engine.transactions import record_article, record_listing
from crawler.feeds.listing import Listing
from crawler.model import FeedEntry, Validators
from crawler.reading.tasks import Answer, FetchedArticle, PageArticle, PageWork
from crawler.store import Connection, PageQueue, PollStore, Writer, migrations

MINUTE = timedelta(minutes=1)


class Newspaper:
    """A newspaper with a feed of this many articles, as the store keeps what it gives."""

    def __init__(self, path: Path, size: int) -> None:
        self.writer = Writer(path, migrations=[migrations])
        self.writer.run(lambda db: PollStore(db).sync_sources([KRANT], NOW))
        self.texts = {f"https://krant.example/{number}": 1 for number in range(size)}
        self.dates = dict.fromkeys(self.texts, NOW - HOUR)

    def edit(self, at: datetime, numbers: range) -> None:
        for number in numbers:
            self.texts[f"https://krant.example/{number}"] += 1
            self.dates[f"https://krant.example/{number}"] = at

    def poll(self, now: datetime) -> list[int]:
        """Ask for the feed and read each page that is due; the versions of the texts read."""
        return self.writer.run(lambda db: self._polled(db, now))

    def _polled(self, db: Connection, now: datetime) -> list[int]:
        entries = tuple(
            FeedEntry(url=url, title=f"Bericht {url[-1]}", published=date)
            for url, date in self.dates.items()
        )
        work = claimed_poll(db, KRANT, now)
        answer = Answer(url=KRANT.url, status=200)
        record_listing(db, Listed(work, answer, Listing(entries=entries)), now, 0.5)
        pages = PageQueue(db).claim("proef", now, 100, each=100)
        for page in pages:
            text = f"Versie {self.texts[page.url]} van het bericht op {page.url}."
            article = replace(bridge_article(page.url, text), title=page.entry.title)
            read = PageArticle(article=article, body_hash=text)
            item = FetchedArticle(work=PageWork(KRANT, page), read=read, validators=Validators())
            record_article(db, item, now + MINUTE)
        return [self.texts[page.url] for page in pages]


@pytest.fixture
def newspaper(tmp_path: Path) -> Iterator[Newspaper]:
    paper = Newspaper(tmp_path / "nieuws.db", 7)
    with paper.writer:
        assert paper.poll(NOW) == [1] * 7
        yield paper


@pytest.mark.parametrize("edited", [3, 5])
def test_the_edits_of_a_small_feed_are_read_when_it_lists_them(
    newspaper: Newspaper, edited: int
) -> None:
    newspaper.edit(NOW + 5 * MINUTE, range(edited))

    assert newspaper.poll(NOW + 10 * MINUTE) == [2] * edited


def test_a_feed_whose_pages_prove_to_be_edited_is_read_whole(newspaper: Newspaper) -> None:
    newspaper.edit(NOW + 5 * MINUTE, range(7))

    assert newspaper.poll(NOW + 10 * MINUTE) == [2] * 5
    assert newspaper.poll(NOW + 15 * MINUTE) == [2] * 2


def test_a_feed_that_dates_all_its_entries_anew_costs_a_few_pages(newspaper: Newspaper) -> None:
    newspaper.dates = dict.fromkeys(newspaper.dates, NOW + 5 * MINUTE)

    assert newspaper.poll(NOW + 10 * MINUTE) == [1] * 5
    assert newspaper.poll(NOW + 15 * MINUTE) == []
