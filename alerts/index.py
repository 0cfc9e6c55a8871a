"""Many standing queries on one document: each is filed under words that it cannot do without.

The distinct words of a document select candidates, the rest of each candidate's plan is compared
with the words that are there, and only then positions are built and the query evaluated exactly
(the method of Lucene Monitor's presearcher). No regular expression of a user is ever run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import filterfalse

from alerts.document import Document
from alerts.evaluate import answer
from alerts.match import Hit
from alerts.plan import Clauses, Planner
from alerts.query import Node
from alerts.reading import Reading
from alerts.text import Passages, passages
from alerts.vocabulary import Vocabulary

_LETTERS_REMEMBERED = 2_000_000  # of words of earlier documents: some 200,000 words


class _Seen:
    """What is known of words of earlier documents; it is only ever added to.

    A word is in `dead` when no pattern stands in it, else in `live`. `forms` holds the live words
    of each pattern, `targets` the queries that a word selects: those it selects alone, and those
    for which a form of a second pattern must be there.
    """

    __slots__ = ("dead", "forms", "live", "size", "targets")

    def __init__(self) -> None:
        self.dead: set[str] = set()
        self.live: dict[str, tuple[str, ...]] = {}
        self.forms: dict[str, set[str]] = {}
        self.targets: dict[str, tuple[tuple[int, ...], tuple[tuple[set[str], int], ...]]] = {}
        self.size = 0


class IndexedReading(Reading):
    """A document of which only the words that some query asks for are looked at."""

    def __init__(
        self, document: Document, passages: Passages, words: set[str], seen: _Seen
    ) -> None:
        """Open a document; `words` are those of its chunks that are not dead."""
        super().__init__(document, passages)
        self.words, self._forms = words, seen.forms

    def holding(self, key: str) -> set[str]:
        """The distinct chunks in which a pattern stands."""
        forms = self._forms.get(key)
        return self.words & forms if forms else set()


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
        # Under each key of its anchor a query stands alone, or with one more key that it needs;
        # looking at that one at once spares most of the work for queries that do not match.
        self._alone: dict[str, tuple[int, ...]] = {}
        self._paired: dict[str, tuple[tuple[str, int], ...]] = {}
        self._rest: dict[int, Clauses] = {}
        self._vocabulary, self._planner = Vocabulary(), Planner()
        self._removed = 0
        self._seen = _Seen()

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
        index._alone, index._paired = self._alone.copy(), self._paired.copy()
        index._rest, index._everywhere = self._rest.copy(), self._everywhere
        index._vocabulary, index._planner = self._vocabulary.copy(), self._planner
        index._removed = self._removed + len(gone)
        index._unfile(gone)
        index._file(added)
        return index

    def _file(self, nodes: Mapping[int, Node]) -> None:
        alone: dict[str, list[int]] = {}
        paired: dict[str, list[tuple[str, int]]] = {}
        for number, node in nodes.items():
            plan = self._planner.clauses(node)
            self._nodes[number], self._plans[number] = node, plan
            self._vocabulary.add(node)
            single = next((clause for clause in plan[1:] if len(clause) == 1), None)
            if single:
                (needed,) = single
                for key in plan[0]:
                    paired.setdefault(key, []).append((needed, number))
            else:
                for key in plan[0] if plan else ():
                    alone.setdefault(key, []).append(number)
            rest = tuple(clause for clause in plan[1:] if clause is not single)
            if rest:
                self._rest[number] = rest
        for key, numbers in alone.items():
            self._alone[key] = (*self._alone.get(key, ()), *numbers)
        for key, pairs in paired.items():
            self._paired[key] = (*self._paired.get(key, ()), *pairs)
        self._everywhere |= {number for number in nodes if not self._plans[number]}

    def _unfile(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            plan = self._plans.pop(number)
            for key in plan[0] if plan else ():
                self._alone[key] = tuple(n for n in self._alone.get(key, ()) if n != number)
                self._paired[key] = tuple(p for p in self._paired.get(key, ()) if p[1] != number)
            del self._nodes[number]
            self._rest.pop(number, None)
            self._everywhere -= {number}

    def select(self, document: Document) -> tuple[list[int], IndexedReading]:
        """The queries that may match, by number, and the document opened for them."""
        found, seen = passages(document.texts), self._seen
        words = set(filterfalse(seen.dead.__contains__, found.spaced.split()))
        fresh = words.difference(seen.live)
        if fresh:
            self._learn(seen, fresh)
        return self._candidates(words, seen), IndexedReading(document, found, words, seen)

    def _learn(self, seen: _Seen, fresh: set[str]) -> None:
        """Look up new words, once for all documents to come."""
        live = self._vocabulary.live(fresh)
        for word, keys in live.items():
            for key in keys:
                seen.forms.setdefault(key, set()).add(word)
            alone = tuple(number for key in keys for number in self._alone.get(key, ()))
            paired = tuple(
                (seen.forms.setdefault(needed, set()), number)
                for key in keys
                for needed, number in self._paired.get(key, ())
            )
            if alone or paired:
                seen.targets[word] = alone, paired
            seen.live[word] = keys
        seen.dead.update(fresh.difference(live))
        seen.size += sum(map(len, fresh))
        if seen.size > _LETTERS_REMEMBERED:
            self._seen = _Seen()

    def _candidates(self, words: set[str], seen: _Seen) -> list[int]:
        selected = set(self._everywhere)
        for word in words & seen.targets.keys():
            alone, paired = seen.targets[word]
            selected.update(alone)
            for forms, number in paired:
                if not words.isdisjoint(forms):
                    selected.add(number)
        if not selected.isdisjoint(self._rest):
            present = set[str]().union(*map(seen.live.__getitem__, words & seen.live.keys()))
            selected -= {
                number
                for number in selected & self._rest.keys()
                if any(map(present.isdisjoint, self._rest[number]))
            }
        return sorted(selected)

    def answer(self, number: int, reading: IndexedReading) -> tuple[Hit, ...] | None:
        """The hits of one query, or nothing when it does not match."""
        return answer(self._nodes[number], reading)
