"""What a list gives without a title, or under one address, as it stands in the store afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.engine.outcomes import Listed
from crawler.engine.transactions import Recorded, record_listing
from crawler.feeds.listing import Listing
from crawler.model import FeedEntry, Fetch, Source, SourceKind
from crawler.reading.tasks import Answer, ClaimedPoll
from crawler.store import PollStore, Writer, migrations, open_reader

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=10)
BODE = Source(
    id="bode",
    outlet="De Streekbode",
    kind=SourceKind.FEED,
    url="https://bode.example/rss",
    every=MINUTES,
    fetch=Fetch.ENTRY,
)
SHORT = "https://bode.example/kort"
BRIDGE = FeedEntry(url=f"{SHORT}#1", guid="1", title="Brug open", lead="Verkeer kan weer langs.")
TRIAL = FeedEntry(url=f"{SHORT}#2", guid="2", title="Drie jaar cel", lead="Zij reisde naar IS.")
FERRY = FeedEntry(url=f"{SHORT}#3", guid="3", title="Veer vast", lead="De boot ligt op een plaat.")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as opened:
        opened.run(lambda db: PollStore(db).sync_sources([BODE], NOW))
        yield opened


def poll(
    writer: Writer, *entries: FeedEntry, source: Source = BODE, at: datetime = NOW
) -> Recorded:
    (due,) = writer.run(lambda db: PollStore(db).claim_due_sources("test", at, 10))
    work = ClaimedPoll(source, due.state, due.claim)
    came = Listed(work, Answer(url=source.url, status=200), Listing(entries=entries))
    return writer.run(lambda db: record_listing(db, came, at, 0))


def stored(writer: Writer) -> set[tuple[str, str]]:
    rows = open_reader(writer.path).rows("SELECT title, url FROM articles", [])
    return {(row["title"], row["url"]) for row in rows}


def test_items_under_one_address_are_stored_each_with_its_place_on_the_page(writer: Writer) -> None:
    recorded = poll(writer, BRIDGE, TRIAL, TRIAL)

    assert [saved.verdict.value for saved in recorded.saved] == ["new", "new"]
    assert stored(writer) == {("Brug open", f"{SHORT}#1"), ("Drie jaar cel", f"{SHORT}#2")}
    counters = open_reader(writer.path).rows("SELECT name, total FROM counters", [])
    assert ("merged", 1) in {(row["name"], row["total"]) for row in counters}


def test_a_text_that_one_list_gives_under_two_addresses_is_stored_once(writer: Writer) -> None:
    # given a report that is long enough to be known by its words
    lead = " ".join(f"Het water bij dijk {number} staat hoog." for number in range(8))
    report = FeedEntry(url="https://bode.example/dijk", title="Water hoog", lead=lead)
    # when a list names it twice, the second time under another address
    recorded = poll(writer, report, replace(report, url="https://bode.example/nieuws/dijk"))
    # then it is one article, which stands where it was named last
    assert [saved.verdict.value for saved in recorded.saved] == ["new", "known"]
    assert stored(writer) == {("Water hoog", "https://bode.example/nieuws/dijk")}


def test_a_new_item_alone_at_the_address_changes_none_that_stood_there(writer: Writer) -> None:
    # given two polls whose lists hold one report each, under the same address
    first = replace(BRIDGE, url=SHORT), replace(TRIAL, url=SHORT)
    poll(writer, first[0])
    # when the second comes, and again with a third
    recorded = poll(writer, first[1], at=NOW + 9 * MINUTES)
    later = poll(writer, FERRY, first[1], at=NOW + 18 * MINUTES)
    # then each is new once
    assert [saved.verdict.value for saved in recorded.saved] == ["new"]
    assert [saved.verdict.value for saved in later.saved] == ["new"]
    assert {title for title, _ in stored(writer)} == {"Brug open", "Drie jaar cel", "Veer vast"}


def test_the_page_that_items_share_is_wanted_beside_them(writer: Writer) -> None:
    paged = replace(BODE, fetch=Fetch.PAGE)
    recorded = poll(writer, BRIDGE, TRIAL, source=paged)

    assert [entry.key for entry in recorded.listed if entry.wanted] == [SHORT]
    assert len(recorded.saved) == 2


LONG = "De SDF meldt dat bij Baghuz vier strijders van IS zijn gedood. Later volgt meer nieuws."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Luchtaanval bij Baghuz.", "Luchtaanval bij Baghuz."),
        (LONG, LONG.partition(" Later")[0]),
        ("Net binnen. " + LONG, "Net binnen. " + LONG.partition(" Later")[0]),
        ("woord " * 60, "woord " * 19 + "woord…"),
        ("https://bode.example/1 " + LONG, LONG.partition(" Later")[0]),
        ("Luchtaanval bij Baghuz https://t.example/a?b=1", "Luchtaanval bij Baghuz"),
        ("https://bode.example/1", "https://bode.example/1"),
    ],
)
def test_an_item_without_a_title_has_the_start_of_its_text(
    writer: Writer, text: str, title: str
) -> None:
    poll(writer, FeedEntry(url="https://bode.example/toot/1", lead=text))

    assert stored(writer) == {(title, "https://bode.example/toot/1")}


def test_an_article_with_another_address_at_each_poll_is_fetched_as_one_that_changes(
    writer: Writer,
) -> None:
    # given a feed that gives each of three articles another address at each poll
    source = replace(BODE, fetch=Fetch.PAGE, every=timedelta(seconds=10))
    wanted = []

    # when it is polled for ten minutes
    for number in range(60):
        at = NOW + number * timedelta(seconds=10)
        entries = [
            FeedEntry(url=f"https://bode.example/{number}/{guid}", guid=guid, title=f"Brug {guid}")
            for guid in "abc"
        ]
        writer.run(lambda db: db.execute("UPDATE sources SET next_poll = added"))
        wanted.append(poll(writer, *entries, source=source, at=at).wanted)

    # then each is fetched at once, and again after five minutes
    assert wanted[0] == 3
    assert sum(wanted) == 6


def test_a_feed_that_gives_all_its_articles_the_same_id_holds_none_of_them_back(
    writer: Writer,
) -> None:
    source = replace(BODE, fetch=Fetch.PAGE)
    for number in range(3):
        entry = FeedEntry(url=f"https://bode.example/{number}", guid="id", title=f"Kop {number}")
        writer.run(lambda db: db.execute("UPDATE sources SET next_poll = added"))
        at = NOW + number * timedelta(seconds=10)
        assert poll(writer, entry, source=source, at=at).wanted == 1


@pytest.mark.parametrize("host", ["192.168.2.1", "127.0.0.1:8000", "0x7f.1", "localhost", "[::1]"])
def test_an_entry_that_leads_into_a_private_network_is_left_out(writer: Writer, host: str) -> None:
    inside = FeedEntry(url=f"http://{host}/beheer", guid="x", title="Klik hier", lead="Nu.")

    poll(writer, inside, BRIDGE)

    assert stored(writer) == {("Brug open", SHORT)}
    counters = writer.run(lambda db: PollStore(db).counters(NOW))
    assert counters["bode"]["dropped"] == 1
