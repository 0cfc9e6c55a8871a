"""What a query finds in a document: the meaning of each node, in exact terms.

A node matches or not, and gives its occurrences. `And` and `Or` give those of all their parts that
match; metadata matches without occurrences; fields are separate, nothing reaches across two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from alerts.document import TEXT_FIELDS, Document
from alerts.match import Hit
from alerts.query import (
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
    Query,
    Word,
)
from alerts.reading import Occurrence, OpenField, Reading, Stretch
from alerts.terms import folded_value
from alerts.text import CHUNK, Passage, normalise
from alerts.words import compound_of, pattern_of

# Two sides of NEAR that stand everywhere make a pair of every two words; the first ones suffice.
MOST_PAIRS = 20_000
LONGEST_VALUE = 4_000  # of an address or a list of authors: the rest is not looked at

Occurrences: TypeAlias = list[Occurrence]
Places: TypeAlias = tuple[int, ...]
ALL: Places = (0, 1, 2)


class FullReading(Reading):
    """A document of which every word is looked at for every pattern: slow, plain, the measure."""

    def __init__(self, document: Document) -> None:
        """Open all fields of a document."""
        super().__init__(document, tuple(map(_full_field, document.texts)))

    def parts(self, key: str) -> Mapping[str, Sequence[Stretch]]:
        """The chunks in which a pattern stands, each with the parts that it takes up."""
        pattern = pattern_of(key)
        chunks = {chunk for opened in self.fields for chunk in opened.chunks}
        return {chunk: found for chunk in chunks if (found := pattern.places(compound_of(chunk)))}


def _full_field(text: str) -> OpenField:
    plain = normalise(text)
    chunks, spaced = [], [" "] * len(plain.text)
    for match in CHUNK.finditer(plain.text):
        chunks.append(match.group())
        spaced[match.start() : match.end()] = match.group()
    return OpenField(chunks, Passage("".join(spaced), plain.edits))


def evaluate(query: Query, document: Document) -> tuple[Hit, ...] | None:
    """All hits of a query in a document, or nothing when it does not match; see `hits_of`."""
    reading = FullReading(document)
    found = occurrences(query.node, reading, ALL)
    return None if found is None else hits_of(found, reading)


def hits_of(found: Occurrences, reading: Reading) -> tuple[Hit, ...]:
    """The occurrences as hits in the text as given, by field and place.

    Occurrences that overlap are one hit, so that hits can be highlighted as they come.
    """
    atoms = sorted({(one.field, *atom) for one in found for atom in one.atoms})
    return tuple(_hit(reading, *stretch) for stretch in _merged(atoms))


def _hit(reading: Reading, field: int, first: int, last: int) -> Hit:
    start, end = reading.fields[field].original(first, last)
    return Hit(TEXT_FIELDS[field], start, end, reading.document.texts[field][start:end])


def _merged(stretches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Sorted stretches (field, first, last) without overlaps."""
    merged: list[tuple[int, int, int]] = []
    for field, first, last in stretches:
        if merged and merged[-1][0] == field and first <= merged[-1][2]:
            merged[-1] = field, merged[-1][1], max(merged[-1][2], last)
        else:
            merged.append((field, first, last))
    return merged


def occurrences(node: Node, reading: Reading, places: Places) -> Occurrences | None:
    """The occurrences of a node in these fields, or nothing when it does not match."""
    return _MEANING[type(node)](node, reading, places)


def _word(node: Word, reading: Reading, places: Places) -> Occurrences | None:
    found = [
        Occurrence(field, first, last, ((first, last),))
        for field in places
        for first, last in reading.places(node.key, field)
    ]
    if node.case is Case.GUARDED:
        found = [
            each
            for each in found
            if not reading.fields[each.field].in_capitals(each.first, each.last)
        ]
    return found or None


def _phrase(node: Phrase, reading: Reading, places: Places) -> Occurrences | None:
    found = [
        Occurrence(field, first, last, ((first, last),))
        for field in places
        for first, last in _followed(node.words, reading, field)
    ]
    if node.case is Case.GUARDED:
        found = [
            each
            for each in found
            if not reading.fields[each.field].in_capitals(each.first, each.last)
        ]
    return found or None


def _followed(words: tuple[Word, ...], reading: Reading, field: int) -> list[Stretch]:
    """Where the words stand one after the other."""
    found = reading.places(words[0].key, field)
    for word in words[1:]:
        if not found:
            return found
        following, after = dict(reading.places(word.key, field)), reading.fields[field].after
        found = [
            (first, following[place])
            for first, last in found
            if (place := after(last)) in following
        ]
    return found


