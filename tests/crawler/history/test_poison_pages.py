"""A page that hangs, grows or kills its reader costs itself, and is named with its place."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from histories import SELECTION
from webarchives import BRIDGE, article, packed

from crawler.history import HistoryBatch, HistoryFile, RecordKind
from crawler.history.history_file import in_time
from crawler.history.page_deadline import PageTookLongerError, page_deadline
from crawler.warc import BEGINNING


def endless() -> RecordKind:
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001 - as a library does that wants to go on
            pass


def test_a_page_ends_at_its_deadline_also_where_a_library_swallows_errors() -> None:
    fault = in_time(endless, BEGINNING, seconds=0.05)

    assert fault.kind is RecordKind.UNREAD
    assert fault.what == "it took longer than 0.05 s"


def test_after_the_deadline_no_alarm_is_left() -> None:
    before = signal.getsignal(signal.SIGALRM)

    with pytest.raises(PageTookLongerError), page_deadline(0.02):
        endless()

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_in_another_thread_a_page_is_read_without_a_deadline() -> None:
    found = []
    read = lambda: found.append(in_time(lambda: RecordKind.WALL, BEGINNING))  # noqa: E731 - said here only

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()

    assert found == [RecordKind.WALL]


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (MemoryError(), "it needed too much memory"),
        (RecursionError(), "it is nested too deeply"),
        (ValueError("x"), "it cannot be read (ValueError)"),
    ],
)
def test_what_a_page_raises_is_its_own_fault(error: Exception, what: str) -> None:
    def read() -> RecordKind:
        raise error

    assert in_time(read, BEGINNING).what == what


PAGES = [article(number) for number in range(1, 6)]


@pytest.fixture
def file(tmp_path: Path) -> HistoryFile:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed(PAGES)))
    return HistoryFile(path=path, selection=SELECTION)


def keys(batches: list[HistoryBatch]) -> list[str]:
    return [page.key for batch in batches for page in batch.pages]


def test_behind_any_batch_the_rest_is_the_rest(file: HistoryFile) -> None:
    alone = replace(file, one_by_one=True)
    batches = list(alone.batches())

    for place, last in enumerate(batches[:-1], 1):
        assert keys(list(alone.again(last, 0).batches())) == keys(batches)[place:]


def test_a_record_that_kills_its_reader_three_times_is_left_out_and_named(
    file: HistoryFile,
) -> None:
    first = next(iter(replace(file, one_by_one=True).batches()))

    once, twice, thrice = (file.again(first, deaths) for deaths in (1, 2, 3))

    assert (once.one_by_one, twice.one_by_one) == (False, True)
    assert file.again(first, 5) is None
    batches = list(thrice.batches())
    assert keys(batches) == [f"nos:{2277000 + number}" for number in range(3, 6)]
    [fault] = [fault for batch in batches for fault in batch.faults]
    assert (fault.kind, fault.place) == (
        RecordKind.UNREAD,
        replace(first.end, offset=fault.place.offset, inner=0),
    )


HOSTILE = {
    "100,000 nested boxes": b"<div>" * 100_000 + BRIDGE.encode(),
    "200,000 attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(200_000)) + b">",
    "an entity bomb": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "'
    + b"&a;" * 50
    + b'">]><html><body><p>&b;</p></body></html>',
    "NUL and ESC": b"<title>\x00\x1b[31m</title><p>\x00\x1b]0;x\x07" * 50,
    "lone surrogates": b"<title>\xed\xa0\x80</title><p>\xed\xa0\x80</p>",
    "UTF-16 that is cut": "<title>Brug</title><p>De brug".encode("utf-16")[:-1],
    "a script in the title": b"<title><svg/onload=alert(1)></title><article><p>Brug</article>",
    "no bytes of a page": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_pages_are_read_or_counted_and_the_next_one_is_stored(
    tmp_path: Path, what: str
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed([replace(PAGES[0], body=HOSTILE[what]), PAGES[1]])))

    batches = list(HistoryFile(path=path, selection=SELECTION).batches())

    assert keys(batches)[-1] == "nos:2277002"
    assert sum(batch.records for batch in batches) == 2
    for page in (page for batch in batches for page in batch.pages):
        assert "\x1b" not in page.article.title + page.article.body


@pytest.mark.parametrize(
    "url",
    [
        "https://nos.nl/artikel/2277001?a=" + "x" * 60_000,
        "https://nos.nl/artikel/2277001\x1b[31m",
        "https://nos.nl/../../etc/passwd",
        "https://nos.nl:99999999/artikel/2277001",
        "https://xn--.nos.nl/artikel/2277001",
        "https://nos.nl\\@evil.example/artikel/1",
        "javascript:alert(1)//nos.nl/artikel/1",
    ],
)
def test_no_address_makes_reading_fail(tmp_path: Path, url: str) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed([replace(PAGES[0], url=url), PAGES[1]])))

    batches = list(HistoryFile(path=path, selection=SELECTION).batches())

    assert keys(batches)[-1] == "nos:2277002"
    assert sum(batch.records for batch in batches) == 2


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"

    with pytest.raises(FileNotFoundError, match=r"a\.warc\.gz"):
        list(HistoryFile(path=path, selection=SELECTION).batches())
