from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
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


class Feed:
    """A feed and the pages that it lists, read as they are due: what was read, by minute."""

    def __init__(self, size: int) -> None:
        self.dates = {f"a{number:02}": NOW - HOUR for number in range(size)}
        self.edits: dict[str, datetime] = {}
        self.reads: list[tuple[int, str]] = []
        self.known = {
            key: held(
                key=key,
                published=date,
                changed=NOW - HOUR,
                last_listed=NOW - timedelta(minutes=5),
            )
            for key, date in self.dates.items()
        }

    def edit(self, minute: int, *numbers: int) -> None:
        """New texts and later dates."""
        for number in numbers:
            key, at = f"a{number:02}", NOW + timedelta(minutes=minute)
            self.edits[key] = self.dates[key] = at

    def poll(self, minute: int) -> set[str]:
        """Ask for the list and read what is due; which pages were read."""
        now = NOW + timedelta(minutes=minute)
        entries = {key: replace(ENTRY, published=date) for key, date in self.dates.items()}
        listed = entries_to_fetch(entries, self.known, now)
        read = {one.key for one in listed if one.due and one.due <= now}
        self.reads += [(minute, key) for key in sorted(read)]
        for one in listed:
            known = self.known[one.key]
            date = known.published if one.put_off else one.entry.published
            known = replace(known, last_listed=now, published=date)
            self.known[one.key] = self._as_read(known, now) if one.key in read else known
        return read

    def _as_read(self, known: KnownEntry, now: datetime) -> KnownEntry:
        edit = self.edits.pop(known.key, None)
        changed = known.changed if edit is None else now
        return replace(known, last_fetched=now, fetches=known.fetches + 1, changed=changed)


@pytest.mark.parametrize(("edited", "size"), [(3, 7), (5, 7), (7, 7), (12, 20), (40, 40)])
def test_what_editors_change_together_is_read_at_this_list_or_the_next(
    edited: int, size: int
) -> None:
    feed = Feed(size)
    feed.edit(0, *range(edited))

    at_once = feed.poll(1)
    feed.poll(6)

    assert len(at_once) == min(edited, 5)
    assert not feed.edits
    assert len(feed.reads) == edited


def test_editors_are_believed_again_after_a_list_that_moved_all_its_dates() -> None:
    feed = Feed(20)
    feed.dates = dict.fromkeys(feed.dates, NOW)
    for minute in (1, 6, 11):
        feed.poll(minute)
    feed.edit(15, *range(12))

    for minute in (16, 21):
        feed.poll(minute)

    assert not feed.edits


def test_a_list_that_moved_all_its_dates_once_costs_five_pages_and_hides_no_later_edit() -> None:
    feed = Feed(20)
    feed.dates = dict.fromkeys(feed.dates, NOW)
    for minute in (1, 6, 11):
        feed.poll(minute)

    assert len(feed.reads) == 5
    feed.edit(15, 19)
    assert feed.poll(16) == {"a19"}


def test_a_list_that_always_moves_all_its_dates_costs_two_pages_each_time_in_turn() -> None:
    feed = Feed(20)
    for minute in range(1, 121, 5):
        feed.dates = dict.fromkeys(feed.dates, NOW + timedelta(minutes=minute - 1))
        feed.poll(minute)

    assert len(feed.reads) == 5 + 2 * 23
    assert {key for _, key in feed.reads} == feed.dates.keys()


def test_nothing_more_is_tried_while_what_was_tried_has_not_been_read() -> None:
    entry, known = dated(NOW)
    keys = [f"{number:02}" for number in range(20)]
    out = {key: replace(known, wanted=key < "05", last_listed=NOW - HOUR / 2) for key in keys}

    listed = entries_to_fetch(dict.fromkeys(keys, entry), out, NOW)

    assert not any(each.wanted for each in listed)
    assert [each.key for each in listed if each.put_off] == keys[5:]


def test_a_live_blog_does_not_make_a_list_that_moves_its_dates_look_edited() -> None:
    feed = Feed(20)
    feed.known["a00"] = replace(feed.known["a00"], live=True)
    for minute in range(1, 61, 5):
        feed.dates = dict.fromkeys(feed.dates, NOW + timedelta(minutes=minute - 1))
        feed.edits["a00"] = NOW
        feed.poll(minute)

    assert len(feed.reads) <= 5 + 2 * 11


def test_an_entry_with_another_text_is_read_whatever_the_dates_do() -> None:
    entry, known = dated(NOW)
    keys = [f"{number:02}" for number in range(20)]
    entries = dict.fromkeys(keys, entry) | {"19": replace(entry, title="Anders")}

    listed = entries_to_fetch(entries, dict.fromkeys(keys, known), NOW)

    assert [each.key for each in listed if each.wanted] == ["00", "01", "02", "03", "04", "19"]


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
