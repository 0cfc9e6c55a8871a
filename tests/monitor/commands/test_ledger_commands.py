"""`nieuwswacht alerts` and `deliver`: the ledger for people and for programs."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from commanddesk import SECRET, Run
from deliverydesk import open_desk

from alerts.delivery.requests import Replay, aside, leave, left
from crawler.clock import utc_now
from crawler.store import FileLock


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_pending_says_what_each_delivery_waits_for(run: Run, told: str) -> None:
    found = lines(run("alerts", "pending", "--json"))

    assert [one["channel"] for one in found] == ["scherm", "soc"]
    assert found[0]["alerts"][0]["article"] == told  # type: ignore[index]  # a list
    assert [one["waiting"]["reason"] for one in found] == ["grouping", "grouping"]  # type: ignore[index]  # a dict


@pytest.mark.usefixtures("told")
def test_deliver_sends_once_and_log_shows_the_attempts(run: Run) -> None:
    counts = json.loads(run("deliver", "--json").stdout)
    log = {one["channel"]: one for one in lines(run("alerts", "log", "--json"))}
    text = run("alerts", "log").output

    assert counts == {"sent": 1, "pending": 1, "dead": 0}
    assert [one["outcome"] for one in log["scherm"]["attempts"]] == ["delivered"]  # type: ignore[attr-defined]  # a list
    assert [one["outcome"] for one in log["soc"]["attempts"]] == ["not_sent"]  # type: ignore[attr-defined]  # a list
    assert "Laatste bolwerk gevallen (NOS)" in text
    assert "attempt 1: not_sent 127.0.0.1: Connection refused" in text


def test_show_says_what_became_of_each_alert(run: Run, told: str) -> None:
    run("deliver")
    (alert,) = json.loads(run("show", told, "--json").stdout)["alerts"]

    assert (alert["type"], alert["rule"]) == ("alert.story", "kalifaat")
    assert {one["channel"]: one["state"] for one in alert["channels"]} == {
        "scherm": "delivered",
        "soc": "pending",
    }
    shown = {one["channel"]: one["shown"] for one in alert["channels"]}
    assert shown == {"scherm": {"passages": 1, "announced": 0}, "soc": None}


def test_a_silence_begins_is_listed_and_ends(run: Run) -> None:
    begun = json.loads(
        run("alerts", "silence", "--rule", "brug", "--for", "2h", "--reason", "x", "--json").stdout
    )
    (listed,) = lines(run("alerts", "silence", "--list", "--json"))

    assert begun == {"done": [listed["id"]]}
    assert (listed["rule"], listed["channel"], listed["reason"]) == ("brug", None, "x")
    run("alerts", "silence", "--end", str(listed["id"]))
    empty = run("alerts", "silence", "--list")
    assert (empty.stdout, empty.stderr) == ("", "no silence is in force\n")
    run("alerts", "silence", "--end", "weg", code=1)


@pytest.mark.usefixtures("told")
def test_a_silence_in_force_shows_in_status(run: Run) -> None:
    run("alerts", "silence", "--for", "2h", "--reason", "verhuizing")
    run("alerts", "silence", "--rule", "brug", "--channel", "soc", "--for", "2h", "--reason", "x")

    status = json.loads(run("status", "--json", code=1).stdout)

    assert {one["reason"] for one in status["silences"]} == {"verhuizing", "x"}
    said = sorted(note.partition(" until ")[0] for note in status["notes"])
    assert said == ["everything is silenced", "rule brug in channel soc is silenced"]
    assert ": verhuizing (sil_" in run("status", code=1).output


@pytest.mark.usefixtures("told")
def test_what_a_command_asked_for_and_could_not_be_done_shows_in_status(
    run: Run, tmp_path: Path
) -> None:
    waiting = lines(run("alerts", "pending", "--json"))[0]["id"]
    leave(tmp_path / "nieuws.db", Replay(str(waiting), timedelta.max), utc_now())

    run("deliver")  # as the daemon and the rounds do, it does first what was left

    (file,) = aside(tmp_path / "nieuws.db")
    (said,) = [one for one in problems_of(run) if "asked for" in one]
    assert said == (
        "what a command asked for could not be done, see the log of `nieuwswacht run`: "
        f"then remove {file.name} from {file.parent}"
    )
    file.unlink()
    assert not any("asked for" in one for one in problems_of(run))


def problems_of(run: Run) -> list[str]:
    found: list[str] = json.loads(run("status", "--json", code=1).stdout)["problems"]
    return found


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["--reason", "x"], "add --for 2h or --until"),
        (["--for", "2h"], "add --reason"),
        (["--for", "lang", "--reason", "x"], '"30m", "2h" or "1d"'),
        (["--until", "2020-01-01", "--reason", "x"], "lies in the past"),
        (["--for", "2h", "--reason", "x", "--rule", "weg"], "there are: kalifaat, brug"),
        (["--for", "2h", "--reason", "x", "--channel", "weg"], "there are: scherm, soc"),
    ],
)
def test_a_silence_that_is_not_clear_is_refused_with_a_remedy(
    run: Run, words: list[str], remedy: str
) -> None:
    assert remedy in run("alerts", "silence", *words, code=2).stderr


def test_a_test_message_is_sent_now_and_its_outcome_shown(run: Run) -> None:
    well = run("alerts", "test", "scherm")
    (ill,) = lines(run("alerts", "test", "soc", "--json", code=1))

    assert "Dit kanaal werkt" in well.output
    assert ill["attempts"][0]["outcome"] == "not_sent"  # type: ignore[index]  # a list
    assert "there are: scherm, soc" in run("alerts", "test", "weg", code=2).stderr


@pytest.mark.usefixtures("told")
def test_a_replay_goes_out_again(run: Run) -> None:
    run("deliver")
    sent = lines(run("alerts", "log", "--json"))[-1]

    done = json.loads(run("alerts", "replay", str(sent["id"]), "--json").stdout)
    again = run("deliver", "--json")

    assert done == {"done": [sent["id"]]}
    assert json.loads(again.stdout)["sent"] == 1
    run("alerts", "replay", "weg", code=1)


@pytest.mark.usefixtures("told")
def test_a_silence_shows_in_pending_and_holds_a_replay(run: Run) -> None:
    words = ("alerts", "silence", "--reason", "x", "--json")
    begun = json.loads(run(*words, "--until", "2h").stdout)["done"][0]

    assert "silenced until " in run("alerts", "pending").stdout
    assert {one["waiting"]["reason"] for one in lines(run("alerts", "pending", "--json"))} == {  # type: ignore[index]  # a dict
        "silenced"
    }
    run("deliver")
    log = lines(run("alerts", "log", "--json"))
    assert {one["state"] for one in log} == {"silenced"}
    assert "silenced (silenced)" not in run("alerts", "log").output

    refused = run("alerts", "replay", str(log[0]["id"]), code=1)
    assert "a silence covers it: `nieuwswacht --config " in refused.stderr
    assert f" alerts silence --end {begun}` first" in refused.stderr
    run("alerts", "silence", "--end", begun)
    hint = run("alerts", "replay", str(log[0]["id"])).stderr
    assert re.match(
        "goes with the next `nieuwswacht .* deliver`, or when `nieuwswacht .* run`", hint
    )


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2020-11-25", 2),
        ("2020-11-25 20:00", 2),
        ("2020-11-25T20:00:00Z", 2),
        ("3d", 2),
        ("2099-01-01 09:00", 0),
    ],
)
def test_log_takes_moments_as_all_commands_do(run: Run, since: str, found: int) -> None:
    assert len(lines(run("alerts", "log", "--since", since, "--json"))) == found


@pytest.mark.usefixtures("told")
def test_a_clock_that_was_set_back_hides_no_message_of_before(run: Run, tmp_path: Path) -> None:
    run("deliver")
    run("alerts", "test", "soc", code=1)
    before = lines(run("alerts", "log", "--json"))
    with sqlite3.connect(tmp_path / "nieuws.db") as db:
        db.execute(
            "UPDATE deliveries SET created = '2001-01-01T00:00:00.000+00:00'"
            " WHERE seq = (SELECT max(seq) FROM deliveries)"
        )
    db.close()

    assert len(before) > 1
    found = lines(run("alerts", "log", "--since", "1d", "--json"))
    assert [each["id"] for each in found] == [each["id"] for each in before[1:]]


@pytest.mark.parametrize(
    "until", ["2099-11-25", "2099-11-25 09:00", "2099-11-25T09:00:00+01:00", "3d", "12h"]
)
def test_a_silence_takes_its_end_as_all_commands_do(run: Run, until: str) -> None:
    run("alerts", "silence", "--until", until, "--reason", "x")

    (listed,) = lines(run("alerts", "silence", "--list", "--json"))
    far = datetime.fromisoformat(str(listed["ends"])) - utc_now() > timedelta(days=365)
    assert far == until.startswith("2099")


def test_while_the_daemon_holds_the_database_it_is_asked_to_do_it(run: Run, tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    try:
        words = ("--for", "2h", "--reason", "onderhoud")
        assert "handed to the running instance" in run("alerts", "silence", *words).output
        assert json.loads(run("alerts", "test", "soc", "--json").stdout) == {"handed_over": True}
        assert len(left(tmp_path / "nieuws.db")) == 2
    finally:
        desk.writer.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_what_root_leaves_is_of_the_user_who_has_the_database(run: Run, tmp_path: Path) -> None:
    path, folder = tmp_path / "nieuws.db", tmp_path / "nieuws.db.requests"
    lock = FileLock(path)
    path.touch()
    os.chown(path, 4711, 4712)

    run("alerts", "silence", "--for", "2h", "--reason", "onderhoud")

    lock.release()
    assert {(each.stat().st_uid, each.stat().st_gid) for each in (folder, *folder.iterdir())} == {
        (4711, 4712)
    }


def test_a_request_that_cannot_be_read_now_is_kept_and_hides_no_other(
    run: Run, tmp_path: Path
) -> None:
    path, folder = tmp_path / "nieuws.db", tmp_path / "nieuws.db.requests"
    lock = FileLock(path)
    path.touch()
    run("alerts", "silence", "--for", "2h", "--reason", "onderhoud")
    lock.release()
    unread = folder / "0.EndSilence.json"
    unread.mkdir()  # as one of another user, it is refused to whoever reads

    assert len(left(path)) == 1
    assert unread.exists()


def test_dead_lists_what_was_given_up(run: Run) -> None:
    run("alerts", "silence", "--for", "1h", "--reason", "x")

    for command, said in (
        ("dead", "nothing was given up\n"),
        ("pending", "nothing is pending\n"),
        ("log", "nothing has been queued\n"),
    ):
        shown = run("alerts", command)
        assert (shown.stdout, shown.stderr) == ("", said)
        assert run("alerts", command, "--json").output == ""


@pytest.mark.usefixtures("told")
def test_no_secret_gets_into_the_database(run: Run, tmp_path: Path) -> None:
    run("deliver")
    run("alerts", "test", "soc", code=1)

    held = b"".join(path.read_bytes() for path in tmp_path.glob("nieuws.db*") if path.is_file())
    assert b"Connection refused" in held
    assert b"geheim" not in held
    assert SECRET.encode() not in held


def test_the_ledger_says_what_was_shown_and_what_was_only_announced(
    run: Run, tmp_path: Path
) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.clock.now = utc_now()
    desk.add_channel("scherm", group_wait=timedelta())
    desk.rules(kalifaat="kalifa*")
    saved = desk.publish("Kop", " ".join(f"Zin {n} gaat over het kalifaat." for n in range(5)))
    desk.match()
    desk.writer.close()

    delivered = run("deliver").stdout

    assert "En nog 2 passages." in delivered
    account = json.loads(run("alerts", "why", saved.article, "--json").stdout)
    (logged,) = map(json.loads, run("alerts", "log", "--json").stdout.splitlines())
    expected = [{"alert": account["alerts"][0]["id"], "passages": 3, "announced": 2}]
    assert account["alerts"][0]["deliveries"][0]["shown"] == expected
    assert logged["shown"] == expected
    said = "3 of 5 passages shown, the others announced"
    assert f"scherm: delivered, 1 attempt; {said}" in run("alerts", "why", saved.article).stdout
    assert said in run("alerts", "log").stdout
