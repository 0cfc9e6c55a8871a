"""Whose turn it is to be read, in simulated time: heavy pages of one source delay others little."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from statistics import mean

from hypothesis import given, strategies as st

from crawler.reading.turns import Turns

GOOD, HEAVY = 0.004, 3.0  # seconds of a usual page, and of one with a million letters
Arrival = tuple[float, str, float]


def waits(
    arrivals: Sequence[Arrival], *, workers: int = 2, size: int = 50_000
) -> Mapping[str, list[float]]:
    """How long the pages of each source take from their arrival until they have been read.

    What was handed over waits for a free process in the order in which that happened.
    """
    turns, coming = Turns[int](workers), list(enumerate(sorted(arrivals)))[::-1]
    handed: list[int] = []
    busy: list[tuple[float, int]] = []
    pages = dict(enumerate(sorted(arrivals)))
    waited: dict[str, list[float]] = {source: [] for _, source, _ in arrivals}
    now = 0.0
    while sum(map(len, waited.values())) < len(pages):
        while coming and coming[-1][1][0] <= now:
            number, (_, source, took) = coming.pop()
            turns.add(source, number, 1_000_000 if took == HEAVY else size)
        while (page := turns.next()) is not None:
            handed.append(page)
        while handed and len(busy) < workers:
            page = handed.pop(0)
            heapq.heappush(busy, (now + pages[page][2], page))
        ends = [busy[0][0]] if busy else []
        now = min([*ends, *([coming[-1][1][0]] if coming else [])])
        while busy and busy[0][0] <= now:
            _, page = heapq.heappop(busy)
            came, source, took = pages[page]
            turns.done(page, took)
            waited[source].append(now - came)
    return waited


def test_good_pages_wait_at_most_twice_as_long_beside_an_outlet_with_heavy_pages() -> None:
    # given forty outlets with ten pages each, which keep two processes a third busy
    good = [
        (number * 0.24 + source * 0.006, f"krant{source}", GOOD)
        for source in range(40)
        for number in range(10)
    ]
    alone = waits(good)

    # when another one has forty pages that take three seconds each
    heavy = [(0.01 * number, "zwaar", HEAVY) for number in range(40)]
    beside = waits([*good, *heavy])

    # then the others wait at most twice as long, all together and each of them
    for source, times in alone.items():
        assert mean(beside[source]) <= 2 * mean(times) + GOOD, source
    assert len(beside["zwaar"]) == 40, "and it is read all the same"


def test_with_a_single_process_the_source_that_has_had_least_time_goes_first() -> None:
    heavy = [(0.0, "zwaar", HEAVY)] * 10
    good = [(1.0 + source, f"krant{source}", GOOD) for source in range(5)]

    beside = waits([*heavy, *good], workers=1)

    # what was handed over already is read first: two pages at most
    assert all(max(beside[source]) < 3 * HEAVY for _, source, _ in good)


@given(
    st.lists(
        st.tuples(st.floats(0, 10), st.sampled_from("abc"), st.sampled_from([GOOD, 0.3, HEAVY])),
        max_size=40,
    ),
    st.integers(1, 4),
)
def test_every_page_is_read_once(arrivals: list[Arrival], workers: int) -> None:
    read = waits(arrivals, workers=workers)

    assert sum(map(len, read.values())) == len(arrivals)
