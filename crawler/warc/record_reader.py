"""The records of a WARC file, one after another, with each damage at its place."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator, Iterator
from io import SEEK_END
from itertools import islice
from typing import BinaryIO

from crawler.warc.stretches import (
    BEGIN,
    GZIP,
    GzipMember,
    PlainBytes,
    RecordBytes,
    is_packed,
    next_member,
    next_record,
)
from crawler.warc.warc_record import Damage, FileFaultError, Position, WarcFault, WarcRecord

# Bytes of a block that are read. Chosen: the limit of [crawl] max_page_bytes, and room for headers.
MOST_BLOCK = 8 * 1024 * 1024 + 256 * 1024
_MOST_HEAD = 64 * 1024  # chosen: real ones have a few hundred bytes
_LENGTH = re.compile(rb"(?im)^Content-Length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$")
# The beginning of another record in a header: this one was cut within its own.
_ANOTHER = re.compile(rb"WARC/[01]\.\d{1,2}\r\n")
_BLANK = b"\r\n\r\n"
ALL = sys.maxsize

Wants = Callable[[bytes], bool]


def records_in(
    file: BinaryIO, start: Position, wants: Wants, *, most: int = MOST_BLOCK
) -> Iterator[WarcRecord | Damage]:
    """The records from `start` on, and the places at which there is none that can be read.

    Behind a damage it goes on with the next record that can be found. `wants` says by the header of
    a record whether its block is needed; the others are passed over. A record is given once its
    end has been seen: that of its gzip member with its checksum, or the blank lines behind it.
    """
    reading = (_Packed if is_packed(file) else _Unpacked)(file, wants, most)
    return islice(reading.items(start.offset), start.inner, None)


class _Records:
    """What packed files and others have in common."""

    def __init__(self, file: BinaryIO, wants: Wants, most: int) -> None:
        self._file, self._wants, self._most = file, wants, most

    def _record(self, stretch: RecordBytes, place: Position) -> WarcRecord | WarcFault:
        """The record that begins here, or what is wrong with it.

        Raises:
            FileFaultError: the bytes cannot be read.
        """
        if stretch.peek(len(BEGIN)) != BEGIN:
            return WarcFault.NO_RECORD
        head = stretch.upto(b"\r\n\r\n", _MOST_HEAD)
        if not head or _ANOTHER.search(head, len(BEGIN)):
            return WarcFault.NO_END_OF_HEADER
        length = _LENGTH.search(head)
        if not length:
            return WarcFault.NO_LENGTH
        size = int(length[1])
        block = stretch.take(min(size, self._most)) if self._wants(head) else b""
        record = WarcRecord(place=place, head=head, block=block, size=size)
        try:
            if len(block) + stretch.skip(size - len(block)) < size:
                return WarcFault.SHORTER
            behind = stretch.peek(len(_BLANK) + len(BEGIN)).lstrip(_BLANK)
        except FileFaultError as fault:
            if fault.what is WarcFault.BOMB and size > self._most:
                return record  # it is as large as it says
            raise
        return record if BEGIN.startswith(behind[: len(BEGIN)]) else WarcFault.LONGER


class _Packed(_Records):
    """The records of gzip members, of which each has one record, or several."""

    def items(self, start: int) -> Iterator[WarcRecord | Damage]:
        at: int | None = start
        while at is not None:
            self._file.seek(at)
            begin = self._file.read(len(GZIP))
            if not begin:
                return
            if begin == GZIP:
                at = yield from self._of_member(at)
            else:
                yield Damage(Position(at), WarcFault.NO_RECORD)
                at = next_member(self._file, at + 1)

    def _of_member(self, at: int) -> Generator[WarcRecord | Damage, None, int | None]:
        """The records of the member that begins here; returns where the next one does."""
        member, place = GzipMember(self._file, at), Position(at)
        stretch = RecordBytes(member)
        try:
            while stretch.has_more():
                found = self._record(stretch, place)
                if isinstance(found, WarcRecord):
                    yield found
                    place = place.next()
                    if member.is_bomb:
                        return next_member(self._file, at + 1)
                else:
                    yield Damage(place, found)
                    place = place.next()
                    stretch.skip(ALL)
        except FileFaultError as fault:
            yield Damage(place, fault.what)
            return next_member(self._file, at + 1)
        return member.end


class _Unpacked(_Records):
    """The records of a file that is not packed."""

    def items(self, start: int) -> Iterator[WarcRecord | Damage]:
        at: int | None = start
        if not self._file.seek(0, SEEK_END):
            yield Damage(Position(), WarcFault.EMPTY)
        while at is not None:
            stretch, begin, at = RecordBytes(PlainBytes(self._file, at)), at, None
            while at is None and stretch.has_more():
                place = Position(begin + stretch.at)
                found = self._record(stretch, place)
                if isinstance(found, WarcRecord):
                    yield found
                    continue
                cut = found is WarcFault.SHORTER
                yield Damage(place, WarcFault.CUT if cut else found)
                at = next_record(self._file, place.offset + 1)
                if at is None:
                    return
