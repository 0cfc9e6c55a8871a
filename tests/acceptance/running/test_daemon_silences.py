"""A silence that begins and ends while the daemon runs hides its own time and nothing later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from loopback import Site
from newsdesk import Newsdesk
from test_daemon import stored, until

SAID = "Het kalifaat in Baghuz is na een beleg van weken gevallen, zegt de generaal."


@pytest.mark.slow
def test_a_silence_ends_by_itself_while_the_daemon_runs(
    desk: Newsdesk, outlets: Callable[[], Site]
) -> None:
    krant, omroep = outlets(), outlets()
    krant.publish("/1", "Kalifaat belegerd", "Het kalifaat in Baghuz wordt belegerd.")
    omroep.publish("/1", "Rustig", "Er gebeurde weinig.")
    desk.sources(krant=krant.url + "/rss", omroep=omroep.url + "/rss")
    with desk.daemon():
        until(lambda: "Kalifaat belegerd" in desk.log(), what="an alert before the silence")

        # when a silence of some seconds begins, and something comes in it
        desk.ok("alerts", "silence", "--for", "6s", "--reason", "te druk")
        krant.publish("/2", "Kalifaat gevallen", SAID)
        until(lambda: "Kalifaat gevallen" in str(stored(desk, "kalifa*")), what="the article")
        until(
            lambda: not desk.ok("alerts", "silence", "--list").out.count("te druk"), what="its end"
        )

        # then what comes later is told, also what another outlet says again
        krant.publish("/3", "Kalifaat voorbij", "De leider van het kalifaat is gevlucht.")
        until(lambda: "Kalifaat voorbij" in desk.log(), what="an alert after the silence")
        omroep.publish("/2", "Baghuz valt", f"{SAID} Duizenden mensen zijn gevlucht.")
        until(lambda: "Baghuz valt" in desk.log(), what="the same from another outlet")

    # and what the silence hid is not told for its own article, but listed
    assert "Kalifaat gevallen" not in desk.log()
    hidden = desk.ok("alerts", "untold", "--json").lines
    assert {one["reason"] for one in hidden} == {"silenced"}
