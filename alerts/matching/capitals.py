"""Whether a word in capitals is a name, or stands in a passage of capitals.

`IS` names an organisation in a running sentence and is the verb in `WAT IS ER GEBEURD`. The word
itself looks the same, so its neighbours decide. It stands in a passage of capitals if more than
half of the two words on either side are in capitals. Words of fewer than two letters do not count.
How well this works is measured in docs/decisions/0004-name-or-verb.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from alerts.matching.row import BREAK
from alerts.query.patterns import ChunkShape, compound_of, shape_of

_NEIGHBOURS = 2  # words on either side: decision 4 has the measurements
_LOOKED_AT = 200  # characters on either side; chosen: ample for two words
_ENCLITICS = frozenset({"ie", "tie", "t", "m", "n"})  # a verb may carry these: `DAAR IS-IE`


def in_capitals(spaced: str, start: int, end: int) -> bool:
    """Whether the words around `spaced[start:end]` (see `Row`) are mostly in capitals."""
    if not spaced[start:end].isupper():
        return False  # a word in small letters never belongs to such a passage
    # Bounded, because a hostile page may be a single chunk.
    first, last = max(start - _LOOKED_AT, 0), end + _LOOKED_AT
    begin, until = max(spaced.rfind(" ", first, start) + 1, first), spaced.find(" ", end, last)
    until = last if until < 0 else until
    if _names_something(spaced[begin:until], spaced[start:end]):
        return False
    before = spaced[first:begin].rpartition(BREAK)[2]
    after = spaced[until:last].partition(BREAK)[0]
    shapes = [*_shapes(reversed(before.split())), *_shapes(after.split())]
    return 2 * shapes.count(ChunkShape.UPPER) > len(shapes)


def _shapes(words: Iterable[str]) -> Iterator[ChunkShape]:
    shapes = map(shape_of, words)
    return islice((shape for shape in shapes if shape is not ChunkShape.NONE), _NEIGHBOURS)


def _names_something(chunk: str, word: str) -> bool:
    """Whether a word is a name because it is joined to more than a clitic.

    `IS-STRIJDERS` holds no verb, whatever the case of the words around it.
    """
    if " " in chunk or len(chunk) == len(word):
        return False
    parts, own = compound_of(chunk).folded, compound_of(word).folded
    return any(part not in _ENCLITICS and part not in own for part in parts)
