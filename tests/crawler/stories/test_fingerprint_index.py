"""The index of fingerprints and terms: one question for all, the answers of one for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

from hypothesis import given, strategies as st
from sqlite_utils import Database
from story_corpus import START, Piece, wires
from story_edits import cut_to_40_percent

from crawler.store import Connection, migrations, rest
from crawler.store.stories.candidates import COMPARED, CROWDED, FingerprintIndex
from crawler.stories.near_duplicates import LOOK_BACK

Save = Callable[..., str]

LEAST, MOST = -(2**63), 2**63 - 1
HASHES = st.sampled_from([LEAST, LEAST + 1, -1, 0, 7, 2**53 + 1, MOST - 1, MOST])


def index_of(articles: dict[int, frozenset[int]]) -> FingerprintIndex:
    db = Connection.opened(":memory:")
    migrations.apply(Database(db.raw))
    index = FingerprintIndex(db)
    for number, hashes in articles.items():
        index.put(number, hashes)
    return index


@given(
    st.dictionaries(st.integers(1, 30), st.frozensets(HASHES), max_size=12),
    st.frozensets(HASHES, max_size=8),
)
def test_candidates_share_two_fingerprints_and_those_that_share_most_come_first(
    articles: dict[int, frozenset[int]], asked: frozenset[int]
) -> None:
    shared = Counter({number: len(asked & held) for number, held in articles.items()})
    least = max(1, min(2, len(asked)))
    expected = sorted(
        ((count, number) for number, count in shared.items() if count >= least), reverse=True
    )
    found = index_of(articles).candidates(sorted(asked), apart_from=0)
    assert found == [number for _, number in expected[:COMPARED]]


def test_a_fingerprint_that_too_many_have_finds_nobody() -> None:
    crowd = {number: frozenset({1, 2}) for number in range(1, CROWDED + 1)}
    assert index_of(crowd).candidates([1, 2], apart_from=0) == [*range(CROWDED, CROWDED - 8, -1)]
    crowd[CROWDED + 1] = frozenset({1, 2})
    assert index_of(crowd).candidates([1, 2], apart_from=0) == []


def value(db: Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


def in_index(db: Connection, article: int) -> tuple[bool, bool]:
    """Whether it can be found by its fingerprints, and whether it counts as one that can."""
    return (
        value(db, f"SELECT count(*) FROM fingerprints WHERE article = {article}") > 0,
        bool(value(db, f"SELECT indexed FROM story_articles WHERE article = {article}")),
    )


def test_an_article_past_the_look_back_is_no_longer_found_and_leaves_the_index_in_a_quiet_moment(
    db: Connection, save: Save, wire: Piece
) -> None:
    first = save(wire, "1")
    later = START + LOOK_BACK + timedelta(hours=1)
    assert save(wire, "2", later) != first
    assert not rest(db)
    assert (in_index(db, 1), in_index(db, 2)) == ((False, False), (True, True))


def test_an_article_of_a_clock_that_ran_ahead_takes_none_out_that_come_after_it(
    db: Connection, save: Save, wire: Piece
) -> None:
    save(wires()[1], "1", START + 2 * LOOK_BACK)
    story = save(wire, "2")
    assert not rest(db)
    assert in_index(db, 2) == (True, True)
    assert save(cut_to_40_percent(wire, Random(1)), "3", START + timedelta(hours=1)) == story


def test_an_article_a_day_past_the_look_back_leaves_the_index_if_no_moment_was_quiet(
    db: Connection, save: Save, wire: Piece
) -> None:
    save(wire, "1")
    save(wires()[1], "2", START + LOOK_BACK + timedelta(days=1, hours=1))
    assert (in_index(db, 1), in_index(db, 2)) == ((False, False), (True, True))


def test_articles_past_the_look_back_do_not_hide_those_within_it(save: Save, wire: Piece) -> None:
    for number in range(COMPARED):
        save(wire, f"old{number}")
    later = START + LOOK_BACK + timedelta(hours=1)
    story = save(cut_to_40_percent(wire, Random(1)), "new", later)
    assert save(wire, "copy", later) == story
