"""Whether a word in capitals is a name there, or stands in a passage of capitals.

`IS` names an organisation in a running sentence and is the verb in `WAT IS ER GEBEURD`. The word
itself looks the same, so its neighbours decide: more than half of the two on either side in
capitals make it a passage of capitals. Words of fewer than two letters have no say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alerts.words import Compound, Shape, shape_of

_NEIGHBOURS = 2
_LOOKED_AT = 8  # chunks on either side, when numbers and initials stand between
_ENCLITICS = frozenset({"ie", "tie", "t", "m", "n"})  # a verb may carry these: `DAAR IS-IE`


def in_capitals(chunks: Sequence[str], first: int, last: int) -> bool:
    """Whether more than half of the words next to `chunks[first:last + 1]` are in capitals."""
    shapes = [
        *_neighbours(chunks, range(first - 1, max(first - 1 - _LOOKED_AT, -1), -1)),
        *_neighbours(chunks, range(last + 1, min(last + 1 + _LOOKED_AT, len(chunks)))),
    ]
    return 2 * shapes.count(Shape.UPPER) > len(shapes)


def _neighbours(chunks: Sequence[str], places: range) -> Iterator[Shape]:
    found = 0
    for place in places:
        shape = shape_of(chunks[place])
        if shape is not Shape.NONE:
            yield shape
            found += 1
            if found == _NEIGHBOURS:
                return


def names_something(compound: Compound, first: int, last: int) -> bool:
    """Whether these parts name something because they are joined to more than a clitic.

    No verb stands in `IS-STRIJDERS`, whatever the case of the words around it.
    """
    others = compound.folded[:first] + compound.folded[last + 1 :]
    return any(other not in _ENCLITICS for other in others)
