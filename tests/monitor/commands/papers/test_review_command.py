"""`nieuwswacht review`: the edition that would go now, and the one that went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commanddesk import Run, command_in, told_in

REVIEWS = """
[[review]]
id = "ochtend"
name = "Ochtendkrant"
at = "07:00"
channels = ["scherm"]
sections = [{ title = "Syrië", rules = ["kalifaat"] }]
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    command = command_in(tmp_path)
    (tmp_path / "config" / "reviews.toml").write_text(REVIEWS, "utf-8")
    told_in(tmp_path)
    return command


def test_the_preview_shows_what_would_go(run: Run) -> None:
    shown = run("review", "ochtend", "--preview").output
    assert shown.startswith("Ochtendkrant, ")
    assert "- Syrië -" in shown
    assert "https://nos.example/artikel/1" in shown


def test_programs_get_the_same_fields_as_a_webhook(run: Run) -> None:
    found = json.loads(run("review", "ochtend", "--preview", "--json").output)
    assert found["id"] == "ochtend"
    [section] = found["sections"]
    assert section["stories"][0]["rules"] == ["kalifaat"]


def test_its_mail_can_be_looked_at_before_it_goes(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "krant.html"
    run("review", "ochtend", "--preview", "--html", str(page))
    assert "<h2" in page.read_text("utf-8")


def test_an_edition_that_did_not_go_is_said_with_a_way_to_see_it(run: Run) -> None:
    assert "--preview" in run("review", "ochtend", "--date", "2026-01-05", code=1).output


def test_an_unknown_paper_is_named_beside_those_that_are_there(run: Run) -> None:
    assert "there are: ochtend" in run("review", "middag", "--preview", code=2).output


def test_check_names_a_fault_of_the_paper(run: Run, tmp_path: Path) -> None:
    wrong = REVIEWS.replace("scherm", "schrem")
    (tmp_path / "config" / "reviews.toml").write_text(wrong, "utf-8")
    assert 'channel "schrem" is not defined' in run("check", code=2).output
