"""The index of fingerprints and terms: one question for all, the answers of one for each."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, strategies as st
from sqlite_utils import Database

from crawler.store import Connection, migrations
from crawler.store.stories.candidates import COMPARED, CROWDED, FingerprintIndex

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
