"""A history that a Dask cluster fills is that of one process, whatever happens to its workers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from dask_cluster import DaskCluster, cluster_in
from histories import Named, contents, counts, filled, part_of, written
from webarchives import BRIDGE, article

from crawler.history import HistoryFile, HistoryStore, RecordKind
from crawler.parts import DaskMap, LocalMap, LostPartError, WorkPart
from crawler.store import open_reader

B = TypeVar("B")

# Five files of a day each; the articles of one day are copied, or told otherwise, on the next.
DAYS: Named = {
    f"CC-NEWS-201903{day}120000-0000{day}.warc.gz": [
        article(
            10 * (day - twin) + number,
            host="nos.nl" if twin else "www.vrt.be",
            text=BRIDGE * (1 + number % 3) + "En morgen weer. " * (day % 2),
            at=f"2019-03-{day}T12:00:0{number}Z",
        )
        for number in range(6)
        for twin in (0, 1)
    ]
    for day in range(20, 25)
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with cluster_in(tmp_path_factory.mktemp("dask"), workers=1) as cluster:
        yield cluster


@pytest.mark.slow
def test_one_two_and_four_workers_fill_the_history_of_one_process_also_when_they_are_killed(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    folder = written(tmp_path / "warc", DAYS)
    plain = contents(filled(tmp_path / "plain.db", [folder]))
    assert len(plain["articles"]) > 30
    # when one worker reads, then two, then four of which all are killed in the middle
    for more in (0, 1, 2):
        if more:
            cluster.add_workers(more)
        batches = count()

        def told(*_: object, last: bool = more == 2, batches: count[int] = batches) -> None:
            if next(batches) == 1 and last:
                cluster.kill_workers()

        one_by_one = lambda each: replace(part_of(each), one_by_one=True)  # noqa: E731 - said here only
        db = filled(tmp_path / f"{more}.db", [folder], DaskMap(cluster.address), told, one_by_one)
        # then articles, revisions, stories and counts are the same, row by row
        assert contents(db) == plain


class Losing:
    """Reads parts in this process, and gives one of them up after its first batch."""

    def __init__(self, name: str) -> None:
        self._name = name

    def over(self, parts: Sequence[WorkPart[B]]) -> Generator[tuple[int, B], None, None]:
        for place, batch in LocalMap(0).over(parts):
            part = parts[place]
            yield place, batch
            if isinstance(part, HistoryFile) and part.path.name == self._name:
                raise LostPartError(place, "its workers died")


def test_a_file_that_is_given_up_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    names = list(DAYS)
    one_by_one = lambda each: replace(part_of(each), one_by_one=True)  # noqa: E731 - said here only

    db = filled(tmp_path / "h.db", [folder], Losing(names[1]), part=one_by_one)
    before = contents(db)
    filled(db, [folder])

    store = HistoryStore(open_reader(db))
    assert [(file.name, file.done) for file in store.files()] == [(name, True) for name in names]
    [fault] = store.faults(2)
    assert fault.what == "the rest is left out: its workers died"
    assert counts(db)[RecordKind.UNREAD] == 1
    assert store.counts(2).keys() == {RecordKind.STORED, RecordKind.UNREAD}
    assert contents(db) == before
