"""`nieuwswacht stats`, as people and programs read it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from commanddesk import command_in, told_in

from alerts.rules.book import rule_of

Run = Callable[..., Result]
HASH = rule_of(id="kalifaat", text="kalifa*").hash


@pytest.fixture
def run(tmp_path: Path) -> Run:
    told_in(tmp_path)
    return command_in(tmp_path)


def test_a_table_has_the_numbers_and_what_they_were_counted_from(run: Run) -> None:
    shown = run("stats", "--rule", "kalifaat", "--by", "outlet", "--tz", "UTC").stdout.splitlines()

    head = "outlet  count  stored  failed polls  gaps  missed pages  partial"
    assert shown[:2] == [head, "NOS         2       2             0     0             0        0"]
    assert f"2 articles in all; wording {HASH}, archive " in shown[3]
    assert shown[3].endswith("(2 articles, 2 texts, 0 forgotten, 2 matches)")


def test_json_says_what_was_asked_of_what(run: Run) -> None:
    words = "--query", "kalifa*", "--by", "month,outlet", "--of", "stories", "--format", "json"

    found = json.loads(run("stats", *words).stdout)

    assert {"query": "kalifa*", "of": "stories", "counted_from": "archive"}.items() <= found.items()
    assert (found["by"], found["timezone"]) == (["month", "outlet"], "Europe/Amsterdam")
    assert found["archive"]["articles"] == 2
    assert found["total"] == sum(row["count"] for row in found["rows"])


def test_each_row_of_csv_names_wording_and_archive(run: Run) -> None:
    text = run("stats", "--rule", "kalifaat", "--format", "csv").stdout

    (row,) = csv.DictReader(text.splitlines())
    assert (row["count"], row["stored"], row["wording"]) == ("2", "2", HASH)
    assert len(row["archive"]) == 16


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give --rule or --query"),
        (("--rule", "kalifaat", "--query", "x"), "give --rule or --query"),
        (("--rule", "nergens"), 'there is no rule "nergens"'),
        (("--rule", "kalifaat", "--by", "uur"), "'uur' is none of outlet, section, day"),
        (("--rule", "kalifaat", "--tz", "Nergens/Dorp"), "'Nergens/Dorp' is no time zone"),
    ],
)
def test_what_cannot_be_counted_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in run("stats", *words, code=2).output


def test_archives_beside_are_counted_too_and_an_article_in_both_once(
    run: Run, tmp_path: Path
) -> None:
    other = tmp_path / "oud"
    other.mkdir()
    told_in(other)
    words = "--also", str(other / "nieuws.db"), "--by", "outlet", "--format", "json"

    of_rule, of_query = (
        json.loads(run("stats", *what, *words).stdout)
        for what in (("--rule", "kalifaat"), ("--query", "kalifa*"))
    )

    for found in (of_rule, of_query):
        assert (found["total"], found["rows"][0]["stored"]) == (2, 2)
        assert {"articles": 4, "archives": 2, "shared": 2}.items() <= found["archive"].items()
