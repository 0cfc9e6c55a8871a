"""The daemon: schedule, stop, second instance, a source that hangs."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable

import pytest
from loopback import TIMEOUT, Site
from newsdesk import Newsdesk


def until(condition: Callable[[], object], *, what: str) -> None:
    """Wait for the condition; fail with `what` when it does not come true in time."""
    end = time.monotonic() + TIMEOUT
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < end, what
        tick.wait(0.05)


def stored(desk: Newsdesk, query: str) -> list[dict[str, object]]:
    result = desk.run("search", query, "--json")
    return result.lines if result.code == 0 else []


def test_the_daemon_polls_on_schedule_and_tells_what_is_new(desk: Newsdesk, outlet: Site) -> None:
    outlet.publish("/1", "Rustige dag", "Er gebeurde vandaag weinig in de hoofdstad.")
    desk.sources(krant=outlet.url + "/rss")
    with desk.daemon():
        until(lambda: outlet.statuses("/rss"), what="the first poll")
        outlet.publish("/2", "Kalifaat gevallen", "Het kalifaat in Baghuz is gevallen.")
        until(lambda: "Kalifaat gevallen" in desk.log(), what="the alert in the terminal")

    assert [found["title"] for found in stored(desk, "kalifaat")] == ["Kalifaat gevallen"]


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGTERM] * 2])
def test_a_signal_stops_the_daemon_cleanly(desk: Newsdesk, outlet: Site, signals) -> None:
    outlet.publish("/1", "Kalifaat gevallen", "Het kalifaat in Baghuz is gevallen.")
    desk.sources(krant=outlet.url + "/rss")
    with desk.daemon() as daemon:
        until(lambda: outlet.statuses("/1"), what="the page")
        for number in signals:
            daemon.send_signal(number)
        assert daemon.wait(TIMEOUT) == 0

    assert "Traceback" not in desk.log()
    assert desk.ok("status", "--json").json["queues"]["pages_wanted"] == 0
    assert '"good"' in (desk.folder / "nieuws.db.start").read_text()


def test_a_second_instance_on_one_database_is_refused_with_75(desk: Newsdesk, outlet: Site) -> None:
    outlet.publish("/1", "Rustig", "Er gebeurde weinig.")
    desk.sources(krant=outlet.url + "/rss")
    with desk.daemon():
        until(lambda: outlet.statuses("/rss"), what="the first poll")

        second = desk.run("run")
        crawl = desk.run("crawl")

        assert (second.code, crawl.code) == (75, 75)
        assert "another Nieuwswacht holds" in second.err
        assert desk.run("search", "rustig").code in {0, 1}


def test_a_source_that_hangs_delays_no_other(desk: Newsdesk, outlets: Callable[[], Site]) -> None:
    hanging, well = outlets(), outlets()
    release = threading.Event()
    hanging.feed()
    hanging.answers["/rss"].before = lambda: release.wait(TIMEOUT)
    well.publish("/1", "Rustig", "Er gebeurde weinig.")
    desk.sources(traag=hanging.url + "/rss", krant=well.url + "/rss")
    with contextlib.ExitStack() as stack:
        stack.callback(release.set)
        daemon = stack.enter_context(desk.daemon())
        until(lambda: len(well.statuses("/rss")) >= 3, what="three polls of the other source")
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(TIMEOUT)

    states = {line["id"]: line for line in desk.ok("sources", "list", "--json").lines}
    assert states["krant"]["failures"] == 0


def test_nothing_starts_half_configured(desk: Newsdesk, outlet: Site) -> None:
    desk.sources(krant=outlet.url + "/rss")
    desk.write("rules.toml", '[[rule]]\nid = "x"\nname = "X"\nquery = "a NEAR b"\nchannels = []\n')

    with pytest.raises(AssertionError, match=r"rules\.toml:4"):
        desk.ok("run")
    assert outlet.asked == []


@pytest.mark.slow
def test_rules_come_go_fail_and_are_mended_without_a_restart(desk: Newsdesk, outlet: Site) -> None:
    outlet.publish("/1", "Rustig", "Er gebeurde weinig.")
    desk.sources(krant=outlet.url + "/rss")
    desk.rules(kalifaat="kalifa*", brug="brug*")
    with desk.daemon():
        until(lambda: outlet.statuses("/1"), what="the first article")
        desk.rules(kalifaat="kalifa*", sluis="sluis*")
        until(lambda: "rules_reloaded" in desk.log(), what="the new rules")
        desk.rules(kalifaat="kalifa*", sluis="sluis* dicht", haven="haven*")
        until(lambda: "Geweigerde regels: sluis" in desk.log(), what="the refusal told")
        status = desk.run("status", "--json")
        (fault,) = status.json["rules_faults"]
        assert (status.code, 'rule "sluis": column 8' in fault) == (1, True)
        assert status.json["rules_refused"] == fault
        assert any("rule sluis is refused" in said for said in status.json["problems"])
        outlet.publish("/2", "Brug open", "De brug bij Zaltbommel is weer open.")
        until(lambda: stored(desk, "brug*"), what="the article of the rule that was removed")
        outlet.publish("/3", "Sluis dicht", "De sluis van IJmuiden is dicht.")
        until(lambda: "Sluis dicht" in desk.log(), what="the alert of the rule as it was")
        outlet.publish("/4", "Haven vol", "De haven van Den Oever ligt vol.")
        until(lambda: "Haven vol" in desk.log(), what="the alert of the rule that was added")
        outlet.publish("/5", "Kalifaat gevallen", "Het kalifaat in Baghuz is gevallen.")
        until(lambda: "Kalifaat gevallen" in desk.log(), what="the alert of the rule that stayed")
        desk.rules(kalifaat="kalifa*", sluis="sluis* AND dicht", haven="haven*")
        until(lambda: "Niet meer geweigerd: sluis" in desk.log(), what="the mending told")
        assert desk.run("status", "--json").json["rules_refused"] is None

    matches = desk.ok("export", "matches", "--format", "jsonl").lines
    assert {match["rule"] for match in matches} == {"kalifaat", "sluis", "haven"}
    assert 'rules.toml:9: rule "sluis": column 8: no operator between' in desk.log()
    assert "rules_mended what=sluis" in desk.log()


@pytest.mark.slow
def test_a_refused_file_that_is_mended_before_a_start_is_told_as_mended(
    desk: Newsdesk, outlet: Site
) -> None:
    outlet.publish("/1", "Rustig", "Er gebeurde weinig.")
    desk.sources(krant=outlet.url + "/rss")
    with desk.daemon():
        until(lambda: outlet.statuses("/1"), what="the first article")
        desk.write("rules.toml", "[[rule")
        until(lambda: "De nieuwe regels zijn geweigerd" in desk.log(), what="the refusal told")
    desk.rules(kalifaat="kalifa*")

    with desk.daemon():
        until(lambda: "Niet meer geweigerd: rules.toml" in desk.log(), what="the mending told")
        assert desk.run("status", "--json").json["rules_faults"] == []
