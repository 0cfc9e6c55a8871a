"""An earlier text, stored as its difference from the next text.

A live blog of 200 kB gets a new paragraph every few minutes. Of the text before, only what the next
text lacks has to be stored: the rest is in the next text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple, TypeAlias

# A piece of the next text, given by start and end, or a text that the next one does not have.
Piece: TypeAlias = Sequence[int] | str

# What stands between two sentences or lines.
_BETWEEN = re.compile(r"(?<=[.!?…])\s+|\n\s*")
_ENDS = ("\n", ". ", "! ", "? ", "… ")
# Characters. Chosen: the place of a shorter piece takes more room than the piece itself.
_SHORT = 12
# Sentences. Chosen: to search 200 kB for this few takes less time than to note the places of all.
_FEW = 20


class Texts(NamedTuple):
    """The three texts of an article, and a line for each item of the body, if items are known."""

    title: str
    lead: str
    body: str
    items: str = ""


def parts_of(text: str, start: int = 0) -> Iterator[str]:
    """Yield the sentences and lines of a text and what is between; joined they are the text."""
    for between in _BETWEEN.finditer(text, start):
        if between.start() > start:
            yield text[start : between.start()]
        yield between.group()
        start = between.end()
    if start < len(text):
        yield text[start:]


class _Places:
    """The places of the sentences of a text."""

    def __init__(self, text: str) -> None:
        self._text, self._sought = text, 0

    def of(self, part: str) -> int:
        """Where this part stands, or -1; to look for many, all places are noted first."""
        self._sought += 1
        if self._sought <= _FEW:
            return self._text.find(part)
        return self._all.get(part, -1)

    @cached_property
    def _all(self) -> dict[str, int]:
        places, at = dict[str, int](), 0
        for part in parts_of(self._text):
            places.setdefault(part, at)
            at += len(part)
        return places


def difference(old: str, new: str) -> list[Piece]:
    """The old text as pieces of the new one, and the sentences that the new one does not have.

    The time is linear in the length of both.
    """
    places, pieces, at = _Places(new), list[Piece](), 0
    while at < len(old):
        part = next(parts_of(old, at))
        place = places.of(part) if len(part) > _SHORT else -1
        if place < 0:
            pieces.append(part)
            at += len(part)
            continue
        length = max(len(part), _shared(old, at, new, place))
        pieces.append((place, place + length))
        at += length
    return pieces


def _shared(old: str, at: int, new: str, place: int) -> int:
    """How many characters the texts share from there on, up to the end of a sentence or line."""
    least, most = 0, min(len(old) - at, len(new) - place)
    while least < most:
        length = (least + most + 1) // 2
        if old.startswith(new[place + least : place + length], at + least):
            least = length
        else:
            most = length - 1
    if at + least == len(old):
        return least
    return max(old.rfind(end, at, at + least) + len(end) for end in _ENDS) - at


def rebuilt(pieces: Iterable[Piece], new: str) -> str:
    """The old text, from its difference and the new text."""
    return "".join(
        piece if isinstance(piece, str) else new[piece[0] : piece[1]] for piece in pieces
    )


def as_past(old: Texts, new: Texts) -> str:
    """What is stored of the old texts after the new ones have replaced them, as JSON."""
    fields = zip(Texts._fields, old, new, strict=True)
    gone = {name: difference(before, after) for name, before, after in fields if before != after}
    return json.dumps(gone, ensure_ascii=False, separators=(",", ":"))


def from_past(past: str, new: Texts) -> Texts:
    """The texts of which `past` was stored, given the texts that replaced them."""
    gone = json.loads(past)
    return Texts(
        *(
            rebuilt(gone[name], after) if name in gone else after
            for name, after in zip(Texts._fields, new, strict=True)
        )
    )


def gone_text(past: str) -> str:
    """All sentences of a stored difference, which the next text does not have."""
    gone = json.loads(past)
    pieces = chain.from_iterable(gone.get(name, ()) for name in ("title", "lead", "body"))
    return " ".join(piece for piece in pieces if isinstance(piece, str))


def sentences_as_past(sentences: Mapping[str, Iterable[str]]) -> str:
    """Only these sentences, by field, as a difference that fits any next text."""
    joined = {name: ["\n".join(sentences.get(name, ()))] for name in Texts._fields}
    return json.dumps(joined, ensure_ascii=False, separators=(",", ":"))
