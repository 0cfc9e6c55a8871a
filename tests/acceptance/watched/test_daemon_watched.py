"""A daemon that other programs watch: health, numbers, a dead man's switch, and its log."""

from __future__ import annotations

import json
import re
import socket
from urllib.parse import urlsplit

import pytest
from loopback import Answer, Site
from newsdesk import Newsdesk
from served_page import Visitor
from test_daemon import until

SETTINGS = """
[crawl]
delay = "0s"
[network]
allow = ["127.0.0.0/8"]
"""


def page_of(desk: Newsdesk) -> Visitor:
    """The page of the daemon that has just been started."""
    until(lambda: "page url=" in desk.log(), what="the page")
    found = re.search(r"page url=(http://[\w.:]+)", desk.log())
    assert found is not None
    return Visitor(found[1])


@pytest.mark.slow
def test_other_programs_can_ask_whether_the_daemon_is_at_work(
    desk: Newsdesk, krant: Site, outlets
) -> None:
    # given a daemon with its page, and somebody who wants to hear each ten seconds
    ear = outlets()
    ear.answers["/ping"] = Answer(b"ok", "text/plain")
    health = f'[health]\nping = "{ear.url}/ping"\nevery = "10s"\n'
    desk.write("nieuwswacht.toml", f'{SETTINGS}[web]\nlisten = "127.0.0.1:0"\n{health}')
    assert desk.run("health").code == 1

    # when it works
    with desk.daemon():
        page = page_of(desk)
        until(lambda: page.get("/readyz").status_code == 200, what="a daemon that is ready")
        until(lambda: krant.statuses("/nieuws/1"), what="the article")
        numbers = page.get("/metrics")
        alive, ready = page.get("/healthz"), page.get("/readyz")
        without_port = desk.ok("health", "--json").json
        status = desk.ok("status", "--json").json
        until(lambda: ear.statuses("/ping"), what="a sign of life")

    # then each of them says so, and none after its end
    assert alive.json() == ready.json() == without_port == {"healthy": True, "problems": []}
    assert numbers.headers["content-type"].startswith("text/plain; version=")
    assert 'nieuwswacht_polls_total{outcome="read",source="krant"} 1.0' in numbers.text
    assert 'nieuwswacht_loop_lag_seconds_bucket{le="+Inf"}' in numbers.text
    assert status["daemon"]["page"] == page.url
    ended = desk.run("health", "--json")
    assert (ended.code, ended.json["problems"]) == (1, ["the daemon does not run"])


def test_a_port_in_use_costs_the_page_and_nothing_else(desk: Newsdesk, krant: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        desk.write("nieuwswacht.toml", f'{SETTINGS}[web]\nlisten = "{listen}"\n')
        with desk.daemon():
            until(lambda: krant.statuses("/nieuws/1"), what="the article")
            until(lambda: "cannot listen" in desk.log(), what="what the log says")
            status = desk.ok("status", "--json").json
            health = desk.ok("health").out

    assert [note for note in status["notes"] if "the page cannot listen on" in note]
    assert (status["healthy"], status["daemon"]["page"]) == (True, None)
    assert health == "ready\n"
    assert desk.log().count("cannot listen") == 1


@pytest.mark.usefixtures("krant")
def test_the_page_alone_is_served_over_an_archive(desk: Newsdesk) -> None:
    desk.ok("crawl")
    desk.write("nieuwswacht.toml", '[web]\nlisten = "127.0.0.1:0"\n')

    with desk.started(*desk.command("serve")) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        answers = [Visitor(url).get(path).status_code for path in ("/healthz", "/readyz")]

    assert urlsplit(url).hostname == "127.0.0.1"
    assert answers == [200, 200]
    assert process.returncode == 0


def test_the_log_is_written_as_json_to_a_file_of_its_own_too(desk: Newsdesk, krant: Site) -> None:
    kept = desk.folder / "log" / "nieuwswacht.log"
    kept.parent.mkdir()
    log = f'[log]\nfile = "{kept}"\nlevels = {{ "monitor.running" = "warning" }}\n'
    desk.write("nieuwswacht.toml", f'{SETTINGS}[web]\nlisten = ""\n{log}')

    with desk.daemon(*desk.command("--log-format", "json", "run")):
        until(lambda: krant.statuses("/nieuws/1"), what="the article")

    lines = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    assert {line["logger"].split(".")[0] for line in lines} <= {"crawler", "alerts", "monitor"}
    assert all(line["time"].endswith("+00:00") for line in lines)
    assert not [line for line in lines if line["message"].startswith("started")]
    assert kept.stat().st_mode & 0o077 == 0
    assert all(line in desk.log() for line in kept.read_text("utf-8").splitlines())
