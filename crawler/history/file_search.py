"""The files of web archives in folders, each with the date by which it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from crawler.errors import StoreError
from crawler.history.file_order import FoundFile, date_in_name
from crawler.history.warc_page import written_date
from crawler.warc.record_reader import records_in
from crawler.warc.warc_record import Position, WarcRecord

_ENDINGS = (".warc", ".warc.gz")
_LOOKED_AT = 10  # records whose date is looked at; chosen
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def found_files(paths: Iterable[Path], now: datetime) -> list[FoundFile]:
    """These files, and those of web archives in these folders and below.

    The date is that in the name, or else that of the first records.

    Raises:
        StoreError: there is no file, or one that cannot be read from any place, as a pipe.
        OSError: a file cannot be read.
    """
    files = {file.resolve(): file for path in paths for file in _files(path)}
    if not files:
        raise StoreError("there is no file that ends in .warc or .warc.gz")
    return [
        FoundFile(
            path=str(file),
            name=file.name,
            dated=date_in_name(file.name) or _date_inside(file, now),
            size=file.stat().st_size,
        )
        for file in files.values()
    ]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield seekable(path)
        return
    for each in sorted(path.rglob("*")):
        if each.name.endswith(_ENDINGS) and not each.is_dir():
            yield seekable(each)


def seekable(path: Path) -> Path:
    """This file, in which reading can begin anywhere.

    Raises:
        StoreError: it is a pipe or a device, or has a name that cannot be stored.
        OSError: there is no file.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in path.name):  # how Python keeps such bytes
        raise StoreError(f"{str(path)!a} has a name that is not in UTF-8: rename it")
    if not S_ISREG(path.stat().st_mode):
        raise StoreError(f"{path} is a pipe or a device: save what it gives as a file first")
    return path


def _date_inside(path: Path, now: datetime) -> datetime:
    with path.open("rb") as file:
        records = records_in(file, Position(), lambda _: False)
        for _, item in zip(range(_LOOKED_AT), records, strict=False):
            if isinstance(item, WarcRecord) and (at := written_date(item.head, now)):
                return at
    return _UNDATED
