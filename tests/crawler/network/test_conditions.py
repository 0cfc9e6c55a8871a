"""Conditional requests where one address leads to another: each has its own validators."""

from __future__ import annotations

from pathlib import Path

from hostile import Visit, rss
from outlets import Outlet, article
from rounds import crawled

DATE = "Fri, 20 Nov 2026 10:00:00 GMT"


def dated(name: str) -> object:
    """A list that has not changed since `DATE`, as far as anybody asks."""

    def answer(visit: Visit, outlet: Outlet) -> None:
        if visit.headers.get("if-modified-since") == DATE:
            visit.answer(status=304)
        else:
            body = rss((outlet.site.url(f"/{name}"), f"{name} krijgt dijken", "Lead"))
            visit.answer(body, kind="application/rss+xml", headers={"Last-Modified": DATE})

    return answer


def led_on(visit: Visit, outlet: Outlet) -> None:
    """To the old list twice, and to another one from then on."""
    target = "/oud.xml" if len(outlet.asked("/feed")) <= 2 else "/nieuw.xml"
    visit.answer(status=302, headers={"Location": target})


def test_validators_go_to_the_address_that_gave_them_and_to_no_other(tmp_path: Path) -> None:
    # given a feed that leads to another address, and later to a third with the same date
    odd = {"/feed": led_on, "/oud.xml": dated("oud"), "/nieuw.xml": dated("nieuw")}
    odd |= {f"/{name}": lambda visit, _: visit.answer(article("x")) for name in ("oud", "nieuw")}
    outlet = Outlet("krant", odd=odd)
    with outlet.open() as site:
        # when it is asked three times
        source = {"id": "krant", "outlet": "krant", "url": site.url("/feed")}
        told = crawled(tmp_path, [source], rounds=3, hours_between=1)

        # then the second time is conditional, and the third list is read
        asked = [outlet.asked(path) for path in ("/feed", "/oud.xml", "/nieuw.xml")]
        sent = [[visit.headers.get("if-modified-since") for visit in visits] for visits in asked]
    assert sent == [[None, None, None], [None, DATE], [None]]
    assert [each["sources"]["unchanged"] for each in told.rounds] == [0, 1, 1]  # added up
    assert {page["key"].rpartition("/")[2] for page in told.pages} == {"oud", "nieuw"}
