"""Ctrl-C while `crawl` is at work."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable

import pytest
from loopback import TEXT, TIMEOUT, Site
from newsdesk import Newsdesk


@pytest.mark.slow
def test_a_signal_ends_a_round_with_what_is_in_hand_and_blames_no_source(
    desk: Newsdesk, outlets: Callable[[], Site]
) -> None:
    well, hanging = outlets(), outlets()
    well.publish("/1", "Kalifaat gevallen", TEXT)
    asked, release = threading.Event(), threading.Event()
    hanging.feed()

    def hang() -> None:
        asked.set()
        release.wait(TIMEOUT)

    hanging.answers["/rss"].before = hang
    desk.write(
        "nieuwswacht.toml",
        '[crawl]\ndelay = "0s"\ntimeout = "60s"\n[network]\nallow = ["127.0.0.0/8"]\n',
    )
    desk.sources(krant=well.url + "/rss", hangt=hanging.url + "/rss")
    command = desk.command("crawl")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert asked.wait(TIMEOUT)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=TIMEOUT)
        release.set()

    lines = said.splitlines()
    assert process.returncode == 0, said
    assert lines[0] == "stopping: what is in hand is finished, in 10 s at most"
    assert not [line for line in lines if "Task" in line or "Traceback" in line]
    states = {line["id"]: line for line in desk.ok("sources", "list", "--json").lines}
    assert (states["hangt"]["failures"], states["hangt"]["error"]) == (0, None)
