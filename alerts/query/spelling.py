"""A query written out again, for explanations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alerts.query.tree import (
    And,
    AtLeast,
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


def spelling(node: Node) -> str:
    """The node as a query would spell it."""
    return _SPELLINGS[type(node)](node)


def _inner(node: Node) -> str:
    simple = isinstance(node, Word | Phrase | Metadata | Concept)
    return spelling(node) if simple else f"({spelling(node)})"


def _and(node: And) -> str:
    return " NOT ".join((" AND ".join(map(_inner, node.nodes)), *map(_inner, node.without)))


def _near(node: Near) -> str:
    operator = "THEN" if node.ordered else "NEAR"
    return f"{_inner(node.left)} {operator}/{node.distance} {_inner(node.right)}"


_SPELLINGS: dict[type, Callable[[Any], str]] = {
    Word: lambda node: node.text,
    Phrase: lambda node: node.text,
    Metadata: lambda node: f"{node.field}:{node.text}",
    Field: lambda node: f"{node.name}:{_inner(node.node)}",
    And: _and,
    Or: lambda node: " OR ".join(map(_inner, node.nodes)),
    Near: _near,
    Except: lambda node: f"{_inner(node.node)} EXCEPT {_inner(node.without)}",
    AtLeast: lambda node: f"ATLEAST/{node.count} {_inner(node.node)}",
    Concept: lambda node: f"@{node.name}",
}
