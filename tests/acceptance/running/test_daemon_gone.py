"""What `status` knows of a daemon: that it runs, has ended, was killed, or cannot write."""

from __future__ import annotations

import signal
import sqlite3

import pytest
from loopback import TIMEOUT, Site
from newsdesk import Newsdesk
from test_daemon import until


def killed(desk: Newsdesk, outlet: Site) -> None:
    """A daemon that polled once, and was killed."""
    polls = len(outlet.statuses("/rss"))
    with desk.daemon() as daemon:
        until(lambda: len(outlet.statuses("/rss")) > polls, what="a poll")
        daemon.send_signal(signal.SIGKILL)
        daemon.wait(TIMEOUT)


@pytest.mark.slow
def test_status_says_whether_the_daemon_runs_and_exits_with_1_after_it_was_killed(
    desk: Newsdesk, krant: Site
) -> None:
    # given a daemon that runs: all is well
    with desk.daemon():
        until(lambda: krant.statuses("/nieuws/1"), what="the page")
        running = desk.ok("status", "--json").json
        assert "running since" in desk.ok("status").out
    assert (running["daemon"]["running"], running["daemon"]["expected"]) == (True, False)
    assert running["daemon"]["last_tick"] >= running["daemon"]["since"]

    # when it ends in order, nobody expects it to run
    ended = desk.ok("status", "--json").json
    assert (ended["daemon"]["running"], ended["healthy"]) == (False, True)

    # when it is killed, that is a problem at once, also after a round from cron
    killed(desk, krant)
    dead = desk.run("status", "--json")
    desk.ok("crawl")
    still = desk.run("status")
    assert (dead.code, dead.json["daemon"]["running"]) == (1, False)
    assert "the daemon does not run: it was killed after" in dead.json["problems"][0]
    assert (still.code, "the daemon does not run" in still.out) == (1, True)

    # and it is none any more once a daemon has run and ended
    with desk.daemon():
        until(lambda: desk.run("status").code == 0, what="the daemon that runs again")
    assert desk.run("status").code == 0


@pytest.mark.usefixtures("krant")
def test_a_daemon_that_is_expected_and_never_ran_is_a_problem(desk: Newsdesk) -> None:
    desk.ok("crawl")
    settings = (desk.folder / "config" / "nieuwswacht.toml").read_text("utf-8")

    desk.write("nieuwswacht.toml", f"{settings}[daemon]\nexpected = true\n")

    status = desk.run("status", "--json")
    assert (status.code, status.json["daemon"]["expected"]) == (1, True)
    assert "[daemon] expected is true" in status.json["problems"][0]


@pytest.mark.usefixtures("krant")
def test_a_database_that_refuses_polls_fails_the_round_and_status_until_it_is_mended(
    desk: Newsdesk,
) -> None:
    # given a database that refuses to store how a poll ended
    desk.ok("crawl")
    database = desk.folder / "nieuws.db"
    with sqlite3.connect(database) as db:
        db.execute(
            "CREATE TRIGGER refused BEFORE UPDATE OF last_poll ON sources "
            "BEGIN SELECT RAISE(ABORT, 'database disk image is malformed'); END"
        )
    db.close()

    # when there is a round
    round_ = desk.run("crawl", "krant", "--json")
    status = desk.run("status", "--json")

    # then the round has failed, and status says so
    assert (round_.code, round_.json["sources"]["failed"]) == (1, 1)
    assert status.code == 1
    assert any("the database refuses what is written" in said for said in status.json["problems"])

    # and once it is mended, all is well again
    with sqlite3.connect(database) as db:
        db.execute("DROP TRIGGER refused")
    db.close()
    desk.ok("crawl", "krant")
    desk.ok("status")
