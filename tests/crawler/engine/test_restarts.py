"""What a program that is started again does not ask for a second time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from outlets import Outlet
from rounds import crawled


@pytest.mark.parametrize(("hours", "paths"), [(1, ["/feed"]), (7, ["/robots.txt", "/feed"])])
def test_an_idle_poll_after_a_restart_is_one_request_while_robots_txt_holds(
    tmp_path: Path, hours: int, paths: list[str]
) -> None:
    # given an outlet that was read
    outlet = Outlet("krant", pages=())
    with outlet.open() as site:
        source: dict[str, Any] = {"id": "krant", "outlet": "krant", "url": site.url("/feed")}
        crawled(tmp_path, [source])
        before = len(site.visits)

        # when another process asks it hours later
        crawled(tmp_path, [source], rounds=2, hours_between=hours)

    # then robots.txt is asked for again only once it holds no longer
    assert site.paths()[before:] == paths


def test_rules_hold_after_a_restart_as_well(tmp_path: Path) -> None:
    # given an outlet that forbids a page
    rules = b"User-agent: nieuwswacht\nDisallow: /geheim\n"
    outlet = Outlet("krant", pages=("/open",), robots=(200, rules))
    with outlet.open() as site:
        source: dict[str, Any] = {"id": "krant", "outlet": "krant", "url": site.url("/feed")}
        crawled(tmp_path, [source])

        # when it lists that page after a restart
        outlet.pages = ("/open", "/geheim")
        crawled(tmp_path, [source], rounds=2, hours_between=1)

    # then the page is not asked for, nor is robots.txt
    assert site.paths().count("/feed") == 2
    assert "/geheim" not in site.paths()
    assert site.paths().count("/robots.txt") == 1
