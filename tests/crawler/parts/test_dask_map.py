"""Parts on the workers of a Dask cluster: the same as in one process, whatever dies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from dask_cluster import DaskCluster, cluster_in
from line_parts import LinePart, Lines

from crawler.errors import ClusterError
from crawler.parts import DaskMap, LocalMap, LostPartError
from crawler.parts.dask_map import unlike
from crawler.parts.dask_step import Order, PartChunk, goes_on, step

SIZES = (3, 60, 0, 25, 41)


def written(folder: Path) -> list[LinePart]:
    """A part for each of some files, some of which take several steps."""
    parts = []
    for number, size in enumerate(SIZES):
        path = folder / f"{number}.txt"
        path.write_text("\n".join(f"{number}:{line}" for line in range(size)), "utf-8")
        parts.append(LinePart(path))
    return parts


def lines(batches: Iterator[tuple[int, Lines]]) -> list[tuple[int, tuple[int, str]]]:
    return [(place, line) for place, batch in batches for line in batch]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with cluster_in(tmp_path_factory.mktemp("dask"), workers=2) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_cluster_gives_what_one_process_gives_whatever_dies(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    # given the answer of one process
    parts = written(tmp_path)
    wanted = lines(LocalMap(0).over(parts))
    # when all workers are killed, twice
    number, found = count(), []
    for place, batch in DaskMap(cluster.address).over(parts):
        found += [(place, line) for line in batch]
        if next(number) in {0, 12}:
            cluster.kill_workers()
    # then nothing is missing, and nothing is there twice
    assert found == wanted


@pytest.mark.slow
def test_a_part_that_kills_its_process_is_named_and_those_before_it_are_kept(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    parts = written(tmp_path)
    (tmp_path / "3.txt").write_text("3:0\n3:1\n3:2\nPOISON\n3:4\n")
    found: list[int] = []

    with pytest.raises(LostPartError, match="its worker died") as lost:
        found.extend(place for place, _ in DaskMap(cluster.address).over(parts))

    assert lost.value.part == 3
    assert {0, 1, 2} <= set(found)


@pytest.mark.slow
def test_a_part_at_which_workers_die_again_and_again_is_given_up(tmp_path: Path) -> None:
    part = LinePart(tmp_path / "0.txt")
    part.path.write_text("0\nPLAGUE\n1", "utf-8")

    with (
        cluster_in(tmp_path, workers=1, allowed_failures=0) as cluster,
        pytest.raises(LostPartError, match="the workers of the cluster died at it"),
    ):
        list(DaskMap(cluster.address).over([part]))


@pytest.mark.slow
def test_what_a_cluster_cannot_do_is_said_with_a_remedy(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    with pytest.raises(ClusterError, match="under the same path as this machine"):
        list(DaskMap(cluster.address).over([LinePart(tmp_path / "nergens.txt")]))

    with pytest.raises(ClusterError, match=r"no Dask scheduler answers .*: start one with"):
        list(DaskMap("tcp://127.0.0.1:9", patience=0.5).over(written(tmp_path)))

    running = DaskMap(cluster.address, patience=0.5).over(written(tmp_path))
    next(running)
    cluster.scheduler.kill()
    with pytest.raises(ClusterError, match="has gone: what was stored stays"):
        list(running)


def test_another_version_on_a_machine_of_the_cluster_is_named() -> None:
    def held(**other: str) -> dict[str, Any]:
        same = {"python": "3.11.7.final.0", "distributed": "2026.8.0", "nieuwswacht": "0.1.0"}
        return {"packages": same | other}

    versions = {"client": held(), "scheduler": held(), "workers": {"tcp://a": held()}}
    assert not list(unlike(versions))
    assert not list(unlike(versions | {"scheduler": held(python="3.13.0.final.0", nieuwswacht="")}))
    old = held(distributed="2026.7.1", python="3.11.2.final.0")
    assert list(unlike(versions | {"workers": {"tcp://a": old}})) == [
        "the worker tcp://a has distributed 2026.7.1, and this machine 2026.8.0"
    ]
    assert list(unlike(versions | {"workers": {"tcp://a": {"packages": {}}}}))


def test_a_step_goes_on_behind_the_last_batch_with_or_without_the_process_of_before(
    tmp_path: Path,
) -> None:
    part = written(tmp_path)[1]
    order = Order(part, 60)
    # when its chunk has travelled, it has no process any more
    first = step(order, None)
    travelled = PartChunk[Lines](first.batches, first.follows)
    travelled.token = first.token
    second, again = step(order, first), step(order, travelled)
    # then both go on at the same place, and know behind what
    assert second.batches[0][0] == again.batches[0][0]
    assert second.follows == again.follows == first.token
    assert second.token != again.token
    assert goes_on(second)
    for chunk in (second, again):
        running = chunk.take()
        assert running is not None
        running.close()
        assert chunk.take() is None
