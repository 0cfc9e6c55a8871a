"""Which sitemaps of an index are asked for, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.feeds.listing import ChildSitemap
from crawler.model import KnownSitemap, Validators
from crawler.sources.sitemap_turns import MOST_SITEMAPS, NOW_AND_THEN, sitemaps_to_ask

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROOT = "https://nieuws.example/index.xml"


def child(name: str, modified: datetime | None = None, host: str = "nieuws") -> ChildSitemap:
    return ChildSitemap(url=f"https://{host}.example/{name}", modified=modified)


def known(asked: datetime, changed: datetime | None = None) -> KnownSitemap:
    return KnownSitemap(validators=Validators(), asked=asked, changed=changed, digest="1")


def asked(
    *children: ChildSitemap,
    at: datetime = NOW,
    path: tuple[str, ...] = (ROOT,),
    **held: KnownSitemap,
) -> list[str]:
    memory = {f"https://nieuws.example/{name}": one for name, one in held.items()}
    found = sitemaps_to_ask(children, memory, path=path, now=at)
    return [url.rpartition("/")[2] for url in found]


def test_an_index_that_names_its_parent_or_another_site_ends_there() -> None:  # case 42
    children = [child("a"), child("index.xml"), child("b", host="elders")]

    assert asked(*children) == ["a"]


def test_indexes_of_indexes_are_followed_to_a_depth_and_no_further() -> None:  # case 42
    assert asked(child("d"), path=(ROOT, f"{ROOT}2")) == ["d"]
    assert asked(child("d"), path=(ROOT, f"{ROOT}2", f"{ROOT}3")) == []


def test_new_dates_come_first_newest_first() -> None:
    children = [child("old", NOW - 99 * DAY), child("a", NOW - HOUR), child("b", NOW)]

    assert asked(*children) == ["b", "a", "old"]


def test_a_date_that_has_not_moved_saves_the_request() -> None:
    one = child("a", NOW - DAY - HOUR)

    assert asked(one, a=known(NOW - HOUR)) == []
    assert asked(one, a=known(NOW - DAY)) == ["a"]


def test_a_sitemap_with_an_old_date_is_read_at_first_and_now_and_then() -> None:
    frozen = child("a", NOW - 900 * DAY)

    assert asked(frozen) == ["a"]
    assert asked(frozen, a=known(NOW - NOW_AND_THEN + HOUR)) == []
    assert asked(frozen, a=known(NOW - NOW_AND_THEN)) == ["a"]


def test_a_sitemap_that_proved_to_change_is_asked_for_whatever_its_date_says() -> None:
    frozen = child("a", NOW - 900 * DAY)

    assert asked(frozen, a=known(NOW - HOUR, changed=NOW - DAY)) == ["a"]
    assert asked(frozen, a=known(NOW - HOUR, changed=NOW - 9 * DAY)) == []


def test_of_many_without_a_date_each_has_its_turn() -> None:
    children = [child(f"s{number}") for number in range(23)]
    memory: dict[str, KnownSitemap] = {}
    for minute in range(12):
        at = NOW + minute * timedelta(minutes=10)
        for name in asked(*children, at=at, **memory):
            memory[name] = known(at)

    assert len(memory) == 23


@pytest.mark.parametrize("lively", [1, 3, 9])
def test_of_many_without_a_date_those_that_change_are_asked_for_first(lively: int) -> None:
    # given an index without dates, in which the last sitemaps change all the time
    children = [child(f"s{number}") for number in range(40)]
    names = {f"s{39 - number}" for number in range(lively)}
    memory: dict[str, KnownSitemap] = {}
    turns: list[list[str]] = []
    # when it has been followed for some time
    for minute in range(60):
        at = NOW + minute * timedelta(minutes=10)
        turns.append(asked(*children, at=at, **memory))
        for name in turns[-1]:
            memory[name] = known(at, changed=at if name in names and name in memory else None)
    # then those are asked for as often as there is room, and the others still have their turn
    late = turns[-12:]
    asked_now = [sum(name in turn for turn in late) for name in names]
    assert min(asked_now) >= min(12, 12 * 4 // lively - 1)
    assert len({name for turn in turns for name in turn}) == 40
    assert all(set(turn) - names for turn in late)


def test_many_new_ones_leave_a_place_for_one_that_was_never_read() -> None:
    children = [child(f"s{number}", NOW) for number in range(9)] + [child("old", NOW - 99 * DAY)]

    assert "old" in asked(*children)


times = st.none() | st.integers(0, 2000).map(lambda hours: NOW - hours * HOUR)


@given(st.lists(st.tuples(times, times), max_size=30))
def test_however_an_index_looks_a_poll_costs_little_and_asks_for_none_twice(
    ages: list[tuple[datetime | None, datetime | None]],
) -> None:
    children = [child(f"s{number}", modified) for number, (modified, _) in enumerate(ages)]
    held = {f"s{number}": known(at) for number, (_, at) in enumerate(ages) if at}
    found = asked(*children, **held)

    assert len(found) == len(set(found)) <= MOST_SITEMAPS
    if any(at is None for _, at in ages):
        assert found
