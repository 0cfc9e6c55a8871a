"""`nieuwswacht rules apply`: what was there before a rule is found, counted, and told to nobody."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from commanddesk import RULES, command_in, told_in
from deliverydesk import BAGHUZ, article, open_desk

from alerts.counting import AppliedMatches
from alerts.delivery import Forget, carry_out
from alerts.delivery.requests import left
from alerts.rules.book import rule_of
from alerts.stats import applied_backwards
from alerts.store import migrations as alerts_migrations
from crawler.store import Writer, migrations, open_reader

Run = Callable[..., Result]
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
NEW = """
[[rule]]
id = "duizenden"
query = 'duizenden'
channels = ["scherm"]
"""
DUIZENDEN = rule_of(id="duizenden", text="duizenden")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two articles came in under one rule; its file has another rule since then."""
    told_in(tmp_path)
    run = command_in(tmp_path)
    (tmp_path / "config" / "rules.toml").write_text(RULES + NEW)
    return run


def counted(run: Run, rule: str = "duizenden") -> int:
    return int(json.loads(run("stats", "--rule", rule, "--format", "json").stdout)["total"])


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(run("export", *words).stdout)))


def ledger(path: Path) -> list[Any]:
    db = open_reader(path)
    tables = ("matches", "alerts", "deliveries", "passages", "match_days", "decisions")
    held = [db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]
    db.close()
    return held


def writer_of(path: Path) -> Writer:
    return Writer(path, migrations=[migrations, alerts_migrations])


def test_what_was_there_before_a_rule_counts_once_it_is_applied(run: Run) -> None:
    before = counted(run)

    said = run("rules", "apply", "duizenden").stdout

    assert before == 0
    assert said == "rule duizenden is found in 2 articles; nobody is told\n"
    assert counted(run) == 2
    assert [row["origin"] for row in rows(run, "matches", "--rule", "duizenden")] == ["applied"] * 2
    assert len(rows(run, "articles", "--rule", "duizenden")) == 2
    assert len(rows(run, "stories", "--rule", "duizenden")) == 1
    told = run("rules", "history", "duizenden").stdout
    assert f"{DUIZENDEN.hash}  0 articles, 2 more when it was applied" in told


def test_nothing_of_it_is_told_or_owed(run: Run, tmp_path: Path) -> None:
    held = ledger(tmp_path / "nieuws.db")

    run("rules", "apply", "duizenden")
    run("rules", "apply", "kalifaat")

    assert ledger(tmp_path / "nieuws.db") == held


def test_what_a_rule_found_as_it_came_in_does_not_count_twice(run: Run) -> None:
    before = counted(run, "kalifaat")

    run("rules", "apply", "kalifaat")

    assert counted(run, "kalifaat") == before == 2
    assert {row["origin"] for row in rows(run, "matches", "--rule", "kalifaat")} == {"found"}


def test_the_view_for_other_programs_says_which_matches_were_found_in_this_way(run: Run) -> None:
    run("rules", "apply", "duizenden")

    sql = "SELECT rule, origin, count(*) AS n FROM v_matches GROUP BY rule, origin ORDER BY rule"
    found = json.loads(run("sql", "--json", sql).stdout.splitlines()[0])

    assert found == {"rule": "duizenden", "origin": "applied", "n": 2}
    [story] = rows(run, "stories")
    assert story["rules"] == "duizenden, kalifaat"


def test_it_can_be_taken_back(run: Run) -> None:
    run("rules", "apply", "duizenden")

    said = run("rules", "apply", "duizenden", "--undo").stdout

    assert said == "2 articles taken back\n"
    assert counted(run) == 0
    refused = run("rules", "apply", "duizenden", "--undo", "--since", "3d", code=2).output
    assert "leave out --since" in refused


