"""Many standing queries on one document: each is filed under words that it cannot do without.

The distinct words of a document select candidates, the rest of each candidate's plan is compared
with the words that are there, and only then positions are built and the query evaluated exactly
(the method of Lucene Monitor's presearcher). No regular expression of a user is ever run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from alerts.document import Document
from alerts.evaluate import answer
from alerts.match import Hit
from alerts.passages import Passages
from alerts.plan import Clause, Clauses, Planner
from alerts.query import Node
from alerts.reading import Reading, Stretch, places_of
from alerts.vocabulary import Present, Vocabulary
from alerts.words import pattern_of


class IndexedReading(Reading):
    """A document of which only the words that some query asks for are looked at."""

    def __init__(self, document: Document, passages: Passages, present: Present) -> None:
        """Open a document in which these patterns may stand."""
        super().__init__(document, passages.folded, passages.begins, passages.edits)
        self._passages, self._present = passages, present

    @property
    def spaced(self) -> str:
        """The row as it is written."""
        return self._passages.spaced

    @property
    def words(self) -> str:
        """The row with its joiners as spaces."""
        return self._passages.words

    def stretches(self, key: str) -> Iterable[Stretch]:
        """Where a pattern stands."""
        present = self._present
        if key in present.words or key in present.whole:
            return self._involved(key)
        return (
            [(at, at + len(key)) for at in places_of(key, self.words)]
            if key in present.keys
            else ()
        )

    def _involved(self, key: str) -> set[Stretch]:
        """Where a pattern stands that is not simply a word."""
        found = {
            (at, at + len(word))
            for word in self._words_of(key)
            for at in places_of(word, self.words)
        }
        pattern = pattern_of(key)
        if pattern.exact:
            spaced = self.spaced
            found = {(start, end) for start, end in found if pattern.matches(spaced[start:end])}
        for at, chunk in self._present.whole.get(key, ()):
            found.update((at + start, at + end) for start, end in pattern.places(chunk))
        return found

    def _words_of(self, key: str) -> Sequence[str]:
        pattern = pattern_of(key)
        if pattern.exact or pattern.glob:
            return self._present.words.get(key, ())
        return (key,)


class _Filed(NamedTuple):
    """The queries under one key: selected by it alone, or if another clause holds, too."""

    alone: tuple[int, ...] = ()
    clauses: tuple[Clause, ...] = ()  # beside `numbers`; most do not hold, and are looked at alone
    numbers: tuple[int, ...] = ()


def _holds(plan: Clauses, present: set[str]) -> bool:
    """Whether the clauses hold behind those by which a query was selected."""
    for clause in plan[2:]:  # noqa: SIM110 - most plans end here; a generator costs more than that
        if clause.isdisjoint(present):
            return False
    return True


class RuleIndex:
    """Queries under numbers, in the order of which they are answered.

    Once shared an index does not change: `with_changes` gives another one, so that a thread that
    is matching is never disturbed.
    """

    def __init__(self) -> None:
        """Start without queries."""
        self._nodes: dict[int, Node] = {}
        self._plans: dict[int, Clauses] = {}
        self._everywhere: frozenset[int] = frozenset()
        # Looking at a second clause at once spares most of the work for what does not match.
        self._filed: dict[str, _Filed] = {}
        self._anchors: set[str] = set()
        self._vocabulary, self._planner = Vocabulary(), Planner()
        self._removed = 0

    @classmethod
    def of(cls, nodes: Mapping[int, Node]) -> RuleIndex:
        """The index of these queries."""
        index = cls()
        index._file(nodes)
        return index

    def with_changes(self, added: Mapping[int, Node], removed: Iterable[int] = ()) -> RuleIndex:
        """This index without the removed queries and with the added ones."""
        gone = [number for number in removed if number in self._nodes]
        if self._removed + len(gone) > len(self._nodes):
            kept = {number: node for number, node in self._nodes.items() if number not in gone}
            return RuleIndex.of(kept | dict(added))
        index = RuleIndex()
        index._nodes, index._plans = self._nodes.copy(), self._plans.copy()
        index._filed, index._anchors = self._filed.copy(), self._anchors.copy()
        index._everywhere = self._everywhere
        index._vocabulary, index._planner = self._vocabulary.copy(), self._planner
        index._removed = self._removed + len(gone)
        index._unfile(gone)
        index._file(added)
        return index

    def _file(self, nodes: Mapping[int, Node]) -> None:
        added: dict[str, tuple[list[int], list[Clause], list[int]]] = {}
        for number, node in nodes.items():
            plan = self._planner.clauses(node)
            self._nodes[number], self._plans[number] = node, plan
            self._vocabulary.add(node)
            for key in plan[0] if plan else ():
                alone, clauses, numbers = added.setdefault(key, ([], [], []))
                if len(plan) == 1:
                    alone.append(number)
                else:
                    clauses.append(plan[1])
                    numbers.append(number)
        for key, (alone, clauses, numbers) in added.items():
            held = self._filed.get(key, _Filed())
            self._filed[key] = _Filed(
                (*held.alone, *alone), (*held.clauses, *clauses), (*held.numbers, *numbers)
            )
        self._anchors.update(added)
        self._everywhere |= {number for number in nodes if not self._plans[number]}

    def _unfile(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            plan = self._plans.pop(number)
            for key in plan[0] if plan else ():
                alone, clauses, held = self._filed[key]
                kept = [place for place, each in enumerate(held) if each != number]
                self._filed[key] = _Filed(
                    tuple(each for each in alone if each != number),
                    tuple(clauses[place] for place in kept),
                    tuple(held[place] for place in kept),
                )
            del self._nodes[number]
            self._everywhere -= {number}

    def select(self, document: Document) -> tuple[list[int], IndexedReading]:
        """The queries that may match, by number, and the document opened for them."""
        passages = Passages(document.texts)
        present = self._vocabulary.present(passages)
        return self._candidates(present.keys), IndexedReading(document, passages, present)

    def _candidates(self, present: set[str]) -> list[int]:
        selected = set(self._everywhere)
        for key in present & self._anchors:
            alone, clauses, numbers = self._filed[key]
            if alone:
                selected.update(alone)
            for place, clause in enumerate(clauses):
                if not clause.isdisjoint(present):
                    selected.add(numbers[place])
        plans = self._plans
        return [number for number in sorted(selected) if _holds(plans[number], present)]

    def answer(self, number: int, reading: IndexedReading) -> tuple[Hit, ...] | None:
        """The hits of one query, or nothing when it does not match."""
        return answer(self._nodes[number], reading)
