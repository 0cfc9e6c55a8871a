"""A history is the same however often, with whatever workers and interruptions it is filled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import EVERY, NOW, Named, contents, counts, filled, part_of, written
from webarchives import BRIDGE, article

from crawler.errors import StoreError
from crawler.history import FileToRead, HistoryStore, RecordKind, found_files
from crawler.history.filling import record_batch
from crawler.parts import LocalMap
from crawler.store import Connection, Writer, open_reader
from crawler.warc import BEGINNING

OTHER = "De gemeenteraad van Duinvoort stemde over het zwembad, dat al vijf jaar dicht is. "
DAYS: Named = {
    "CC-NEWS-20190323120000-00001.warc.gz": [
        *(article(number) for number in range(1, 4)),
        replace(article(9), url="https://example.com/artikel/9"),
    ],
    "CC-NEWS-20190324120000-00002.warc.gz": [
        article(1, at="2019-03-24T12:00:00Z", text=BRIDGE + OTHER),
        replace(article(5, text=OTHER, at="2019-03-24T13:00:00Z"), kind="revisit"),
        article(6, text=OTHER, at="2019-03-24T13:00:00Z"),
    ],
}


def test_articles_and_their_revisions_are_stored_at_the_times_of_their_capture(
    tmp_path: Path,
) -> None:
    db = filled(tmp_path / "h.db", [written(tmp_path / "warc", DAYS)])

    seen = open_reader(db).execute(
        "SELECT article = (SELECT id FROM articles WHERE key = 'nos:2277001'), number, seen "
        "FROM revisions ORDER BY seq"
    )
    assert [(first, number, at[:16]) for first, number, at in seen] == [
        (1, 1, "2019-03-23T12:00"),
        (0, 1, "2019-03-23T12:00"),
        (0, 1, "2019-03-23T12:00"),
        (1, 2, "2019-03-24T12:00"),
        (0, 1, "2019-03-24T13:00"),
    ]
    assert counts(db) == {"stored": 4, "revised": 1, "foreign": 1, "revisit": 1}


@pytest.mark.parametrize("workers", [0, 2])
def test_any_number_of_workers_gives_the_same_history_and_twice_changes_nothing(
    tmp_path: Path, workers: int
) -> None:
    folder = written(tmp_path / "warc", DAYS)
    plain = contents(filled(tmp_path / "plain.db", [folder]))

    db = filled(tmp_path / "h.db", [folder], LocalMap(workers))
    filled(db, [folder], LocalMap(workers))

    assert contents(db) == plain


class Interrupted(Exception):  # noqa: N818 - a power cut, not an error of the program
    pass


def test_interrupted_after_any_record_it_goes_on_to_the_same_history(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    plain = contents(filled(tmp_path / "plain.db", [folder]))
    db = tmp_path / "h.db"
    one_by_one = lambda each: replace(part_of(each), one_by_one=True)  # noqa: E731 - said here only

    def stop(*_: object) -> None:
        raise Interrupted

    stops = 0
    while True:
        try:
            filled(db, [folder], told=stop, part=one_by_one)
        except Interrupted:
            stops += 1
        else:
            break

    assert stops == 9  # each record, and each end of a file
    assert contents(db) == plain


def test_a_batch_and_its_checkpoint_are_one_change(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    [file, _] = found_files([folder], NOW)
    [batch] = part_of(FileToRead(file=file, start=BEGINNING)).batches()

    def job(db: Connection) -> None:
        record_batch(db, file, batch)
        raise Interrupted

    with Writer(tmp_path / "h.db", migrations=EVERY) as writer, pytest.raises(Interrupted):
        writer.run(job)

    assert not any(contents(tmp_path / "h.db")[name] for name in ("articles", "history_files"))


def test_a_text_that_is_older_than_the_one_held_does_not_replace_it(tmp_path: Path) -> None:
    newer = article(1, at="2019-03-23T12:00:00Z", text=OTHER)
    older = article(1, at="2019-03-23T11:00:00Z")
    name = "CC-NEWS-20190323120000-00001.warc.gz"

    db = filled(tmp_path / "h.db", [written(tmp_path / "warc", {name: [newer, older]})])

    assert counts(db) == {"stored": 1, "older": 1}


def test_a_file_older_than_what_was_read_is_refused_with_a_remedy(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    [first, second] = sorted(folder.iterdir())
    db = filled(tmp_path / "h.db", [second])

    with pytest.raises(StoreError, match=r"is of 2019-03-23, before CC-NEWS-.*another --db"):
        filled(db, [first, second])


def test_a_file_that_is_another_than_it_was_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    db = filled(tmp_path / "h.db", [folder])
    written(folder, {"CC-NEWS-20190324120000-00002.warc.gz": []})

    with pytest.raises(StoreError, match=r"has 0 bytes, and had .* when it was read"):
        filled(db, [folder])


def test_two_files_of_the_same_name_are_refused(tmp_path: Path) -> None:
    one, two = written(tmp_path / "een", DAYS), written(tmp_path / "twee", DAYS)

    with pytest.raises(StoreError, match="have the same name"):
        filled(tmp_path / "h.db", [one, two])


def test_files_without_a_date_in_their_names_go_in_the_order_of_their_first_records(
    tmp_path: Path,
) -> None:
    days = dict(zip(("b.warc.gz", "a.warc.gz"), DAYS.values(), strict=True))

    db = filled(tmp_path / "h.db", [written(tmp_path / "warc", days)])

    assert [file.name for file in HistoryStore(open_reader(db)).files()] == list(days)
    assert counts(db)["revised"] == 1


def test_a_damaged_file_is_told_with_its_place_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "warc", DAYS)
    [first, _] = sorted(folder.iterdir())
    whole = first.read_bytes()
    first.write_bytes(whole[:-30])

    db = filled(tmp_path / "h.db", [folder])

    store = HistoryStore(open_reader(db))
    [fault] = store.faults(1)
    assert (fault.kind, fault.what) == (RecordKind.DAMAGED, "the file ends within this record")
    assert whole[fault.place.offset :].startswith(b"\x1f\x8b")
    assert counts(db) == {"stored": 4, "revised": 1, "revisit": 1, "damaged": 1}


def test_dates_of_captures_are_utc(tmp_path: Path) -> None:
    captures = [article(1, at="2019-03-23T12:00:00.123456789Z")]

    db = filled(tmp_path / "h.db", [written(tmp_path / "warc", {"a.warc.gz": captures})])

    [(seen,)] = open_reader(db).execute("SELECT first_seen FROM articles")
    assert datetime.fromisoformat(seen) == datetime(2019, 3, 23, 12, 0, 0, 123456, tzinfo=UTC)
