"""A query as an outline in words, for those who do not know the language of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

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
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class QueryOutline:
    """A line of an outline: the name of its text, what stands in it, and the lines below it."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    below: Sequence[QueryOutline] = ()


def outline(node: Node) -> QueryOutline:  # noqa: PLR0911 - one for each kind of node
    """What this node asks for."""
    match node:
        case Word() | Phrase() | Metadata():
            return _leaf(node)
        case Concept():
            return QueryOutline("concept", {"name": node.name}, [outline(node.node)])
        case And():
            every = list(map(outline, node.nodes))
            none = [QueryOutline("not", {}, [outline(each)]) for each in node.without]
            return QueryOutline("all", {}, [*every, *none])
        case Or():
            return QueryOutline("any", {}, list(map(outline, node.nodes)))
        case Near():
            values = {"n": str(node.distance)}
            below = [outline(node.left), outline(node.right)]
            return QueryOutline("then" if node.ordered else "near", values, below)
        case Except():
            without = QueryOutline("except", {}, [outline(node.without)])
            return QueryOutline("all", {}, [outline(node.node), without])
        case AtLeast():
            return QueryOutline("at_least", {"n": str(node.count)}, [outline(node.node)])
        case Field():
            return QueryOutline("field", {"field": node.name}, [outline(node.node)])


def _leaf(node: Word | Phrase | Metadata) -> QueryOutline:
    if isinstance(node, Metadata):
        return QueryOutline("metadata", {"field": node.field, "text": node.text})
    text = node.text.lstrip("=").strip('"')
    exact = "" if node.case is Case.FOLDED else "_exact"
    shape = _shape(text)
    return QueryOutline(
        f"{shape}{exact}", {"text": text if shape == "pattern" else text.strip("*")}
    )


def _shape(text: str) -> str:
    """How a word is written: as it is, by its beginning, its end, or a part of it."""
    inner = text.strip("*")
    if "*" in inner or "?" in inner or (" " in inner and inner != text):
        return "pattern"
    begins, ends = text.endswith("*"), text.startswith("*")
    if begins and ends:
        return "within"
    return "begins" if begins else "ends" if ends else "word"
