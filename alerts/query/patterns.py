"""Words: their parts, their folded form, and the patterns that name them.

A chunk is a stretch without a space in `Passages`. Its parts are its runs of letters and digits.
Parts joined by hyphens or apostrophes are also read glued (`Da'esh` as `daesh`, `F-16` as `f16`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from alerts.query.globs import Glob
from crawler.text import fold

LONGEST_WORD = 200  # chosen: a longer run of letters is not a word; it matches nothing
MOST_PARTS = 8  # parts that may be glued; chosen: `Sint-Job-in-'t-Goor` has five
LONGEST_CHAIN = 24  # parts; chosen: a longer chain is no compound, its parts are single words
# Letters of a chunk, and chunks kept in a cache: some 460 bytes each. Chosen: hostile text must not
# fill the memory.
_LONGEST_REMEMBERED = 100
_CHUNKS_REMEMBERED = 10_000
_PATTERNS_REMEMBERED = 100_000  # these stand in rules
# Glued, these would be other common words: `zo'n` (such a) is not `zon` (sun).
NEVER_GLUED = frozenset({("zo", "n")})

_part = re.compile(r"[^'\-]+")


class ChunkShape(Enum):
    """How the letters of a word are written; a word of fewer than two letters has no shape."""

    NONE = 0
    UPPER = 1
    OTHER = 2


class GluedForm(NamedTuple):
    """One way to read a chunk: the parts `first` to `last` glued together."""

    first: int
    last: int
    folded: str
    raw: str


class Compound(NamedTuple):
    """A chunk taken apart: its parts, with their offsets in the chunk."""

    parts: tuple[tuple[int, int], ...]
    raw: tuple[str, ...]
    folded: tuple[str, ...]

    def forms(self) -> Iterator[GluedForm]:
        """Yield each part, then neighbouring parts glued together, as far as these are words."""
        count = len(self.raw)
        longest = min(count, MOST_PARTS) if count <= LONGEST_CHAIN else 1
        for length in range(1, longest + 1):
            for first in range(count - length + 1):
                end = first + length
                folded = "".join(self.folded[first:end])
                if len(folded) > LONGEST_WORD or self.folded[first:end] in NEVER_GLUED:
                    continue
                yield GluedForm(first, end - 1, folded, "".join(self.raw[first:end]))


class Pattern(NamedTuple):
    """What one word of a query looks for: a literal, or a glob; as written or folded."""

    exact: bool
    literal: str
    glob: Glob | None

    def matches(self, text: str) -> bool:
        """Whether the pattern names this form, given as written if it is exact, else folded."""
        return text == self.literal if self.glob is None else self.glob.matches(text)

    def places(self, chunk: str) -> Sequence[tuple[int, int]]:
        """Where the pattern stands in a chunk (starts and ends); only the shortest readings."""
        compound = compound_of(chunk)
        forms = compound.raw if self.exact else compound.folded
        if len(forms) == 1:
            short = len(compound.folded[0]) <= LONGEST_WORD
            return compound.parts if short and self.matches(forms[0]) else ()
        found: list[tuple[int, int]] = []
        for form in compound.forms():
            if self.matches(form.raw if self.exact else form.folded):
                start, end = compound.parts[form.first][0], compound.parts[form.last][1]
                if form.first == form.last or not any(
                    start <= other and until <= end for other, until in found
                ):
                    found.append((start, end))
        return found


@lru_cache(maxsize=_PATTERNS_REMEMBERED)
def pattern_of(key: str) -> Pattern:
    """The pattern behind a key: `=IS` looks for exactly that, `kalifa*` for folded words."""
    exact = key.startswith("=")
    text = key.removeprefix("=")
    return Pattern(exact, text, Glob.of(text) if "*" in text or "?" in text else None)


def folded_key(key: str) -> str:
    """The folded form of a key; it matches all that the key matches, and perhaps more.

    A `?` is one letter as written, and may be two letters when folded (`ß`).
    """
    return fold(key[1:]).replace("?", "*") if key.startswith("=") else key


def compound_of(chunk: str) -> Compound:
    """The compound that a chunk is."""
    return _remembered(chunk) if len(chunk) <= _LONGEST_REMEMBERED else _compound(chunk)


def _compound(chunk: str) -> Compound:
    if chunk.isalnum():
        return Compound(((0, len(chunk)),), (chunk,), (fold(chunk),))
    found = list(_part.finditer(chunk))
    raw = tuple(part.group() for part in found)
    return Compound(tuple(part.span() for part in found), raw, tuple(map(fold, raw)))


_remembered = lru_cache(maxsize=_CHUNKS_REMEMBERED)(_compound)


def shape_of(chunk: str) -> ChunkShape:
    """The shape of a chunk; digits and joiners do not count."""
    letters = chunk if chunk.isalpha() else "".join(filter(str.isalpha, chunk))
    if len(letters) < 2:  # noqa: PLR2004 - a single letter says nothing: initials, `A`, `'s`
        return ChunkShape.NONE
    return ChunkShape.UPPER if letters.isupper() else ChunkShape.OTHER
