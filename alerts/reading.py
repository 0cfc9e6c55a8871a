"""A document opened for questions: where the words of a pattern stand in its fields.

A place names one part of one chunk; places are ordered as the text is. How many words lie between
two places is counted only for those who ask (`OpenField.rank`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from alerts.capitals import in_capitals, names_something
from alerts.document import Document
from alerts.text import Passage, original_span
from alerts.words import compound_of

Stretch: TypeAlias = tuple[int, int]  # first and last place, or first and last part

_PART_BITS = 24  # parts that a chunk may have, as a power of two: more than a page has letters
_PART = (1 << _PART_BITS) - 1


class Occurrence(NamedTuple):
    """Words found: the places of the first and last in their field, and what to highlight."""

    field: int
    first: int
    last: int
    atoms: tuple[Stretch, ...]


class OpenField:
    """The chunks of one field, and where each stands in it."""

    __slots__ = ("_bases", "_passage", "_starts", "_wanted", "_where", "chunks")

    def __init__(
        self, chunks: Sequence[str], passage: Passage, wanted: Container[str] | None = None
    ) -> None:
        """Hold the chunks of a passage; everything else is counted when it is asked for.

        Only chunks that are `wanted` will be asked for; nothing means any.
        """
        self.chunks = chunks
        self._passage, self._wanted = passage, wanted
        self._bases: list[int] | None = None
        self._where: dict[str, list[int]] | None = None
        self._starts: dict[str, list[int]] = {}

    def where(self, chunk: str) -> Sequence[int]:
        """Which of the chunks are this one."""
        if self._where is None:
            self._where, wanted = {}, self._wanted
            for index, each in enumerate(self.chunks):
                if wanted is None or each in wanted:
                    self._where.setdefault(each, []).append(index)
        return self._where.get(chunk, ())

    def places(self, chunk: str, stretches: Sequence[Stretch]) -> list[Stretch]:
        """The places of these parts of a chunk, wherever it stands."""
        return [
            ((index << _PART_BITS) + first, (index << _PART_BITS) + last)
            for index in self.where(chunk)
            for first, last in stretches
        ]

    def after(self, place: int) -> int:
        """The place of the next word."""
        index, part = place >> _PART_BITS, (place & _PART) + 1
        while index < len(self.chunks) and part >= len(compound_of(self.chunks[index]).parts):
            index, part = index + 1, 0
        return (index << _PART_BITS) + part

    def rank(self, place: int) -> int:
        """How many words stand before a place; each part of a compound is one."""
        if self._bases is None:
            counts = (1 if c.isalnum() else len(compound_of(c).parts) for c in self.chunks)
            self._bases = list(accumulate(counts, initial=0))
        return self._bases[place >> _PART_BITS] + (place & _PART)

    def in_capitals(self, first: int, last: int) -> bool:
        """Whether a word or phrase stands in a passage of capitals and is no name there."""
        begin, end = first >> _PART_BITS, last >> _PART_BITS
        if begin == end and names_something(
            compound_of(self.chunks[begin]), first & _PART, last & _PART
        ):
            return False
        return in_capitals(self.chunks, begin, end)

    def original(self, first: int, last: int) -> Stretch:
        """The offsets in the text as given of the words from one place to another."""
        start, end = self._offsets(first)
        if last != first:
            end = self._offsets(last)[1]
        return original_span(self._passage.edits, start, end)

    def _offsets(self, place: int) -> Stretch:
        index = place >> _PART_BITS
        chunk = self.chunks[index]
        starts = self._starts.get(chunk)
        if starts is None:
            starts = self._starts[chunk] = self._found(f" {chunk} ")
        at = starts[bisect_left(self.where(chunk), index)]
        start, end = compound_of(chunk).parts[place & _PART]
        return at + start, at + end

    def _found(self, needle: str) -> list[int]:
        padded = f" {self._passage.spaced} "
        found, at = [], padded.find(needle)
        while at >= 0:
            found.append(at)
            at = padded.find(needle, at + 1)
        return found


class Reading(ABC):
    """The fields of a document, opened; what was found once is remembered."""

    __slots__ = ("_parts", "document", "fields", "memory")

    def __init__(self, document: Document, fields: tuple[OpenField, ...]) -> None:
        """Open a document whose fields were cut into chunks."""
        self.document, self.fields = document, fields
        self.memory: dict[object, list[Occurrence] | None] = {}
        self._parts: dict[str, Mapping[str, Sequence[Stretch]]] = {}

    @abstractmethod
    def parts(self, key: str) -> Mapping[str, Sequence[Stretch]]:
        """The chunks in which a pattern stands, each with the parts that it takes up."""

    def places(self, key: str, field: int) -> list[Stretch]:
        """First and last place in one field of each occurrence of a pattern, in order."""
        parts = self._parts.get(key)
        if parts is None:
            parts = self._parts[key] = self.parts(key)
        found: list[Stretch] = []
        for chunk, stretches in parts.items():
            found += self.fields[field].places(chunk, stretches)
        if len(parts) > 1:
            found.sort()
        return found
