"""Whether the evidence is what was written: every line, every record, every day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from crawler.errors import NieuwswachtError
from crawler.evidence.chain import GENESIS, ChainLine, LineKind, digest, lines_in, link_after
from crawler.evidence.day_files import DayFolder
from crawler.frozen import dataclass
from crawler.store.evidence.kept_pages import DayState, KnownDay


class StampError(NieuwswachtError):
    """A stamp is not what it should be; the text says why."""


# When an authority says that it saw this digest; it raises `StampError` if it does not say so.
StampCheck = Callable[[bytes, str], datetime]


class Breach(StrEnum):
    """In what way something is not what was written."""

    MISSING_DAY = "missing-day"
    MISSING_FILE = "missing-file"
    CUT = "cut"
    LINE = "line"
    ORDER = "order"
    RECORD = "record"
    SURPLUS = "surplus"
    HEAD = "head"
    STAMP = "stamp"
    MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not what was written: on which day, in which line (0 is none of them)."""

    day: str
    line: int
    breach: Breach
    what: str


@dataclass(frozen=True, slots=True)
class SeenStamp:
    """The stamp of a day: the time that its authority gives, or why that is not known."""

    day: str
    at: datetime | None
    fault: str = ""


@dataclass(slots=True)
class Verification:
    """What was found, in the order of the chain; the numbers are of what was looked at."""

    findings: list[Finding] = field(default_factory=list)
    stamps: list[SeenStamp] = field(default_factory=list)
    days: int = 0
    lines: int = 0
    records: int = 0
    forgotten: int = 0
    dropped: int = 0
    gaps: int = 0
    lost: int = 0
    head_day: str = ""
    head: str = GENESIS

    @property
    def first(self) -> Finding | None:
        """The first thing that is not what was written, None if all is."""
        return self.findings[0] if self.findings else None

    def find(self, day: str, line: int, breach: Breach, what: str) -> None:
        """Note that something is not what was written."""
        self.findings.append(Finding(day, line, breach, what))


@dataclass(frozen=True, slots=True)
class _Removed:
    """What lines say was removed on purpose: days by name, records by day and line.

    Of a record that was, the database has to know no more.
    """

    days: Mapping[str, Mapping[str, Any]]
    records: Mapping[tuple[str, int], str]
    is_kept: Callable[[str, int], bool]


def verify_folder(
    folder: DayFolder,
    known: Mapping[str, KnownDay],
    check_stamp: StampCheck | None,
    is_kept: Callable[[str, int], bool] | None = None,
) -> Verification:
    """Whether everything in this folder is as it was written.

    `known` is how far a database knows the chain; without it, the end of the last day cannot be
    missed. `is_kept` says whether it knows a page in a line of a day. Without `check_stamp` stamps
    are only listed.
    """
    found, present = Verification(), folder.days()
    removed = _removed(folder, present, is_kept or (lambda *_: False))
    found.dropped = len(removed.days)
    days = sorted({*present, *removed.days, *(day for day in known if _is_there(known[day]))})
    before = ""
    for day in days:
        lines, torn = _lines(folder, day)
        if day not in present:
            _skip(found, day, removed, known.get(day))
        elif not lines:
            found.find(day, 0, Breach.MISSING_FILE, "its chain is not there")
        else:
            newest = day == present[-1]
            _check_begin(found, lines[0], day, before)
            _check_chain(found, day, lines, newest=newest)
            if torn and not newest:
                found.find(day, len(lines), Breach.CUT, "its last line broke off")
            _check_records(found, folder, day, lines, removed)
            _check_known(found, day, lines, known.get(day))
            _check_stamp(
                found, folder, lines[-1].link, known.get(day, KnownDay(day, 0, "")), check_stamp
            )
        before = day
    return found


def _is_there(day: KnownDay) -> bool:
    return day.state is not DayState.DROPPED


def _lines(folder: DayFolder, day: str) -> tuple[list[ChainLine], bytes]:
    try:
        return lines_in(folder.chain(day).read_bytes())
    except FileNotFoundError:
        return [], b""


def _removed(
    folder: DayFolder, days: Sequence[str], is_kept: Callable[[str, int], bool]
) -> _Removed:
    gone, erased = dict[str, Mapping[str, Any]](), dict[tuple[str, int], str]()
    for day in days:
        for fields in (line.fields for line in folder.lines(day)):
            if fields.get("kind") == LineKind.DROPPED:
                gone[str(fields["day"])] = fields
            elif fields.get("kind") == LineKind.FORGOTTEN:
                erased[str(fields["day"]), int(fields["line"])] = str(fields["tombstone"])
    left = {day: said for day, said in gone.items() if day not in days}
    return _Removed(left, erased, is_kept)


