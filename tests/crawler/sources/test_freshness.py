from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from crawler.model import FeedEntry
from crawler.sources.freshness import (
    CHANGE_BRAKE,
    FIRST_LOOK,
    MOST_UNDATED,
    YOUNG,
    KnownEntry,
    LastList,
    entries_missed,
    entries_to_fetch,
    entry_hash,
    has_gap,
    next_look,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
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


def test_an_entry_with_another_address_but_the_same_words_is_not_fetched_again() -> None:  # case 34
    assert not is_wanted(held(), replace(ENTRY, url=ENTRY.url + "?utm_source=rss"))


def test_a_changed_entry_is_fetched_again() -> None:
    assert is_wanted(held(), replace(ENTRY, title="Titel (update)"))


def dated(published: datetime, **changes: object) -> tuple[FeedEntry, KnownEntry]:
    """An entry with this date, and as it is held with a date of an hour before."""
    return replace(ENTRY, published=published), held(published=published - HOUR, **changes)


def test_a_later_date_of_an_entry_is_a_reason_to_fetch_it() -> None:
    entry, known = dated(NOW)

    assert is_wanted(known, entry)
    assert not is_wanted(replace(known, published=NOW), entry)
    assert not is_wanted(replace(known, published=None), entry)
    assert not is_wanted(replace(known, published=NOW + HOUR), entry)


def test_a_list_that_moves_all_its_dates_says_nothing_by_them() -> None:
    entry, known = dated(NOW)
    keys = [str(number) for number in range(20)]

    listed = entries_to_fetch(dict.fromkeys(keys, entry), dict.fromkeys(keys, known), NOW)
    one = {key: known if key == "7" else replace(known, published=NOW) for key in keys}
    moved = entries_to_fetch(dict.fromkeys(keys, entry), one, NOW)

    assert not any(each.wanted for each in listed)
    assert [each.key for each in moved if each.wanted] == ["7"]


def test_a_live_blog_that_was_read_often_is_not_braked_for_it() -> None:
    entry, known = dated(NOW, fetches=120, last_fetched=NOW)

    [braked] = entries_to_fetch({"k": entry}, {"k": known}, NOW)
    [live] = entries_to_fetch({"k": entry}, {"k": replace(known, live=True)}, NOW)

    assert live.due == NOW + CHANGE_BRAKE < braked.due


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
    assert later is None or (look is not None and later >= look)
    assert fetches < 2 or age + FIRST_LOOK > YOUNG / 2 or look is not None


def test_a_page_that_changed_is_looked_at_again_soon_however_old_it_is() -> None:
    for age in (timedelta(), timedelta(hours=30), timedelta(days=9)):
        look = next_look(NOW - age, 7, NOW, changed=True)

        assert look is not None
        assert look - NOW <= timedelta(minutes=31)


def test_a_page_that_is_never_twice_the_same_is_looked_at_some_twenty_times() -> None:
    moment, looks = NOW, 0
    while (moment := next_look(NOW, looks + 1, moment, changed=True)) is not None:
        looks += 1

    assert looks < 20


def test_a_page_is_looked_at_about_eight_times_in_its_youth() -> None:
    moment, looks = NOW, 0
    while (moment := next_look(NOW, looks + 1, moment)) is not None:
        looks += 1

    assert looks == 7


LAST = LastList(NOW - timedelta(minutes=5), 20)


def in_last(*keys: str) -> dict[str, KnownEntry]:
    return {key: held(last_listed=LAST.at) for key in keys}


def keys(count: int, *also: str) -> list[str]:
    return [f"new{number}" for number in range(count)] + list(also)


def test_a_list_that_shares_no_entry_with_the_last_one_has_a_gap() -> None:
    assert has_gap(["a", "b"], {}, LAST)
    assert not has_gap([], {}, LAST)
    assert not has_gap(keys(18, "b", "c"), in_last("b", "c"), LAST)


def test_an_entry_of_an_older_list_does_not_hide_a_gap() -> None:
    older = {"b": held(last_listed=NOW - timedelta(hours=5)), "c": held(entry_hash=None)}

    assert has_gap(["b", "c"], older, LAST)


def test_one_entry_that_stays_on_top_whatever_comes_does_not_hide_a_gap() -> None:
    assert has_gap(keys(19, "top"), in_last("top"), LAST)


def test_a_first_list_and_one_that_grows_have_no_gap() -> None:
    assert not has_gap(keys(20), {}, LastList(None, 0))
    assert not has_gap(keys(40, "b"), in_last("b"), LastList(LAST.at, 1))


def test_of_an_archive_only_what_nobody_listed_and_is_of_that_time_is_wanted() -> None:
    since = NOW - timedelta(hours=6)
    archive = {
        "before": replace(ENTRY, published=since - timedelta(days=1)),
        "within": replace(ENTRY, published=since + timedelta(hours=1)),
        "listed": replace(ENTRY, published=since + timedelta(hours=1)),
        "changed": replace(ENTRY, modified=since + timedelta(hours=1)),
        "undated": ENTRY,
    }

    found = entries_missed(archive, {"listed"}, since=since, now=NOW)

    assert [entry.key for entry in found] == ["within", "changed", "undated"]
    assert all(entry.due == NOW for entry in found)


def test_of_a_long_list_without_dates_the_beginning_is_wanted() -> None:
    archive = {str(number): ENTRY for number in range(1000)}

    found = entries_missed(archive, (), since=NOW, now=NOW)

    assert [entry.key for entry in found] == [str(number) for number in range(MOST_UNDATED)]
