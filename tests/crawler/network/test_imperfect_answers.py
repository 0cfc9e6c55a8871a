"""Answers that break off, with malformed headers or an unusual status; robots.txt as it is met."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import string
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import brotli
import pytest
from backports import zstd
from hostile import Serve, Site, Visit, page, rss, without_robots as plain
from hypothesis import given, strategies as st
from rounds import Told, crawled

from crawler.network.politeness import rules_for

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
HEADERS: dict[str, bytes] = {
    "a name with a space": b"X Powered By: CMS\r\n",
    "a name in quotation marks": "‘access-control-allow-origin’: *\r\n".encode(),
    "no name": b": leeg\r\n",
    "a space before the colon": b"X-Powered : CMS\r\n",
    "no colon": b"gewone regel\r\n",
    "a control character": b"X-\x01Y: z\r\n",
    "the coding identity": b"Transfer-Encoding: identity\r\n",
    "an unknown coding": b"Transfer-Encoding: rot13\r\n",
    "a length that is none": b"Content-Length: veel\r\n",
    "a long one": b"Content-Security-Policy: " + b"https://krant.example " * 2_000 + b"\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 9\r\n",
}

PACKINGS = ("gzip", "deflate", "br", "zstd")

HERE = "http://127.0.0.1:9"


def raw(data: bytes) -> Serve:
    def serve(visit: Visit) -> None:
        visit.send(data)
        visit.connection.close()

    return serve


def of_length(body: bytes, length: int, head: bytes = OK) -> Serve:
    return raw(head + f"Content-Length: {length}\r\n\r\n".encode() + body)


def chunked(body: bytes, end: bytes = b"") -> Serve:
    chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n"
    return raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + end)


def in_chunks(body: bytes, size: bytes, line_end: bytes = b"\r\n") -> Serve:
    """The body in chunks whose sizes are written so."""
    parts = [body[place : place + 300] for place in range(0, len(body), 300)]
    lines = [size % len(part) + line_end + part + line_end for part in [*parts, b""]]
    return raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(lines))


CHUNKS: dict[str, tuple[bytes, bytes]] = {
    "sizes with blanks behind them": (b"%-8x", b"\r\n"),
    "sizes with blanks before them": (b"%8x", b"\r\n"),
    "sizes with a tab": (b"%x\t", b"\r\n"),
    "sizes with zeros": (b"%08X", b"\r\n"),
    "sizes with 0x": (b"0x%x", b"\r\n"),
    "sizes with an extension": ('%x ; naam="é"'.encode(), b"\r\n"),
    "lines that end with a line feed": (b"%x", b"\n"),
    "blanks and line feeds": (b"%x  ", b"\n"),
}


def trickling(head: bytes, begin: bytes) -> Serve:
    """The begin of a body, and then a blank now and then for as long as somebody listens."""
    size = b"%x\r\n" if b"chunked" in head else b""

    def piece(data: bytes) -> bytes:
        return (size % len(data) + data + b"\r\n") if size else data

    return lambda visit: visit.drip(head + b"\r\n", piece(begin), forever=piece(b" "))


def stopping(data: bytes) -> Serve:
    """An answer of which nothing more comes, though the connection stays open."""

    def serve(visit: Visit) -> None:
        visit.send(data)
        visit.stay_silent()

    return serve


def packed(encoding: str, body: bytes) -> Serve:
    return of_length(body, len(body), OK + f"Content-Encoding: {encoding}\r\n".encode())


def items(host: str) -> list[tuple[str, str, str]]:
    return [(f"{host}/{n}", f"Kop {n}", f"Brug {n} gaat open. " * 9) for n in range(9)]


def json_feed(host: str) -> bytes:
    listed = [{"url": url, "title": title} for url, title, _ in items(host)]
    return json.dumps({"version": "1", "items": listed}).encode()


def broken_off(host: str) -> dict[str, Serve]:
    feed = rss(*items(host))
    cut = feed[: feed.index(b"Kop 5")]
    document = json_feed(host)
    half = document[: document.index(b"Kop 5")]
    ranged = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-%d/%d\r\n\r\n"
    return {
        "a length too large": of_length(cut, len(cut) + 5_000),
        "the whole, and a length too large": of_length(feed, len(feed) + 1),
        "no last chunk": chunked(cut),
        "gzip without its tail": packed("gzip", gzip.compress(feed)[:-60]),
        "deflate without its tail": packed("deflate", zlib.compress(feed)[:-40]),
        "brotli without its tail": packed("br", brotli.compress(feed, quality=1)[:-40]),
        "zstd without its tail": packed("zstd", zstd.compress(feed + b" " * 500_000)[:-3]),
        "json that breaks off": of_length(half, len(half) + 99),
        "a part that nobody asked for": raw(ranged % (len(cut) - 1, len(feed)) + cut),
    }


def whole(host: str) -> dict[str, Serve]:
    feed = rss(*items(host))
    ranged = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-%d/%d\r\n\r\n"
    twice = OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n"
    return {
        **{name: raw(OK + line + b"\r\n" + feed) for name, line in HEADERS.items()},
        **{f"plain, and called {packing}": packed(packing, feed) for packing in PACKINGS},
        "gzip, and called brotli": packed("br", gzip.compress(feed)),
        "plain JSON, and called deflate": packed("deflate", json_feed(host)),
        "chunked twice": raw(twice + b"%x\r\n%s\r\n0\r\n\r\n" % (len(feed), feed)),
        "a first line that goes on with nothing": raw(
            OK.replace(b"OK\r\n", b"OK\r\n x\r\n") + b"\r\n" + feed
        ),
        **{name: in_chunks(feed, size, end) for name, (size, end) in CHUNKS.items()},
        "203": raw(b"HTTP/1.1 203 Non-Authoritative\r\n\r\n" + feed),
        "206 with all of it": raw(ranged % (len(feed) - 1, len(feed)) + feed),
    }


def late(host: str) -> dict[str, Serve]:
    feed, document = rss(*items(host)), json_feed(host)
    cut = feed[: feed.index(b"Kop 5")]
    half = document[: document.index(b"Kop 5")]
    zipped = gzip.compress(feed, 1)[:-20]
    return {
        "a body that trickles": trickling(OK, cut),
        "a body that trickles, of a length": trickling(OK + b"Content-Length: 999999\r\n", cut),
        "chunks that trickle": trickling(OK + b"Transfer-Encoding: chunked\r\n", cut),
        "json that trickles": trickling(OK, half),
        "gzip that stops": stopping(OK + b"Content-Encoding: gzip\r\n\r\n" + zipped),
        "a body that stops": stopping(OK + b"\r\n" + cut),
    }


BROKEN_OFF, LATE, WHOLE = list(broken_off("")), list(late("")), list(whole(""))
NAMES = {title: f"s{number}" for number, title in enumerate(BROKEN_OFF + LATE + WHOLE)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    directory = tmp_path_factory.mktemp("imperfect")
    with contextlib.ExitStack() as stack:
        sources = []
        for title, name in NAMES.items():
            host = f"http://{name}.example"
            site = stack.enter_context(
                Site(plain((broken_off(host) | late(host) | whole(host))[title]))
            )
            sources.append({"id": name, "url": site.url(), "fetch": "entry"})
        yield crawled(directory, sources)


@pytest.mark.parametrize("title", BROKEN_OFF + LATE)
def test_what_is_complete_of_an_answer_that_broke_off_is_read_and_the_rest_is_told(
    told: Told, title: str
) -> None:
    name = NAMES[title]

    assert told.states[name]["error"] is None
    assert {f"Kop {number}" for number in range(4)} <= set(told.titles(name))
    assert told.states[name]["etag"] is None
    expected = "in time|breaks off" if title in LATE else "broke off|breaks off"
    assert re.search(expected, told.errors[name])


@pytest.mark.parametrize("title", WHOLE)
def test_a_malformed_header_or_an_unusual_status_costs_nothing_of_the_body(
    told: Told, title: str
) -> None:
    name = NAMES[title]

    assert told.states[name]["error"] is None
    assert set(told.titles(name)) == {title for _, title, _ in items("")}
    assert name not in told.errors


TEXT = [
    f"Alinea {number}: de dijkgraaf wil de dijken langs de rivier dit jaar nog versterken."
    for number in range(9)
]


@pytest.mark.parametrize("late", [False, True])
def test_a_page_that_breaks_off_takes_nothing_from_the_article_and_is_asked_again(
    tmp_path: Path, *, late: bool
) -> None:
    # given a page that is read whole, and later breaks off
    html, visits = page("Dijk gaat op de schop", *TEXT), 0

    def serve(visit: Visit) -> None:
        nonlocal visits
        visits += 1
        whole = html if isinstance(html, bytes) else html.encode()
        if visits == 2 and late:
            return trickling(b"HTTP/1.1 200 OK\r\n", whole[: len(whole) // 2])(visit)
        if visits == 2:
            return of_length(whole[: len(whole) // 2], len(whole))(visit)
        return visit.answer(whole)

    def paper(visit: Visit) -> None:
        if visit.path == "/feed":
            visit.feed(rss((site.root + "/a", f"Dijk gaat op de schop{' ' * visits}", "Lead")))
        else:
            serve(visit)

    with Site(plain(paper)) as site:
        source = [{"id": "krant", "url": site.url()}]
        told = crawled(tmp_path, source, rounds=2, hours_between=1)
    # then the article is what it was, and the page is wanted
    (article,) = told.articles
    assert TEXT[-1] in article["body"]
    assert not article["partial"]


def test_a_short_text_that_brotli_keeps_as_it_is_is_unpacked(tmp_path: Path) -> None:
    # given rules in brotli, which has nothing to gain in such a text
    letters = "".join(Random(3).choices(string.ascii_letters, k=190))
    rules = f"User-agent: *\nDisallow: /verboden\n# {letters}".encode()
    body = brotli.compress(rules, quality=0)
    assert rules in body
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: br\r\n"

    def paper(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            of_length(body, len(body), head)(visit)
        else:
            visit.feed(rss((site.root + "/verboden/a", "Dijk gaat op de schop", "Lead")))

    # when a list leads to a page that they forbid
    with Site(paper) as site:
        crawled(tmp_path, [{"id": "krant", "url": site.url()}])
        # then it is not asked for
        assert "/verboden/a" not in site.paths()


@pytest.mark.parametrize("megabytes", [1, 7])
def test_of_a_robots_txt_that_is_far_too_large_the_first_part_is_obeyed(
    tmp_path: Path, megabytes: int
) -> None:
    rules = b"User-agent: *\nDisallow: /geheim\n" + b"# niets\n" * (megabytes * 1024 * 128)

    def paper(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            visit.answer(rules, 200, "text/plain")
        elif visit.path == "/feed":
            visit.feed(
                rss(*((site.root + path, f"Brug {path}", "Ja.") for path in ("/a", "/geheim")))
            )
        else:
            visit.answer(page("Brug open", "Het verkeer kan er sinds vanmorgen weer langs."))

    with Site(paper) as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url()}])

    assert "/a" in site.paths()
    assert "/geheim" not in site.paths()
    assert told.states["krant"]["error"] is None


def test_a_page_of_which_only_the_begin_comes_in_time_gives_that_and_is_asked_again(
    tmp_path: Path,
) -> None:
    html = page("Dijk gaat op de schop", *TEXT)
    begin = html[: html.index(TEXT[6].encode())]

    def paper(visit: Visit) -> None:
        if visit.path == "/feed":
            visit.feed(rss((site.root + "/a", "Dijk gaat op de schop", "Lead")))
        else:
            trickling(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", begin)(visit)

    with Site(plain(paper)) as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url()}])

    (article,) = told.articles
    assert TEXT[5] in article["body"]
    assert article["partial"]
    assert [(page["wanted"], page["error"]) for page in told.pages] == [
        (1, "no complete answer in time")
    ]


def test_of_a_robots_txt_that_does_not_come_in_time_the_begin_is_not_trusted(
    tmp_path: Path,
) -> None:
    def paper(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            trickling(b"HTTP/1.1 200 OK\r\n", b"User-agent: *\nDisallow: /beheer\n")(visit)
        else:
            visit.feed(rss((site.root + "/a", "Dijk gaat op de schop", "Lead")))

    with Site(paper) as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url()}])

        assert site.paths() == ["/robots.txt"]
    assert "in time" in told.errors["krant"]


def test_a_robots_txt_that_leads_in_a_circle_is_as_good_as_none(tmp_path: Path) -> None:
    def circle(visit: Visit) -> None:
        if visit.path.startswith("/robots.txt"):
            visit.redirect("/robots.txt?again")
        else:
            visit.feed(rss(*items(HERE)))

    with Site(circle) as site:
        told = crawled(tmp_path, [{"id": "krant", "url": site.url(), "fetch": "entry"}])

    assert len(told.titles("krant")) == len(items(HERE))
    assert len([path for path in site.paths() if path.startswith("/robots.txt")]) == 6


@pytest.mark.parametrize(
    "line",
    [
        "User-agent: nieuwswacht/*",
        "User-Agent: Nieuwswacht/1.0",
        "user-agent : nieuwswacht (+https://example.org/contact)",
        "User-agent: nieuwswacht bot",
        "UserAgent: nieuwswacht",
        "User-agent: Mozilla/5.0 (compatible; nieuwswacht/0.1; +https://example.org/contact)",
    ],
)
def test_rules_that_name_us_as_a_log_shows_us_are_obeyed(tmp_path: Path, line: str) -> None:
    rules = f"User-agent: *\nDisallow:\n\n{line}\nDisallow: /artikel\n"

    def paper(visit: Visit) -> None:
        if visit.path == "/robots.txt":
            visit.answer(rules.encode(), kind="text/plain")
        elif visit.path == "/feed":
            visit.feed(rss((site.root + "/artikel-1", "Kop", "Lead")))
        else:
            visit.answer(b"<p>nee</p>")

    with Site(paper) as site:
        crawled(tmp_path, [{"id": "krant", "url": site.url()}])

    assert "/artikel-1" not in site.paths()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_rules_are_read_behind_the_mark_of_their_letters(encoding: str) -> None:
    rules = "User-agent: *\nDisallow: /"

    assert rules_for("nieuwswacht", rules.encode(encoding)) == rules.encode()


@pytest.mark.parametrize(
    "agent", ["nieuwswachter", "de-nieuwswacht", "anders", "anders # en niet nieuwswacht"]
)
def test_rules_for_another_crawler_are_not_ours(agent: str) -> None:
    rules = f"User-agent: {agent}/1.0\nDisallow: /".encode()

    assert rules_for("nieuwswacht", rules) == rules


@pytest.mark.parametrize(
    "line", [b"User Agent: nieuwswacht/1", b"\xef\xbb\xbfUser_agent: nieuwswacht"]
)
def test_rules_are_found_behind_a_mark_and_under_another_spelling(line: bytes) -> None:
    own = rules_for("nieuwswacht", line + b"\nDisallow: /")

    assert own == b"User-agent: nieuwswacht\nDisallow: /"


@given(st.binary(max_size=300))
def test_any_bytes_are_rules(rules: bytes) -> None:
    assert isinstance(rules_for("nieuwswacht", rules), bytes)
