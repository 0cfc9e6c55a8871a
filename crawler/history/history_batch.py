"""What is read from a file on its way to the store, and how each record is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from crawler.frozen import dataclass
from crawler.model import Article
from crawler.warc.warc_record import Position

# A batch ends with so many articles, characters of text or records. Chosen: it is one transaction,
# and what waits for the writer stays small.
_PAGES, _TEXT, _RECORDS = 64, 1_000_000, 5_000


class RecordKind(StrEnum):
    """What became of a record; each record counts once."""

    STORED = "stored"
    REVISED = "revised"
    KNOWN = "known"
    OLDER = "older"
    LEFT = "left"
    FOREIGN = "foreign"
    OUTSIDE = "outside"
    REVISIT = "revisit"
    OTHER = "other"
    STATUS = "status"
    WALL = "wall"
    FEED = "feed"
    NOT_HTML = "not_html"
    NO_ARTICLE = "no_article"
    OVERSIZED = "oversized"
    UNREAD = "unread"
    BAD_DATE = "bad_date"
    DAMAGED = "damaged"


# Those that are named with their place, and for which the command does not end well.
FAULTY = frozenset({RecordKind.UNREAD, RecordKind.BAD_DATE, RecordKind.DAMAGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """An article as it was read, at the time that its file gives (`at`).

    `key` is that of the address asked for. `wall` names the wall in the middle of it, `refrains`
    are lines that are no part of it if others of its outlet have them too.
    """

    at: datetime
    key: str
    article: Article
    wall: str = ""
    refrains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryWall:
    """A page of a source that was a wall, captured at this time."""

    source: str
    at: datetime
    wall: str


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """A place of a file at which something was wrong, in words; `line` is its number in a text."""

    place: Position
    kind: RecordKind
    what: str
    line: int | None = None


# What becomes of a record.
Found = HistoryPage | HistoryWall | HistoryFault | RecordKind


@dataclass(slots=True)
class HistoryBatch:
    """The next records of a file: their articles, and how the others are counted.

    `end` is the place behind them, at which reading may begin again. `done` says that the file has
    no more.
    """

    end: Position
    pages: list[HistoryPage] = field(default_factory=list)
    counts: Counter[RecordKind] = field(default_factory=Counter)
    faults: list[HistoryFault] = field(default_factory=list)
    walls: list[HistoryWall] = field(default_factory=list)
    done: bool = False
    text: int = 0  # characters in its pages

    def add(self, place: Position, found: Found) -> None:
        """Take one more record, which stands at this place."""
        self.end = place.next()
        match found:
            case HistoryPage():
                self.pages.append(found)
                self.text += len(found.article.body)
            case HistoryFault(kind=kind):
                self.faults.append(found)
                self.counts[kind] += 1
            case HistoryWall():
                self.walls.append(found)
                self.counts[RecordKind.WALL] += 1
            case RecordKind():
                self.counts[found] += 1

    @property
    def is_full(self) -> bool:
        """Whether it has enough for one transaction."""
        return len(self.pages) >= _PAGES or self.text >= _TEXT or self.records >= _RECORDS

    @property
    def records(self) -> int:
        """How many records it has."""
        return len(self.pages) + self.counts.total()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledFile:
    """A file of which records were read, up to `end`; `dated` gives its place among the others."""

    number: int
    name: str
    dated: datetime
    size: int
    end: Position
    records: int
    done: bool
