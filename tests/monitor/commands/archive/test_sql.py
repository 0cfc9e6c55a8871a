"""`nieuwswacht sql`: a question of one's own, which can change nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from commanddesk import command_in, told_in

from crawler.errors import NieuwswachtError
from monitor.commands.archive import sql
from monitor.context import Context

Run = Callable[..., Result]
RULES = "SELECT rule, count(*) AS articles FROM v_matches GROUP BY rule ORDER BY rule"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    told_in(tmp_path)
    return command_in(tmp_path)


def test_rows_come_as_a_table_as_csv_and_as_json(run: Run) -> None:
    assert run("sql", RULES).stdout == "rule      articles\nkalifaat  2       \n"
    assert run("sql", RULES, "--csv").stdout == "rule,articles\nkalifaat,2\n"
    assert json.loads(run("sql", RULES, "--json").stdout) == {"rule": "kalifaat", "articles": 2}


def test_rows_that_are_not_shown_are_said(run: Run) -> None:
    result = run("sql", "SELECT title FROM v_articles", "--limit", "1")

    assert len(result.stdout.splitlines()) == 2
    assert "the first 1 rows; there are more" in result.stderr


def test_a_cell_of_a_spreadsheet_is_no_formula(run: Run) -> None:
    assert run("sql", "SELECT '=1+1' AS a, NULL AS b", "--csv").stdout == "a,b\n'=1+1,\n"


def test_words_of_the_archive_can_be_asked_for(run: Run) -> None:
    asked = "SELECT count(*) AS n FROM articles_fts WHERE articles_fts MATCH 'kalifaat'"

    assert json.loads(run("sql", asked, "--json").stdout) == {"n": 2}


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM articles",
        "CREATE TEMP TABLE t (a)",
        "ATTACH '{folder}/other.db' AS other",
        "VACUUM INTO '{folder}/other.db'",
        "PRAGMA query_only = 0",
        "PRAGMA journal_mode = DELETE",
        "BEGIN IMMEDIATE",
    ],
)
def test_nothing_but_a_select_is_allowed(run: Run, tmp_path: Path, query: str) -> None:
    with pytest.raises(NieuwswachtError, match="only read here: write a SELECT"):
        run("sql", query.format(folder=tmp_path))

    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM nergens", "cannot be run: no such table: nergens"),
        ("SELECT 1; SELECT 2", "cannot be run: You can only execute one statement at a time"),
        ("SELECT json('{')", "cannot be run: malformed JSON"),
    ],
)
def test_a_fault_is_one_sentence(run: Run, query: str, said: str) -> None:
    with pytest.raises(NieuwswachtError, match=said):
        run("sql", query)


def test_a_question_without_end_is_given_up(tmp_path: Path) -> None:
    told_in(tmp_path)
    command_in(tmp_path)
    times = (datetime(2026, 3, 23, tzinfo=UTC) + timedelta(seconds=n) for n in count())
    context = Context(
        config_dir=tmp_path / "config", db=tmp_path / "nieuws.db", clock=lambda: next(times)
    )
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"

    result = CliRunner().invoke(sql, [f"{endless} WHERE i < 0", "--seconds", "5"], obj=context)

    assert str(result.exception) == "no answer within 5 seconds: --seconds gives more time"
