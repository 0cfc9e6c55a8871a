"""The daemon goes on when the clock is set back, and when it is started under an earlier time."""

from __future__ import annotations

import signal
import sys

import clockdaemon
import pytest
from loopback import Site
from newsdesk import Newsdesk
from test_daemon import until


@pytest.mark.slow
def test_a_clock_that_is_set_back_by_an_hour_keeps_nothing_from_being_polled(
    desk: Newsdesk, krant: Site
) -> None:
    place = (str(desk.folder / "config"), str(desk.folder / "nieuws.db"))
    command = (sys.executable, clockdaemon.__file__, *place)

    def polls(number: int, *, what: str) -> None:
        """Wait for so many more polls."""
        before = len(krant.statuses("/rss"))
        until(lambda: len(krant.statuses("/rss")) >= before + number, what=what)

    # given a daemon that polls each second or so
    with desk.daemon(*command, "0") as daemon:
        polls(2, what="the first polls")

        # when the clock is set back, then it goes on
        daemon.send_signal(signal.SIGUSR1)
        polls(3, what="polls after the step")

    # and so does one that starts while the time of the last poll is still to come
    with desk.daemon(*command, "-2"):
        polls(2, what="polls after a start under an earlier time")
    assert "Traceback" not in desk.log()
