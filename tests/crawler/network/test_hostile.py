"""Hostile and broken servers (network cases 1 to 20), all in one round beside two sound outlets."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import (
    MEGABYTE,
    Serve,
    Site,
    Visit,
    bomb,
    newspaper,
    page,
    rss,
    self_signed,
    without_robots as plain,
)
from rounds import Told, crawled

SPELLINGS_OF_FORBIDDEN_PLACES = {
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "decimal": "http://2852039166/",
    "hexadecimal": "http://0xa9fea9fe/",
    "octal": "http://0251.0376.0251.0376/",
    "short": "http://10.1/",
    "mapped": "http://[::ffff:10.0.0.1]/",
    "nat64": "http://[64:ff9b::a00:1]/",
    "six": "http://[::1]/",
    "unspecified": "http://0.0.0.0/",
    "shared": "http://100.64.0.1/",
    "zone": "http://[fe80::1]/",
    "dotted": "http://10.0.0.1./",
    "wide": "http://\uff11\uff10.0.0.1/",
    "escaped": "http://%31%30.0.0.1/",
    "userinfo": "http://krant.example@10.0.0.1/",
    "backslash": "http:\\\\10.0.0.1\\",
}
OTHER_SCHEMES = {
    "file": "file:///etc/passwd",
    "data": "data:text/xml,<rss/>",
    "ftp": "ftp://127.0.0.1/feed",
    "javascript": "javascript:alert(1)",
}
HEADER = b"X-Filler: " + b"a" * 1000 + b"\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ITEM = ("https://krant.example/1", "Kop", "Lead")


def packed(encoding: str, body: bytes) -> Serve:
    return lambda visit: visit.feed(body, **{"Content-Encoding": encoding})


def raw(data: bytes) -> Serve:
    def serve(visit: Visit) -> None:
        visit.send(data)
        visit.connection.close()

    return serve


def loop(visit: Visit) -> None:
    visit.redirect(f"{visit.path}x")


def slowly_on(visit: Visit) -> None:
    visit.over.wait(0.8)
    visit.redirect(f"{visit.path}x")


def conditional(visit: Visit) -> None:
    visit.send(b'HTTP/1.1 304 Not Modified\r\nETag: "never asked"\r\n\r\n')


def html(text: str, status: int = 200) -> Serve:
    body = f"<!doctype html><html><head><title>{text}</title></head><body>{text}</body></html>"
    return lambda visit: visit.answer(body.encode(), status)


# name -> (case, server, what the source's error must say)
HOSTILE: dict[str, tuple[int, Serve, str]] = {
    "gzip": (1, packed("gzip", bomb("gzip")), "larger than allowed"),
    "brotli": (2, packed("br", bomb("br")), "larger than allowed"),
    "zstd": (3, packed("zstd", bomb("zstd")), "larger than allowed"),
    "nested": (
        4,
        packed("br, gzip", bomb("gzip", 0, bomb("br", 256 * MEGABYTE))),
        "larger than allowed",
    ),
    "mispacked": (4, packed("br", b"not brotli"), "its packing is broken"),
    "misgzipped": (4, packed("gzip", b"not gzip"), ""),
    "endless": (
        5,
        lambda visit: visit.flood(
            CHUNKED, forever=b"8000\r\n" + b"x" * 0x8000 + b"\r\n", limit=2**30
        ),
        "larger than allowed|in time",  # whichever comes first on a busy machine
    ),
    "tiny-chunks": (
        5,
        lambda visit: visit.flood(CHUNKED, forever=b"1\r\nx\r\n" * 5000, limit=2**30),
        "broke off",
    ),
    "declared": (
        5,
        raw(OK + b"Content-Length: 20000000\r\n\r\n" + b"x" * 1000),
        "larger than allowed",
    ),
    "dripping": (6, lambda visit: visit.drip(CHUNKED, forever=b"1\r\nx\r\n"), "in time"),
    "slow-hops": (6, slowly_on, "in time"),
    "slow-head": (7, lambda visit: visit.drip(OK, forever=b"X-Drip: 1\r\n"), "in time"),
    "slow-line": (7, lambda visit: visit.drip(OK, b"X-Drip: ", forever=b"1"), "in time"),
    "silent": (8, Visit.stay_silent, "in time"),
    "headers": (9, lambda visit: visit.flood(OK, forever=HEADER, limit=160 * MEGABYTE), "headers"),
    "one-header": (
        9,
        lambda visit: visit.flood(OK, b"X: ", forever=b"a" * 1000, limit=160 * MEGABYTE),
        "headers",
    ),
    "continues": (
        9,
        lambda visit: visit.flood(forever=b"HTTP/1.1 100 Continue\r\n\r\n", limit=160 * MEGABYTE),
        "headers",
    ),
    "bad-chunk": (10, raw(CHUNKED + b"zz\r\nhello\r\n"), ""),
    "cut-chunk": (10, raw(CHUNKED + b"500\r\nhello"), "broke off"),
    "two-lengths": (10, raw(OK + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nhello"), ""),
    "garbage": (11, raw(bytes(range(256)) * 40), "not HTTP"),
    "reset": (11, Visit.hang_up, "connection was lost"),
    "closed": (11, raw(b""), "connection was closed"),
    "loop": (12, loop, "too many redirects"),
    **{
        name: (13, lambda visit, url=url: visit.redirect(url), "no web address")
        for name, url in OTHER_SCHEMES.items()
    },
    **{
        f"to-{name}": (14, lambda visit, url=url: visit.redirect(url), "")
        for name, url in SPELLINGS_OF_FORBIDDEN_PLACES.items()
    },
    "retry-after": (
        18,
        lambda visit: visit.answer(status=429, headers={"Retry-After": "99999999999"}),
        "HTTP 429",
    ),
    "consent": (19, html("DPG Media Privacy Gate"), "wall: dpg-consent"),
    "maintenance": (19, html("We zijn zo weer terug. Wegens onderhoud", 503), "HTTP 503"),
    "page": (19, html("Voorpagina van de krant"), "not a feed"),
    "nothing": (20, lambda visit: visit.feed(b""), "empty"),
    "unasked-304": (20, conditional, "HTTP 304"),
    "too-large": (
        21,
        lambda visit: visit.feed(b"<rss>" + b" " * 20 * MEGABYTE),
        "larger than allowed",
    ),
}
PARAGRAPHS = (
    "De waterschappen maken zich zorgen over de dijken langs de rivier, zegt de dijkgraaf.",
    "Volgens hem is er de komende jaren veel geld nodig om het land droog te houden.",
    "De minister praat er volgende week over met de provincies en met de gemeenten.",
)


def outlet(name: str, stack: contextlib.ExitStack) -> Site:
    pages = {
        f"/artikel/{number}": page(f"{name} {number} over de dijk", *PARAGRAPHS)
        for number in range(3)
    }
    pages["/groot"] = page("Te groot", "x" * 50 * MEGABYTE)

    def feed(_visit: Visit) -> bytes:
        items = [(site.root + path, f"{name} {path[-1]} over de dijk", "Lead") for path in pages]
        return rss(*items)

    site = stack.enter_context(Site(newspaper(feed, pages)))
    return site


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    directory = tmp_path_factory.mktemp("hostile")
    with contextlib.ExitStack() as stack:
        sites = {
            name: stack.enter_context(Site(plain(serve))) for name, (_, serve, _) in HOSTILE.items()
        }
        unsafe = Site(
            plain(lambda visit: visit.feed(rss(ITEM))), certificate=self_signed(directory)
        )
        sites["certificate"] = stack.enter_context(unsafe)
        sites |= {name: outlet(name, stack) for name in ("krant", "omroep")}
        yield crawled(directory, [{"id": name, "url": site.url()} for name, site in sites.items()])


@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param(name, error, id=f"{case}-{name}")
        for name, (case, _, error) in {
            **HOSTILE,
            "certificate": (17, None, "its certificate is not valid"),
        }.items()
    ],
)
def test_a_hostile_server_gives_an_error_that_names_its_source_and_slows_it_down(
    told: Told, name: str, error: str
) -> None:
    state = told.states[name]

    assert state["error"]
    assert re.search(error, state["error"])
    assert told.errors[name] == state["error"]
    assert state["failures"] == 1
    assert state["wait"] > 300
    assert state["etag"] is None
    assert told.titles(name) == []


@pytest.mark.parametrize("name", sorted(SPELLINGS_OF_FORBIDDEN_PLACES))
def test_a_redirect_to_a_forbidden_place_is_refused_before_it_is_connected_to(
    told: Told, name: str
) -> None:
    refused = ("may not be reached", "no web address", "the host has no address")

    assert any(words in told.states[f"to-{name}"]["error"] for words in refused)


def test_a_redirect_loop_is_left_after_five(tmp_path: Path) -> None:  # case 12
    with Site(plain(loop)) as site:
        crawled(tmp_path, [{"id": "lus", "url": site.url()}])

    assert len([path for path in site.paths() if path != "/robots.txt"]) == 6


def test_an_absurd_wish_to_wait_is_heard_for_six_hours(told: Told) -> None:
    assert told.states["retry-after"]["wait"] == pytest.approx(6 * 3600, rel=0.01)


@pytest.mark.parametrize("name", ["krant", "omroep"])
def test_sound_outlets_are_read_in_the_same_round(told: Told, name: str) -> None:
    whole = [each for each in told.articles if each["source"] == name and not each["partial"]]

    assert told.states[name]["error"] is None
    assert sorted(each["title"] for each in whole) == [f"{name} {n} over de dijk" for n in range(3)]
    assert all(PARAGRAPHS[0] in each["body"] for each in whole)


def test_a_page_that_is_too_large_costs_itself_alone_and_the_feeds_text_stands_in(
    told: Told,
) -> None:
    (partial,) = (each for each in told.articles if each["source"] == "krant" and each["partial"])

    assert partial["url"].endswith("/groot")
    missed = [each for each in told.pages if each["missed"]]
    assert {each["error"] for each in missed} == {"larger than allowed"}


def test_hostile_servers_cost_little_memory_and_leave_nothing_claimed(told: Told) -> None:
    assert told.megabytes < 250
    assert [each for each in told.pages if each["claimed"]] == []
    # A worker that is replaced while the crawl ends may lose its locks as it starts: that trace is
    # the fork server's, and names no file of ours.
    assert not re.search(r'File "[^"]*/(crawler|alerts|monitor)/', told.log)


def test_the_report_counts_every_source(told: Told) -> None:
    sources = told.report["sources"]

    assert sources == {"polled": len(HOSTILE) + 3, "unchanged": 0, "failed": len(HOSTILE) + 1}
    assert told.report["articles"] == {"new": 8, "revised": 0, "unchanged": 0}
