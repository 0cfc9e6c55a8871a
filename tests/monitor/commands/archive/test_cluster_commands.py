"""`--cluster`: the answer of this machine, from the workers of a Dask cluster."""

import json
from pathlib import Path

import pytest
from commanddesk import Run, command_in, told_in
from dask_cluster import cluster_in
from histories import written
from webarchives import article


@pytest.fixture
def archives(tmp_path: Path) -> tuple[Run, Path]:
    """Commands over an archive, and another one that has both of its articles too."""
    other = tmp_path / "oud"
    other.mkdir()
    for folder in (tmp_path, other):
        told_in(folder)
    return command_in(tmp_path), other / "nieuws.db"


@pytest.mark.slow
def test_a_cluster_answers_as_this_machine_does(archives: tuple[Run, Path], tmp_path: Path) -> None:
    run, other = archives
    asked = (
        ("stats", "--query", "kalifa*", "--format", "json"),
        ("rules", "backtest", "--rule", "kalifaat", "--query", "kalifa* OR brug", "--json"),
    )

    with cluster_in(tmp_path, workers=1) as cluster:
        for words in asked:
            here = json.loads(run(*words, "--also", str(other)).stdout)
            there = json.loads(
                run(*words, "--also", str(other), "--cluster", cluster.address).stdout
            )
            assert there == here
            assert 2 in {here.get("total"), here.get("matches")}
        pages = [article(number, host="nergens.example") for number in range(3)]
        written(tmp_path / "warc", {"a.warc.gz": pages})
        history = "--db", str(tmp_path / "h.db"), "--cluster", cluster.address, "--json"
        filled = json.loads(run("replay", str(tmp_path / "warc"), *history).stdout)
        assert filled["counts"] == {"stored": 3}


def test_a_backtest_of_several_archives_reads_what_stands_in_both_once(
    archives: tuple[Run, Path],
) -> None:
    run, other = archives
    words = "rules", "backtest", "--rule", "kalifaat", "--json"

    alone, both = (json.loads(run(*words, *also).stdout) for also in ((), ("--also", str(other))))

    assert (both["articles"], both["matches"], both["stories"]) == (2, 2, alone["stories"])
    assert both["newest"] == alone["newest"]


def test_what_a_rule_found_needs_no_cluster(archives: tuple[Run, Path]) -> None:
    run, _ = archives

    said = run("stats", "--rule", "kalifaat", "--cluster", "tcp://127.0.0.1:9", code=2).output

    assert "--cluster is for --query" in said
