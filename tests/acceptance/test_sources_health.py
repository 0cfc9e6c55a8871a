"""How each source does, and what was missed: `sources list`, `sources missed`, `status`."""

from __future__ import annotations

import socket

import pytest
from loopback import TEXT, Answer, Site
from newsdesk import Newsdesk


@pytest.mark.slow
def test_list_and_status_say_how_each_source_does(desk: Newsdesk, krant: Site) -> None:
    desk.sources(krant=krant.url + "/rss", weg=krant.url + "/weg")
    for _ in range(3):
        desk.run("crawl", "krant", "weg")

    listed = {line["id"]: line for line in desk.ok("sources", "list", "--json").lines}
    status = desk.run("status", "--json")

    assert (listed["krant"]["health"], listed["krant"]["reason"]) == ("ok", "")
    assert (listed["weg"]["health"], listed["weg"]["reason"]) == (
        "degraded",
        "never read: HTTP 404",
    )
    assert listed["krant"]["took"] > 0
    counters = listed["krant"]["counters"]
    assert {name: counters[name] for name in ("polled", "entries", "fetched", "stored")} == {
        "polled": 3,
        "entries": 1,
        "fetched": 1,
        "stored": 1,
    }
    assert status.code == 1
    assert (status.json["sources"]["ok"], status.json["sources"]["degraded"]) == (1, 1)
    assert status.json["counters"]["polled"] == 6
    assert status.json["problems"] == ["source weg has failed 3 times in a row: HTTP 404"]


def test_a_source_that_was_never_read_is_not_said_to_be_well(desk: Newsdesk, krant: Site) -> None:
    krant.answers["/nee"] = Answer(b"nee", status=403)
    with socket.socket() as closed:  # bound, so that nobody else is, and not listening
        closed.bind(("127.0.0.1", 0))
        weg = f"http://127.0.0.1:{closed.getsockname()[1]}/rss"
        desk.sources(krant=krant.url + "/rss", nee=krant.url + "/nee", weg=weg)
        desk.run("crawl")
    krant.answers["/rss"] = Answer(b"nee", status=503)
    desk.run("crawl", "krant")

    listed = {line["id"]: line for line in desk.ok("sources", "list", "--json").lines}
    shown = " ".join(desk.ok("sources", "list").out.split())
    status = desk.run("status")

    assert {name: (line["health"], line["reason"]) for name, line in listed.items()} == {
        "krant": ("ok", "failed 1x: HTTP 503"),
        "nee": ("degraded", "never read: HTTP 403"),
        "weg": ("degraded", "never answered: robots.txt: the connection was refused"),
    }
    assert "ok: failed 1x: HTTP 503" in shown
    assert (status.code, "3 enabled, 2 failing, 2 degraded" in status.out) == (1, True)
    assert "all well" not in status.out


def test_live_blogs_of_which_only_the_feed_is_read_are_counted(desk: Newsdesk, krant: Site) -> None:
    krant.feed(("/liveblog/storm", "Liveblog: storm boven Zeeland", TEXT))
    desk.sources(krant=krant.url + "/rss")
    desk.write("sources.toml", desk.catalogue() + 'fetch = "entry"\n')
    desk.run("crawl")

    [listed] = desk.ok("sources", "list", "--json").lines
    shown = " ".join(desk.ok("sources", "list").out.split())

    assert listed["counters"]["live_by_feed"] == 1
    assert "ok: live blogs read by their feed alone: 1" in shown


def test_a_failure_is_said_once_and_a_line_in_a_pipe_is_as_long_as_it_needs(
    desk: Newsdesk, krant: Site
) -> None:
    weg = f"{krant.url}/{'een-heel-lang-adres-' * 8}"
    name = "krant-" + "met-een-lange-naam-" * 2 + "x"
    desk.sources(**{name: weg}, krant=krant.url + "/rss")

    said = desk.ok("crawl").err.splitlines()
    listed = desk.ok("sources", "list").out.splitlines()

    assert [line for line in said if weg in line] == [f"{name}: HTTP 404 ({weg})"]
    assert len(said) == 3
    assert [line.split()[0] for line in listed] == ["id", name, "krant"]
    assert listed == [line.rstrip() for line in listed]


