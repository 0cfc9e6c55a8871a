"""A rule's own examples: what it says that it finds, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from alerts.document import Document
from alerts.evaluate import FullReading, answer
from alerts.query import And, AtLeast, Concept, Except, Field, Metadata, Near, Node, Or
from alerts.rules import Rule


class FailedExample(NamedTuple):
    """An example that a rule fails: in which list it stands, where in it, and its text."""

    kind: str
    number: int
    text: str


def failed_examples(rule: Rule) -> Iterator[FailedExample]:
    """Yield the examples that the rule fails.

    An example is read as the title of an article and as its body: one of them has to match, or
    neither may. Nothing else is known of that article, so outlets and metadata are left aside.
    """
    node = without_metadata(rule.query.node)
    if node is None:
        return
    for kind in ("must_match", "must_not_match"):
        for number, text in enumerate(getattr(rule, kind)):
            if _matches(node, text) != (kind == "must_match"):
                yield FailedExample(kind, number, text)


def _matches(node: Node, text: str) -> bool:
    documents = Document(title=text), Document(body=text)
    return any(answer(node, FullReading(document)) is not None for document in documents)


def without_metadata(node: Node) -> Node | None:
    """What a query says of the text alone, or nothing when it says nothing of it."""
    match node:
        case Metadata():
            return None
        case And():
            nodes, without = _kept(node.nodes), _kept(node.without)
            return And(nodes, without) if nodes else None
        case Or():
            nodes = _kept(node.nodes)
            return Or(nodes) if nodes else None
        case Near():
            left, right = without_metadata(node.left), without_metadata(node.right)
            return replace(node, left=left, right=right) if left and right else None
        case Except() | AtLeast() | Field() | Concept():
            inner = without_metadata(node.node)
            return replace(node, node=inner) if inner else None
        case _:
            return node


def _kept(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(kept for kept in map(without_metadata, nodes) if kept is not None)
