"""Sources, channels and settings that change while the daemon runs."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest
from loopback import Site
from newsdesk import Newsdesk
from served_page import Visitor
from test_daemon import stored, until

from monitor.context import Context

CONSOLE = '[[channel]]\nid = "{}"\nkind = "console"\ngroup_wait = "0s"\ngroup_interval = "0s"\n'


@pytest.mark.slow
def test_sources_channels_and_settings_are_taken_up_while_it_runs_or_refused_as_a_whole(
    desk: Newsdesk, outlets: Callable[[], Site]
) -> None:
    one, other = outlets(), outlets()
    one.publish("/1", "Brug open", "De brug bij Zaltbommel is weer open.")
    other.publish("/2", "Kalifaat gevallen", "Het kalifaat in Baghuz is gevallen.")
    desk.sources(een=one.url + "/rss")
    settings = (desk.folder / "config" / "nieuwswacht.toml").read_text("utf-8")

    with desk.daemon():
        until(lambda: one.statuses("/1"), what="the first source")

        # given a change with a fault in it: nothing of it counts, and status says so
        desk.write("nieuwswacht.toml", settings.replace('timeout = "5s"', 'timeout = "4s"'))
        desk.sources(een=one.url + "/rss", twee=other.url + "/rss", Fout=one.url + "/rss")
        until(lambda: "configuration_refused" in desk.log(), what="the refusal")
        status = desk.run("status")
        assert status.code == 1
        assert "the new configuration is refused" in status.out
        assert "'Fout' is not an id" in status.out
        assert not other.asked

        # when the fault is mended, all of it counts
        desk.sources(een=one.url + "/rss", twee=other.url + "/rss")
        until(lambda: "Kalifaat gevallen" in desk.log(), what="the alert from the new source")
        until(lambda: desk.run("status").code == 0, what="that all is well")

        # and a channel that rules still name stays until they do not
        desk.write("channels.toml", '[[channel]]\nid = "ander"\nkind = "console"\n')
        until(lambda: "is gone, and rules name it" in desk.log(), what="the second refusal")
        desk.channels('[[channel]]\nid = "ander"\nkind = "console"\ngroup_wait = "0s"\n')
        until(lambda: desk.log().count("configuration_reloaded") > 1, what="the new channel")
        until(lambda: desk.log().count("rules_reloaded") > 1, what="the rules read with it")
        desk.rules("ander", haven="haven*")
        until(lambda: desk.log().count("rules_reloaded") > 2, what="the rule for it")
        other.publish("/3", "Haven vol", "De haven van Den Oever ligt vol.")
        until(lambda: "Haven vol" in desk.log(), what="the alert by the new channel")

    assert stored(desk, "kalifaat")
    assert "Traceback" not in desk.log()


@pytest.mark.slow
def test_a_channel_that_is_renamed_where_it_is_and_where_rules_name_it_is_told_on(
    desk: Newsdesk, krant: Site
) -> None:
    with desk.daemon():
        krant.publish("/1", "Kalifaat gevallen", "Het kalifaat in Baghuz is gevallen.")
        until(lambda: "Kalifaat gevallen" in desk.log(), what="the alert by the channel")

        desk.rules("redactie", kalifaat="kalifa*")
        until(lambda: "rules_refused" in desk.log(), what="that the new name is not known yet")
        desk.write("channels.toml", CONSOLE.format("redactie"))
        until(lambda: "configuration_reloaded" in desk.log(), what="the new name")
        krant.publish("/2", "Kalifaat terug", "Het kalifaat in Raqqa is terug.")
        until(lambda: "Kalifaat terug" in desk.log(), what="the alert by its new name")

        desk.write("channels.toml", CONSOLE.format("derde"))
        desk.rules("derde", kalifaat="kalifa*")
        until(lambda: desk.log().count("configuration_reloaded") > 1, what="the third name")
        krant.publish("/3", "Kalifaat weg", "Het kalifaat in Homs is weg.")
        until(lambda: "Kalifaat weg" in desk.log(), what="the alert by its third name")
        until(lambda: desk.run("status").code == 0, what="that all is well")

    assert stored(desk, "kalifaat")
    assert "Traceback" not in desk.log()


@pytest.mark.slow
def test_sighup_takes_up_every_file_and_the_page_shows_them_as_they_are(
    desk: Newsdesk, krant: Site, outlets: Callable[[], Site]
) -> None:
    # given a daemon with its page
    settings = (desk.folder / "config" / "nieuwswacht.toml").read_text("utf-8")
    settings = settings.replace('listen = ""', 'listen = "127.0.0.1:0"')
    desk.write("nieuwswacht.toml", settings)
    with desk.daemon() as daemon:
        until(lambda: "page url=" in desk.log(), what="the page")
        found = re.search(r"page url=(http://[\w.:]+)", desk.log())
        assert found
        context = Context(config_dir=desk.folder / "config", db=desk.folder / "nieuws.db")
        page = Visitor(found[1]).enter(context)
        assert "Blad" not in page.get("/sources").text

        # when all files are changed, and it is told so
        other = outlets()
        desk.sources(krant=f"{krant.url}/rss", blad=f"{other.url}/rss")
        desk.channels('[[channel]]\nid = "tweede"\nkind = "console"\n')
        desk.rules("tweede", haven="haven*")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: "configuration_reloaded" in desk.log(), what="the configuration")
        until(lambda: "rules_reloaded" in desk.log(), what="the rules")

        # then the page shows sources, channels and rules as they are now
        assert "Blad" in page.get("/sources").text
        assert "tweede" in page.get("/silences").text
        assert "Haven" in page.get("/rules").text
