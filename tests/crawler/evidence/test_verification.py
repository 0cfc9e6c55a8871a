"""Whatever is done to the evidence afterwards is found, and the first of it is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_desk import DAY, EvidenceDesk

from crawler.evidence import DayFolder
from crawler.evidence.chain import ChainLine, line_after, lines_after, lines_in

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


ALONE = {  # found from the files alone: what is done, where, and what is said
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
WITH_DATABASE = {
    forged_head: (THIRD, 8, "head"),
    cut_both: (THIRD, 4, "cut"),
    missing_last_day: (THIRD, 0, "missing-day"),
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