def test_since_leaves_older_articles_out(run: Run) -> None:
    found = {
        since: json.loads(run("rules", "apply", "duizenden", "--since", since, "--json").stdout)
        for since in ("2099-01-01", "2000-01-01")
    }

    assert [one["found"] for one in found.values()] == [0, 2]


def test_while_a_daemon_holds_the_database_it_keeps_what_is_found(run: Run, tmp_path: Path) -> None:
    database = tmp_path / "nieuws.db"
    with writer_of(database) as daemon:
        outcome = json.loads(run("rules", "apply", "duizenden", "--json").stdout)
        for _, request in left(database):
            daemon.run(lambda db, asked=request: carry_out(db, asked, [], NOW))

    assert outcome == {
        "rule": "duizenden",
        "hash": DUIZENDEN.hash,
        "found": 2,
        "handed_over": True,
    }
    assert counted(run) == 2


def test_a_forgotten_article_is_forgotten_here_too(run: Run, tmp_path: Path) -> None:
    run("rules", "apply", "duizenden")
    first = rows(run, "matches", "--rule", "duizenden")[0]["article"]

    with writer_of(tmp_path / "nieuws.db") as writer:
        writer.run(lambda db: carry_out(db, Forget(first, "verzoek"), [], NOW))

    assert counted(run) == 1


@pytest.mark.parametrize("kept", range(7))
def test_an_application_that_was_interrupted_goes_on_to_the_same_end(
    tmp_path: Path, kept: int
) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    for number in range(1, 6):
        desk.publish("Kop", f"Duizenden mensen {'zagen ' * number}het.", number=number)
    db = open_reader(tmp_path / "nieuws.db")
    batches = list(applied_backwards(db, DUIZENDEN, None, size=1))
    for batch in batches[:kept]:
        desk.writer.run(lambda held, one=batch: AppliedMatches(held).keep(one, NOW))

    reached = AppliedMatches(db).reached("duizenden", DUIZENDEN.hash, "")
    for batch in applied_backwards(db, DUIZENDEN, None, reached, size=2):
        desk.writer.run(lambda held, one=batch: AppliedMatches(held).keep(one, NOW))

    assert AppliedMatches(db).count("duizenden") == 5
    assert AppliedMatches(db).reached("duizenden", DUIZENDEN.hash, "") is None
    db.close()
    desk.writer.close()


@pytest.mark.parametrize("size", [1, 10])
def test_a_batch_that_comes_again_after_a_kill_changes_nothing(tmp_path: Path, size: int) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    for number in range(1, 4):
        desk.publish("Kop", f"Duizenden mensen {'zagen ' * number}het.", number=number)
    db = open_reader(tmp_path / "nieuws.db")

    for _ in range(2):  # an application that begins anew finds the same
        for batch in applied_backwards(db, DUIZENDEN, None, size=size):
            for _ in range(2):
                desk.writer.run(lambda held, one=batch: AppliedMatches(held).keep(one, NOW))

    assert AppliedMatches(db).count("duizenden") == 3
    db.close()
    desk.writer.close()


def test_an_application_that_finds_nothing_any_more_leaves_nothing_of_the_one_before(
    run: Run,
) -> None:
    run("rules", "apply", "duizenden")

    run("rules", "apply", "duizenden", "--since", "2099-01-01")

    assert counted(run) == 0


def test_an_earlier_text_and_the_outlets_of_the_rule_count(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.publish("Kop", BAGHUZ, number=1)
    desk.save(article("Kop", BAGHUZ.replace("Duizenden", "Veel"), number=1))
    desk.publish("Kop", BAGHUZ, number=2, outlet="Peilpunt")
    rule = rule_of(id="duizenden", text="duizenden", outlets=["NOS"])
    db = open_reader(tmp_path / "nieuws.db")

    [found, ended] = applied_backwards(db, rule, None)

    assert [one.revision for one in found.found] == [1]
    assert (len(ended.found), ended.ended) == (0, True)
    db.close()
    desk.writer.close()
