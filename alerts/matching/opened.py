"""An open document: it says where the words of a pattern stand.

All fields stand in one row with a break between them. A place is an offset in that row.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from alerts.document import TEXT_FIELDS, Document
from alerts.match import Hit
from alerts.matching.capitals import in_capitals
from alerts.query.normal import Shift, original_span
from alerts.query.tree import Node, Or
from crawler.model import POST_MARK

Stretch: TypeAlias = tuple[int, int]  # where it starts and ends

_FIELD_WORDS = 100_000  # between two fields; chosen: far more than NEAR can reach across

_between_words = re.compile(r"[ '\-]*")


class Occurrence(NamedTuple):
    """Words found: where the first starts, where the last ends, and what to highlight."""

    start: int
    end: int
    atoms: tuple[Stretch, ...]


class OpenDocument(ABC):
    """The words of a document; it remembers what it has found."""

    def __init__(
        self,
        document: Document,
        layout: str,
        begins: tuple[int, ...],
        edits: tuple[tuple[Shift, ...], ...],
    ) -> None:
        """Open a document; `layout` is its row, in which words may be folded."""
        self.document = document
        self.memory: dict[object, list[Occurrence] | None] = {}
        self._layout, self._begins, self._edits = layout, begins, edits
        self._found: dict[str, list[Occurrence]] = {}
        self._ranked = False

    @property
    @abstractmethod
    def spaced(self) -> str:
        """The row as it is written."""

    @property
    @abstractmethod
    def words(self) -> str:
        """The row with spaces for its joiners."""

    @abstractmethod
    def stretches(self, key: str) -> Sequence[Stretch]:
        """Where a pattern stands, in order."""

    def alternatives(self, node: Or, fields: tuple[int, ...]) -> Sequence[Node]:  # noqa: ARG002 - not every document knows its fields
        """The alternatives that may stand in these fields, in order; none that does is missing."""
        return node.nodes

    def find(self, key: str) -> list[Occurrence]:
        """All occurrences of a pattern, in order; the list is not to be changed."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = [
                Occurrence(stretch[0], stretch[1], (stretch,)) for stretch in self.stretches(key)
            ]
        return found

    def field(self, place: int) -> int:
        """The field of a place, as its number in `TEXT_FIELDS`."""
        return (place >= self._begins[1]) + (place >= self._begins[2])

    def next_word(self, end: int) -> int:
        """Where the next word starts after the end of one; no word starts there between fields."""
        match = _between_words.match(self._layout, end)
        return match.end() if match else end

    def ranks(self, places: Iterable[int]) -> dict[int, int]:
        """How many words start before each place; each part of a compound counts."""
        asked, self._ranked = self._ranked, True
        before = self._before if asked else self._counted  # most documents are asked once
        return {place: n + self.field(place) * _FIELD_WORDS for place, n in before(set(places))}

    def _before(self, places: Iterable[int]) -> Iterator[tuple[int, int]]:
        starts = self._starts
        return ((place, bisect_left(starts, place)) for place in places)

    def _counted(self, places: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield the same without the starts of all words, which take longer to find."""
        words, count, at = self.words, 0, 0
        for place in sorted(places):
            count += len(words[at:place].split())
            yield place, count
            at = place

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each word starts."""
        starts, at = array("l"), 0
        for word in self.words.split(" "):
            if word:
                starts.append(at)
            at += len(word) + 1
        return starts

    def in_capitals(self, one: Occurrence) -> bool:
        """Whether a word or phrase stands in a passage of capitals, so that it is no name."""
        return in_capitals(self.spaced, one.start, one.end)

    def in_post(self, place: int) -> bool:
        """Whether a place of the body stands in a post that the article embeds."""
        body, at = self.document.body, self.hit(place, place + 1).start
        return body.startswith(POST_MARK, body.rfind("\n", 0, at) + 1)

    def hit(self, start: int, end: int) -> Hit:
        """The hit of a stretch: its field, its offsets and its text as given."""
        field = self.field(start)
        begin, edits = self._begins[field], self._edits[field]
        start, end = start - begin, end - begin
        if edits:
            start, end = original_span(edits, start, end)
        return Hit(TEXT_FIELDS[field], start, end, self.document.texts[field][start:end])


def places_of(chunk: str, row: str) -> list[int]:
    """Where a chunk stands in a row, between two spaces: its starts."""
    needle = f" {chunk} "
    found, at = [], row.find(needle)
    while at >= 0:
        found.append(at + 1)
        at = row.find(needle, at + 1)
    return found
