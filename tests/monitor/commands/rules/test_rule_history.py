"""`nieuwswacht rules history` and `rules diff`, as people and programs read them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from commanddesk import RULES, command_in, told_in

from alerts.rules.book import rule_of

Run = Callable[..., Result]
HASH = rule_of(id="kalifaat", text="kalifa*").hash


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """One rule was in force while an article came in; its file has another wording now."""
    told_in(tmp_path)
    run = command_in(tmp_path)
    changed = RULES.replace('"kalifa*"', '"@rijk"') + "[concepts]\nrijk = ['kalifa*', 'rijk*']\n"
    (tmp_path / "config" / "rules.toml").write_text(changed)
    return run


def test_the_history_says_from_when_to_when_and_what_was_found(run: Run) -> None:
    shown = run("rules", "history", "kalifaat").stdout.splitlines()

    assert shown[0] == f"{HASH}  2 articles"
    assert shown[1].startswith("  in force since 20")
    assert shown[2:] == ["  kalifa*", ""]


def test_the_history_as_json_has_the_whole_wording(run: Run) -> None:
    found = json.loads(run("rules", "history", "kalifaat", "--json").stdout)

    assert found["hash"] == HASH
    assert (found["query"], found["outlets"], found["concepts"]) == ("kalifa*", [], {})
    assert found["spans"][0]["until"] is None
    assert found["articles"] == 2


def test_a_wording_is_compared_with_that_of_the_file_concepts_and_all(run: Run) -> None:
    shown = run("rules", "diff", HASH[:5], "kalifaat").stdout.splitlines()

    assert shown[0] == f"--- kalifaat {HASH}"
    assert shown[3:] == [
        "-query: kalifa*",
        "+query: @rijk",
        "+@rijk: kalifa*",
        "+@rijk: rijk*",
    ]
    assert run("rules", "diff", HASH, HASH).stdout == "the two are the same\n"


def test_what_is_not_there_is_said(run: Run) -> None:
    assert 'no rule "nergens" was in force yet' in run("rules", "history", "nergens", code=2).output
    assert 'there is no rule "nergens"' in run("rules", "diff", "nergens", HASH, code=2).output
