"""The files of a history in the order of their dates, and where each goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from crawler.errors import StoreError
from crawler.frozen import dataclass
from crawler.history.history_batch import FilledFile
from crawler.warc.warc_record import Position

_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])"
    r"(?:[T_-]?([01]\d|2[0-3])[:-]?([0-5]\d)[:-]?([0-5]\d))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file to read at `path`, with the date by which it stands among the others.

    By its `name` it is known again, in whatever folder it is.
    """

    path: str
    name: str
    dated: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToRead:
    """A file of which there is something left, from `start` on."""

    file: FoundFile
    start: Position


def date_in_name(name: str) -> datetime | None:
    """The date that a file has in its name: `CC-NEWS-20190323120000-00042.warc.gz`, 2026-03-23."""
    for found in _IN_NAME.finditer(name):
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:  # the 31st of June
            continue
    return None


def files_to_read(found: Iterable[FoundFile], filled: Sequence[FilledFile]) -> list[FileToRead]:
    """What is left of these files, the oldest first; those that were read to their end are not.

    Raises:
        StoreError: two have the same name, one is another than it was, or one is older than what
            was read already.
    """
    files = sorted(found, key=_place)
    known = {each.name: each for each in filled}
    _refuse_twins(files)
    newest = max(filled, key=_place, default=None)
    left = []
    for file in files:
        held = known.get(file.name)
        if held and held.size != file.size:
            raise StoreError(
                f"{file.path} has {file.size:,} bytes, and had {held.size:,} when it was read: "
                "give it another name if it is another file, or fill another --db"
            )
        if held and held.done:
            continue
        if newest and _place(file) < _place(newest):
            raise StoreError(
                f"{file.path} is of {file.dated:%Y-%m-%d}, before {newest.name}, which was read "
                "already. Stories are found by looking back, so files go in the order of their "
                "dates: fill another --db, with all files at once"
            )
        left.append(FileToRead(file=file, start=held.end if held else Position()))
    return left


def _place(file: FoundFile | FilledFile) -> tuple[datetime, str]:
    return file.dated, file.name


def _refuse_twins(files: Sequence[FoundFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        if other := seen.get(file.name):
            raise StoreError(
                f"{other} and {file.path} have the same name, by which a file is known again: "
                "rename one"
            )
        seen[file.name] = file.path
