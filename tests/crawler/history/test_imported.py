"""Exports in JSON lines become articles by their dates; a bad line costs itself alone."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from histories import HOSTS, NOW, contents, counts, history_writer

from crawler.history import (
    FoundFile,
    HistoryStore,
    ImportedFile,
    begin,
    fill,
    first_date,
)
from crawler.history.history_batch import HistoryPage
from crawler.parts import LocalMap
from crawler.store import open_reader

LINE = {
    "title": "Raad stemt voor nieuwe brug",
    "body": "De raad van Sluisdam stemde dinsdag voor een nieuwe brug over de vaart.\n\nDie kost "
    "vier miljoen euro, zegt wethouder Jansen.",
    "date": "2019-03-23T09:00:00Z",
    "outlet": "De Scheldekoerier",
}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in LINE.items() if key != name}


def export(folder: Path, *lines: Any) -> Path:
    path = folder / "export.jsonl"
    texts = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    path.write_bytes(b"\n".join(texts))
    return path


def pages(path: Path) -> list[HistoryPage]:
    return [
        page
        for batch in ImportedFile(path=path, hosts=HOSTS, now=NOW).batches()
        for page in batch.pages
    ]


def faults(path: Path) -> list[str]:
    batches = ImportedFile(path=path, hosts=HOSTS, now=NOW).batches()
    return [f"line {fault.line}: {fault.what}" for batch in batches for fault in batch.faults]


def imported(db: Path, path: Path) -> Path:
    found = FoundFile(
        path=str(path), name=path.name, dated=first_date(path, NOW), size=path.stat().st_size
    )
    with history_writer(db) as writer:
        left = writer.run(partial(begin, found=[found], selection=None, sources=HOSTS, now=NOW))
        fill(
            writer,
            LocalMap(0),
            left,
            lambda each: ImportedFile(path=path, hosts=HOSTS, now=NOW, start=each.start),
            lambda *_: None,
        )
    return db


@pytest.mark.parametrize("ascii_only", [True, False])
def test_letters_that_were_encoded_twice_are_read_once_more_in_exports(
    tmp_path: Path, *, ascii_only: bool
) -> None:
    line = json.dumps(LINE | {"title": "Strijders in SyriÃ«"}, ensure_ascii=ascii_only)

    [page] = pages(export(tmp_path, line.encode()))

    assert page.article is not None
    assert page.article.title == "Strijders in Syrië"


def test_a_line_becomes_an_article_at_its_date(tmp_path: Path) -> None:
    [page] = pages(export(tmp_path, LINE))

    found = page.article
    assert (found.title, found.outlet) == ("Raad stemt voor nieuwe brug", "De Scheldekoerier")
    assert page.at == found.published == found.first_seen
    assert found.published.isoformat() == "2019-03-23T09:00:00+00:00"
    assert found.body.endswith("Die kost vier miljoen euro, zegt wethouder Jansen.")
    assert not found.partial


@pytest.mark.parametrize(
    ("given", "field", "expected"),
    [
        ({"headline": "Kop", **without("title")}, "title", "Kop"),
        ({"TITLE": "Kop", **without("title")}, "title", "Kop"),
        ({"text": "Een tekst.", **without("body")}, "body", "Een tekst."),
        ({"publication": "Peilpunt", **without("outlet")}, "outlet", "Peilpunt"),
        ({"source": {"name": "Peilpunt"}, **without("outlet")}, "outlet", "Peilpunt"),
        ({**LINE, "outlet": "nos"}, "outlet", "NOS"),  # as the catalogue spells it
        ({**LINE, "byline": ["Jan Jansen", "Piet Smit"]}, "author", "Jan Jansen, Piet Smit"),
        ({**LINE, "language": "Dutch"}, "language", "nl"),
        ({**LINE, "lang": "fr"}, "language", "fr"),
        ({**LINE, "url": "https://nos.nl/artikel/2277001"}, "outlet", "NOS"),
        ({**LINE, "url": "https://nos.nl/artikel/2277001"}, "key", "nos:2277001"),
        ({**LINE, "section": "Binnenland"}, "section", "Binnenland"),
        ({**LINE, "title": "Kop\x00\x1b\u2028\ud800"}, "title", "Kop ?"),
    ],
)
def test_fields_go_by_the_names_that_exports_have(
    tmp_path: Path, given: dict[str, Any], field: str, expected: str
) -> None:
    [page] = pages(export(tmp_path, given))

    assert getattr(page.article, field) == expected


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"{", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b'"tekst"', "it is not a JSON object"),
        (b"\xff\xfe{", "it is not UTF-8 (byte 1)"),
        (without("date"), "it has no date"),
        ({**LINE, "date": "ooit"}, "its date cannot be read: 'ooit'"),
        ({**LINE, "date": "9999-01-01"}, "its date cannot be read: '9999-01-01'"),
        (without("outlet"), "it names no outlet, and its address is not of the catalogue"),
        ({"date": LINE["date"], "outlet": "NOS"}, "it has neither a title nor a body"),
        (b'{"title": "' + b"x" * 9_000_000 + b'"}', "it has more than 8,388,608 bytes"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_rest_goes_on(
    tmp_path: Path, line: Any, what: str
) -> None:
    path = export(tmp_path, LINE, b"", line, {**LINE, "title": "Een ander bericht"})

    assert faults(path) == [f"line 3: {what}"]
    assert [page.article.title for page in pages(path)] == [LINE["title"], "Een ander bericht"]


def test_articles_come_in_the_order_of_their_dates_and_twice_is_the_same(tmp_path: Path) -> None:
    path = export(
        tmp_path,
        {**LINE, "title": "Later", "body": "Een later bericht.", "date": "2019-03-25"},
        b"{",
        {**LINE, "title": "Eerder", "body": "Een eerder bericht.", "date": "2019-03-21"},
    )

    db = imported(tmp_path / "h.db", path)
    once = contents(db)
    imported(db, path)

    titles = open_reader(db).execute("SELECT title FROM articles ORDER BY number").fetchall()
    assert [title for (title,) in titles] == ["Eerder", "Later"]
    assert counts(db) == {"stored": 2, "damaged": 1}
    [fault] = HistoryStore(open_reader(db)).faults(1)
    assert (fault.line, fault.what) == (2, "it is not JSON")
    assert contents(db) == once


def test_the_same_article_twice_in_an_export_is_known(tmp_path: Path) -> None:
    db = imported(tmp_path / "h.db", export(tmp_path, LINE, LINE))

    assert counts(db) == {"stored": 1, "known": 1}
