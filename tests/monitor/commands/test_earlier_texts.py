"""`search`, `show`, `export` and `backtest` over an article that says something else now."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deliverydesk import Desk, open_desk

from alerts.store.schema import migrations as alerts_migrations
from crawler.store import Writer, migrations
from crawler.store.archive import past_texts
from monitor.cli import cli

Run = Callable[..., Result]
OLD = Path(__file__).parents[2] / "crawler" / "store" / "archives" / "m007.db.gz"
MOST_KEPT = 100_000  # letters; the program's own takes a minute to fill


@pytest.fixture
def run(tmp_path: Path) -> Run:
    config = tmp_path / "config"
    config.mkdir()
    (config / "rules.toml").write_text("", "utf-8")

    def run(*words: str, code: int = 0) -> Result:
        place = ["--config", str(config), "--db", str(tmp_path / "nieuws.db")]
        result = CliRunner().invoke(cli, [*place, *words])
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An article that said "12 doden", then "21", and has neither now; each after an hour."""
    desk = open_desk(tmp_path / "nieuws.db")
    for body in ("Er vielen 12 doden. Meer volgt.", "Er vielen 21 doden. Meer volgt.", "Stilte."):
        desk.publish("Slag bij Baghuz", body)
        desk.clock.forward(hours=1)
    return desk


@pytest.fixture
def article(desk: Desk) -> str:
    [row] = desk.writer.run(lambda db: db.rows("SELECT id FROM articles"))
    desk.writer.close()
    return str(row["id"])


def test_a_search_says_until_when_the_text_stood_and_how_to_see_it(run: Run, article: str) -> None:
    shown = run("search", '"12 doden"').stdout

    assert "Er vielen «12 doden»" in shown
    assert "stood until " in shown
    [line] = [line for line in shown.splitlines() if line.startswith("stood until ")]
    at = line.partition("--at '")[2].rstrip("'")
    assert "in revision 1: show " in line
    assert "Er vielen 12 doden." in run("show", article, "--at", at).stdout


def test_a_search_in_json_has_the_text_in_which_the_hits_stand(run: Run, article: str) -> None:
    found = json.loads(run("search", "21", "--json").stdout)

    earlier, [hit] = found["earlier"], found["hits"]
    assert (found["id"], found["body"], earlier["revision"]) == (article, "Stilte.", 2)
    assert earlier[hit["field"]][hit["start"] : hit["end"]] == "21"
    assert json.loads(run("search", "stilte", "--json").stdout)["earlier"] is None


def test_show_at_a_time_gives_the_text_that_stood_then(run: Run, article: str) -> None:
    revisions = json.loads(run("show", article, "--json").stdout)["revisions"]
    bodies = []
    for revision in revisions:
        then = json.loads(run("show", article, "--at", revision["seen"], "--json").stdout)
        bodies.append((then["body"], then["at"]["revision"], then["at"]["whole"]))

    assert bodies == [
        ("Er vielen 12 doden. Meer volgt.", 1, True),
        ("Er vielen 21 doden. Meer volgt.", 2, True),
        ("Stilte.", 3, True),
    ]
    assert "was first read" in run("show", article, "--at", "2001-01-01", code=1).stderr


def test_export_writes_every_text_with_the_time_in_which_it_stood(run: Run, article: str) -> None:
    rows = [json.loads(line) for line in run(*_EXPORT, "--format", "jsonl").stdout.splitlines()]

    assert [(row["article"], row["revision"], row["whole"]) for row in rows] == [
        (article, 1, True), (article, 2, True), (article, 3, True),
    ]  # fmt: skip  # one row of texts reads better
    assert [row["until"] for row in rows] == [rows[1]["seen"], rows[2]["seen"], None]
    table = list(csv.DictReader(run(*_EXPORT).stdout.splitlines()))
    assert [row["body"] for row in table] == [row["body"] for row in rows]


_EXPORT = ("export", "revisions")


@pytest.mark.usefixtures("article")
def test_a_backtest_says_that_it_reads_the_texts_of_now(run: Run) -> None:
    said = run("rules", "backtest", "--query", "doden").stdout

    assert "0 of 1 articles match" in said
    assert "1 of them had other texts before" in said
    assert json.loads(run("rules", "backtest", "--query", "is", "--json").stdout)["revised"] == 1


def test_of_a_text_past_the_limit_show_says_that_only_matches_are_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_texts, "MOST_KEPT", MOST_KEPT)
    desk = open_desk(tmp_path / "nieuws.db")
    desk.rules(baghuz="baghuz")
    for number in range(4):
        filler = " ".join(f"Woord {number} {each}." for each in range(MOST_KEPT // 40))
        saved = desk.publish(body=f"Bij Baghuz vielen {number} schoten. {filler}")
        desk.match()
        desk.clock.forward(hours=1)
    began = desk.clock() - timedelta(hours=3, minutes=30)
    desk.writer.close()

    shown = run("show", saved.article, "--at", began.isoformat()).stdout

    assert "Bij Baghuz vielen 0 schoten." in shown
    assert "only the sentences that matched are kept" in shown
    assert "Woord" not in shown
    assert "only the sentences that matched" in run("show", saved.article).stdout
    assert "Bij «Baghuz» vielen «0 schoten»." in run("search", '"0 schoten" AND baghuz').stdout


def test_show_says_which_texts_an_older_version_threw_away(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "nieuws.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    Writer(path, migrations=[migrations, alerts_migrations]).close()

    shown = run("show", "art_1").stdout

    assert "11 texts after it not kept by an older version" in shown
    assert "paal» 20" in run("search", '"paal 20"').stdout.replace("paal 20»", "paal» 20")
