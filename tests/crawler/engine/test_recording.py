"""What is learned of an article's page, as it stands in the store afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from claiming import claimed_again, claimed_poll, source_claim
from krant import HOUR, KRANT, NOW, bridge_article

from crawler.addresses.article_key import article_id
from crawler.engine.outcomes import Listed
from crawler.engine.recorder import Hooks, StoreRecorder
from crawler.engine.transactions import (
    record_archive,
    record_article,
    record_failure,
    record_listing,
    record_unchanged,
)
from crawler.feeds.listing import Listing
from crawler.model import Article, FeedEntry, Fetch, Validators
from crawler.reading.tasks import (
    Answer,
    ArchiveSpan,
    ClaimedPoll,
    FetchedArticle,
    PageArticle,
    PageFault,
    PageWork,
)
from crawler.sources import status_fault
from crawler.sources.freshness import ListedEntry
from crawler.store import (
    LEASE,
    ArticleStore,
    Connection,
    FactStore,
    Poll,
    PollStore,
    Writer,
    migrations,
    open_reader,
)
from crawler.store.records import WantedPage, WorkClaim

A, B = "https://krant.example/a", "https://krant.example/b"
TEXT = (
    "De burgemeester van Oudeschans heeft de brug over de Linge voor al het verkeer gesloten. "
    "Duikers vonden vrijdag scheuren in twee pijlers. Volgens de gemeente duurt het herstel tot "
    "in de zomer en rijden bussen zolang om over de dijk. Winkeliers vrezen voor hun omzet."
)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as opened:
        opened.run(lambda db: PollStore(db).sync_sources([KRANT], NOW))
        yield opened


def polled(db: Connection, listed: list[ListedEntry], **changes: Any) -> None:
    claim = source_claim(db, "krant", NOW)
    poll = Poll(source="krant", claim=claim, at=NOW, next_poll=NOW)
    PollStore(db).record_poll(replace(poll, **changes), listed)


class Archive:
    """The archive after what was learned."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def page(self, url: str, guid: str | None = None, **changes: Any) -> PageWork:
        entry = FeedEntry(url=url, title="Brug gesloten", guid=guid)
        listed = ListedEntry(key=url, entry=entry, entry_hash="h", new=True, due=NOW)
        self._writer.run(lambda db: polled(db, [listed]))
        fields = {
            "key": url,
            "claim": WorkClaim("pages", url, "proef", 0),
            "source": "krant",
            "url": url,
            "entry": entry,
            "first_seen": NOW,
            "attempts": 0,
            "fetches": 0,
            "validators": Validators(),
            "body_hash": None,
        }
        return PageWork(KRANT, WantedPage(**(fields | changes)))

    def _claimed(self, work: PageWork) -> PageWork:
        return self._writer.run(lambda db: claimed_again(db, work, NOW))

    def read(self, work: PageWork, at: str, text: str = TEXT, **changes: Any) -> None:
        given = bridge_article(at, text)
        item = FetchedArticle(
            work=self._claimed(work),
            read=PageArticle(article=replace(given, **changes), body_hash="hash"),
            validators=Validators(),
        )
        self._writer.run(lambda db: record_article(db, item, NOW))

    def failed(self, work: PageWork, status: int) -> None:
        fault = PageFault(what=status_fault(status), status=status, again=True)
        claimed = self._claimed(work)
        self._writer.run(lambda db: record_failure(db, claimed, fault, None, NOW))

    def unchanged(self, work: PageWork) -> None:
        claimed = self._claimed(work)
        self._writer.run(lambda db: record_unchanged(db, claimed, Validators(), NOW))

    @property
    def articles(self) -> list[Article]:
        db = open_reader(self._writer.path)
        found = ArticleStore(db)
        ids = [row["id"] for row in db.rows("SELECT id FROM articles ORDER BY number")]
        return [article for each in ids if (article := found.article(each))]

    def revisions(self) -> int:
        return ArticleStore(open_reader(self._writer.path)).totals()["revisions"]

    def counts(self) -> dict[str, int]:
        return PollStore(open_reader(self._writer.path)).counters(NOW).get("krant", {})


@pytest.fixture
def archive(writer: Writer) -> Archive:
    return Archive(writer)


def test_a_page_that_answers_at_a_new_address_is_the_same_article(archive: Archive) -> None:
    page = archive.page(A)
    archive.read(page, A)

    archive.read(page, B, TEXT + " De provincie betaalt mee.")
    archive.read(archive.page(B), B, TEXT + " De provincie betaalt mee.")

    (article,) = archive.articles
    assert (article.key, article.url, archive.revisions()) == (A, B, 2)


def test_a_page_that_leads_to_another_article_is_not(archive: Archive) -> None:
    page = archive.page(A)
    archive.read(page, A)

    other = TEXT.replace("brug", "school").replace("Linge", "Rotte")[:80] + (
        "Over het gebouw aan de haven wordt al jaren gesproken; een nieuw gebouw komt er pas als "
        "de raad geld vindt. De ouders willen niet wachten en zoeken zelf een plek voor de klassen."
    )
    archive.read(page, B, other, title="School dicht")

    assert [article.key for article in archive.articles] == [A, B]


def test_the_same_text_at_a_new_address_is_the_same_article(archive: Archive) -> None:  # case 35
    archive.read(archive.page(A), A)

    archive.read(archive.page(B), B)

    (article,) = archive.articles
    assert (article.key, article.url, archive.revisions()) == (A, B, 1)


