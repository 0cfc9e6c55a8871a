"""Why a query matches a document or does not, part by part and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.document import Document, parts_of
from alerts.matching.evaluate import ALL, Fields, FullDocument, Occurrences, occurrences
from alerts.matching.opened import OpenDocument
from alerts.query.spelling import spelling
from alerts.query.tree import (
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
    needed,
)
from alerts.rules.book import Rule

_SHOWN = 4  # different stretches named for one word; chosen: a part stays one line


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query: whether it does what it should, why, and the parts inside it.

    `absent` means that it only says that a word was not found.
    """

    fits: bool
    words: str
    parts: tuple[Part, ...] = ()
    absent: bool = False


def explain(rule: Rule, document: Document) -> Part:
    """Why a rule matches a document or does not."""
    if not rule.hears(document.outlet):
        outlets = ", ".join(rule.outlets)
        return Part(fits=False, words=f'only for {outlets}; this is from "{document.outlet}"')
    if not document.items:
        return _part(rule.query.node, FullDocument(document), ALL)
    return _of_items(rule.query.node, document)


def _of_items(node: Node, document: Document) -> Part:
    """Why the item that matches does so, or else the one that comes nearest to it."""
    parts = list(parts_of(document))
    nearest: Part | None = None
    for number, each in enumerate(parts, 1):
        part = _part(node, FullDocument(each.document), ALL)
        part = replace(part, words=f"in item {number} of {len(parts)}: {part.words}")
        if part.fits:
            return part
        if nearest is None or _fitting(part) > _fitting(nearest):
            nearest = part
    assert nearest is not None
    return nearest


def _fitting(part: Part) -> int:
    return sum(each.fits for each in part.parts)


def _part(node: Node, reading: OpenDocument, fields: Fields) -> Part:
    found = occurrences(node, reading, fields)
    match node:
        case Word() | Phrase():
            return _term(node, found, reading, fields)
        case Metadata():
            value = getattr(reading.document, node.field)
            known = f'is "{value}"' if value else "is not known"
            return Part(found is not None, f"{spelling(node)}: the {node.field} {known}")
        case And() | Or():
            return _joined(node, found, reading, fields)
        case Field():
            inner = narrowed(node.places, fields)
            part = _part(node.node, reading, inner)
            return replace(part, words=f"in {node.name}: {part.words}")
        case Concept():
            return _concept(node, found, reading, fields)
        case Near() | Except() | AtLeast():
            return _bound(node, found, reading, fields)


def _term(
    node: Word | Phrase, found: Occurrences | None, reading: OpenDocument, fields: Fields
) -> Part:
    if found:
        return Part(fits=True, words=f"{node.text}: {_named(found, reading)}")
    if node.case is Case.GUARDED and occurrences(_unguarded(node), reading, fields):
        why = "stands only in passages of capitals, where it may be another word"
    elif fields != ALL and (elsewhere := occurrences(node, reading, ALL)):
        why = f"not here, though elsewhere: {_named(elsewhere, reading)}"
    else:
        return Part(fits=False, words=f"{node.text}: not found", absent=True)
    return Part(fits=False, words=f"{node.text}: {why}")


def _unguarded(node: Word | Phrase) -> Node:
    if isinstance(node, Word):
        return Word(node.text, node.key, Case.EXACT)
    return Phrase(node.text, node.words, Case.EXACT)


def _named(found: Occurrences, reading: OpenDocument) -> str:
    """The stretches found, in words: each once, with its field and how often it occurs."""
    atoms = sorted({atom for one in found for atom in one.atoms})
    hits = [reading.hit(start, end) for start, end in atoms]
    counted = Counter((" ".join(hit.text.split()), hit.field) for hit in hits)
    names = [
        f'"{text}" in the {field}' + (f" ({count} times)" if count > 1 else "")
        for (text, field), count in counted.most_common(_SHOWN)
    ]
    more = len(counted) - _SHOWN
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _joined(
    node: And | Or, found: Occurrences | None, reading: OpenDocument, fields: Fields
) -> Part:
    parts = [_part(part, reading, fields) for part in node.nodes]
    if isinstance(node, Or):
        words = "one of these is enough" if found is not None else "none of these is found"
        absent = all(part.absent for part in parts)
        return Part(found is not None, words, tuple(_gathered(node, parts)), absent)
    for without in node.without:
        unwanted = _part(without, reading, fields)
        words = unwanted.words
        if isinstance(without, And | Or | Near | Except | AtLeast):
            words = f"({spelling(without)}): {'found' if unwanted.fits else 'not found'}"
        parts.append(Part(not unwanted.fits, f"NOT {words}", unwanted.parts))
    missing = sum(not part.fits for part in parts)
    words = f"all of these, of which {missing} {'fails' if missing == 1 else 'fail'}"
    absent = all(part.absent for part in parts)
    return Part(found is not None, words if missing else "all of these", tuple(parts), absent)


def _gathered(node: Or, parts: list[Part]) -> Iterator[Part]:
    """Yield the parts; words that were not found share one line at the end."""
    missing = list[str]()
    for each, part in zip(node.nodes, parts, strict=True):
        if part.absent and isinstance(each, Word | Phrase | Concept):
            missing.append(spelling(each))
        else:
            yield part
    if missing:
        yield Part(fits=False, words=f"{', '.join(missing)}: not found", absent=True)


def _concept(
    node: Concept, found: Occurrences | None, reading: OpenDocument, fields: Fields
) -> Part:
    """A concept; of its list only what was found is named, whether it counts or not."""
    inner = _part(node.node, reading, fields)
    if found is None and inner.absent:
        return Part(fits=False, words=f"@{node.name}: not found", absent=True)
    if found is None:
        parts = inner.parts if isinstance(node.node, Or) else (inner,)
        there = tuple(part for part in parts if not part.absent)
        return Part(
            fits=False, words=f"@{node.name}: what there is of it does not count", parts=there
        )
    if found and not isinstance(node.node, And):
        return Part(fits=True, words=f"@{node.name}: {_named(found, reading)}")
    return Part(fits=True, words=f"@{node.name}", parts=(inner,))


def _bound(
    node: Near | Except | AtLeast, found: Occurrences | None, reading: OpenDocument, fields: Fields
) -> Part:
    """An operator on words: what was found, and which condition does not hold."""
    parts = tuple(_part(side, reading, fields) for side in needed(node))
    there = all(part.fits for part in parts)
    match node:
        case Near():
            what = _distance(node)
            why = "both are found, but not so near" if there else "not both are found"
        case Except():
            what = f"not as part of {spelling(node.without)}"
            why = "not found at all"
            if there and (taken := occurrences(node.without, reading, fields)):
                why = f"found only as part of {_named(taken, reading)}"
        case AtLeast():
            what = f"at least {node.count} times"
            why = "found too few times" if there else "not found at all"
    if found is not None:
        return Part(fits=True, words=f"{what}: {_named(found, reading)}", parts=parts)
    absent = all(part.absent for part in parts)
    return Part(fits=False, words=f"{what}: {why}", parts=parts, absent=absent)


def _distance(node: Near) -> str:
    order = "in that order, " if node.ordered else ""
    if not node.distance:
        return f"{order}side by side"
    return f"{order}at most {node.distance} word{'s' if node.distance > 1 else ''} between"