def test_what_was_missed_is_listed_with_its_reason(desk: Newsdesk, krant: Site) -> None:
    krant.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /nieuws/", "text/plain")
    desk.run("crawl")
    krant.answers["/robots.txt"] = Answer(b"", "text/plain")
    krant.publish("/artikel/2", "Brug weer open", TEXT)
    desk.ok("crawl", "krant")

    page, gap = desk.ok("sources", "missed", "--json").lines
    shown = desk.ok("sources", "missed", "krant")

    assert (page["what"], page["reason"], page["stored"]) == (
        "page",
        "robots.txt forbids it",
        True,
    )
    assert (gap["what"], gap["archive_read"]) == ("gap", None)
    assert "robots.txt forbids it (what the feed gave is stored)" in " ".join(shown.out.split())
    assert "entries may have been missed" in desk.run("status").out


@pytest.mark.slow
def test_after_a_gap_the_archive_is_read_once(desk: Newsdesk, krant: Site) -> None:
    desk.write("sources.toml", desk.catalogue() + f'archive = "{krant.url}/sitemap.xml"\n')
    desk.ok("crawl")
    for number in (2, 3, 4):
        krant.article(f"/nieuws/{number}", f"Bericht {number}", f"{TEXT} Dag {number}.")
    krant.feed(("/nieuws/4", "Bericht 4", TEXT))
    urls = "".join(f"<url><loc>{krant.url}/nieuws/{n}</loc></url>" for n in (1, 2, 3, 4))
    krant.answers["/sitemap.xml"] = Answer(f"<urlset>{urls}</urlset>".encode(), "application/xml")

    report = desk.ok("crawl", "krant", "--json").json
    again = desk.ok("crawl", "krant", "--json").json

    assert (report["articles"]["new"], again["articles"]["new"]) == (3, 0)
    assert krant.statuses("/sitemap.xml") == [200]
    (gap,) = desk.ok("sources", "missed", "--json").lines
    assert (gap["found"], gap["archive_read"] is not None) == (2, True)
    assert desk.ok("sources", "list", "--json").lines[0]["health"] == "ok"


@pytest.mark.slow
def test_an_archive_that_fails_is_read_with_a_later_poll(desk: Newsdesk, krant: Site) -> None:
    desk.write("sources.toml", desk.catalogue() + f'archive = "{krant.url}/sitemap.xml"\n')
    desk.ok("crawl")
    krant.article("/nieuws/2", "Bericht 2", f"{TEXT} Dag 2.")
    krant.publish("/nieuws/3", "Bericht 3", f"{TEXT} Dag 3.")

    desk.ok("crawl", "krant")
    (gap,) = desk.ok("sources", "missed", "--json").lines
    assert (gap["error"], gap["archive_read"]) == ("HTTP 404", None)

    url = f"<url><loc>{krant.url}/nieuws/2</loc></url>"
    krant.answers["/sitemap.xml"] = Answer(f"<urlset>{url}</urlset>".encode(), "application/xml")
    assert desk.ok("crawl", "krant", "--json").json["articles"]["new"] == 1
    (gap,) = desk.ok("sources", "missed", "--json").lines
    assert (gap["error"], gap["found"]) == (None, 1)


@pytest.mark.slow
def test_an_article_that_was_taken_down_is_shown_as_such(desk: Newsdesk, krant: Site) -> None:
    desk.ok("crawl")
    krant.answers["/nieuws/1"].status = 410
    krant.feed(("/nieuws/1", "Brug gesloten (update)", TEXT))
    for _ in range(2):  # a page that was just read is let be, unless its source is asked for again
        desk.run("crawl", "krant")

    (found,) = desk.ok("search", "brug", "--json").lines

    assert found["withdrawn"] is not None
    assert found["body"]


def test_an_article_is_shown_by_its_address_with_a_closing_slash(
    desk: Newsdesk, krant: Site
) -> None:
    desk.ok("crawl")

    for address in ("/nieuws/1", "/nieuws/1/", "/nieuws/1/?utm_source=brief"):
        assert desk.ok("show", krant.url + address, "--json").json["title"] == "Brug gesloten"
    assert desk.run("show", krant.url + "/nieuws/2/").code == 1
