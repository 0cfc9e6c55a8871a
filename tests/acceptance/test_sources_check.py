"""`sources check`: each source as it is now, from the command line."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
from collections.abc import Callable

import pytest
from loopback import TEXT, TIMEOUT, Answer, Site
from newsdesk import Newsdesk

CONSENT = b"<html><head><title>DPG Media Privacy Gate</title></head><body>Cookies</body></html>"


def looks(desk: Newsdesk, *words: str, code: int = 0) -> dict[str, dict]:
    result = desk.run("sources", "check", *words, "--json")
    assert result.code == code, result.err
    return {line["id"]: line for line in result.lines}


def test_check_says_what_a_source_answers_and_stores_nothing(desk: Newsdesk, krant: Site) -> None:
    seen = looks(desk)["krant"]

    assert (seen["ok"], seen["status"], seen["items"], seen["robots"]) == (True, 200, 1, "allowed")
    assert seen["newest"]
    assert seen["seconds"] > 0
    assert (seen["page"]["url"], seen["page"]["error"]) == (krant.url + "/nieuws/1", None)
    assert (seen["wall"], seen["suggestion"]) == (None, "")
    assert not (desk.folder / "nieuws.db").exists()


def test_each_trouble_is_named_with_what_to_do(
    desk: Newsdesk, krant: Site, outlets: Callable[[], Site]
) -> None:
    forbidding = outlets()
    forbidding.publish("/1", "Brug", TEXT)
    forbidding.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", "text/plain")
    walled = outlets()
    walled.publish("/1", "Brug", TEXT)
    walled.answers["/1"] = Answer(CONSENT)
    empty = outlets()
    empty.feed()
    blocked = outlets()
    blocked.answers["/rss"] = Answer(b"no", status=403)
    desk.sources(
        krant=krant.url + "/rss",
        weg=krant.url + "/weg",
        pagina=krant.url + "/nieuws/1",
        verboden=forbidding.url + "/rss",
        muur=walled.url + "/rss",
        leeg=empty.url + "/rss",
        nee=blocked.url + "/rss",
        intern="http://10.1.2.3/rss",
    )

    seen = looks(desk, code=1)

    said = {name: look["suggestion"] for name, look in seen.items()}
    assert said["krant"] == ""
    assert "the address is gone" in said["weg"]
    assert "this is a page" in said["pagina"]
    assert ("robots.txt forbids it" in said["verboden"], seen["verboden"]["robots"]) == (
        True,
        "forbidden",
    )
    assert ('set fetch = "entry"' in said["muur"], seen["muur"]["wall"]) == (True, "dpg-consent")
    assert "lists nothing" in said["leeg"]
    assert "refuses us" in said["nee"]
    assert "[network] allow" in said["intern"]


@pytest.mark.slow
def test_check_exits_with_1_when_any_source_asked_cannot_be_read(
    desk: Newsdesk, krant: Site
) -> None:
    desk.sources(krant=krant.url + "/rss", weg=krant.url + "/weg")

    assert desk.run("sources", "check").code == 1
    assert desk.run("sources", "check", "krant").code == 0
    assert desk.run("sources", "check", "weg").code == 1
    assert desk.run("sources", "check", "kraant").code == 2


def test_check_says_where_a_source_has_moved_for_good(desk: Newsdesk, krant: Site) -> None:
    krant.answers["/oud"] = Answer(b"", status=301, headers={"Location": "/rss"})
    krant.answers["/nu"] = Answer(b"", status=302, headers={"Location": "/rss"})
    desk.sources(oud=krant.url + "/oud", nu=krant.url + "/nu", los=krant.url + "/rss?los")
    krant.answers["/rss?los"] = krant.answers["/rss"]

    seen = looks(desk, "--no-page")

    assert {name: look["moved"] for name, look in seen.items()} == {
        "oud": krant.url + "/rss",
        "nu": None,
        "los": None,
    }
    assert f"moved for good to {krant.url}/rss: write that" in seen["oud"]["suggestion"]
    assert 'ends at the same address as "oud"' in seen["nu"]["suggestion"]
    assert (seen["oud"]["same_address"], seen["los"]["same_address"]) == (["nu"], [])


@pytest.mark.usefixtures("krant")
def test_check_asks_named_sources_also_when_they_are_not_enabled(desk: Newsdesk) -> None:
    desk.write("sources.toml", desk.catalogue() + "enabled = false\n")

    assert "set enabled = true" in looks(desk, "krant")["krant"]["suggestion"]
    assert desk.run("sources", "check").code == 2


def test_check_without_pages_asks_for_the_feed_alone(desk: Newsdesk, krant: Site) -> None:
    looks(desk, "--no-page")

    assert [path for path, _ in krant.asked] == ["/robots.txt", "/rss"]


@pytest.mark.usefixtures("krant")
def test_check_shows_a_table(desk: Newsdesk) -> None:
    out = desk.ok("sources", "check").out

    assert out.splitlines()[0].split()[:3] == ["id", "answer", "items"]
    assert out.splitlines()[1].startswith("krant")


def test_the_table_names_a_command_as_it_can_be_typed(desk: Newsdesk, krant: Site) -> None:
    desk.sources(weg=krant.url + "/weg")

    out = desk.run("sources", "check", "--no-page").out

    assert re.search("find the feed anew with `nieuwswacht --config .* sources add`", out)


def test_a_signal_ends_a_check_with_what_was_seen(
    desk: Newsdesk, outlets: Callable[[], Site]
) -> None:
    well, hanging = outlets(), outlets()
    well.publish("/1", "Brug", TEXT)
    asked, release = threading.Event(), threading.Event()
    hanging.feed()

    def hang() -> None:
        asked.set()
        release.wait(TIMEOUT)

    hanging.answers["/rss"].before = hang
    desk.write("nieuwswacht.toml", '[crawl]\ndelay = "0s"\n[network]\nallow = ["127.0.0.0/8"]\n')
    desk.sources(krant=well.url + "/rss", hangt=hanging.url + "/rss")
    command = desk.command("sources", "check", "--no-page", "--json")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert asked.wait(TIMEOUT)
        while not well.statuses("/rss"):
            assert asked.wait(TIMEOUT)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=TIMEOUT)
        release.set()

    assert process.returncode == 0
    assert '"hangt"' not in out


def test_check_proposes_the_confidences_of_today_as_a_patch(desk: Newsdesk, outlets) -> None:
    # given a source that answers, one that is gone, and one that fails for now
    krant, weg, later = outlets(), outlets(), outlets()
    krant.feed(("/1", "Brug", TEXT), path="/feed.xml")
    later.answers["/feed.xml"] = Answer(b"", status=503)
    desk.sources(krant=krant.url + "/feed.xml", weg=weg.url + "/x", later=later.url + "/feed.xml")
    before = desk.catalogue()
    # when their confidences are asked for
    told = desk.run("sources", "check", "--no-page", "--update")
    # then two change, and the file stays as it is
    assert [line for line in told.out.splitlines() if line.startswith("+confidence")] == [
        '+confidence = "A"',
        '+confidence = "X"',
    ]
    assert desk.catalogue() == before
