"""`nieuwswacht export stix`: reports that the validator of STIX 2.1 takes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from commanddesk import Run
from deliverydesk import BAGHUZ, open_desk

from crawler.store import ArticleStore, Saved

HOSTILE = 'Baghuz: "IS" <b>verslagen</b> \\ zegt\u200b men \U0001f3f3'


@pytest.fixture
def stories(tmp_path: Path) -> list[Saved]:
    """Two stories in which something was found, one of them at two outlets, and one without."""
    desk = open_desk(tmp_path / "nieuws.db")
    desk.rules("scherm", kalifaat="kalifa*", baghuz="baghuz")
    saved = [desk.publish(HOSTILE), desk.publish(HOSTILE, outlet="AD")]
    desk.match()
    desk.clock.forward(hours=3)
    body = "Een rechter in Utrecht sprak over het kalifaat. " * 3
    saved.append(desk.publish("Rechter spreekt", body, number=2, lead=""))
    saved.append(desk.publish("De brug is open", "Schepen varen weer.", number=3, lead=""))
    desk.match()
    desk.writer.close()
    return saved


def exported(run: Run, *words: str) -> dict[str, Any]:
    """The bundle, which the validator has found to be in order."""
    from stix2validator import ValidationOptions, validate_string

    text = run("export", "stix", *words).stdout
    # Strict, but for what it recommends: random ids, and a hash of what stands at an address.
    options = ValidationOptions(version="2.1", strict=True, disabled="uuid-check,extref-hashes")
    result = validate_string(text, options)
    assert result.is_valid, [str(fault) for fault in result.errors]
    found: dict[str, Any] = json.loads(text)
    return found


def reports(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in bundle["objects"] if each["type"] == "report"]


@pytest.mark.usefixtures("stories")
def test_each_story_in_which_something_was_found_is_one_report_with_its_sources(run: Run) -> None:
    bundle = exported(run)

    first, second = reports(bundle)
    assert first["name"] == HOSTILE.replace("\u200b", "")
    assert first["labels"] == ["baghuz", "kalifaat"]
    assert [each["url"] for each in first["external_references"]] == [
        "https://nos.example/artikel/1",
        "https://ad.example/artikel/1",
    ]
    assert "NOS: In het Syrische dorp Baghuz is het kalifaat gevallen" in first["description"]
    assert BAGHUZ not in first["description"]
    named = {each["id"]: each["name"] for each in bundle["objects"] if each["type"] == "identity"}
    assert [named[each] for each in first["object_refs"]] == ["NOS", "AD"]
    assert second["name"] == "Rechter spreekt"
    assert first["modified"] < second["modified"]


def test_one_story_or_those_since_a_time(run: Run, stories: list[Saved], tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    story = desk.writer.run(lambda db: ArticleStore(db).story(stories[2].article)).id
    later = desk.clock() + timedelta(hours=1)
    desk.writer.close()

    one = exported(run, "--story", story)
    since = exported(run, "--since", later.isoformat())

    assert reports(one) == reports(since)
    assert [each["name"] for each in reports(one)] == ["Rechter spreekt"]


@pytest.mark.usefixtures("stories")
def test_the_same_story_has_the_same_id_in_every_export(run: Run) -> None:
    first, second = (exported(run) for _ in range(2))

    assert first["objects"] == second["objects"]
    assert first["id"] != second["id"]


@pytest.mark.usefixtures("stories")
def test_a_story_that_is_not_there_is_named_with_the_remedy(run: Run) -> None:
    said = run("export", "stix", "--story", "sty_onbekend", code=1).output

    assert 'nothing was found in a story "sty_onbekend"' in said
    assert "`search --json`" in said


def test_an_archive_without_finds_is_a_bundle_without_reports(run: Run, tmp_path: Path) -> None:
    open_desk(tmp_path / "nieuws.db").writer.close()

    assert reports(exported(run)) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("matches", "--story", "x"), "--story goes with stix only"),
        (("stix", "--rule", "kalifaat"), "of the filters, stix takes --story and --since"),
        (("stix", "--excel"), "--excel is for CSV"),
    ],
)
@pytest.mark.usefixtures("stories")
def test_what_does_not_go_with_stix_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in run("export", *words, code=2).output
