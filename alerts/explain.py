"""Why a query matches a document or does not, part by part and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from alerts.document import Document
from alerts.evaluate import ALL, Fields, FullReading, Occurrences, occurrences
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
    Word,
)
from alerts.reading import Reading
from alerts.rules import Rule
from alerts.spelling import spelling

_SHOWN = 4  # different stretches named for one word


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query: whether it does what it should, why, and the parts it consists of."""

    fits: bool
    words: str
    parts: tuple[Part, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield a line for this part and for each below it, indented."""
        yield f"{'  ' * depth}{'+' if self.fits else '-'} {self.words}"
        for part in self.parts:
            yield from part.lines(depth + 1)


def explain(rule: Rule, document: Document) -> Part:
    """Why a rule matches a document or does not."""
    if not rule.hears(document.outlet):
        outlets = ", ".join(rule.outlets)
        return Part(fits=False, words=f'only for {outlets}; this is from "{document.outlet}"')
    return _part(rule.query.node, FullReading(document), ALL)


def _part(node: Node, reading: Reading, fields: Fields) -> Part:
    found = occurrences(node, reading, fields)
    match node:
        case Word() | Phrase():
            return _term(node, found, reading, fields)
        case Metadata():
            value = getattr(reading.document, node.field)
            return Part(found is not None, f'{spelling(node)}: the {node.field} is "{value}"')
        case And() | Or():
            return _joined(node, found, reading, fields)
        case Field():
            inner = tuple(field for field in node.places if field in fields)
            part = _part(node.node, reading, inner)
            return Part(part.fits, f"in {node.name}: {part.words}", part.parts)
        case Concept():
            return _concept(node, found, reading, fields)
        case _:
            return _bound(node, found, reading, fields)


def _term(node: Word | Phrase, found: Occurrences | None, reading: Reading, fields: Fields) -> Part:
    if found:
        return Part(fits=True, words=f"{node.text}: {_named(found, reading)}")
    if node.case is Case.GUARDED and occurrences(_unguarded(node), reading, fields):
        why = "stands only in passages of capitals, where it may be another word"
    elif fields != ALL and (elsewhere := occurrences(node, reading, ALL)):
        why = f"not here, though elsewhere: {_named(elsewhere, reading)}"
    else:
        why = "not found"
    return Part(fits=False, words=f"{node.text}: {why}")


def _unguarded(node: Word | Phrase) -> Node:
    if isinstance(node, Word):
        return Word(node.text, node.key, Case.EXACT)
    return Phrase(node.text, node.words, Case.EXACT)


def _named(found: Occurrences, reading: Reading) -> str:
    """The stretches in words: each once, with its field and how often."""
    hits = [reading.hit(start, end) for one in found for start, end in one.atoms]
    counted = Counter((hit.text, hit.field) for hit in hits)
    names = [
        f'"{text}" in the {field}' + (f" ({count} times)" if count > 1 else "")
        for (text, field), count in counted.most_common(_SHOWN)
    ]
    more = len(counted) - _SHOWN
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _joined(node: And | Or, found: Occurrences | None, reading: Reading, fields: Fields) -> Part:
    parts = [_part(part, reading, fields) for part in node.nodes]
    if isinstance(node, Or):
        words = "one of these is enough" if found is not None else "none of these is found"
        return Part(found is not None, words, tuple(parts))
    for without in node.without:
        unwanted = _part(without, reading, fields)
        parts.append(Part(not unwanted.fits, f"NOT {unwanted.words}", unwanted.parts))
    missing = sum(not part.fits for part in parts)
    words = f"all of these, of which {missing} {'fails' if missing == 1 else 'fail'}"
    return Part(found is not None, words if missing else "all of these", tuple(parts))


def _concept(node: Concept, found: Occurrences | None, reading: Reading, fields: Fields) -> Part:
    """A concept; of a long list only what is found is told."""
    inner = _part(node.node, reading, fields)
    if found is None:
        return Part(fits=False, words=f"@{node.name}: nothing of it is found")
    if found and not isinstance(node.node, And):
        return Part(fits=True, words=f"@{node.name}: {_named(found, reading)}")
    return Part(fits=True, words=f"@{node.name}", parts=(inner,))


def _bound(node: Node, found: Occurrences | None, reading: Reading, fields: Fields) -> Part:
    """The operators about words: what is there, and what of it does not hold."""
    match node:
        case Near():
            parts = tuple(_part(side, reading, fields) for side in (node.left, node.right))
            order = "in that order, " if node.ordered else ""
            what = f"{order}at most {node.distance} words between"
            near = all(part.fits for part in parts)
            why = "both are found, but not so near" if near else "not both are found"
        case Except():
            parts = (_part(node.node, reading, fields),)
            what = f"not as part of {spelling(node.without)}"
            why = "found only as such a part" if parts[0].fits else "not found at all"
        case AtLeast():
            parts = (_part(node.node, reading, fields),)
            what = f"at least {node.count} times"
            why = "found too few times" if parts[0].fits else "not found at all"
        case _:
            raise TypeError(type(node).__name__)
    if found is not None:
        return Part(fits=True, words=f"{what}: {_named(found, reading)}", parts=parts)
    return Part(fits=False, words=f"{what}: {why}", parts=parts)
