"""What a document must hold for a query to match: the words under which a rule is filed.

A plan is a list of clauses. Each clause is a set of patterns, given by their numbers; a document
must hold at least one of them. That is necessary, not sufficient: the exact evaluator decides. The
rarest clause is the anchor, so that a document is compared with few rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

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
    needed,
)

Clause: TypeAlias = frozenset[int]
Clauses: TypeAlias = tuple[Clause, ...]

# The commonest words of Dutch newspapers. They are an anchor only if there is no other. Chosen by
# hand; they decide how quick matching is, never what matches.
_COMMON = frozenset(
    """
    de het een van in en is dat op te zijn met voor die er niet aan om als bij ook naar uit door
    over dan maar tot nog wordt heeft was worden hij ze zij ik je we wat wel al of geen meer zo
    hebben deze dit kan moet na werd zou veel jaar nu onder hun twee goed wil mensen tegen volgens
    omdat had haar men gaat alle kunnen zich moeten komt zegt gaan waar mijn drie nieuwe sinds
    eerste the of and to nederland nederlandse amsterdam
    """.split()  # noqa: SIM905 - eighty words read better as text
)


class Planner:
    """Plans of queries; the plan of a concept is made once for all rules that use it."""

    def __init__(self, numbers: Mapping[str, int], uses: Mapping[str, int]) -> None:
        """Plan with these numbers and uses of patterns; they must be there when a plan is made."""
        self._numbers, self._uses = numbers, uses
        self._concepts: dict[int, tuple[Concept, Clauses]] = {}
        self._ones: dict[str, Clause] = {}
        self._weights: dict[int, int] = {}

    def copy(self, numbers: Mapping[str, int], uses: Mapping[str, int]) -> Planner:
        """A planner for a longer numbering, which begins as this one's does."""
        planner = Planner(numbers, uses)
        planner._concepts, planner._ones = self._concepts.copy(), self._ones.copy()
        planner._weights = self._weights.copy()
        return planner

    def clauses(self, node: Node) -> Clauses:
        """The clauses of a query, the rarest first; none when any text might match."""
        clauses = self._clauses(node)
        if len(clauses) < 2:  # noqa: PLR2004 - nothing to sort
            return clauses
        return tuple(sorted(dict.fromkeys(clauses), key=self._commonness))

    def _clauses(self, node: Node) -> Clauses:
        match node:
            case Word():
                return (self._one(node.key),)
            case Phrase():
                return tuple(self._one(word.key) for word in node.words)
            case Or():
                return self._either(node)
            case Concept():
                return self._concept(node)
            case Metadata() | Field() | And() | Near() | Except() | AtLeast():
                return tuple(clause for part in needed(node) for clause in self._clauses(part))

    def _one(self, key: str) -> Clause:
        """The clause of one key; all rules with that key share one object."""
        clause = self._ones.get(key)
        if clause is None:
            number = self._numbers[key]
            clause = self._ones[key] = frozenset((number,))
            # Many rules name what is common in the news, so uses count squared.
            self._weights[number] = _weight(key) * self._uses[key] ** 2
        return clause

    def _either(self, node: Or) -> Clauses:
        numbers: set[int] = set()
        for part in node.nodes:
            branch = self._clauses(part)
            if not branch:
                return ()
            rarest: Clause = min(branch, key=self._commonness) if len(branch) > 1 else branch[0]
            numbers |= rarest
        return (frozenset(numbers),)

    def _concept(self, node: Concept) -> Clauses:
        held = self._concepts.get(id(node))
        if held is None:
            held = self._concepts[id(node)] = node, self._clauses(node.node)
        return held[1]

    def _commonness(self, clause: Clause) -> int:
        return sum(map(self._weights.__getitem__, clause))


def _weight(key: str) -> int:
    """A rough guess how common a word is: short words and open ends are common.

    The numbers are chosen, and matter only in comparison with each other.
    """
    if key in _COMMON:
        return 4096
    stars = key.count("*") + key.count("?")
    exact = key.startswith("=")
    letters = len(key) - stars - exact
    return 1024 >> min(max(letters - 2, 0) + 2 * exact, 10) << 2 * stars
