from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st
from sqlite_utils import Database

from crawler.store import Connection, migrations
from crawler.store.stories.common_runs import CountKeeper
from crawler.stories.document_frequency import (
    WIDTH,
    CountChange,
    Frequencies,
    Sketch,
    period_of,
)

_MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
runs = st.frozensets(st.integers(0, 2**64 - 1), max_size=20)


@settings(max_examples=25, deadline=None)
@given(st.lists(runs, max_size=8), st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_the_order_of_counting(texts: list[frozenset[int]], rng) -> None:
    one, other = Sketch(), Sketch()
    for text in texts:
        one.add(text)
    for text in rng.sample(texts, len(texts)):
        other.add(text)
    assert one.packed() == other.packed()


@settings(max_examples=25, deadline=None)
@given(st.lists(runs, max_size=6), runs)
def test_taking_a_text_out_undoes_counting_it(
    texts: list[frozenset[int]], text: frozenset[int]
) -> None:
    sketch = Sketch()
    for one in texts:
        sketch.add(one)
    before = sketch.packed()
    sketch.add(text)
    sketch.add(text, -1)
    assert sketch.packed() == before


@settings(max_examples=25, deadline=None)
@given(st.lists(runs, max_size=8))
def test_a_count_is_never_too_low(texts: list[frozenset[int]]) -> None:
    sketch = Sketch()
    for text in texts:
        sketch.add(text)
    for run in frozenset().union(*texts):
        assert sketch.count(run) >= sum(run in text for text in texts)


def test_a_packed_sketch_counts_as_before() -> None:
    sketch = Sketch()
    sketch.add({1, 2**63})
    assert Sketch(sketch.packed()).count(2**63) == 1


def test_of_a_packed_sketch_only_what_is_asked_for_is_read() -> None:
    # given a third of the cells, filled so that some need more than half a byte
    sketch, many = Sketch(), 700_000
    sketch.add([number | number << 32 for number in range(many)], 14)
    for more in (1, 2, 200):
        sketch.add({number | number << 32 for number in range(0, many, 997 * more)}, more)
    kept, read = sketch.packed(), [0]

    def slices(asked: Sequence[slice]) -> list[bytes]:
        found = [kept[each] for each in asked]
        read[0] += sum(map(len, found))
        return found

    # when few runs of it are asked for
    asked = [number | number << 32 for number in (0, 1, 996, 997, 1994, 199_400, many)]
    again = Sketch(slices)
    counts = again.counts(asked)

    # then they have their counts, little was read, and the whole is what it was
    assert counts == sketch.counts(asked) == [217, 14, 14, 15, 17, 217, 0]
    assert again.may_be_often(asked) == [0, 199_400 | 199_400 << 32]
    assert read[0] < len(kept) // 10
    again.add({5})
    again.add({5}, -1)
    assert again.packed() == kept


def test_counts_that_an_older_version_has_kept_are_read() -> None:
    cells = bytearray(2 * WIDTH)
    cells[7] = cells[WIDTH] = 40
    sketch = Sketch(zlib.compress(cells, level=1))
    assert (sketch.counts([7, 8]), sketch.may_be_often([7, 8])) == ([40, 0], [7])
    assert Sketch(zlib.compress(bytes(2 * WIDTH))).packed() == b""


def test_a_full_cell_stays_full_and_does_not_overflow() -> None:
    sketch = Sketch()
    sketch.add({7}, 254)
    sketch.add({7}, 20)
    sketch.add({7}, -1)
    assert sketch.count(7) == 255


def test_last_week_counts_and_the_week_before_is_forgotten() -> None:
    week = period_of(datetime(2026, 3, 2, tzinfo=UTC))
    frequencies = Frequencies(week)
    frequencies.apply([CountChange(week, frozenset({1})), CountChange(week - 1, frozenset({1, 2}))])
    frequencies.apply([CountChange(week - 2, frozenset({1}))])
    assert frequencies.rare({1, 2, 3}, 1) == {2, 3}

    frequencies.next_week()
    assert frequencies.rare({1, 2, 3}, 0) == {2, 3}


def test_a_week_begins_on_monday() -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert period_of(monday) == period_of(monday - timedelta(seconds=1)) + 1


few_runs = st.frozensets(st.sampled_from([1, 2, 3, 1 << 21, 1 << 32, (1 << 32) + 1]), max_size=6)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(few_runs, st.sampled_from([-1, 1, 20, 40])), max_size=8),
    st.lists(st.tuples(few_runs, st.sampled_from([-1, 1, 20, 40])), max_size=8),
    few_runs,
    st.sampled_from([0, 1, 20, 49, 50, 60]),
)
def test_a_run_is_rare_by_the_sum_of_both_counts(this, last, asked, most: int) -> None:
    frequencies = Frequencies(5)
    frequencies.apply([CountChange(5, text, times) for text, times in this])
    frequencies.apply([CountChange(4, text, times) for text, times in last])
    kept = Frequencies(
        5, Sketch(frequencies.current.packed()), Sketch(frequencies.previous.packed())
    )
    of_this, of_last = frequencies.current.count, frequencies.previous.count
    rare = {run for run in asked if of_this(run) + of_last(run) <= most}
    assert frequencies.rare(asked, most) == kept.rare(asked, most) == rare


def test_a_week_in_which_nothing_was_counted_takes_no_memory() -> None:
    tracemalloc.start()
    frequencies = Frequencies(5)
    frequencies.apply([CountChange(5, frozenset({1, 2, 3}))])
    kept = Sketch(frequencies.previous.packed())
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (frequencies.current.count(1), kept.count(1)) == (1, 0)
    assert taken < 1.1 * 2 * WIDTH


def test_counts_that_were_kept_and_taken_back_are_read_as_they_were_kept_before() -> None:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    keeper, week = CountKeeper(db), period_of(_MONDAY)
    keeper.record([CountChange(week, frozenset(range(5000)))])
    keeper.keep()
    keeper.record([CountChange(week, frozenset(range(100)))] * 20)

    with suppress(_UndoneError), db.transaction():
        keeper.keep()
        with suppress(_UndoneError), db.savepoint():
            keeper.record([CountChange(week, frozenset({1}))])
            keeper.frequencies(_MONDAY)
            raise _UndoneError
        keeper.frequencies(_MONDAY)
        raise _UndoneError

    assert keeper.frequencies(_MONDAY).current.counts([7, 4000]) == [21, 1]


class _UndoneError(Exception):
    """Ends what is taken back."""
