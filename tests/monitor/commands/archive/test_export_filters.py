"""`nieuwswacht export`: what is chosen, and how a spreadsheet or a program gets it."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from commanddesk import command_in
from deliverydesk import BAGHUZ, MORNING, open_desk

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """An article whose title was changed, and a day later one of another outlet and rule."""
    desk = open_desk(tmp_path / "nieuws.db")
    desk.add_channel()
    desk.rules(kalifaat="kalifa*", brug="brug")
    for title in ("Bolwerk gevallen", "Laatste bolwerk gevallen"):
        desk.publish(title, BAGHUZ, published=MORNING)
        desk.match()
        desk.clock.forward(days=1)
    bridge = "De brug over de rivier is dicht, en niemand weet voor hoe lang."
    desk.publish("Brug dicht", bridge, outlet="Peilpunt", number=2, lead="")
    desk.match()
    desk.send_over(timedelta(hours=1))
    desk.writer.close()
    return command_in(tmp_path)


def exported(run: Run, *words: str) -> list[dict[str, Any]]:
    lines = run("export", *words, "--format", "jsonl").stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_a_match_has_the_title_of_its_revision_and_the_latest_can_stand_for_all(run: Run) -> None:
    every = exported(run, "matches", "--rule", "kalifaat")
    latest = exported(run, "matches", "--rule", "kalifaat", "--latest")

    assert [(row["revision"], row["title"]) for row in every] == [
        (1, "Bolwerk gevallen"),
        (2, "Laatste bolwerk gevallen"),
    ]
    assert latest == every[1:]


@pytest.mark.parametrize("what", ["articles", "matches", "revisions", "stories", "alerts"])
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (("--rule", "brug"), {"Brug dicht"}),
        (("--outlet", "NOS"), {"Bolwerk gevallen", "Laatste bolwerk gevallen"}),
        (("--outlet", "NOS", "--outlet", "Peilpunt", "--since", "2026-11-25"), {"Brug dicht"}),
        (("--until", "2026-11-20"), set()),
    ],
)
def test_what_is_written_can_be_chosen(
    run: Run, what: str, words: tuple[str, ...], titles: set[str]
) -> None:
    found = {row["title"] for row in exported(run, what, *words)}

    assert found <= titles
    assert bool(found) == bool(titles)


def test_excel_opens_a_file_with_a_mark_and_semicolons(run: Run) -> None:
    text = run("export", "matches", "--rule", "brug", "--excel").stdout

    assert text.startswith("\ufeffrule;article;revision;")
    (row,) = csv.DictReader(text[1:].splitlines(), delimiter=";")
    assert (row["title"], row["words"]) == ("Brug dicht", "Brug, brug")
    assert (
        "--excel is for CSV"
        in run("export", "matches", "--excel", "--format", "jsonl", code=2).output
    )


def test_stories_and_alerts_come_as_their_views_have_them(run: Run) -> None:
    first, second = exported(run, "stories")
    alerts = exported(run, "alerts", "--rule", "brug")

    assert (first["articles"], first["rules"]) == (1, "kalifaat")
    assert (second["title"], second["outlets"]) == ("Brug dicht", 1)
    assert [(row["outlet"], row["delivered"]) for row in alerts] == [("Peilpunt", 1)]
