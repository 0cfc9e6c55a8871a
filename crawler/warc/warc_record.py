"""A record of a web archive, and what can be wrong with one."""

from __future__ import annotations

from enum import StrEnum

from crawler.frozen import dataclass


class WarcFault(StrEnum):
    """Why there is no record at some place of a file."""

    CUT = "the file ends within this record"
    NOT_UNPACKED = "this gzip member cannot be unpacked"
    BOMB = "this gzip member unpacks to far too much"
    EMPTY = "the file is empty"
    NO_RECORD = "no record begins here"
    NO_END_OF_HEADER = "the header of this record has no end"
    NO_LENGTH = "this record does not say how long it is"
    SHORTER = "this record is shorter than it says"
    LONGER = "this record is longer than it says"


class FileFaultError(Exception):
    """Bytes of a file cannot be read; `what` says why."""

    def __init__(self, what: WarcFault) -> None:
        super().__init__(what.value)
        self.what = what


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: behind so many items (`inner`) of those that begin at this offset."""

    offset: int = 0
    inner: int = 0

    def next(self) -> Position:
        """The place behind the item that begins here."""
        return Position(self.offset, self.inner + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """A record; `head` is its header as it stands in the file, `block` what follows it.

    `place` is where it begins. The block is empty if it was not wanted, and cut if it is larger
    than the limit; `size` is how long it is in the file.
    """

    place: Position
    head: bytes
    block: bytes
    size: int

    @property
    def whole(self) -> bool:
        """Whether the block has all its bytes."""
        return len(self.block) == self.size


# Where every file begins.
BEGINNING = Position()


@dataclass(frozen=True, slots=True)
class Damage:
    """A place at which no record could be read."""

    place: Position
    what: WarcFault
