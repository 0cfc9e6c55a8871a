"""The bytes of a WARC file in stretches: its gzip members, or all of a file that is not packed."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO, Protocol

from crawler.warc.warc_record import FileFaultError, WarcFault

# Packed bytes read at once; of a larger block, most would be read again for the next member.
_BLOCK = 32 * 1024
_STEP = 64 * 1024
GZIP = b"\x1f\x8b\x08"
BEGIN = b"WARC/"
# Unpacked bytes beyond this, and this many times the packed ones, are a bomb. Chosen: pages pack to
# a fifth, a bomb to a thousandth.
_MUCH, _TIMES = 64 * 1024 * 1024, 100
# A record and the first field of its header; it may stand anywhere, behind one that was cut.
_RECORD = re.compile(rb"WARC/[01]\.\d{1,2}\r\n[A-Z][A-Za-z-]{3,40}:")
_LONGEST_MARK = 64
_BLANK = b"\r\n"
# Places that look like the beginning of a member. Chosen: to try so many takes some seconds.
_MOST_TRIES = 100_000
_TRIED = 4096  # bytes of each; chosen: the header of a real member has some twenty


class ByteSource(Protocol):
    """Bytes that come one after another."""

    def more(self) -> bytes:
        """Some of them, b"" at the end."""

    def skip(self, most: int) -> int:
        """Leave this many out, if that takes less than to read them; returns how many."""


class RecordBytes:
    """Bytes of a file that hold one record or several; `at` counts those that are behind us."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._held = b""
        self.at = 0

    def peek(self, most: int) -> bytes:
        """The next bytes, fewer than `most` only at the end."""
        while len(self._held) < most and (new := self._source.more()):
            self._held += new
        return self._held[:most]

    def has_more(self) -> bool:
        """Whether anything but blank lines is left; those are then behind us."""
        while self.peek(1):
            left = self._held.lstrip(_BLANK)
            self.at += len(self._held) - len(left)
            self._held = left
            if left:
                return True
        return False

    def upto(self, mark: bytes, most: int) -> bytes:
        """The next bytes up to this mark, with it; b"" if it is not among the next `most`."""
        size = 0
        while (place := self._held.find(mark, max(0, size - len(mark)), most)) < 0:
            size = len(self._held)
            if size >= most or len(self.peek(size + 1)) == size:
                return b""
        return self.take(place + len(mark))

    def take(self, most: int) -> bytes:
        """The next bytes, which are then behind us."""
        parts, missing = list[bytes](), most
        while missing and self.peek(1):
            part, self._held = self._held[:missing], self._held[missing:]
            missing -= len(part)
            parts.append(part)
        self.at += most - missing
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, most: int) -> int:
        """Leave the next bytes out; returns how many there were."""
        gone = min(most, len(self._held))
        self._held = self._held[gone:]
        gone += self._source.skip(most - gone)
        while gone < most and (new := self._source.more()):
            self._held = new[most - gone :]
            gone += len(new) - len(self._held)
        self.at += gone
        return gone


class PlainBytes:
    """The bytes of a file from a place on."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._at = file, start
        self._size = file.seek(0, 2)

    def more(self) -> bytes:
        """The next block."""
        self._file.seek(self._at)
        block = self._file.read(_BLOCK)
        self._at += len(block)
        return block

    def skip(self, most: int) -> int:
        """Leave bytes out without reading them."""
        gone = max(0, min(most, self._size - self._at))
        self._at += gone
        return gone


class GzipMember:
    """The unpacked bytes of the gzip member that begins here; `end` is known once they are read."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._at = file, start
        self._unpacker = zlib.decompressobj(wbits=31)
        self._packed = self._unpacked = 0
        self.is_bomb = False

    @property
    def end(self) -> int:
        """Where the bytes end that belong to it."""
        return self._at - len(self._unpacker.unused_data)

    def more(self) -> bytes:
        """The next bytes.

        Raises:
            FileFaultError: the file ends within the member, or it is damaged, or a bomb.
        """
        while not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._block()
            if not packed:
                raise FileFaultError(WarcFault.CUT)
            try:
                part = self._unpacker.decompress(packed, _STEP)
            except zlib.error as error:
                raise FileFaultError(WarcFault.NOT_UNPACKED) from error
            self._unpacked += len(part)
            if self._unpacked > _MUCH + _TIMES * self._packed:
                self.is_bomb = True
                raise FileFaultError(WarcFault.BOMB)
            if part:
                return part
        return b""

    def skip(self, most: int) -> int:  # noqa: ARG002 - the signature of a source
        """Nothing: packed bytes have to be read."""
        return 0

    def _block(self) -> bytes:
        self._file.seek(self._at)
        block = self._file.read(_BLOCK)
        self._at += len(block)
        self._packed += len(block)
        return block


def next_member(file: BinaryIO, start: int) -> int | None:
    """Where the next gzip member with a record begins, at `start` or behind it.

    After very many places that only look so, it is given up.
    """
    at, block, tries = start, b"", 0
    while tries < _MOST_TRIES:
        file.seek(at + len(block))
        new = file.read(_BLOCK)
        block += new
        place = block.find(GZIP)
        while place >= 0:
            if _begins_record(file, at + place):
                return at + place
            tries += 1
            place = block.find(GZIP, place + 1)
        if not new:
            return None
        kept = min(len(block), len(GZIP) - 1)
        at, block = at + len(block) - kept, block[len(block) - kept :]
    return None


def _begins_record(file: BinaryIO, start: int) -> bool:
    file.seek(start)
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(file.read(_TRIED), len(BEGIN))
    except zlib.error:
        return False
    return unpacked == BEGIN


def next_record(file: BinaryIO, start: int) -> int | None:
    """Where the next record of a file that is not packed begins, behind `start`."""
    at, block = start, b""
    while True:
        file.seek(at + len(block))
        new = file.read(_BLOCK)
        block += new
        if found := _RECORD.search(block):
            return at + found.start()
        if not new:
            return None
        kept = min(len(block), _LONGEST_MARK)
        at, block = at + len(block) - kept, block[len(block) - kept :]


def is_packed(file: BinaryIO) -> bool:
    """Whether a file consists of gzip members; what stands before the first may be damaged."""
    file.seek(0)
    begin = file.read(len(BEGIN))
    return not begin.startswith(BEGIN) and (
        begin.startswith(GZIP) or next_member(file, 0) is not None
    )
