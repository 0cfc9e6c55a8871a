"""What a query finds in a document: the exact meaning of each node.

A node matches or not, and gives its occurrences. `And` and `Or` give those of all their parts that
match. Metadata matches without occurrences. Fields are separate: no occurrence reaches across two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from alerts.document import Document
from alerts.match import Hit
from alerts.matching.opened import Occurrence, OpenDocument, Stretch, places_of
from alerts.matching.row import row_of
from alerts.query.globs import Glob
from alerts.query.patterns import pattern_of
from alerts.query.terms import folded_value
from alerts.query.tree import (
    BODY,
    OWN_BODY,
    And,
    AtLeast,
    Case,
    Concept,
    Except,
    Field,
    Metadata,
    Near,
    Node,
    Or,
    Phrase,
    Word,
    narrowed,
)

# If both sides of a NEAR stand everywhere, every word pairs with every other. Chosen: the first
# pairs show enough, and a hostile text cannot cost more.
MOST_PAIRS = 20_000
LONGEST_VALUE = 4_000  # characters of a URL or a list of authors; chosen: the rest is ignored

Occurrences: TypeAlias = list[Occurrence]
Ranked: TypeAlias = tuple[int, int, Occurrence]  # the ranks of its first word and its last
Fields: TypeAlias = tuple[int, ...]
ALL: Fields = (0, 1, 2)


class FullDocument(OpenDocument):
    """A document of which every word is compared with each pattern: the slow, simple reference."""

    def __init__(self, document: Document) -> None:
        """Open a document."""
        row = row_of(document.texts)
        super().__init__(document, row.spaced, row.begins, row.edits)
        self._chunks = set(row.spaced.split())

    @property
    def spaced(self) -> str:
        """The row as it is written."""
        return self._layout

    @cached_property
    def words(self) -> str:
        """The row with spaces for its joiners."""
        return self._layout.replace("'", " ").replace("-", " ")

    def stretches(self, key: str) -> list[Stretch]:
        """Where a pattern stands, in order."""
        pattern = pattern_of(key)
        return sorted(
            (at + start, at + end)
            for chunk in self._chunks
            if (found := pattern.places(chunk))
            for at in places_of(chunk, self._layout)
            for start, end in found
        )


def answer(node: Node, reading: OpenDocument) -> tuple[Hit, ...] | None:
    """All hits of a node in an open document, or None when it does not match.

    Overlapping occurrences are one hit, so that hits can be highlighted as they are.
    """
    found = _MEANING[type(node)](node, reading, ALL)
    if found is None:
        return None
    if len(found) == 1 and len(found[0].atoms) == 1:  # most often
        return (reading.hit(*found[0].atoms[0]),)
    atoms = sorted({atom for one in found for atom in one.atoms})
    return tuple([reading.hit(start, end) for start, end in _merged(atoms)])


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    """Sorted stretches without overlaps."""
    merged: list[Stretch] = []
    for start, end in stretches:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def occurrences(node: Node, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    """The occurrences of a node in these fields, or None when it does not match."""
    return _MEANING[type(node)](node, reading, fields)


def _word(node: Word, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    found = reading.find(node.key)
    if found and (fields is not ALL or node.guarded):
        return _standing(found, reading, fields, guarded=node.guarded)
    return found or None


def _phrase(node: Phrase, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    found = [(one.start, one.end) for one in reading.find(node.words[0].key)]
    for word in node.words[1:]:
        following = {one.start: one.end for one in reading.find(word.key)} if found else {}
        found = [
            (start, following[place])
            for start, end in found
            if (place := reading.next_word(end)) in following
        ]
    whole = [Occurrence(start, end, ((start, end),)) for start, end in found]
    return _standing(whole, reading, fields, guarded=node.case is Case.GUARDED)


def _standing(
    found: Occurrences, reading: OpenDocument, fields: Fields, *, guarded: bool
) -> Occurrences | None:
    """The occurrences in these fields; if guarded, without those in a passage of capitals."""
    if fields != ALL:
        found = [one for one in found if _stands_in(one.start, reading, fields)]
    if guarded:
        found = [one for one in found if not reading.in_capitals(one)]
    return found or None


def _stands_in(place: int, reading: OpenDocument, fields: Fields) -> bool:
    field = reading.field(place)
    if field == BODY and OWN_BODY in fields:
        return not reading.in_post(place)
    return field in fields


def _metadata(node: Metadata, reading: OpenDocument, _fields: Fields) -> Occurrences | None:
    value = getattr(reading.document, node.field)[:LONGEST_VALUE]
    return [] if Glob.of(node.pattern).matches(folded_value(value)) else None


def _field(node: Field, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    return occurrences(node.node, reading, narrowed(node.places, fields))


def _and(node: And, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    # A body takes more to read than what must not stand beside it, most often words of a headline.
    body_last = bool(node.without) and _is_of_body(node.nodes[0])
    if body_last and _any(node.without, reading, fields):
        return None
    found: Occurrences = []
    for part in node.nodes:
        more = _MEANING[type(part)](part, reading, fields)
        if more is None:
            return None
        found += more
    if node.without and not body_last and _any(node.without, reading, fields):
        return None
    return found


def _is_of_body(node: Node) -> bool:
    return isinstance(node, Field) and (BODY in node.places or OWN_BODY in node.places)


def _any(nodes: Iterable[Node], reading: OpenDocument, fields: Fields) -> bool:
    return any(occurrences(part, reading, fields) is not None for part in nodes)


def _or(node: Or, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    found: Occurrences | None = None
    for part in reading.alternatives(node, fields):
        more = _MEANING[type(part)](part, reading, fields)
        if more is not None:
            found = more if found is None else found + more
    return found


def _concept(node: Concept, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    memory, key = reading.memory, (id(node), fields)
    if key not in memory:
        memory[key] = occurrences(node.node, reading, fields)
    return memory[key]


def _near(node: Near, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    left = occurrences(node.left, reading, fields)
    right = left and occurrences(node.right, reading, fields)
    if not left or not right:
        return None
    ranks = reading.ranks(place for one in (*left, *right) for place in (one.start, one.end))
    return list(_pairs(_ranked(left, ranks), _ranked(right, ranks), node)) or None


def _ranked(found: Occurrences, ranks: Mapping[int, int]) -> list[Ranked]:
    return [(ranks[one.start], ranks[one.end] - 1, one) for one in sorted(set(found))]


def _pairs(left: list[Ranked], right: list[Ranked], node: Near) -> Iterator[Occurrence]:
    """Yield the pairs that are near enough, each as one occurrence from first to last word."""
    reach = node.distance + 1
    widest = max(last - first for first, last, _ in right)
    looked_at = 0
    for first, last, one in left:
        begin = last + 1 if node.ordered else first - reach - widest
        for index in range(bisect_left(right, (begin,)), len(right)):
            other_first, other_last, other = right[index]
            looked_at += 1
            if other_first > last + reach or looked_at > MOST_PAIRS:
                break
            if other_last >= first - reach and not _share(one, other):
                yield Occurrence(
                    min(one.start, other.start), max(one.end, other.end), one.atoms + other.atoms
                )


def _share(one: Occurrence, other: Occurrence) -> bool:
    """Whether two occurrences share a word: then they are not near each other, but the same."""
    if one.end <= other.start or other.end <= one.start:
        return False
    return any(a < d and c < b for a, b in one.atoms for c, d in other.atoms)


def _except(node: Except, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    found = _MEANING[type(node.node)](node.node, reading, fields)
    dropped = found and _MEANING[type(node.without)](node.without, reading, fields)
    if not found or not dropped:
        return found or None
    taken = _merged(sorted((one.start, one.end) for one in dropped))
    return [one for one in found if not _overlaps(one, taken)] or None


def _overlaps(one: Occurrence, taken: list[Stretch]) -> bool:
    """Whether an occurrence overlaps one of the stretches, which are sorted and do not overlap."""
    at = bisect_left(taken, (one.end,)) - 1
    return at >= 0 and taken[at][1] > one.start


def _atleast(node: AtLeast, reading: OpenDocument, fields: Fields) -> Occurrences | None:
    found = occurrences(node.node, reading, fields)
    if not found:
        return None
    count, reached = 0, 0
    for end, start in sorted((one.end, one.start) for one in found):
        if start >= reached:
            count, reached = count + 1, end
    return found if count >= node.count else None


_MEANING: dict[type, Callable[[Any, OpenDocument, Fields], Occurrences | None]] = {
    Word: _word,
    Phrase: _phrase,
    Metadata: _metadata,
    Field: _field,
    And: _and,
    Or: _or,
    Concept: _concept,
    Near: _near,
    Except: _except,
    AtLeast: _atleast,
}
