"""How many connections fit within a limit on open files."""

from __future__ import annotations

from hypothesis import given, strategies as st

from crawler.config.files import CrawlSettings
from crawler.engine.open_files import RESERVED, room_within


@given(st.integers(0, 5_000), st.integers(1, 512), st.integers(1, 32), st.integers(0, 2_000))
def test_transfers_lookups_and_kept_connections_never_exceed_what_is_left(
    limit: int, concurrency: int, per_host: int, sources: int
) -> None:
    crawl = CrawlSettings(concurrency=concurrency, per_host=per_host)

    room = room_within(limit, crawl, sources)

    used = room.transfers + 2 * room.lookups
    used += per_host * sources if room.keeps_connections else 0
    assert 1 <= room.transfers <= concurrency
    assert used <= max(limit - RESERVED, 3)


def test_a_usual_limit_holds_back_nothing() -> None:
    room = room_within(1_024, CrawlSettings(), sources=200)

    assert (room.transfers, room.lookups, room.keeps_connections) == (32, 16, True)
