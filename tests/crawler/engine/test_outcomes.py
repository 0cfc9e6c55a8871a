"""What a poll or a page's fetch leaves in the store, decided from what came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crawler.engine.outcomes import (
    Listed,
    advice_in,
    next_try,
    page_counts,
    page_in,
    poll_with_fault,
    poll_with_listing,
    poll_without_news,
    taken_down,
    without_loss,
)
from crawler.faults import CrawlFault
from crawler.feeds.listing import ChildSitemap, Listing
from crawler.model import (
    Article,
    ArticleItem,
    DateOrigin,
    FeedEntry,
    Live,
    Source,
    SourceKind,
    Validators,
)
from crawler.reading.tasks import Answer, ClaimedPoll, PageFault, PageWork
from crawler.sources import status_fault
from crawler.sources.freshness import KnownEntry, ListedEntry, next_look
from crawler.store.records import SourceState, WantedPage, WorkClaim

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERY = timedelta(minutes=5)
KRANT = Source(
    id="krant",
    outlet="Krant",
    kind=SourceKind.FEED,
    url="https://krant.example/rss",
    every=EVERY,
)
ENTRY = FeedEntry(url="https://krant.example/1", title="Kop")
CHILD = ChildSitemap(url="https://krant.example/a")
LISTED = ListedEntry(key="k1", entry=ENTRY, entry_hash="h", new=True, due=NOW)
KNOWN = KnownEntry(
    key="k1", entry_hash="h", first_seen=NOW, fetches=1, last_fetched=NOW, wanted=False
)
ARTICLE = Article(
    id="art_1",
    key="k1",
    url=ENTRY.url,
    outlet="Krant",
    source="krant",
    title="Kop",
    lead="",
    body="Tekst",
    first_seen=NOW,
    published=NOW,
    published_from=DateOrigin.PAGE,
)


def work(**state: Any) -> ClaimedPoll:
    fields = {"id": "krant", "validators": Validators('"old"'), "next_poll": NOW, **state}
    return ClaimedPoll(KRANT, SourceState(**fields), WorkClaim("sources", "krant", "een", 1))


def answer(status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(url=KRANT.url, status=status, headers=named)


def polled(
    listing: Listing, entries: list[ListedEntry], known: dict[str, KnownEntry], **state: Any
) -> Any:
    came = answer(etag='"new"')
    return poll_with_listing(
        Listed(work(**state), came, listing), listed=entries, known=known, now=NOW, jitter=0
    )


def test_a_whole_listing_brings_its_validators_with_it() -> None:
    poll = polled(Listing(entries=(ENTRY,)), [LISTED], {})

    assert poll.validators == Validators('"new"')
    assert (poll.new, poll.error) == (1, None)
    assert poll.counts == {"polled": 1, "entries": 1, "new": 1, "wanted": 1}


@pytest.mark.parametrize(
    ("listing", "listed", "count"),
    [
        (Listing(), [], "empty"),
        (Listing(entries=(ENTRY,), fault=CrawlFault.CUT_TEXT()), [LISTED], "incomplete"),
        (Listing(entries=(ENTRY,), children=(CHILD,)), [LISTED], "entries"),
    ],
)
def test_a_listing_that_may_lack_entries_keeps_the_old_validators(
    listing: Listing, listed: list[ListedEntry], count: str
) -> None:
    poll = polled(listing, listed, {})

    assert poll.validators is None
    assert poll.counts[count] == 1


def test_a_gap_is_noted_since_the_last_good_poll_but_not_on_the_first() -> None:
    listing, before = Listing(entries=(ENTRY,)), NOW - timedelta(hours=1)
    last = {"last_success": before, "listed": before, "listed_entries": 1, "interval": 4 * EVERY}
    shared = replace(KNOWN, last_listed=before)

    gap = polled(listing, [LISTED], {}, **last)

    assert polled(listing, [LISTED], {}).gap is None
    assert polled(listing, [LISTED], {"k1": shared}, **last).gap is None
    assert (gap.gap, gap.counts["gap"], gap.interval) == (before, 1, EVERY)


def test_the_sitemaps_of_an_index_have_no_gap() -> None:
    index = Listing(entries=(ENTRY,), children=(CHILD,), sitemaps={CHILD.url: Validators()})
    last = {"last_success": NOW, "listed": NOW, "listed_entries": 1}

    poll = polled(index, [LISTED], {}, **last)

    assert (poll.gap, poll.sitemaps) == (None, index.sitemaps)


def test_what_was_listed_without_an_address_is_counted() -> None:
    assert polled(Listing(entries=(ENTRY,), dropped=3), [LISTED], {}).counts["dropped"] == 3


def test_an_index_that_had_nothing_new_keeps_no_validators() -> None:
    poll = poll_without_news(work(), answer(200, etag='"newer"'), now=NOW, jitter=0)

    assert poll.validators is None


def page_of(**changes: Any) -> WantedPage:
    fields = {
        "key": "k1",
        "claim": WorkClaim("pages", "k1", "een", 1),
        "source": "krant",
        "url": ENTRY.url,
        "entry": ENTRY,
        "first_seen": NOW - timedelta(hours=1),
        "attempts": 0,
        "fetches": 2,
        "validators": Validators(),
        "body_hash": None,
    }
    return WantedPage(**(fields | changes))


def test_a_page_that_was_taken_down_is_looked_at_while_it_is_young() -> None:
    twice = page_of(attempts=1, error=status_fault(404))

    assert taken_down(twice, 404)
    assert next_try(twice, answer(404), NOW) == next_look(twice.first_seen, 3, NOW)
    assert next_try(replace(twice, first_seen=NOW - timedelta(days=9)), answer(404), NOW) is None
    assert next_try(page_of(), answer(410), NOW) is None


def test_an_entry_does_for_a_page_that_stays_away_and_not_for_a_hiccup() -> None:
    assert page_of(fetches=0, attempts=2).stays_away
    assert not page_of(fetches=0, attempts=1).stays_away
    assert not page_of(fetches=1, attempts=5).stays_away


def test_a_wall_is_counted_by_its_name() -> None:
    walled = PageFault(what=CrawlFault.WALL(name="bot-block"), wall="bot-block")

    assert page_counts(walled, missed=True) == {"page_missed": 1, "walled": 1, "wall:bot-block": 1}
    assert page_counts(PageFault(what=status_fault(503)), missed=False) == {"page_failed": 1}


def test_nothing_new_keeps_the_validators_and_slows_down() -> None:
    poll = poll_without_news(work(interval=EVERY), answer(304), now=NOW, jitter=0)

    assert poll.validators is None
    assert poll.error is None
    assert poll.interval is not None
    assert poll.interval > EVERY


def test_a_304_may_bring_a_new_validator() -> None:
    poll = poll_without_news(work(), answer(304, etag='"newer"'), now=NOW, jitter=0)

    assert poll.validators == Validators('"newer"')


@given(st.integers(0, 40), st.floats(0, 1))
def test_a_fault_changes_nothing_that_is_held_and_puts_the_next_poll_off(
    failures: int, jitter: float
) -> None:
    poll = poll_with_fault(
        work(failures=failures), answer(0), CrawlFault.NO_ANSWER(), now=NOW, jitter=jitter
    )

    assert (poll.validators, poll.interval, poll.status) == (None, None, None)
    assert str(poll.error) == "no answer"
    assert NOW + EVERY <= poll.next_poll <= NOW + timedelta(hours=6.6)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=300", 300),
        ("public, max-age=60, must-revalidate", 60),
        ("s-maxage=5", None),
        ("max-age=99999999999999", None),
        ("no-store", None),
    ],
)
def test_cache_control_is_heard(header: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert advice_in(answer(cache_control=header)).max_age == expected


def test_a_young_page_is_looked_at_again_and_an_old_one_is_not() -> None:
    def page(age: timedelta) -> Any:
        wanted = page_of(first_seen=NOW - age, fetches=0)
        return page_in(PageWork(KRANT, wanted), validators=Validators(), body_hash="b", now=NOW)

    assert page(timedelta()).next_look > NOW
    assert page(timedelta(days=30)).next_look is None


WHOLE = "Het leger heeft de laatste wijk van de stad ingenomen. " * 10
BEGINNING = "Het leger heeft de laatste wijk…"


@pytest.mark.parametrize(
    ("body", "partial", "held", "stored"),
    [
        (BEGINNING, True, replace(ARTICLE, partial=False), None),
        (BEGINNING, True, replace(ARTICLE, partial=True), BEGINNING),
        (BEGINNING, False, replace(ARTICLE, partial=False), BEGINNING),
        (BEGINNING, True, None, BEGINNING),
        # There are new words before the wall.
        (
            f"Correctie: twee wijken.\n{BEGINNING}",
            True,
            replace(ARTICLE, partial=False),
            f"Correctie: twee wijken.\n\n{WHOLE}",
        ),
        # The words of a correction stand below its label.
        (
            f"{BEGINNING}\nCorrectie\nHet zijn twee wijken.\nNeem een abonnement.",
            True,
            replace(ARTICLE, partial=False),
            f"Correctie\n\nHet zijn twee wijken.\n\n{WHOLE}",
        ),
        # These are the words of the wall.
        (f"{BEGINNING}\nNeem een abonnement.", True, replace(ARTICLE, partial=False), None),
        # The flag came, the text did not go: this may be a correction.
        (
            f"{WHOLE[:-60]} Anders.",
            True,
            replace(ARTICLE, partial=False),
            f"{WHOLE[:-60]} Anders.",
        ),
    ],
)
def test_a_part_of_a_text_never_replaces_the_whole(
    body: str,
    partial: bool,  # noqa: FBT001 - a table
    held: Article | None,
    stored: str | None,
) -> None:
    whole = replace(held, body=WHOLE) if held else None
    found = without_loss(replace(ARTICLE, body=body, partial=partial), whole, Live.PAGE)
    assert (found and found.body) == stored


def test_another_headline_or_lead_before_a_wall_is_stored_with_the_text_behind_it() -> None:
    whole = replace(ARTICLE, lead="Er zijn 20 doden.", body=WHOLE, partial=False)
    cut = replace(whole, body=BEGINNING, partial=True)

    assert without_loss(cut, whole, Live.PAGE) is None
    title, lead = "Rectificatie: twee wijken", "Er zijn 21 doden."
    assert without_loss(replace(cut, title=title), whole, Live.PAGE) == replace(whole, title=title)
    assert without_loss(replace(cut, lead=lead), whole, Live.PAGE) == replace(whole, lead=lead)
    # Without its lead a part says nothing of it.
    assert without_loss(replace(cut, lead="", title=title), whole, Live.PAGE) == replace(
        whole, title=title
    )


def test_what_was_stored_of_a_part_is_no_news_when_it_is_read_again() -> None:
    whole = replace(ARTICLE, body=WHOLE, partial=False)
    cut = replace(whole, title="Rectificatie", lead="Er zijn 21 doden.", partial=True)
    cut = replace(cut, body=f"Correctie: twee wijken.\n{BEGINNING}")

    for by in Live:
        stored = without_loss(cut, whole, by)
        assert stored
        assert without_loss(cut, stored, by) is None


def test_a_second_correction_below_the_same_label_is_stored_too() -> None:
    whole = replace(ARTICLE, body=f"Correctie\n\nHet zijn twee wijken.\n\n{WHOLE}", partial=False)
    cut = replace(whole, body="Correctie\n\nHet zijn drie wijken.", partial=True)

    found = without_loss(cut, whole, Live.PAGE)

    assert found == replace(whole, body=f"Het zijn drie wijken.\n\n{whole.body}")


@pytest.mark.parametrize("end", ["", "…", " [...]", " […]", "(…)"])
def test_a_line_that_a_list_cuts_short_says_nothing_new(end: str) -> None:
    whole = replace(ARTICLE, body=WHOLE, partial=False)
    short = replace(whole, lead=f"{WHOLE[:30]}{end}", body="", partial=True)

    assert without_loss(short, whole, Live.FEED) is None


def test_another_number_at_the_beginning_of_a_lead_is_new() -> None:
    whole = replace(ARTICLE, lead="15 doden bij een aanslag.", body=WHOLE, partial=False)
    cut = replace(whole, lead="5 doden bij een aanslag.", body=BEGINNING, partial=True)

    assert without_loss(cut, whole, Live.PAGE) == replace(whole, lead=cut.lead)


def test_items_begin_where_they_stand_behind_what_is_new() -> None:
    items = (ArticleItem(0, "een"), ArticleItem(WHOLE.index("ingenomen"), "twee"))
    whole = replace(ARTICLE, body=WHOLE, partial=False, items=items)
    cut = replace(whole, body="Correctie: twee wijken.", partial=True, items=())

    found = without_loss(cut, whole, Live.PAGE)

    assert found
    assert [found.body[item.start :] for item in found.items] == [
        whole.body[item.start :] for item in items
    ]


def test_what_a_list_says_anew_comes_before_what_it_said_and_never_before_a_page() -> None:
    whole = replace(ARTICLE, lead="Het leger is er.", body=WHOLE, partial=False)
    news = "De laatste wijk is toch niet ingenomen."
    short = replace(whole, lead="", body=news, partial=True)

    found = without_loss(short, whole, Live.FEED)
    assert found == replace(whole, body=f"{news}\n\n{WHOLE}")
    # Nor does its lead go: nobody says that it does not stand any more.
    found = without_loss(replace(short, lead=news, body=""), whole, Live.FEED)
    assert found == replace(whole, lead=news, body=f"{whole.lead}\n\n{WHOLE}")
    assert without_loss(short, whole, Live.FEED, stands_in=True) is None


@pytest.mark.parametrize("etag", ["", "x" * 1001, '"\u00e9"', '"a\x00b"', "a\r\nSet-Cookie: x"])
def test_a_validator_that_no_request_could_carry_is_forgotten(etag: str) -> None:
    assert answer(etag=etag).validators == Validators()
