"""What is removed on purpose leaves a line, and what is lost is said."""

from __future__ import annotations

import gzip
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from evidence_desk import DAY, EvidenceDesk
from hypothesis import given, strategies as st

from crawler.evidence.members import tombstone, unpacked_member
from crawler.store import forget_article

ID = "<urn:uuid:0608b998-d67e-4579-b9f6-fea02894905c>"


@given(st.integers(300, 200_000))
def test_a_tombstone_has_any_length_and_reads_as_an_empty_record(length: int) -> None:
    stone = tombstone(ID, "2026-03-28T21:00:00.000000Z", length)

    assert len(stone) == length
    record = unpacked_member(stone)
    assert record is not None
    assert record == gzip.decompress(stone)
    assert record.startswith(b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:06")


def test_no_tombstone_is_longer_than_what_it_replaces() -> None:
    with pytest.raises(ValueError, match="only 30 bytes"):
        tombstone(ID, "2026-03-28T21:00:00.000000Z", 30)


def test_of_a_forgotten_article_no_byte_is_left_and_the_chain_still_holds(
    desk: EvidenceDesk,
) -> None:
    desk.saved(1, "geheim")
    desk.saved(2)
    desk.keep()
    desk.now += DAY
    desk.saved(1, "geheim, gewijzigd")
    desk.keep()
    desk.saved(1, "geheim, wacht nog")  # is not kept yet
    desk.writer.run(lambda db: forget_article(db, "art_1", "asked", desk.now))

    done = desk.keep()

    assert done.forgotten == 6  # two texts, of each answer, request and metadata
    assert [desk.pages(day) for day in desk.folder.days()] == [["2 a"], []]
    for day in desk.folder.days():
        assert b"nieuws/1" not in gzip.decompress(desk.folder.archive(day).read_bytes())
        assert b"geheim" not in gzip.decompress(desk.folder.archive(day).read_bytes())
    found = desk.verified()
    assert (found.first, found.forgotten, found.records) == (None, 6, 11)
    desk.writer.close()
    assert b"geheim" not in (desk.directory / "nieuws.db").read_bytes()


def test_forgetting_that_was_interrupted_is_finished(desk: EvidenceDesk) -> None:
    desk.saved(1, "geheim")
    desk.keep()
    archive = desk.folder.archive("2026-03-28")
    before, database = archive.read_bytes(), desk.directory / "nieuws.db"
    desk.writer.run(lambda db: forget_article(db, "art_1", "asked", desk.now))
    desk.writer.close()
    kept = database.read_bytes()
    desk.open()
    desk.keep()
    desk.writer.close()
    database.write_bytes(kept)  # killed before anything of it was noted
    archive.write_bytes(before)  # and before a byte was erased
    desk.open()

    desk.saved(2)
    desk.keep()

    assert desk.pages() == ["2 a"]
    assert (desk.verified().first, desk.verified().forgotten) == (None, 3)


def test_what_was_written_by_a_process_that_was_killed_is_forgotten_too(
    desk: EvidenceDesk,
) -> None:
    desk.saved(1, "geheim")
    desk.writer.close()
    database = desk.directory / "nieuws.db"
    before = database.read_bytes()
    desk.open()
    desk.keep()
    desk.writer.close()
    database.write_bytes(before)  # killed before it was noted
    desk.open()

    desk.writer.run(lambda db: forget_article(db, "art_1", "asked", desk.now))
    desk.keep()

    assert b"geheim" not in gzip.decompress(desk.folder.archive("2026-03-28").read_bytes())
    assert (desk.verified().first, desk.verified().forgotten) == (None, 3)


def test_bytes_that_went_with_an_article_are_kept_again_at_the_next_one(
    desk: EvidenceDesk,
) -> None:
    for number in (1, 2):
        desk.saved(number, body=b"hetzelfde")
        desk.keep()
    desk.writer.run(lambda db: forget_article(db, "art_1", "asked", desk.now))
    desk.keep()

    for number in (3, 4):
        desk.saved(number, body=b"hetzelfde")
        desk.keep()

    whole = gzip.decompress(desk.folder.archive("2026-03-28").read_bytes())
    assert b"nieuws/1\r" not in whole  # not where the others refer to it either
    kinds = [kind for kind, _, _ in desk.records() if kind in {"response", "revisit"}]
    assert kinds == ["revisit", "response", "revisit"]


def test_whole_days_go_when_they_had_their_time_and_the_chain_says_so(desk: EvidenceDesk) -> None:
    desk.keep_for = timedelta(days=30)
    for number in range(3):
        desk.saved(number)
        desk.keep()
        desk.now += 20 * DAY
    desk.keep()

    days = desk.folder.days()
    assert "2026-03-28" not in days
    assert desk.verified().dropped >= 1
    assert desk.verified().first is None
    assert desk.verified(alone=True).first is None

    shutil.copy(desk.folder.chain(days[-1]), desk.directory / "copy")
    desk.folder.remove(days[0])
    assert desk.verified(alone=True).first is not None


@pytest.mark.parametrize("later", [0, 1])
def test_after_an_older_backup_everything_that_was_kept_is_known_again(
    desk: EvidenceDesk, later: int
) -> None:
    desk.saved(1)
    desk.saved(2)
    desk.writer.close()
    backup = (desk.directory / "nieuws.db").read_bytes()
    desk.open()
    desk.keep()
    desk.now += later * DAY
    desk.saved(3)
    desk.keep()
    desk.writer.close()
    (desk.directory / "nieuws.db").write_bytes(backup)
    desk.open()

    desk.saved(3)
    desk.keep()

    found = desk.verified()
    assert (found.first, found.lost) == (None, 0)
    kinds = [kind for day in desk.folder.days() for kind, _, _ in desk.records(day)]
    assert kinds.count("response") == 3
    assert kinds.count("revisit") == 0


def test_a_folder_that_is_behind_the_database_goes_on_and_says_what_is_missing(
    desk: EvidenceDesk, tmp_path: Path
) -> None:
    desk.saved(1)
    desk.keep()
    older = shutil.copytree(desk.folder.path, tmp_path / "older")
    desk.saved(2)
    desk.keep()
    shutil.rmtree(desk.folder.path)
    shutil.copytree(older, desk.folder.path)
    assert desk.verified().first is not None

    desk.saved(3)
    desk.keep()

    assert desk.pages() == ["1 a", "3 a"]
    found = desk.verified()
    assert (found.first, found.lost) == (None, 1)


def test_what_was_forgotten_is_erased_again_from_older_files(
    desk: EvidenceDesk, tmp_path: Path
) -> None:
    desk.saved(1, "geheim")
    desk.saved(2)
    desk.keep()
    older = shutil.copytree(desk.folder.path, tmp_path / "older")
    desk.writer.run(lambda db: forget_article(db, "art_1", "asked", desk.now))
    desk.keep()
    shutil.rmtree(desk.folder.path)
    shutil.copytree(older, desk.folder.path)

    desk.saved(3)
    desk.keep()

    assert desk.pages() == ["2 a", "3 a"]
    found = desk.verified()
    assert (found.first, found.lost, found.forgotten) == (None, 1, 3)


def test_a_folder_that_is_gone_begins_anew_and_the_missing_day_is_found(
    desk: EvidenceDesk,
) -> None:
    desk.saved(1)
    desk.keep()
    shutil.rmtree(desk.folder.path)
    desk.now += DAY
    desk.saved(2)

    desk.keep()

    assert desk.pages("2026-03-29") == ["2 a"]
    found = desk.verified(alone=True)
    assert found.lost == 1
    assert found.first is not None
    assert (found.first.day, found.first.breach) == ("2026-03-28", "missing-day")
