"""The files of the evidence: for each day a web archive, its chain, and perhaps a stamp."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import StoreError
from crawler.evidence.chain import (
    GENESIS,
    ChainLine,
    LineKind,
    digest,
    lines_after,
    lines_in,
    moment,
)
from crawler.evidence.members import warcinfo
from crawler.frozen import dataclass
from crawler.store.backup import on_disk

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\.(?:warc\.gz|chain)")
# Bytes. Chosen: the first record of a day, which says what wrote it, has some 300.
_MOST_OF_FIRST = 1_000
_ARCHIVE, _CHAIN, _STAMP = ".warc.gz", ".chain", ".tsr"


@dataclass(frozen=True, slots=True)
class DayFolder:
    """The folder with the files of all days; a day is written like 2026-11-29, in UTC."""

    path: Path

    def archive(self, day: str) -> Path:
        """The web archive of a day."""
        return self.path / f"{day}{_ARCHIVE}"

    def chain(self, day: str) -> Path:
        """The chain of a day."""
        return self.path / f"{day}{_CHAIN}"

    def stamp(self, day: str) -> Path:
        """The stamp of an authority on the last link of a day."""
        return self.path / f"{day}{_STAMP}"

    def days(self) -> list[str]:
        """The days of which there is a web archive or a chain, in order."""
        names = (_DAY.fullmatch(path.name) for path in self.path.glob("*"))
        return sorted({found[1] for found in names if found})

    def lines(self, day: str) -> list[ChainLine]:
        """The whole lines of a day; none if its chain is not there."""
        try:
            return lines_in(self.chain(day).read_bytes())[0]
        except FileNotFoundError:
            return []

    def read(self, day: str, offset: int, length: int) -> bytes:
        """Bytes of the web archive of a day; fewer if it is shorter, or not there."""
        try:
            with self.archive(day).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            return b""

    def overwrite(self, day: str, offset: int, data: bytes) -> None:
        """Replace bytes in the web archive of a day, and wait until that is on the disk."""
        with self.archive(day).open("rb+") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def remove(self, day: str) -> None:
        """Remove all files of a day, the chain last."""
        for path in (self.stamp(day), self.archive(day), self.chain(day)):
            path.unlink(missing_ok=True)
        on_disk(self.path)


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is to be written: what its line says, and its gzip member if it is a record."""

    fields: Mapping[str, Any]
    member: bytes | None = None


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line that is on the disk, with its record."""

    day: str
    line: ChainLine
    fields: Mapping[str, Any]


@dataclass(slots=True)
class _End:
    """Where the files of the newest day end; `day` is "" before the first one."""

    day: str = ""
    n: int = 0
    link: str = GENESIS
    archive: int = 0
    chain: int = 0
    ended: bool = True


class ChainWriter:
    """Appends records and lines, each batch whole and on the disk, or not at all.

    A batch that could not be written is cut off again. What a killed process left unfinished is cut
    off at the start: bytes that no line names, if `trusted` says that no line is missing.
    `after` is the day, and `link` the link, from which the chain goes on if there are no files.
    """

    def __init__(
        self,
        folder: DayFolder,
        software: str,
        *,
        trusted: bool = True,
        after: str = "",
        link: str = GENESIS,
    ) -> None:
        self._folder, self._software = folder, software
        self._end = _End(day=after, link=link)
        days = folder.days()
        if days and trusted and _was_about_to_begin(folder, days[-1]):
            folder.remove(days.pop())
        if days:
            self._take_up(days[-1], trusted=trusted)

    @property
    def day(self) -> str:
        """The newest day."""
        return self._end.day

    @property
    def ended(self) -> bool:
        """Whether nothing more is written to that day."""
        return self._end.ended

    @property
    def current(self) -> bool:
        """Whether the files end where this has left them."""
        end, folder = self._end, self._folder
        return (_size(folder.archive(end.day)), _size(folder.chain(end.day))) == (
            end.archive,
            end.chain,
        )

    def _take_up(self, day: str, *, trusted: bool) -> None:
        chain, archive = self._folder.chain(day), self._folder.archive(day)
        text = chain.read_bytes() if chain.exists() else b""
        lines, torn = lines_in(text)
        whole = len(text) - len(torn)
        if torn:
            _cut(chain, whole)
        size = _size(archive)
        named = max((_end_of(line.fields) for line in lines), default=0)
        if size > named and trusted and lines:
            _cut(archive, named)
            size = named
        last = lines[-1] if lines else None
        self._end = _End(
            day=day,
            n=len(lines),
            link=last.link if last else self._end.link,
            archive=size,
            chain=whole,
            ended=last is None or last.fields.get("kind") == LineKind.END,
        )

    def append(self, items: Sequence[NewLine], now: datetime) -> list[WrittenLine]:
        """Write these to today's files, after the end of the day before if it has not ended.

        After the clock was set back, the newest day stays today.

        Raises:
            OSError: nothing of it was written.
        """
        begun = self._begin(now)
        return begun + self._write(self._end, items, now)

    def end_day(self, now: datetime) -> list[WrittenLine]:
        """End the newest day if it is over; returns the line that says so, if one was written."""
        if self._end.ended or self._end.day >= _day_of(now):
            return []
        return self._write(self._end, [NewLine({"kind": LineKind.END})], now)

    def _begin(self, now: datetime) -> list[WrittenLine]:
        ended = self.end_day(now)
        if not self._end.ended:
            return ended
        before, day = self._end, _day_of(now)
        if before.day >= day:
            day = _day_after(before.day)
        first = {"kind": LineKind.DAY, "day": day, "after": before.day, "link": before.link}
        info = warcinfo(self._folder.archive(day).name, moment(now), self._software)
        begun = _End(day=day, link=before.link, ended=False)
        items = [NewLine(first), NewLine({"kind": info.kind, "id": info.id}, info.data)]
        self._folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ended + self._write(begun, items, now)

    def _write(self, end: _End, items: Sequence[NewLine], now: datetime) -> list[WrittenLine]:
        offset, entries = end.archive, list[Mapping[str, Any]]()
        for n, item in enumerate(items, end.n + 1):
            place: dict[str, Any] = {}
            if item.member is not None:
                length = len(item.member)
                place = {"offset": offset, "length": length, "sha256": digest(item.member)}
                offset += length
            entries.append({"n": n, "at": moment(now), **item.fields, **place})
        lines = list(lines_after(end.link, entries))
        members = b"".join(item.member or b"" for item in items)
        archive, chain = self._folder.archive(end.day), self._folder.chain(end.day)
        text = "".join(map(str, lines)).encode()
        with _undone(archive, end.archive), _undone(chain, end.chain):
            _put(archive, end.archive, members)
            _put(chain, end.chain, text)
            if not end.n:
                on_disk(self._folder.path)
        self._end = _End(
            day=end.day,
            n=end.n + len(lines),
            link=lines[-1].link if lines else end.link,
            archive=offset,
            chain=end.chain + len(text),
            ended=any(item.fields["kind"] == LineKind.END for item in items),
        )
        return [WrittenLine(end.day, *pair) for pair in zip(lines, entries, strict=True)]


@contextmanager
def held(folder: DayFolder) -> Iterator[None]:
    """The folder for this process alone.

    Raises:
        StoreError: another process has it.
    """
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder.path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"another program keeps evidence in {folder.path}") from None
        yield
    finally:
        os.close(file)


def _put(path: Path, offset: int, data: bytes) -> None:
    if not data:
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        left = memoryview(data)
        while left:
            written = os.pwrite(handle, left, offset)
            left, offset = left[written:], offset + written
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _undone(path: Path, size: int) -> Iterator[None]:
    """If what is done in it fails, the file ends again where it ended before."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            _cut(path, size)
        raise


def _cut(path: Path, size: int) -> None:
    with path.open("rb+") as file:
        file.truncate(size)
        os.fsync(file.fileno())


def _was_about_to_begin(folder: DayFolder, day: str) -> bool:
    """Whether no more than the first record of a day was written; a chain that is gone is not."""
    return _size(folder.archive(day)) <= _MOST_OF_FIRST and not folder.lines(day)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _end_of(fields: Mapping[str, Any]) -> int:
    return int(fields.get("offset", 0)) + int(fields.get("length", 0))


def _day_of(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
