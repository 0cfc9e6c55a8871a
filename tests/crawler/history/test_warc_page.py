"""Each record of a web archive is an article, or counted by why it is none."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import NOW, SELECTION, SOURCES
from webarchives import BRIDGE, HTML, Capture, article, news_page, packed

from crawler.history import HistoryFile, RecordKind, Selection, outlets_by_host

PAGE = article(1)
KINDS = {
    "another host": (replace(PAGE, url="https://example.com/artikel/1"), RecordKind.FOREIGN),
    "a host that ends the same": (
        replace(PAGE, url="https://kronos.nl/artikel/2277001"),
        RecordKind.FOREIGN,
    ),
    "an outlet's host in the path": (
        replace(PAGE, url="https://evil.example/nos.nl/artikel/2277001"),
        RecordKind.FOREIGN,
    ),
    "an outlet's host as a user": (
        replace(PAGE, url="https://nos.nl@evil.example/artikel/2277001"),
        RecordKind.FOREIGN,
    ),
    "an address of blanks": (replace(PAGE, url=" " * 50_000 + "x"), RecordKind.FOREIGN),
    "no web address": (replace(PAGE, url="dns:nos.nl"), RecordKind.FOREIGN),
    "a broken address": (replace(PAGE, url="https://[nos.nl/artikel/1"), RecordKind.FOREIGN),
    "a request": (replace(PAGE, kind="request"), RecordKind.OTHER),
    "warcinfo": (replace(PAGE, kind="warcinfo"), RecordKind.OTHER),
    "the same bytes as before": (replace(PAGE, kind="revisit", body=b""), RecordKind.REVISIT),
    "a redirect": (replace(PAGE, status="301 Moved", body=b""), RecordKind.STATUS),
    "a page that is gone": (replace(PAGE, status="404 Not Found"), RecordKind.STATUS),
    "a bot wall": (replace(PAGE, status="403 Forbidden"), RecordKind.WALL),
    "a consent page": (
        replace(PAGE, body=b"<html><head><title>DPG Media Privacy Gate</title></head></html>"),
        RecordKind.WALL,
    ),
    "an image": (
        replace(PAGE, headers={"Content-Type": "image/jpeg"}, body=b"\xff\xd8"),
        RecordKind.NOT_HTML,
    ),
    "a feed": (
        replace(
            PAGE,
            headers={"Content-Type": "application/rss+xml"},
            body=b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>',
        ),
        RecordKind.FEED,
    ),
    "the front page": (replace(PAGE, url="https://nos.nl/"), RecordKind.NO_ARTICLE),
    "a section page": (
        replace(PAGE, url="https://nos.nl/nieuws", body=f"<h1>Nieuws</h1><p>{BRIDGE}".encode()),
        RecordKind.NO_ARTICLE,
    ),
    "an empty page": (replace(PAGE, body=b""), RecordKind.NO_ARTICLE),
    "a page of 9 MB": (replace(PAGE, body=PAGE.body.ljust(9_000_000)), RecordKind.OVERSIZED),
    "no answer": (replace(PAGE, status="", headers={}, body=b""), RecordKind.DAMAGED),
    "no date": (replace(PAGE, at=None), RecordKind.BAD_DATE),
    "a date that is none": (replace(PAGE, at="gisteren"), RecordKind.BAD_DATE),
    "a date of the future": (replace(PAGE, at="2031-01-01T00:00:00Z"), RecordKind.BAD_DATE),
    "the year 1": (replace(PAGE, at="0001-01-01T00:00:00+14:00"), RecordKind.BAD_DATE),
    "the year 9999": (replace(PAGE, at="9999-12-31T23:59:59-14:00"), RecordKind.BAD_DATE),
}


def counted(folder: Path, captures: list[Capture], selection: Selection = SELECTION) -> Counter:
    path = folder / "CC-NEWS-20190323120000-00001.warc.gz"
    path.write_bytes(b"".join(packed(captures)))
    batches = list(HistoryFile(path=path, selection=selection).batches())
    assert [batch.done for batch in batches] == [*[False] * (len(batches) - 1), True]
    assert sum(batch.records for batch in batches) == len(captures)
    return sum((batch.counts for batch in batches), Counter())


@pytest.mark.parametrize("what", KINDS)
def test_what_is_no_article_is_counted_by_its_kind(tmp_path: Path, what: str) -> None:
    capture, kind = KINDS[what]

    assert counted(tmp_path, [capture]) == {kind: 1}


def test_a_page_becomes_an_article_of_its_outlet_at_the_time_of_its_capture(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed([PAGE])))

    [batch] = HistoryFile(path=path, selection=SELECTION).batches()

    [page] = batch.pages
    assert page.at == page.article.first_seen == datetime(2019, 3, 23, 12, tzinfo=UTC)
    assert (page.article.outlet, page.article.source, page.key) == ("NOS", "nos", "nos:2277001")
    assert page.article.section is None  # that of a list does not hold for all pages of its host
    assert page.article.title == "Brug 1 in Sluisdam geopend"
    assert BRIDGE.strip() in page.article.body


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://nos.nl/artikel/2277001", "NOS"),
        ("http://WWW.NOS.nl:443/artikel/2277001", "NOS"),
        ("https://app.nos.nl/artikel/2277001", "NOS"),
        ("https://eenvandaag.avrotros.nl/item/het-verhaal-van-de-brug/", "EenVandaag"),
    ],
)
def test_an_address_belongs_to_the_outlet_of_its_host(
    tmp_path: Path, url: str, outlet: str
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed([replace(PAGE, url=url)])))

    [batch] = HistoryFile(path=path, selection=SELECTION).batches()

    assert [page.article.outlet for page in batch.pages] == [outlet]


def test_a_site_of_the_same_house_is_no_outlets(tmp_path: Path) -> None:
    assert counted(tmp_path, [replace(PAGE, url="https://www.avrotros.nl/artikel/2277001")]) == {
        RecordKind.FOREIGN: 1
    }


def test_outlets_and_times_that_were_not_asked_for_are_counted_apart(tmp_path: Path) -> None:
    selection = Selection(
        hosts=outlets_by_host(SOURCES, ["NOS"]),
        now=NOW,
        since=datetime(2019, 3, 23, tzinfo=UTC),
        until=datetime(2019, 3, 24, tzinfo=UTC),
    )
    captures = [
        article(1, at="2019-03-22T23:59:59Z"),
        article(2, at="2019-03-24T00:00:00Z"),
        replace(article(3), url="https://www.vrt.be/vrtnws/nl/2019/03/23/de-nieuwe-brug/"),
    ]

    assert counted(tmp_path, captures, selection) == {RecordKind.OUTSIDE: 2, RecordKind.FOREIGN: 1}


def test_an_undated_page_counts_if_its_address_names_an_article(tmp_path: Path) -> None:
    page = news_page("De brug van Sluisdam is open", [BRIDGE * 4], "").replace(b"datePubl", b"x")
    captures = [
        Capture(
            url="https://nos.nl/artikel/2277001-brug", body=page, headers={"Content-Type": HTML}
        ),
        Capture(url="https://nos.nl/brug", body=page),
    ]

    assert counted(tmp_path, captures) == {RecordKind.NO_ARTICLE: 1}


def test_a_page_that_broke_off_when_it_was_archived_is_not_taken_for_whole(tmp_path: Path) -> None:
    noisy = PAGE.body + random.Random(1).randbytes(2_000).hex().encode()
    packed_up = gzip.compress(noisy)[:-1_000]
    cut = replace(PAGE, body=packed_up, headers={"Content-Encoding": "gzip"})
    marked = PAGE.record().replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date")
    path = tmp_path / "a.warc"
    path.write_bytes(PAGE.record() + cut.record() + marked)

    [batch] = HistoryFile(path=path, selection=SELECTION).batches()

    assert [page.article.partial for page in batch.pages] == [False, True, True]