def _metadata(node: Metadata, reading: Reading, _places: Places) -> Occurrences | None:
    value = getattr(reading.document, node.field)[:LONGEST_VALUE]
    pattern = pattern_of(node.pattern)
    text = folded_value(value)
    matched = text == pattern.literal if pattern.glob is None else pattern.glob.matches(text)
    return [] if matched else None


def _field(node: Field, reading: Reading, places: Places) -> Occurrences | None:
    return occurrences(node.node, reading, tuple(p for p in node.places if p in places))


def _and(node: And, reading: Reading, places: Places) -> Occurrences | None:
    found: Occurrences = []
    for part in node.nodes:
        more = occurrences(part, reading, places)
        if more is None:
            return None
        found += more
    if any(occurrences(part, reading, places) is not None for part in node.without):
        return None
    return found


def _or(node: Or, reading: Reading, places: Places) -> Occurrences | None:
    found: Occurrences | None = None
    for part in node.nodes:
        more = occurrences(part, reading, places)
        if more is not None:
            found = more if found is None else found + more
    return found


def _concept(node: Concept, reading: Reading, places: Places) -> Occurrences | None:
    memory, key = reading.memory, (id(node), places)
    if key not in memory:
        memory[key] = occurrences(node.node, reading, places)
    return memory[key]


def _near(node: Near, reading: Reading, places: Places) -> Occurrences | None:
    left = occurrences(node.left, reading, places)
    right = left and occurrences(node.right, reading, places)
    if not left or not right:
        return None
    return list(_pairs(_ranked(left, reading), _ranked(right, reading), node)) or None


def _ranked(found: Occurrences, reading: Reading) -> list[tuple[int, int, int, Occurrence]]:
    """Sorted by place: the field, the rank of the first word and of the last, the occurrence."""
    return [
        (one.field, field.rank(one.first), field.rank(one.last), one)
        for one in sorted(set(found))
        for field in (reading.fields[one.field],)
    ]


def _pairs(
    left: list[tuple[int, int, int, Occurrence]],
    right: list[tuple[int, int, int, Occurrence]],
    node: Near,
) -> Iterator[Occurrence]:
    """The pairs that stand near enough, each as one occurrence from its first to its last word."""
    reach = node.distance + 1
    widest = max(last - first for _, first, last, _ in right)
    looked_at = 0
    for field, first, last, one in left:
        begin = last + 1 if node.ordered else first - reach - widest
        for index in range(bisect_left(right, (field, begin)), len(right)):
            other_field, other_first, other_last, other = right[index]
            looked_at += 1
            if (other_field, other_first) > (field, last + reach) or looked_at > MOST_PAIRS:
                break
            if other_last >= first - reach and not _share(one, other):
                yield Occurrence(
                    field,
                    min(one.first, other.first),
                    max(one.last, other.last),
                    one.atoms + other.atoms,
                )


def _share(one: Occurrence, other: Occurrence) -> bool:
    """Whether two occurrences have a word in common, and so are not near but the same."""
    if one.last < other.first or other.last < one.first:
        return False
    return any(a <= d and c <= b for a, b in one.atoms for c, d in other.atoms)


def _except(node: Except, reading: Reading, places: Places) -> Occurrences | None:
    found = occurrences(node.node, reading, places)
    dropped = found and occurrences(node.without, reading, places)
    if not found or not dropped:
        return found or None
    taken = _merged(sorted((each.field, each.first, each.last) for each in dropped))
    return [each for each in found if not _overlaps(each, taken)] or None


def _overlaps(one: Occurrence, taken: list[tuple[int, int, int]]) -> bool:
    """Whether one of the stretches, which are sorted and apart, has a place in common."""
    at = bisect_left(taken, (one.field, one.last + 1)) - 1
    return at >= 0 and taken[at][0] == one.field and taken[at][2] >= one.first


def _atleast(node: AtLeast, reading: Reading, places: Places) -> Occurrences | None:
    found = occurrences(node.node, reading, places)
    if not found:
        return None
    count, reached = 0, (-1, -1)
    for field, last, first in sorted((each.field, each.last, each.first) for each in found):
        if (field, first) > reached:
            count, reached = count + 1, (field, last)
    return found if count >= node.count else None


_MEANING: dict[type, Callable[[Any, Reading, Places], Occurrences | None]] = {
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
