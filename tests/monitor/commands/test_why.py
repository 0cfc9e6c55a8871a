"""`nieuwswacht alerts why`: what the ledger holds on an article, and what each rule says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commanddesk import RULES, Run
from deliverydesk import article, open_desk
from hearing import hour
from one_event import FIRE, told as event_told


@pytest.fixture
def rules(tmp_path: Path, run: Run) -> Path:  # noqa: ARG001 - it writes the configuration
    return tmp_path / "config" / "rules.toml"


def test_why_names_the_match_the_deliveries_and_the_reason_against_the_second_text(
    run: Run, told: str
) -> None:
    second = article(number=2).id
    account = json.loads(run("alerts", "why", told, "--json").stdout)

    assert [match["rule"] for match in account["matches"]] == ["kalifaat"]
    assert [one["channel"] for one in account["alerts"][0]["deliveries"]] == ["scherm", "soc"]
    assert "scherm: pending" in run("alerts", "why", told).output
    assert "not told for kalifaat: joined-silently" in run("alerts", "why", second).output


def test_why_explains_for_each_rule_which_part_was_found(run: Run, told: str) -> None:
    text = run("alerts", "why", told).output
    account = json.loads(run("alerts", "why", told, "--rule", "brug", "--json").stdout)

    assert '  kalifaat matches\n    + kalifa*: "kalifaat" in the ' in text
    assert "  brug does not match\n    - brug: not found\n" in text
    assert account["rules"] == [
        {**account["rules"][0], "rule": "brug", "fits": False, "words": "brug: not found"}
    ]


def test_why_names_the_conversation_of_which_a_message_is_a_part(tmp_path: Path, run: Run) -> None:
    # given an event that two outlets told in their own words
    desk = open_desk(tmp_path / "nieuws.db")
    desk.add_channel("scherm")
    desk.rules("scherm", brand="kaas* OR doornbosch")
    for outlet in ("NOS", "NRC"):
        event_told(desk, outlet)
        hour(desk)
    desk.writer.close()
    # when people ask about each
    first, second = (f"https://{outlet}.example/artikel/1" for outlet in ("nos", "nrc"))
    (alert,) = json.loads(run("alerts", "why", second, "--json").stdout)["alerts"]
    # then the later one names the message that began the conversation
    assert alert["deliveries"][0]["conversation"]["title"] == FIRE["NOS"][0]
    said = f"in the conversation that began with {FIRE['NOS'][0]!r}"
    assert said in " ".join(run("alerts", "why", second).output.split())
    assert "in the conversation" not in run("alerts", "why", first).output


@pytest.mark.usefixtures("told")
def test_why_of_an_article_that_is_not_there_ends_with_1(run: Run) -> None:
    assert "no article has" in run("alerts", "why", "weg", code=1).stderr


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (RULES + "[[rule", "rules.toml:12: "),
        (RULES + "kanaal = 1\n", 'rules.toml:12: rule "brug": unknown key "kanaal"'),
        ("[[channel]]\n", "channels.toml:1: "),
    ],
)
def test_why_shows_what_is_stored_while_no_rule_can_be_read(
    run: Run, told: str, rules: Path, text: str, fault: str
) -> None:
    before = json.loads(run("alerts", "why", told, "--json").stdout)
    rules.with_name(fault.partition(":")[0]).write_text(text, "utf-8")

    shown = run("alerts", "why", told)
    account = json.loads(run("alerts", "why", told, "--json").stdout)
    second = run("alerts", "why", article(number=2).id, "--rule", "kalifaat")

    assert "  matched kalifaat: kalifaat (the rule cannot be read now)\n" in shown.stdout
    assert "scherm: pending" in shown.stdout
    assert "part by part" not in shown.stdout
    assert "not told for kalifaat: joined-silently" in second.stdout
    (said,) = shown.stderr.splitlines()
    assert said.startswith("cannot be explained now: ")
    assert fault in said
    assert fault in account["rules_faults"][0]
    assert before["rules_faults"] == []
    assert account["matches"] == [{**before["matches"][0], "since": "unknown"}]
    assert [account[key] for key in ("alerts", "decisions")] == [
        before[key] for key in ("alerts", "decisions")
    ]
    assert account.keys() == before.keys()
    assert (account["rules"], account["rules_now"]) == ([], [])


def test_why_explains_the_rules_that_can_be_read_and_names_the_fault_of_the_others(
    run: Run, told: str, rules: Path
) -> None:
    rules.write_text(RULES.replace('"brug"\nch', '"brug open"\nch'), "utf-8")

    shown = run("alerts", "why", told)
    one = json.loads(run("alerts", "why", told, "--rule", "brug", "--json").stdout)

    assert "  matched kalifaat: kalifaat\n" in shown.stdout
    assert "  kalifaat matches\n" in shown.stdout
    assert 'rules.toml:10: rule "brug": column 6: no operator between' in shown.stderr
    assert shown.stderr.count("\n") == 1
    assert (one["rules"], len(one["rules_faults"])) == ([], 1)
    run("alerts", "why", told, "--rule", "weg", code=2)


def test_why_does_not_say_that_no_rule_matches_while_some_cannot_be_read(
    run: Run, rules: Path, tmp_path: Path
) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    other = desk.save(article("Kop", "Het regent.", number=3)).article
    desk.writer.close()
    assert "  matches no rule\n" in run("alerts", "why", other).stdout

    rules.write_text(RULES.replace('"brug"\nch', '"brug open"\nch'), "utf-8")

    assert "  matched nothing when it came in\n" in run("alerts", "why", other).stdout
