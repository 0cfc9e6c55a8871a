"""Whatever is done to the evidence afterwards is found, and the first of it is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evidence_desk import DAY, EvidenceDesk

from crawler.evidence import DayFolder
from crawler.evidence.chain import (
    GENESIS,
    ChainLine,
    digest,
    line_after,
    lines_after,
    lines_in,
)
from crawler.evidence.members import tombstone
from crawler.store import KeptPages

FIRST, SECOND, THIRD = "2026-03-28", "2026-03-29", "2026-03-30"


@pytest.fixture
def three_days(desk: EvidenceDesk) -> EvidenceDesk:
    for number in (1, 2, 3):
        desk.saved(number)
        desk.saved(number + 10)
        desk.keep()
        desk.now += DAY
    return desk


def lines(folder: DayFolder, day: str) -> list[ChainLine]:
    return lines_in(folder.chain(day).read_bytes())[0]


def write(folder: DayFolder, day: str, changed: list[ChainLine]) -> None:
    folder.chain(day).write_text("".join(map(str, changed)), encoding="utf-8")


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def changed_byte(folder: DayFolder) -> None:
    flip(folder.archive(FIRST), lines(folder, FIRST)[3].fields["offset"] + 20)


def removed_record(folder: DayFolder) -> None:
    kept = lines(folder, FIRST)
    gone = kept[3].fields
    data = folder.archive(FIRST).read_bytes()
    end = gone["offset"] + gone["length"]
    folder.archive(FIRST).write_bytes(data[: gone["offset"]] + data[end:])
    write(folder, FIRST, kept[:3] + kept[4:])


def forged_from_there_on(folder: DayFolder) -> None:
    """A record is taken out, and everything after it on its day counted and linked anew."""
    removed_record(folder)
    kept, place = lines(folder, FIRST), 0
    entries = []
    for number, line in enumerate(kept, 1):
        fields = dict(line.fields) | {"n": number}
        if "offset" in fields:
            fields["offset"] = place
            place += fields["length"]
        entries.append(fields)
    write(folder, FIRST, list(lines_after(kept[0].fields["link"], entries)))


def reordered_lines(folder: DayFolder) -> None:
    kept = lines(folder, FIRST)
    kept[3], kept[6] = kept[6], kept[3]
    write(folder, FIRST, kept)


def reordered_records(folder: DayFolder) -> None:
    data = folder.archive(FIRST).read_bytes()
    one, two = (lines(folder, FIRST)[at].fields for at in (2, 5))
    begin, middle, end = one["offset"], two["offset"], two["offset"] + two["length"]
    swapped = data[middle:end] + data[begin:middle]
    folder.archive(FIRST).write_bytes(data[:begin] + swapped + data[end:])


def forged_line(folder: DayFolder) -> None:
    kept = lines(folder, FIRST)
    fields = dict(kept[3].fields) | {"article": "art_9"}
    kept[3] = line_after(kept[2].link, fields)
    write(folder, FIRST, kept)


def forged_head(folder: DayFolder) -> None:
    kept = lines(folder, THIRD)
    kept[-1] = line_after(kept[-2].link, dict(kept[-1].fields) | {"at": "2026-03-01T00:00:00Z"})
    write(folder, THIRD, kept)


def cut_archive(folder: DayFolder) -> None:
    data = folder.archive(FIRST).read_bytes()
    folder.archive(FIRST).write_bytes(data[:-30])


def cut_both(folder: DayFolder) -> None:
    kept = lines(folder, THIRD)
    folder.archive(THIRD).write_bytes(
        folder.archive(THIRD).read_bytes()[: kept[4].fields["offset"]]
    )
    write(folder, THIRD, kept[:4])


def cut_chain(folder: DayFolder) -> None:
    write(folder, FIRST, lines(folder, FIRST)[:-1])


def missing_day(folder: DayFolder) -> None:
    folder.remove(SECOND)


def missing_last_day(folder: DayFolder) -> None:
    folder.remove(THIRD)


def missing_first_day(folder: DayFolder) -> None:
    folder.remove(FIRST)


def missing_archive(folder: DayFolder) -> None:
    folder.archive(SECOND).unlink()


def added_bytes(folder: DayFolder) -> None:
    with folder.archive(FIRST).open("ab") as file:
        file.write(b"more")


def added_line(folder: DayFolder, day: str, fields: dict[str, Any]) -> None:
    kept = lines(folder, day)
    said = {"n": len(kept) + 1, "at": "2026-03-30T22:00:00.000000Z"} | fields
    write(folder, day, [*kept, line_after(kept[-1].link, said)])


def forged_tombstone(folder: DayFolder) -> None:
    """A record is erased as `forget` would do it."""
    record, at = lines(folder, FIRST)[2].fields, "2026-03-30T22:00:00.000000Z"
    stone = tombstone(record["id"], at, record["length"])
    folder.overwrite(FIRST, record["offset"], stone)
    said = {"kind": "forgotten", "article": record["article"], "day": FIRST, "line": 3}
    added_line(folder, THIRD, said | {"erased": at, "tombstone": digest(stone)})


def forged_drop(folder: DayFolder) -> None:
    """A day is removed as if it had had its time."""
    kept = lines(folder, FIRST)
    said = {"kind": "dropped", "day": FIRST, "lines": len(kept), "after": "", "link": GENESIS}
    added_line(folder, THIRD, said | {"head": kept[-1].link})
    folder.remove(FIRST)


ALONE: dict[
    Callable[[DayFolder], None], tuple[str, int, str]
] = {  # found from the files alone: what is done, where, and what is said
    changed_byte: (FIRST, 4, "record"),
    removed_record: (FIRST, 4, "order"),
    forged_from_there_on: (FIRST, 0, "head"),
    reordered_lines: (FIRST, 4, "order"),
    reordered_records: (FIRST, 3, "record"),
    forged_line: (FIRST, 5, "line"),
    cut_archive: (FIRST, 8, "cut"),
    cut_chain: (FIRST, 8, "cut"),
    missing_day: (SECOND, 0, "missing-day"),
    missing_first_day: (FIRST, 0, "missing-day"),
    missing_archive: (SECOND, 0, "missing-file"),
    added_bytes: (FIRST, 9, "surplus"),
}
WITH_DATABASE: dict[Callable[[DayFolder], None], tuple[str, int, str]] = {
    forged_head: (THIRD, 8, "head"),
    cut_both: (THIRD, 4, "cut"),
    missing_last_day: (THIRD, 0, "missing-day"),
    forged_tombstone: (FIRST, 3, "record"),
    forged_drop: (FIRST, 0, "missing-day"),
}


@pytest.mark.parametrize("tamper", [*ALONE, *WITH_DATABASE])
def test_what_was_done_to_it_is_found_and_the_first_of_it_named(
    three_days: EvidenceDesk, tamper: Callable[[DayFolder], None]
) -> None:
    assert three_days.verified().first is None

    tamper(three_days.folder)

    found, alone = three_days.verified().first, three_days.verified(alone=True).first
    shown = alone if tamper in ALONE else found
    assert shown is not None
    assert (shown.day, shown.line, shown.breach) == (ALONE | WITH_DATABASE)[tamper]
    assert found is not None
    assert (alone is not None) is (tamper in ALONE)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "dropped"},
        {"kind": "forgotten", "article": "art_1"},
        {"kind": "response", "offset": "x", "length": "y", "sha256": "z"},
        {"kind": ["a", "list"]},
        {"kind": "dropped", "day": "../x", "lines": 1, "after": "", "link": "", "head": ""},
        {"kind": "request", "id": "x", "sha256": "z", "offset": -5, "length": 10**30},
    ],
)
def test_a_line_that_nobody_could_write_is_named_and_what_follows_is_still_kept(
    three_days: EvidenceDesk, fields: dict[str, Any]
) -> None:
    three_days.now -= DAY
    added_line(three_days.folder, THIRD, fields)
    with three_days.folder.chain(THIRD).open("ab") as file:
        file.write(b"\xff\xff rubbish\nand more")

    three_days.saved(77)
    three_days.keep()

    first = three_days.verified().first
    assert first is not None
    assert (first.day, first.line, first.breach) == (THIRD, 9, "order")
    assert three_days.pages(THIRD) == ["3 a", "13 a", "77 a"]
    assert [page.n for page in three_days.kept("art_77")] == [11]


def test_an_archive_whose_chain_is_gone_is_left_as_it_is(three_days: EvidenceDesk) -> None:
    three_days.folder.chain(THIRD).unlink()
    three_days.writer.close()
    (three_days.directory / "nieuws.db").unlink()  # so nothing says that there was one
    three_days.open()
    three_days.now -= DAY

    three_days.saved(77)
    three_days.keep()

    assert three_days.pages(THIRD) == ["3 a", "13 a"]
    first = three_days.verified().first
    assert first is not None
    assert (first.day, first.breach) == (THIRD, "missing-file")


def test_a_stamp_that_was_taken_away_is_missed(three_days: EvidenceDesk) -> None:
    three_days.writer.run(lambda db: KeptPages(db).note_stamp(FIRST))

    first = three_days.verified().first

    assert first is not None
    assert (first.day, first.breach) == (FIRST, "stamp")


def test_every_byte_of_archive_and_chain_counts(three_days: EvidenceDesk) -> None:
    folder = three_days.folder
    for path in (folder.archive(FIRST), folder.chain(SECOND)):
        whole = path.read_bytes()
        for place in range(0, len(whole), 211):
            flip(path, place)
            assert three_days.verified().first is not None, (path, place)
            path.write_bytes(whole)
    assert three_days.verified().first is None


def test_the_lines_of_python_in_the_documentation_check_a_day(three_days: EvidenceDesk) -> None:
    page = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text("utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]

    def checked() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-I", "-W", "ignore", "-c", code]
        return subprocess.run(
            words, cwd=three_days.folder.path, capture_output=True, text=True, check=False
        )

    assert checked().stdout == f"the day ends with {lines(three_days.folder, FIRST)[-1].link}\n"
    forged_line(three_days.folder)
    assert "AssertionError: line 5" in checked().stderr
