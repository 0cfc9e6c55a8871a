"""A query as a tree of frozen nodes. `alerts.matching.evaluate` says what each one means."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from typing import TypeAlias

from crawler.frozen import dataclass


class Case(Enum):
    """How exactly a word or phrase is compared."""

    FOLDED = ""  # any case, diacritics folded
    GUARDED = "="  # as written, and not in a passage of capitals
    EXACT = "=="  # as written


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `text` as the query spells it, `key` as it is looked up (see `pattern_of`)."""

    text: str
    key: str
    case: Case = Case.FOLDED

    @property
    def guarded(self) -> bool:
        """Whether its neighbours decide if it counts; only for words in capitals."""
        return self.case is Case.GUARDED and self.key == self.key.upper()

    @property
    def plain(self) -> bool:
        """Whether each place of its pattern is an occurrence, without a further check."""
        if self.case is Case.FOLDED:
            return True
        return not (self.guarded or "*" in self.key or "?" in self.key)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other directly."""

    text: str
    words: tuple[Word, ...]
    case: Case = Case.FOLDED


@dataclass(frozen=True, slots=True)
class Metadata:
    """A value of the article that is not text, matched whole as a folded glob."""

    field: str
    text: str
    pattern: str


# Places of text fields: the last of `TEXT_FIELDS`, and that without the posts that it embeds.
BODY, OWN_BODY = 2, 3


def narrowed(wanted: Iterable[int], outer: Collection[int]) -> tuple[int, ...]:
    """The places that are in both; the body without its posts is a part of the body."""
    wanted = tuple(wanted)
    both = [place for place in wanted if place in outer]
    if (BODY in wanted and OWN_BODY in outer) or (OWN_BODY in wanted and BODY in outer):
        both.append(OWN_BODY)
    return tuple(both)


@dataclass(frozen=True, slots=True)
class Field:
    """The node inside, limited to these text fields (their places in `TEXT_FIELDS`, `OWN_BODY`)."""

    name: str
    places: tuple[int, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of `nodes` and none of `without`."""

    nodes: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of `nodes`."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Left and right with at most `distance` words between them; left first if `ordered`."""

    left: Node
    right: Node
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Except:
    """Occurrences of `node` that do not overlap one of `without`."""

    node: Node
    without: Node


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`count` or more occurrences of `node` that do not overlap."""

    count: int
    node: Node


@dataclass(frozen=True, slots=True)
class Concept:
    """A named list of expressions joined by OR; one object per name, however often it is used."""

    name: str
    node: Node


Node: TypeAlias = Word | Phrase | Metadata | Field | And | Or | Near | Except | AtLeast | Concept


@dataclass(frozen=True, slots=True)
class Query:
    """A query without faults: its text, its tree, and the concepts that it names directly."""

    text: str
    node: Node
    concepts: tuple[str, ...] = ()


def needed(node: Node) -> tuple[Node, ...]:
    """The nodes directly below that must all match; an `Or` has none."""
    match node:
        case And():
            return node.nodes
        case Near():
            return (node.left, node.right)
        case Except() | Field() | AtLeast() | Concept():
            return (node.node,)
        case Word() | Phrase() | Metadata() | Or():
            return ()


def operands(node: Node) -> tuple[Node, ...]:
    """The nodes directly below; those that must not match come last."""
    match node:
        case And():
            return node.nodes + node.without
        case Or():
            return node.nodes
        case Except():
            return (node.node, node.without)
        case Word() | Phrase() | Metadata() | Near() | Field() | AtLeast() | Concept():
            return needed(node)


def has_words(node: Node) -> bool:
    """Whether it holds a word or phrase that can have occurrences."""
    if isinstance(node, Word | Phrase):
        return True
    below = node.nodes if isinstance(node, Or) else needed(node)
    return any(map(has_words, below))
