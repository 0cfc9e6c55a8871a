"""What matched and was not told: in `alerts untold`, in `alerts why` and in `status`."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from commanddesk import Run
from deliverydesk import AMSTERDAM, Clock, article, open_desk
from outbox_desk import give_up, silence

from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from crawler.clock import utc_now


def silenced_in(folder: Path) -> str:
    """A story of which everything fell into a silence; its article."""
    desk = open_desk(folder / "nieuws.db")
    desk.clock = Clock(utc_now())
    desk.add_channel("scherm")
    desk.rules(kalifaat="kalifa*")
    silence(desk)
    saved = desk.save(article(now=desk.clock()))
    desk.match()
    desk.writer.close()
    return saved.article


def test_untold_lists_what_was_kept_back_with_what_would_send_it(run: Run, tmp_path: Path) -> None:
    name = silenced_in(tmp_path)

    text = run("alerts", "untold").stdout
    (line,) = run("alerts", "untold", "--json").stdout.splitlines()
    found = json.loads(line)

    assert "scherm  kalifaat: silenced\n" in text
    assert f"alerts replay {found['delivery']}`" in text
    assert (found["article"], found["channel"], found["state"]) == (name, "scherm", "untold")
    assert "kalifaat" in found["text"]
    assert "will be" in run("alerts", "untold", "--since", "0m").stderr


def test_why_never_says_told_of_what_was_not(run: Run, tmp_path: Path) -> None:
    name = silenced_in(tmp_path)

    text = run("alerts", "why", name).stdout
    account = json.loads(run("alerts", "why", name, "--json").stdout)

    assert "  told (" not in text
    assert "  not told (alert.story" in text
    assert "  not told in scherm (silenced): In het Syrische dorp" in text
    assert [one["reason"] for one in account["passages"]] == ["silenced"]


def test_status_counts_what_is_told_owed_and_untold(run: Run, tmp_path: Path) -> None:
    silenced_in(tmp_path)

    found = json.loads(run("status", "--json", code=1).stdout)["passages"]
    text = run("status", code=1).stdout

    assert found == {"owed": 0, "told": 0, "by_link": 0, "untold": {"silenced": 1}}
    assert "last day: 0 told, 1 not told (1 silenced); now: 0 owed" in text


@pytest.mark.parametrize(
    ("ago", "counted"),
    [(timedelta(minutes=5), 1), (timedelta(hours=23), 1), (timedelta(days=2), 0)],
)
def test_what_was_given_up_is_counted_and_listed_for_a_day_after_that(
    run: Run, tmp_path: Path, ago: timedelta, counted: int
) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.clock = Clock(utc_now() - ago - timedelta(days=1))
    give_up(desk)
    desk.writer.close()

    listed = run("alerts", "untold", "--since", "1d", "--json").stdout.splitlines()
    found = json.loads(run("status", "--json", code=1).stdout)

    assert [json.loads(line)["reason"] for line in listed] == ["expired"] * counted
    assert found["passages"]["untold"] == ({"expired": 1} if counted else {})
    given_up = [problem for problem in found["problems"] if "given up" in problem]
    assert [problem.split(" in ")[0] for problem in given_up] == (
        ["1 delivery was given up"] * counted
    )


def test_what_is_owed_is_counted_however_old_it_is(run: Run, tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.clock = Clock(utc_now() - timedelta(days=3))
    desk.add_channel("scherm")
    desk.rules(kalifaat="kalifa*")
    desk.save(article(now=desk.clock()))
    desk.match()
    desk.writer.close()

    assert json.loads(run("status", "--json", code=1).stdout)["passages"]["owed"] == 1


def test_why_and_status_say_what_was_told_by_its_link_alone(run: Run, tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.clock = Clock(utc_now())
    channel = desk.add_channel("scherm", group_wait=timedelta())
    channel.view = lambda parcel: view_of(parcel.message, Style("nl", AMSTERDAM))
    desk.rules(kalifaat="kalifa*")
    body = " ".join(f"Dit is zin {n} over het kalifaat." for n in range(5))
    saved = desk.save(article("Kop", body, now=desk.clock()))
    desk.match()
    desk.send()
    desk.writer.close()

    text = run("alerts", "why", saved.article).stdout
    passages = json.loads(run("alerts", "why", saved.article, "--json").stdout)["passages"]
    counts = json.loads(run("status", "--json", code=1).stdout)["passages"]

    assert "scherm: delivered, 1 attempt; 3 of 5 passages shown, the others announced" in text
    assert text.count("  told by its link alone in scherm: Dit is zin") == 2
    assert [one["state"] for one in passages].count("by link") == 2
    assert counts == {"owed": 0, "told": 5, "by_link": 2, "untold": {}}
