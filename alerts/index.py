"""Many standing queries on one document: each is filed under words that it cannot do without.

The words of a document select candidates, the rest of each candidate's plan is compared
with the words that are there, and only then positions are built and the query evaluated exactly
(the method of Lucene Monitor's presearcher). No regular expression of a user is ever run.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from alerts.document import Document
from alerts.passages import Passages
from alerts.plan import Clauses, Planner
from alerts.query import Node
from alerts.reading import Occurrence, Reading, Stretch
from alerts.vocabulary import ALWAYS, Present, Vocabulary
from alerts.words import pattern_of

_NOWHERE: list[Occurrence] = []
_FEW = 4  # patterns of a clause that are looked for one by one


class IndexedReading(Reading):
    """A document of which only the words that some query asks for are looked at."""

    def __init__(
        self,
        document: Document,
        passages: Passages,
        present: Present,
        numbers: Mapping[str, int],
    ) -> None:
        """Open a document in which these patterns may stand; `numbers` are those of all."""
        super().__init__(document, passages.folded, passages.begins, passages.edits)
        self._passages, self._numbers = passages, numbers
        self._present, self._whole = present, present.whole

    @property
    def spaced(self) -> str:
        """The row as it is written."""
        return self._passages.spaced

    @property
    def words(self) -> str:
        """The row with its joiners as spaces."""
        return self._passages.words

    def find(self, key: str) -> list[Occurrence]:
        """All occurrences of a pattern, in order; the list is not to be changed."""
        number = self._numbers[key]
        known = self._present.needles if number >= 0 else self._present.others
        return super().find(key) if number in known else _NOWHERE

    def stretches(self, key: str) -> Sequence[Stretch]:
        """Where a pattern stands, in order."""
        number = self._numbers[key]
        found = self._present.places(number)
        if number >= 0 and number not in self._whole:
            return found
        pattern = pattern_of(key)
        if pattern.exact and found:
            spaced = self.spaced
            found = [(start, end) for start, end in found if pattern.matches(spaced[start:end])]
        whole = {
            (at + start, at + end)
            for at, until in self._whole.get(number, ())
            for start, end in pattern.places(self.spaced[at:until])
        }
        return sorted(whole.union(found)) if whole else found


def _second(plan: Clauses) -> Iterable[int]:
    """What to look for at once beside an anchor: most rules end there."""
    return plan[1] if len(plan) > 1 and len(plan[1]) <= _FEW else (ALWAYS,)


def _selected(pairs: Iterable[int], present: set[int]) -> Iterator[int]:
    turns = iter(pairs)
    return (number for number in turns if next(turns) in present)


def _holds(plan: Clauses, present: set[int]) -> bool:
    """Whether the clauses hold behind the one by which a query was selected."""
    for clause in plan[1:]:  # noqa: SIM110 - most plans end here; a generator costs more than that
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
        # For each needle and each other pattern: in turns, a query that is filed under it, and what
        # must stand there too. Numbers side by side are read several times faster than objects.
        self._under_needle: list[array[int] | None] = []
        self._under_other: dict[int, array[int]] = {}
        self._vocabulary = Vocabulary()
        self._planner = Planner(self._vocabulary.numbers)
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
        index._under_needle = self._under_needle.copy()
        index._under_other, index._everywhere = self._under_other.copy(), self._everywhere
        index._vocabulary = self._vocabulary.copy()
        index._planner = self._planner.copy(index._vocabulary.numbers)
        index._removed = self._removed + len(gone)
        index._unfile(gone)
        index._file(added)
        return index

    def _file(self, nodes: Mapping[int, Node]) -> None:
        self._vocabulary.add(nodes.values())
        self._under_needle += [None] * (self._vocabulary.needles - len(self._under_needle))
        added: defaultdict[int, list[int]] = defaultdict(list)
        for number, node in nodes.items():
            plan = self._planner.clauses(node)
            self._nodes[number], self._plans[number] = node, plan
            for anchor in plan[0] if plan else ():
                for also in _second(plan):
                    added[anchor] += (number, also)
        for anchor, pairs in added.items():
            self._put(anchor, array("i", (*(self._under(anchor) or ()), *pairs)))
        self._everywhere |= {number for number in nodes if not self._plans[number]}

    def _under(self, anchor: int) -> array[int] | None:
        return self._under_needle[anchor] if anchor >= 0 else self._under_other.get(anchor)

    def _put(self, anchor: int, pairs: array[int]) -> None:
        if anchor >= 0:
            self._under_needle[anchor] = pairs
        else:
            self._under_other[anchor] = pairs

    def _unfile(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            plan = self._plans.pop(number)
            for anchor in plan[0] if plan else ():
                pairs = iter(self._under(anchor) or ())
                kept = [pair for pair in zip(pairs, pairs, strict=True) if pair[0] != number]
                self._put(anchor, array("i", chain.from_iterable(kept)))
            del self._nodes[number]
            self._everywhere -= {number}

    def select(self, document: Document) -> tuple[list[int], IndexedReading]:
        """The queries that may match, by number, and the document opened for them."""
        passages = Passages(document.texts)
        present = self._vocabulary.present(passages)
        reading = IndexedReading(document, passages, present, self._vocabulary.numbers)
        return self._candidates(present), reading

    def _candidates(self, present: Present) -> list[int]:
        numbers, plans = present.needles | present.others, self._plans
        selected, under_needle = set(self._everywhere), self._under_needle
        for needle in present.needles:
            pairs = under_needle[needle]
            if pairs is None:
                continue
            if len(pairs) == 2:  # noqa: PLR2004 - most often, and then worth no loop
                if pairs[1] in numbers:
                    selected.add(pairs[0])
            else:
                selected.update(_selected(pairs, numbers))
        for other in present.others:
            selected.update(_selected(self._under_other.get(other, ()), numbers))
        return [number for number in sorted(selected) if _holds(plans[number], numbers)]
