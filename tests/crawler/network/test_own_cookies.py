"""Servers that set a cookie and redirect to the same address until it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import Serve, Site, Visit, page, rss
from hypothesis import given, strategies as st
from rounds import crawled

from crawler.network.own_cookies import cookies_for, held_after

URL = "https://krant.example/artikel?id=1"
SENTENCES = ("De brug over de rivier is weer open, zegt de gemeente Sluisdam.",) * 9


def cookies(visits: list[Visit], path: str) -> list[str]:
    return [visit.headers.get("cookie", "") for visit in visits if visit.path == path]


def asks_back(*lines: str) -> Serve:
    """A paper whose pages come only with these cookies."""
    wanted = {line.partition(";")[0] for line in lines}

    def serve(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            visit.answer(status=404)
            return
        held = set(filter(None, visit.headers.get("cookie", "").split("; ")))
        if missing := [line for line in lines if line.partition(";")[0] not in held]:
            headers = {"Location": visit.path, "Set-Cookie": missing[0]}
            visit.answer(status=302, headers=headers)
        elif visit.path == "/feed":
            visit.feed(rss((f"http://{visit.headers['host']}/artikel", "Brug open", "Verkeer.")))
        else:
            visit.answer(page("Brug open", *SENTENCES))
        assert held <= wanted

    return serve


@pytest.mark.parametrize(
    "lines",
    [
        ("gezien=1; Path=/; HttpOnly",),
        (
            "gezien=1; Max-Age=3600; SameSite=Lax",
            "sessie=a/b=c==; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
        ),
        ("a=1", "b=2", "c=3", "d=4"),
    ],
)
def test_a_cookie_that_is_wanted_back_goes_back_there_and_is_forgotten(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    with Site(asks_back(*lines)) as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url()}])

    assert told.states["krant"]["error"] is None
    assert told.titles("krant") == ["Brug open"]
    assert not any(article["partial"] for article in told.articles)
    for path in ("/feed", "/artikel"):
        sent = cookies(site.visits, path)
        assert (sent[0], len(sent)) == ("", len(lines) + 1)


def test_a_cookie_that_never_satisfies_ends_after_five(tmp_path: Path) -> None:
    def never(visit: Visit) -> None:
        count = len(site.visits)
        visit.answer(status=302, headers={"Location": visit.path, "Set-Cookie": f"n={count}"})

    with Site(never) as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url()}])

    assert "too many redirects" in told.states["krant"]["error"]
    assert len(cookies(site.visits, "/feed")) == 6


def test_a_cookie_goes_to_no_other_host_and_to_no_other_address(tmp_path: Path) -> None:
    def other(visit: Visit) -> None:
        visit.feed(rss(("/artikel", "Brug open", "Verkeer.")))

    def paper(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            visit.answer(status=404)
            return
        target = "/lijst" if visit.path == "/feed" else elsewhere.url("/lijst")
        visit.answer(status=302, headers={"Location": target, "Set-Cookie": "gezien=1; Path=/"})

    with Site(other) as elsewhere, Site(paper) as own:
        crawled(tmp_path, [{"id": "krant", "url": own.url(), "fetch": "entry"}])

    assert cookies(elsewhere.visits, "/lijst") == [""]
    assert cookies(own.visits, "/lijst") == [""]


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        (["a=1"], "a=1"),
        (["a=1; Path=/", "b=2"], "a=1; b=2"),
        (["a=1", "a=2"], "a=2"),
        (["a=1", "a=; Max-Age=0"], ""),
        (["a=1", "a=x; expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/"], ""),
        (["a="], "a="),
        (['a="x y"'], ""),
        (["=1", "zonder", "a b=1", "a=1\r\nX: y", "é=1", "a=é"], ""),
        ([f"a={'x' * 5000}"], ""),
    ],
)
def test_what_is_sent_back_is_what_was_set(lines: list[str], sent: str) -> None:
    assert cookies_for(held_after({}, URL, lines), f"{URL}#kop", [URL]) == sent


@pytest.mark.parametrize(
    "url", ["http://krant.example/artikel?id=1", "https://www.krant.example/", URL + "&x", URL[:-1]]
)
def test_nothing_is_sent_where_nobody_was_asked_before(url: str) -> None:
    held = held_after({}, URL, ["a=1; Domain=krant.example"])

    assert cookies_for(held, url, [URL]) == ""
    assert cookies_for(held, url, [URL, url]) == ("a=1" if url.startswith(URL[:25]) else "")


@given(st.lists(st.text(max_size=60), max_size=40))
def test_any_lines_give_a_sound_header(lines: list[str]) -> None:
    sent = cookies_for(held_after({}, URL, lines), URL, [URL])

    assert sent.isascii()
    assert sent.isprintable()
    assert len(sent) <= 4_096
