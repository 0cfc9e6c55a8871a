"""`nieuwswacht alerts why`: what the ledger holds on an article, and what each rule says of it."""

from __future__ import annotations

import json

import pytest
from commanddesk import Run
from deliverydesk import article


def test_why_names_the_match_the_deliveries_and_the_reason_against_the_second_text(
    run: Run, told: str
) -> None:
    second = article(number=2).id
    account = json.loads(run("alerts", "why", told, "--json").stdout)

    assert [match["rule"] for match in account["matches"]] == ["kalifaat"]
    assert [one["channel"] for one in account["alerts"][0]["deliveries"]] == ["scherm", "soc"]
    assert "scherm: pending" in run("alerts", "why", told).output
    assert "not told for kalifaat: same-outlet" in run("alerts", "why", second).output


def test_why_explains_for_each_rule_which_part_was_found(run: Run, told: str) -> None:
    text = run("alerts", "why", told).output
    account = json.loads(run("alerts", "why", told, "--rule", "brug", "--json").stdout)

    assert '  kalifaat matches\n    + kalifa*: "kalifaat" in the ' in text
    assert "  brug does not match\n    - brug: not found\n" in text
    assert account["rules"] == [
        {**account["rules"][0], "rule": "brug", "fits": False, "words": "brug: not found"}
    ]


@pytest.mark.usefixtures("told")
def test_why_of_an_article_that_is_not_there_ends_with_1(run: Run) -> None:
    assert "no article has" in run("alerts", "why", "weg", code=1).stderr
