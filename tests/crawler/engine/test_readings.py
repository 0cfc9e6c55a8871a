"""What counts as a reading of an article: also one that found nothing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from claiming import claimed_again, claimed_poll, source_claim
from krant import HOUR, KRANT, NOW, bridge_article

from crawler.engine.outcomes import Listed
from crawler.engine.storing import ListedAs, store_article
from crawler.engine.transactions import (
    record_article,
    record_failure,
    record_listing,
    record_unchanged,
    record_unchanged_list,
)
from crawler.feeds.listing import Listing
from crawler.model import (
    FeedEntry,
    Fetch,
    Live,
    Validators,
    Verdict,
)
from crawler.reading.tasks import (
    Answer,
    FetchedArticle,
    PageArticle,
    PageFault,
    PageWork,
)
from crawler.sources import status_fault
from crawler.sources.freshness import ListedEntry
from crawler.store import (
    Connection,
    PageQueue,
    Poll,
    PollStore,
    Writer,
    migrations,
    open_reader,
)
from crawler.store.archive.readings import ReadingStore
from crawler.store.records import Saved

URL = "https://krant.example/brug"
TEXT = "De burgemeester heeft de brug gesloten. Duikers vonden scheuren in twee pijlers."


class Page:
    """One page of a newspaper, read again and again."""

    def __init__(self, path: Path) -> None:
        self.writer = Writer(path, migrations=[migrations])
        entry = FeedEntry(url=URL, title="Brug gesloten")
        listed = ListedEntry(key=URL, entry=entry, entry_hash="h", new=True, due=NOW)
        self.writer.run(lambda db: PollStore(db).sync_sources([KRANT], NOW))
        claim = self.writer.run(lambda db: source_claim(db, "krant", NOW))
        poll = Poll(source="krant", claim=claim, at=NOW, next_poll=NOW + HOUR)
        self.writer.run(lambda db: PollStore(db).record_poll(poll, [listed]))
        (page,) = self.writer.run(lambda db: PageQueue(db).claim("proef", NOW, 1, each=1))
        self._work = PageWork(KRANT, page)

    @property
    def work(self) -> PageWork:
        """The page, claimed for one more fetch."""
        return self.writer.run(lambda db: claimed_again(db, self._work, NOW))

    def failed(self, hours: int) -> None:
        work, now = self.work, NOW + hours * HOUR
        fault = PageFault(what=status_fault(503), status=503, again=True)
        self.writer.run(lambda db: record_failure(db, work, fault, None, now))

    def gives(self, hours: int, text: str = TEXT, *, partial: bool = False) -> None:
        found = replace(ARTICLE, body=text, partial=partial)
        read = PageArticle(article=found, body_hash=f"hash{hours}")
        item = FetchedArticle(work=self.work, read=read, validators=Validators())
        self.writer.run(lambda db: record_article(db, item, NOW + hours * HOUR))

    def unchanged(self, hours: int) -> None:
        work, now = self.work, NOW + hours * HOUR
        self.writer.run(lambda db: record_unchanged(db, work, Validators(), now))

    @property
    def read(self) -> float | None:
        """The hour of the last reading."""
        found = self.writer.run(lambda db: ReadingStore(db).latest([ARTICLE.id]))
        return (found[ARTICLE.id] - NOW) / HOUR if found else None


ARTICLE = bridge_article(URL, TEXT)


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path / "nieuws.db")


def test_each_text_that_is_read_is_a_reading_changed_or_not(page: Page) -> None:
    page.gives(0)
    assert page.read == 0
    page.gives(1)
    assert page.read == 1
    page.gives(2, f"{TEXT} Het herstel duurt lang.")
    assert page.read == 2
    page.unchanged(3)
    assert page.read == 3


def test_a_page_that_fails_is_no_reading(page: Page) -> None:
    page.gives(0)

    page.failed(1)

    assert page.read == 0


def test_a_wall_before_the_text_is_no_reading_and_neither_is_the_same_wall_again(
    page: Page,
) -> None:
    page.gives(0)
    page.gives(1, "Lees verder met een abonnement.", partial=True)
    page.unchanged(2)
    assert page.read is None

    page.gives(3)
    page.unchanged(4)

    assert page.read == 4


def test_a_revision_says_whether_it_was_a_part_of_the_text(page: Page) -> None:
    page.gives(0, "De burgemeester heeft de brug ...", partial=True)
    page.gives(1)

    rows = open_reader(page.writer.path).rows("SELECT partial FROM revisions ORDER BY seq", [])
    assert [row["partial"] for row in rows] == [1, 0]


def test_a_list_that_gives_the_texts_itself_is_a_reading_of_each(tmp_path: Path) -> None:
    source = replace(KRANT, fetch=Fetch.ENTRY)
    listing = Listing(entries=(FeedEntry(url=URL, title="Brug gesloten", body=TEXT),))
    answer = Answer(url=source.url, status=200)

    def lists(db: Connection, now: datetime) -> dict[str, datetime]:
        work = claimed_poll(db, source, now)
        record_listing(db, Listed(work, answer, listing), now, 0)
        return ReadingStore(db).latest([ARTICLE.id])

    def changes_nothing(db: Connection, now: datetime) -> dict[str, datetime]:
        work = claimed_poll(db, source, now)
        poll = Poll(source="krant", claim=work.claim, at=now, next_poll=now + HOUR)
        record_unchanged_list(db, work, poll)
        return ReadingStore(db).latest([ARTICLE.id])

    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        writer.run(lambda db: PollStore(db).sync_sources([source], NOW))
        writer.run(lambda db: lists(db, NOW))
        read = [
            writer.run(lambda db: lists(db, NOW + HOUR)),
            writer.run(lambda db: changes_nothing(db, NOW + 2 * HOUR)),
        ]

    assert read == [{ARTICLE.id: NOW + HOUR}, {ARTICLE.id: NOW + 2 * HOUR}]


def test_a_summary_in_a_list_changes_nothing_while_the_page_of_its_article_is_followed(
    page: Page,
) -> None:
    def summed_up(hours: int) -> Saved | None:
        words = replace(ARTICLE, title="Onrust om brug", lead="Samengevat.", body="", partial=True)
        named = ListedAs(URL, None, Live.FEED)
        now = NOW + hours * HOUR
        return page.writer.run(lambda db: store_article(db, words, named, now))

    # given an article that one source reads from its page, and another from its list
    page.gives(0)
    assert summed_up(1) is None

    # when its page is not looked at any more
    page.writer.run(lambda db: db.execute("UPDATE pages SET due = NULL"))

    # then the list alone can say what is new
    saved = summed_up(2)
    assert saved
    assert saved.verdict is Verdict.REVISED