def test_a_new_address_under_the_name_that_the_feed_gave_is_the_same_article(
    archive: Archive,
) -> None:
    archive.read(archive.page(A, "guid-1"), A)

    archive.read(archive.page(B, "guid-1"), B, TEXT + " De provincie betaalt mee.")

    (article,) = archive.articles
    assert (article.key, article.url, archive.revisions()) == (A, B, 2)


def test_a_feed_that_names_all_its_items_alike_merges_nothing(archive: Archive) -> None:
    words = ["brug haven dijk", "school klas juf", "regen wind zon"]
    for number, word in enumerate(words):
        url = f"{A}/{number}"
        archive.read(archive.page(url, "1"), url, f"{word} " * 3 + word[::-1] * 9, title=word)

    assert len(archive.articles) == 3


def test_a_few_words_said_twice_are_two_articles(archive: Archive) -> None:
    for address in (A, B):
        archive.read(archive.page(address), address, "Zon en wolken, 12 graden.")

    assert len(archive.articles) == 2


def test_where_the_site_gives_an_id_that_alone_says_what_is_one_article(archive: Archive) -> None:
    for key in ("krant:1", "krant:2"):
        archive.read(archive.page(f"{A}/{key}"), key, url=f"{A}/{key}", id=article_id(key))

    assert len(archive.articles) == 2


def test_a_page_whose_canonical_address_is_another_is_known_by_both(archive: Archive) -> None:
    page = archive.page(A)
    archive.read(page, B)

    archive.failed(
        replace(page, page=replace(page.page, fetches=1, error=status_fault(404))),
        404,
    )

    (article,) = archive.articles
    assert (article.key, article.withdrawn) == (B, NOW)


def test_what_is_gone_is_marked_and_kept(archive: Archive) -> None:  # case 37
    page = archive.page(A)
    archive.read(page, A)

    archive.failed(replace(page, page=replace(page.page, fetches=1)), 410)

    (article,) = archive.articles
    assert (article.withdrawn, article.body) == (NOW, TEXT)
    assert archive.counts()["withdrawn"] == 1


def test_not_there_once_is_no_withdrawal_and_twice_is(archive: Archive) -> None:
    page = archive.page(A)
    archive.read(page, A)
    seen = replace(page, page=replace(page.page, fetches=1))

    archive.failed(seen, 404)
    assert archive.articles[0].withdrawn is None

    archive.failed(
        replace(seen, page=replace(seen.page, attempts=1, error=status_fault(404))),
        404,
    )
    assert archive.articles[0].withdrawn == NOW


@pytest.mark.parametrize("how", ["unchanged", "read"])
def test_an_article_that_comes_back_is_not_withdrawn(archive: Archive, how: str) -> None:
    page = archive.page(A)
    archive.read(page, A)
    archive.failed(page, 410)

    if how == "read":
        archive.read(page, A)
    else:
        archive.unchanged(page)

    assert archive.articles[0].withdrawn is None


def test_what_was_read_is_counted_at_each_station(archive: Archive) -> None:
    page = archive.page(A)
    archive.read(page, A)
    archive.read(page, A, TEXT + " Er komt een pont.")
    archive.unchanged(page)

    assert archive.counts() == {
        "fetched": 3,
        "extracted": 2,
        "stored": 1,
        "revised": 1,
        "page_unchanged": 1,
    }


def listing_of(*entries: FeedEntry) -> Listing:
    return Listing(entries=entries)


def test_an_entry_that_gives_no_article_is_missed_with_its_reason(writer: Writer) -> None:
    source = replace(KRANT, fetch=Fetch.ENTRY)
    listing = listing_of(FeedEntry(url=A), FeedEntry(url=B, title="Brug gesloten"))
    work = writer.run(lambda db: claimed_poll(db, source, NOW))
    came = Listed(work, Answer(url=source.url, status=200), listing)

    recorded = writer.run(lambda db: record_listing(db, came, NOW, 0))

    assert [saved.verdict.value for saved in recorded.saved] == ["new"]
    (missed,) = FactStore(open_reader(writer.path)).missed(NOW)
    assert (missed.url, str(missed.reason)) == (A, "the feed gives no title")


def test_an_archive_gives_what_the_source_had_not_shown(writer: Writer) -> None:
    listing = listing_of(
        FeedEntry(url=A, title="Brug gesloten", published=NOW - HOUR),
        FeedEntry(url=B, title="Oud nieuws", published=NOW - 99 * HOUR),
    )

    recorded = writer.run(
        lambda db: record_archive(db, KRANT, listing, ArchiveSpan(NOW - 2 * HOUR, NOW), NOW)
    )

    assert [entry.key for entry in recorded.listed] == [A]
    assert recorded.wanted == 1
    assert PollStore(open_reader(writer.path)).counters(NOW)["krant"] == {"found": 1}


def test_a_poll_whose_claim_is_lost_reads_no_archive(writer: Writer) -> None:
    source = replace(KRANT, archive="https://krant.example/archief")
    writer.run(lambda db: polled(db, [], gap=NOW - HOUR, archive=True))
    (lost,) = writer.run(lambda db: PollStore(db).claim_due_sources("een", NOW, 1))
    (kept,) = writer.run(lambda db: PollStore(db).claim_due_sources("twee", NOW + LEASE, 1))
    hooks = Hooks(lambda _: None, lambda: None, lambda _: None)
    recorder = StoreRecorder(writer, lambda: NOW + LEASE, hooks)
    answer = Answer(url=source.url, status=304)

    works = [ClaimedPoll(source, each.state, each.claim) for each in (lost, kept)]
    spans = [asyncio.run(recorder.unchanged(work, answer)) for work in works]

    assert spans == [None, ArchiveSpan(NOW - HOUR, NOW + LEASE)]
