"""Sources, channels and settings that change while the daemon runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from loopback import Site
from newsdesk import Newsdesk
from test_daemon import stored, until


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
