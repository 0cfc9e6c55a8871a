"""What counts as a reading of an article: also one that found nothing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.addresses.article_key import article_id
from crawler.engine.outcomes import Listed
from crawler.engine.transactions import (
    record_article,
    record_failure,
    record_listing,
    record_unchanged,
    record_unchanged_list,
)
from crawler.feeds.listing import Listing
from crawler.model import (
    Article,
    DateOrigin,
    FeedEntry,
    Fetch,
    Source,
    SourceKind,
    Validators,
)
from crawler.reading.tasks import (
    Answer,
    FetchedArticle,
    PageArticle,
    PageFault,
    PageWork,
    PollWork,
)
from crawler.sources import status_fault
from crawler.sources.freshness import ListedEntry
from crawler.store import Poll, PollStore, SourceState, WantedPage, Writer, migrations, open_reader
from crawler.store.archive.readings import ReadingStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://krant.example/brug"
KRANT = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss",
    every=timedelta(minutes=5),
)
TEXT = "De burgemeester heeft de brug gesloten. Duikers vonden scheuren in twee pijlers."


class Page:
    """One page of a newspaper, read again and again."""

    def __init__(self, path: Path) -> None:
        self.writer = Writer(path, migrations=[migrations])
        entry = FeedEntry(url=URL, title="Brug gesloten")
        listed = ListedEntry(key=URL, entry=entry, entry_hash="h", new=True, due=NOW)
        self.writer.run(lambda db: PollStore(db).sync_sources([KRANT], NOW))
        poll = Poll(source="krant", at=NOW, next_poll=NOW + HOUR)
        self.writer.run(lambda db: PollStore(db).record_poll(poll, [listed]))
        self.work = PageWork(
            KRANT,
            WantedPage(
                key=URL,
                source="krant",
                url=URL,
                entry=entry,
                first_seen=NOW,
                attempts=0,
                fetches=0,
                validators=Validators(),
                body_hash=None,
            ),
        )

    def gives(self, hours: int, text: str = TEXT, *, partial: bool = False) -> None:
        found = replace(ARTICLE, body=text, partial=partial)
        read = PageArticle(article=found, body_hash=f"hash{hours}")
        item = FetchedArticle(work=self.work, read=read, validators=Validators())
        self.writer.run(lambda db: record_article(db, item, NOW + hours * HOUR))

    def unchanged(self, hours: int) -> None:
        now = NOW + hours * HOUR
        self.writer.run(lambda db: record_unchanged(db, self.work, Validators(), now))

    @property
    def read(self) -> float | None:
        """The hour of the last reading."""
        found = self.writer.run(lambda db: ReadingStore(db).latest([ARTICLE.id]))
        return (found[ARTICLE.id] - NOW) / HOUR if found else None


ARTICLE = Article(
    id=article_id(URL),
    key=URL,
    url=URL,
    outlet="Krant",
    source="krant",
    title="Brug gesloten",
    lead="",
    body=TEXT,
    first_seen=NOW,
    published=NOW,
    published_from=DateOrigin.FEED,
)


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
    fault = PageFault(what=status_fault(503), status=503, again=True)

    page.writer.run(lambda db: record_failure(db, page.work, fault, None, NOW + HOUR))

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
    state = SourceState(id="krant", validators=Validators(), next_poll=NOW)
    work = PollWork(source, state)
    listing = Listing(entries=(FeedEntry(url=URL, title="Brug gesloten", body=TEXT),))
    came = Listed(work, Answer(url=source.url, status=200), listing)
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        writer.run(lambda db: PollStore(db).sync_sources([source], NOW))
        (saved,) = writer.run(lambda db: record_listing(db, came, NOW, 0)).saved
        read = []
        for hours, unchanged in ((1, False), (2, True)):
            now = NOW + hours * HOUR
            poll = Poll(source="krant", at=now, next_poll=now + HOUR)
            if unchanged:
                writer.run(lambda db, poll=poll: record_unchanged_list(db, work, poll))
            else:
                writer.run(lambda db, now=now: record_listing(db, came, now, 0))
            read.append(writer.run(lambda db: ReadingStore(db).latest([saved.article])))

    assert read == [{saved.article: NOW + HOUR}, {saved.article: NOW + 2 * HOUR}]
