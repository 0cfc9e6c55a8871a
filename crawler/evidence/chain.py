"""The chain of digests: a line for each record, each of which holds the ones before it.

A line is `LINK ENTRY`: a digest, a space, and one JSON object. LINK is the SHA-256 of the link
before, a space, and the SHA-256 of ENTRY, all in hexadecimal digits. So it depends on every line
before it, and can be checked by somebody who knows only the digests of the other entries. The first
line of a day goes on from the last one of the day before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from crawler.frozen import dataclass

# What the very first line goes on from.
GENESIS = "0" * 64


class LineKind(StrEnum):
    """What a line is about: a record of the web archive, or the archive itself.

    A day begins and ends with a line. A gap is a page that was not kept, LOST says that lines which
    were written are not there any more. DROPPED days and FORGOTTEN records were removed on purpose.
    """

    WARCINFO = "warcinfo"
    RESPONSE = "response"
    REVISIT = "revisit"
    REQUEST = "request"
    METADATA = "metadata"
    DAY = "day"
    END = "end"
    GAP = "gap"
    LOST = "lost"
    FORGOTTEN = "forgotten"
    DROPPED = "dropped"


PAGES = frozenset({LineKind.RESPONSE, LineKind.REVISIT})
_NUMBERS = frozenset({"n", "offset", "length", "line", "lines", "revision"})
_RECORD = frozenset({"id", "offset", "length", "sha256"})
_PAGE = _RECORD | {"article", "revision", "seen", "payload"}
# What a line of a kind must say.
_NEEDED = {
    LineKind.WARCINFO: _RECORD,
    LineKind.RESPONSE: _PAGE,
    LineKind.REVISIT: _PAGE,
    LineKind.REQUEST: _RECORD,
    LineKind.METADATA: _RECORD,
    LineKind.FORGOTTEN: frozenset({"article", "day", "line", "erased", "tombstone"}),
    LineKind.DROPPED: frozenset({"day", "lines", "after", "link", "head"}),
}
# It names files: nothing else may stand there.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# No file is longer, and no number of it that is greater fits into a database.
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One line: its link, and its entry as it is written."""

    link: str
    entry: str

    @property
    def fields(self) -> Mapping[str, Any]:
        """What the entry says; nothing if it is not what a line of its kind can say."""
        try:
            found = json.loads(self.entry)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) and _can_be(found) else {}

    def __str__(self) -> str:
        return f"{self.link} {self.entry}\n"


def _can_be(fields: Mapping[str, Any]) -> bool:
    for name, value in fields.items():
        if name in _NUMBERS:
            if type(value) is not int or not 0 <= value < _MOST:
                return False
        elif not isinstance(value, str) or (name == "day" and not _DAY.fullmatch(value)):
            return False
    return fields.keys() >= _NEEDED.get(fields.get("kind", ""), frozenset({"kind"}))


def digest(data: bytes) -> str:
    """The SHA-256 of these bytes in hexadecimal digits."""
    return sha256(data).hexdigest()


def link_after(previous: str, entry_digest: str) -> str:
    """The link of an entry with this digest, after this link."""
    return digest(f"{previous} {entry_digest}".encode())


def line_after(previous: str, fields: Mapping[str, Any]) -> ChainLine:
    """The line that says this, after this link."""
    entry = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return ChainLine(link_after(previous, digest(entry.encode())), entry)


def lines_after(previous: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[ChainLine]:
    """A line for each of these, one after the other."""
    for fields in entries:
        line = line_after(previous, fields)
        previous = line.link
        yield line


def lines_in(text: bytes) -> tuple[list[ChainLine], bytes]:
    """The lines of a file, and what follows the last whole one: a line that broke off."""
    whole, _, torn = text.rpartition(b"\n")
    lines = (line.partition(b" ") for line in whole.split(b"\n")) if whole else ()
    found = [
        ChainLine(link.decode("ascii", "replace"), entry.decode("utf-8", "replace"))
        for link, _, entry in lines
    ]
    return found, torn


def sound_lines(lines: Sequence[ChainLine], begin: int) -> Iterator[ChainLine]:
    """The lines of a day from this place on, up to one that does not go on from the one before."""
    link = lines[begin - 1].link if begin else str(lines[0].fields.get("link")) if lines else ""
    for n, line in enumerate(lines[begin:], begin + 1):
        link = link_after(link, digest(line.entry.encode()))
        if line.link != link or line.fields.get("n") != n:
            return
        yield line


def moment(time: datetime) -> str:
    """The time as records and lines have it: in UTC, with microseconds."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
