"""The daemon where few files may be open at a time."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from loopback import Site
from newsdesk import Newsdesk
from test_daemon import until

OUTLETS = 40


def test_with_64_open_files_40_outlets_are_read_in_turns_and_it_is_said_once(
    desk: Newsdesk, outlets: Callable[[], Site]
) -> None:
    # given more outlets than connections fit
    sites = {f"krant{number}": outlets() for number in range(OUTLETS)}
    for name, site in sites.items():
        site.publish(f"/{name}", f"Brug {name} open", f"De brug van {name} is weer open.")
    desk.sources(**{name: f"{site.url}/rss" for name, site in sites.items()})

    # when the daemon may open 64 files
    command = ["sh", "-c", f"ulimit -n 64; exec {shlex.join(desk.command('run'))}"]
    with desk.daemon(*command):
        until(lambda: all(site.statuses(f"/{name}") for name, site in sites.items()), what="pages")

    # then every article is stored, and the log says once what is too low
    assert desk.ok("status", "--json").json["archive"]["articles"] == OUTLETS
    assert desk.log().count("files may be open at a time") == 1
    assert "Traceback" not in desk.log()
    assert "Too many open files" not in desk.log()
