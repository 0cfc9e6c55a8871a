from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.article import FeedEntry
from crawler.freshness import (
    CHANGE_BRAKE,
    YOUNG,
    KnownEntry,
    entries_to_fetch,
    entry_hash,
    has_gap,
    next_look,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = FeedEntry(url="https://nos.example/1", title="Titel", lead="Samenvatting")


def held(**changes: object) -> KnownEntry:
    fields = {
        "key": "k",
        "entry_hash": entry_hash(ENTRY),
        "first_seen": NOW - timedelta(hours=1),
        "fetches": 1,
        "last_fetched": NOW - timedelta(hours=1),
        "wanted": False,
    }
    return KnownEntry(**(fields | changes))


def is_wanted(known: KnownEntry | None, entry: FeedEntry = ENTRY) -> bool:
    (listed,) = entries_to_fetch({"k": entry}, {"k": known} if known else {}, NOW)
    return listed.wanted


def test_an_entry_never_heard_of_is_fetched() -> None:
    (listed,) = entries_to_fetch({"k": ENTRY}, {}, NOW)

    assert (listed.new, listed.wanted, listed.entry) == (True, True, ENTRY)


def test_an_entry_that_says_the_same_is_not_fetched_again() -> None:
    assert not is_wanted(held())


def test_an_entry_with_another_address_but_the_same_words_is_not_fetched_again() -> None:
    assert not is_wanted(held(), replace(ENTRY, url=ENTRY.url + "?utm_source=rss"))


def test_a_changed_entry_is_fetched_again() -> None:
    assert is_wanted(held(), replace(ENTRY, title="Titel (update)"))


def test_an_entry_that_another_source_listed_is_not_fetched_for_that() -> None:
    assert not is_wanted(held(entry_hash=None))


def test_an_entry_that_changes_with_every_poll_is_braked_but_not_forgotten() -> None:
    just_now = held(last_fetched=NOW - timedelta(seconds=1))
    changed = replace(ENTRY, title="Teller: 3")

    (listed,) = entries_to_fetch({"k": changed}, {"k": just_now}, NOW)

    assert listed.due == NOW - timedelta(seconds=1) + CHANGE_BRAKE


class Ledger:
    """One page as the store keeps it: fetched when it is due."""

    def __init__(self) -> None:
        self.known = held(last_fetched=NOW)
        self.due: datetime | None = None
        self.listed = self.fetched = ENTRY

    def poll(self, entry: FeedEntry, moment: datetime) -> None:
        self.fetch_due(moment)
        (listed,) = entries_to_fetch({"k": entry}, {"k": self.known}, moment)
        self.due = self.due or listed.due
        self.listed = entry
        self.known = replace(self.known, entry_hash=listed.entry_hash, wanted=self.due is not None)

    def fetch_due(self, moment: datetime) -> None:
        if self.due is not None and self.due <= moment:
            fetches = self.known.fetches + 1
            self.known = replace(self.known, last_fetched=self.due, fetches=fetches, wanted=False)
            self.due, self.fetched = None, self.listed


def test_a_page_that_changes_a_hundred_times_is_braked_more_and_more() -> None:  # case 36
    ledger = Ledger()
    for minute in range(0, 24 * 60, 5):
        ledger.poll(replace(ENTRY, title=f"Teller: {minute}"), NOW + timedelta(minutes=minute))

    assert 20 <= ledger.known.fetches <= 60


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2)), min_size=1, max_size=30))
def test_no_change_is_forgotten_whatever_comes_in_between(polls) -> None:
    ledger, moment = Ledger(), NOW
    for minutes, text in polls:
        moment += timedelta(minutes=minutes)
        ledger.poll(replace(ENTRY, lead=f"Versie {text}"), moment)

    # No further poll: a feed that says 304 from now on takes nothing away.
    ledger.fetch_due(moment + timedelta(hours=3))

    assert ledger.fetched == ledger.listed


def test_a_page_that_is_still_wanted_is_not_wanted_twice() -> None:
    assert not is_wanted(held(wanted=True), replace(ENTRY, title="Anders"))


@given(st.integers(1, 500), st.timedeltas(timedelta(), timedelta(days=9)))
def test_looks_at_a_young_page_become_rarer_and_end(fetches: int, age: timedelta) -> None:
    look, later = (next_look(NOW - age, count, NOW) for count in (fetches, fetches + 1))

    assert look is None or NOW < look <= NOW - age + YOUNG
    assert later is None or (look is not None and later > look)


def test_a_page_is_looked_at_about_eight_times_in_its_youth() -> None:
    moment, looks = NOW, 0
    while (moment := next_look(NOW, looks + 1, moment)) is not None:
        looks += 1

    assert looks == 7


def test_a_poll_that_shares_no_entry_with_the_last_one_has_a_gap() -> None:
    assert has_gap(["a", "b"], {})
    assert has_gap(["a"], {"a": held(entry_hash=None)})
    assert not has_gap(["a", "b"], {"b": held()})
    assert not has_gap([], {})
