"""A question in parts: each archive is read by itself, and perhaps on another machine."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from archived import ARTICLES, CONCEPTS, opened

from alerts.rules.backtest import Backtest, Report
from alerts.rules.book import rule_of
from alerts.stats import (
    BacktestPart,
    Dimension,
    QueryPart,
    StatsQuestion,
    backtest_among,
    stats_among,
    stats_of_query,
)
from crawler.errors import StoreError
from crawler.parts import LostPartError, WorkPart
from crawler.store import Connection

DRAFT = rule_of(id="query", text="kalifa* OR raqqa", concepts=CONCEPTS)
HELD = rule_of(id="held", text="raqqa OR @syrie", concepts=CONCEPTS)
QUESTION = StatsQuestion(by=(Dimension.DAY, Dimension.OUTLET))
QUERY = QueryPart(
    rule=DRAFT,
    question=QUESTION,
    concepts=CONCEPTS,
    until=datetime(2999, 1, 1, tzinfo=UTC),
)
TEST = BacktestPart(draft=DRAFT, held=HELD, timezone="Europe/Amsterdam", newest=5)

B = TypeVar("B")
Archives = dict[Path, Connection]


class Sent:
    """Reads parts in this process, each as another process would get it, and dies if told."""

    def __init__(self, dies_at: int | None = None) -> None:
        self._dies_at = dies_at

    def over(self, parts: Sequence[WorkPart[B]]) -> Generator[tuple[int, B], None, None]:
        for place, part in enumerate(parts):
            if place == self._dies_at:
                raise LostPartError(place, "its worker died")
            for batch in pickle.loads(pickle.dumps(part)).batches():
                yield place, pickle.loads(pickle.dumps(batch))


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archives]:
    """Two archives that share forty articles."""
    folder = tmp_path_factory.mktemp("parts")
    given = {folder / "one.db": ARTICLES[:120], folder / "two.db": ARTICLES[80:]}
    held = {path: opened(path, articles) for path, articles in given.items()}
    yield held
    for db in held.values():
        db.close()


def test_archives_read_elsewhere_give_the_numbers_of_one_process(archives: Archives) -> None:
    db, *also = archives.values()

    here = stats_of_query(db, DRAFT, QUESTION, CONCEPTS, lambda: True, also=also)

    assert here.total
    assert stats_among(QUERY, archives, Sent()) == here


def report(batches: Iterator[object]) -> Report:
    work = Backtest(DRAFT, HELD, timezone=ZoneInfo(TEST.timezone), newest=TEST.newest)
    for batch in batches:
        work.join(batch.counts)
    return work.report()


def test_a_backtest_of_parts_is_that_of_one_archive_with_all(
    archives: Archives, tmp_path: Path
) -> None:
    whole = opened(tmp_path / "all.db", ARTICLES)

    of_parts = report(backtest_among(TEST, archives, Sent()))
    of_whole = report(replace(TEST, path=tmp_path / "all.db").batches())

    assert of_parts.matches
    assert of_parts.days == of_whole.days
    assert [found.document for found in of_parts.newest] == [
        found.document for found in of_whole.newest
    ]
    whole.close()


def test_a_backtest_goes_on_behind_the_last_batch(archives: Archives) -> None:
    part = replace(TEST, path=next(iter(archives)))
    [whole] = part.batches()
    behind = replace(whole, number=60)

    rest = part.again(behind, 0)

    assert rest is not None
    [batch] = rest.batches()
    assert (whole.articles, batch.articles, batch.number) == (120, 60, whole.number)
    assert part.again(behind, 3) is None


def test_an_archive_whose_reader_dies_again_and_again_is_named(archives: Archives) -> None:
    with pytest.raises(StoreError, match=r"two\.db cannot be read: its worker died"):
        stats_among(QUERY, archives, Sent(dies_at=1))
