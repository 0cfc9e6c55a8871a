"""A document opened for questions: where the words of a pattern stand in it.

All fields stand in one row with a break between them, and a place is an offset in that row.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from alerts.capitals import in_capitals
from alerts.document import TEXT_FIELDS, Document
from alerts.match import Hit
from alerts.text import MARKS, Passages, original_span
from alerts.words import PART, pattern_of

Stretch: TypeAlias = tuple[int, int]  # where it starts and ends

_FIELD_WORDS = 100_000  # between two fields, as it were: nothing is near to anything in another

_between_words = re.compile(rf"[ '\-{MARKS}]*")


class Occurrence(NamedTuple):
    """Words found: where the first starts and the last ends, and what to highlight of it."""

    start: int
    end: int
    atoms: tuple[Stretch, ...]


class Reading(ABC):
    """The words of a document; what was found once is remembered."""

    def __init__(self, document: Document, passages: Passages) -> None:
        """Open a document."""
        self.document = document
        self.memory: dict[object, list[Occurrence] | None] = {}
        self._passages = passages
        self._found: dict[str, list[Occurrence]] = {}
        self._words: list[int] | None = None

    @abstractmethod
    def holding(self, key: str) -> Iterable[str]:
        """The distinct chunks in which a pattern stands."""

    def find(self, key: str) -> list[Occurrence]:
        """All occurrences of a pattern, in order; the list is not to be changed."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = []
            for chunk in self.holding(key):
                stretches = pattern_of(key).places(chunk)
                for at in self._passages.find(chunk):
                    for start, end in stretches:
                        found.append(_occurrence(at + start, at + end))
            found.sort()
        return found

    def field(self, place: int) -> int:
        """The field in which a place is, as its number in `TEXT_FIELDS`."""
        begins = self._passages.begins
        return (place >= begins[1]) + (place >= begins[2])

    def next_word(self, end: int) -> int:
        """Where the word after one that ends here starts; no word starts there between fields."""
        match = _between_words.match(self._passages.spaced, end)
        return match.end() if match else end

    def rank(self, place: int) -> int:
        """How many words start before a place, each part of a compound counted."""
        if self._words is None:
            self._words = [match.start() for match in PART.finditer(self._passages.spaced)]
        return bisect_left(self._words, place) + self.field(place) * _FIELD_WORDS

    def in_capitals(self, one: Occurrence) -> bool:
        """Whether a word or phrase stands in a passage of capitals and is no name there."""
        return in_capitals(self._passages.spaced, one.start, one.end)

    def hit(self, start: int, end: int) -> Hit:
        """The text as given of a stretch."""
        field = self.field(start)
        begin = self._passages.begins[field]
        start, end = original_span(self._passages.edits[field], start - begin, end - begin)
        return Hit(TEXT_FIELDS[field], start, end, self.document.texts[field][start:end])


def _occurrence(start: int, end: int) -> Occurrence:
    return Occurrence(start, end, ((start, end),))