def _skip(found: Verification, day: str, removed: _Removed, known: KnownDay | None) -> None:
    if (said := removed.days.get(day)) is None:
        found.find(day, 0, Breach.MISSING_DAY, "the day is not there, and no line says why")
        return
    if known is not None and _is_there(known):
        what = "a line says that it was dropped, and the database knows nothing of that"
        found.find(day, 0, Breach.MISSING_DAY, what)
    found.head_day, found.head = day, str(said["head"])


def _check_begin(found: Verification, first: ChainLine, day: str, before: str) -> None:
    """Whether a day goes on from the one before it."""
    fields = first.fields
    after, link = fields.get("after"), fields.get("link")
    if fields.get("kind") != LineKind.DAY or fields.get("day") != day:
        found.find(day, 1, Breach.LINE, "the first line is not the one that begins the day")
    elif after not in {before, ""} or (after == "" and before):
        found.find(str(after), 0, Breach.MISSING_DAY, f"{day} goes on from it, and it is not there")
    elif link != found.head:
        what = f"{day} does not go on from the last line that is there"
        found.find(before or day, 0, Breach.HEAD, what)


def _check_chain(
    found: Verification, day: str, lines: Sequence[ChainLine], *, newest: bool
) -> None:
    link = str(lines[0].fields.get("link"))
    for number, line in enumerate(lines, 1):
        fields = line.fields
        if fields.get("n") != number:
            said = fields.get("n", "nothing")
            found.find(day, number, Breach.ORDER, f"here should be line {number}, not {said}")
        if line.link != link_after(link, digest(line.entry.encode())):
            found.find(day, number, Breach.LINE, "the line does not go on from the one before it")
        link = line.link
        found.gaps += fields.get("kind") == LineKind.GAP
        found.lost += fields.get("kind") == LineKind.LOST
    if not newest and lines[-1].fields.get("kind") != LineKind.END:
        found.find(day, len(lines), Breach.CUT, "lines are missing: the day does not end with it")
    found.days += 1
    found.lines += len(lines)
    found.head_day, found.head = day, link


def _check_records(
    found: Verification, folder: DayFolder, day: str, lines: Sequence[ChainLine], removed: _Removed
) -> None:
    archive, ended = folder.archive(day), lines[-1].fields.get("kind") == LineKind.END
    if not archive.exists():
        found.find(day, 0, Breach.MISSING_FILE, "its web archive is not there")
        return
    size = 0
    for number, fields in _records(lines):
        offset, length = int(fields["offset"]), int(fields["length"])
        if offset != size:
            found.find(day, number, Breach.ORDER, "its record is not where the one before it ends")
        size = offset + length
        data = folder.read(day, offset, length)
        found.records += 1
        if len(data) < length:
            what = f"of {length} bytes of its record {len(data)} are there"
            found.find(day, number, Breach.CUT, what)
        elif digest(data) == fields["sha256"]:
            continue
        elif digest(data) == removed.records.get((day, number)):
            found.forgotten += 1
            if removed.is_kept(day, number):
                what = "its record was erased, and the database knows nothing of that"
                found.find(day, number, Breach.RECORD, what)
        else:
            what = f"its record ({fields.get('kind')} {fields.get('id')}) was changed"
            found.find(day, number, Breach.RECORD, what)
    if ended and archive.stat().st_size > size:
        found.find(day, len(lines), Breach.SURPLUS, "bytes follow that belong to no line")


def _records(lines: Sequence[ChainLine]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(lines, 1):
        fields = line.fields
        if {"offset", "length", "sha256"} <= fields.keys():
            yield number, fields


def _check_known(
    found: Verification, day: str, lines: Sequence[ChainLine], known: KnownDay | None
) -> None:
    if known is None:
        return
    if len(lines) < known.lines:
        what = f"the database knows {known.lines} lines, {len(lines)} are there"
        found.find(day, len(lines), Breach.CUT, what)
    elif lines[known.lines - 1].link != known.head:
        found.find(day, known.lines, Breach.HEAD, "the database knows another link of this line")


def _check_stamp(
    found: Verification, folder: DayFolder, head: str, known: KnownDay, check: StampCheck | None
) -> None:
    day = known.day
    path = folder.stamp(day)
    if not path.exists():
        if known.stamped:
            found.find(
                day, 0, Breach.STAMP, "its stamp is not there, and the database knows of one"
            )
        return
    if check is None:
        found.stamps.append(SeenStamp(day, None, "not checked"))
        return
    try:
        found.stamps.append(SeenStamp(day, check(path.read_bytes(), head)))
    except StampError as error:
        found.stamps.append(SeenStamp(day, None, str(error)))
        found.find(day, 0, Breach.STAMP, f"its stamp: {error}")
