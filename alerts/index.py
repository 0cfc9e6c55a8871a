"""Many standing queries on one document: each is filed under words that it cannot do without.

The distinct words of a document select candidates, the rest of each candidate's plan is compared
with the words that are there, and only then positions are built and the query evaluated exactly
(the method of Lucene Monitor's presearcher). No regular expression of a user is ever run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from alerts.document import Document
from alerts.evaluate import ALL, Occurrences, occurrences
from alerts.plan import Clause, Clauses, Planner
from alerts.query import Node
from alerts.reading import OpenField, Reading, Stretch
from alerts.text import passage
from alerts.vocabulary import Vocabulary
from alerts.words import compound_of, pattern_of

_WORDS_REMEMBERED = 200_000
_LONGEST_REMEMBERED = 60


class IndexedReading(Reading):
    """A document of which only the words that some query asks for are looked at."""

    __slots__ = ("_live", "_present")

    def __init__(
        self,
        document: Document,
        fields: tuple[OpenField, ...],
        live: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Open a document; `live` holds the chunks in which a pattern stands, with these."""
        super().__init__(document, fields)
        self._live = live
        self._present: dict[str, list[str]] | None = None

    def parts(self, key: str) -> Mapping[str, Sequence[Stretch]]:
        """The chunks in which a pattern stands, each with the parts that it takes up."""
        if self._present is None:
            self._present = {}
            for chunk, keys in self._live.items():
                for each in keys:
                    self._present.setdefault(each, []).append(chunk)
        pattern = pattern_of(key)
        return {chunk: pattern.places(compound_of(chunk)) for chunk in self._present.get(key, ())}


class _Seen:
    """Words of earlier documents: all that are known, and those in which a pattern stands."""

    __slots__ = ("known", "live", "patterns")

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.live: set[str] = set()
        self.patterns: dict[str, tuple[str, ...]] = {}

    def add(self, chunks: Collection[str], live: Mapping[str, tuple[str, ...]]) -> None:
        self.patterns.update(live)
        self.live.update(live)
        self.known.update(chunks)


class RuleIndex:
    """Queries under numbers, in the order of which they are answered.

    Once shared an index does not change: `with_changes` gives another one, so that a thread that
    is matching is never disturbed.
    """

    def __init__(self) -> None:
        """Start without queries."""
        self._nodes: dict[int, Node] = {}
        self._anchors: dict[int, Clause] = {}
        self._needs: dict[int, Clause] = {}
        self._choices: dict[int, Clauses] = {}
        self._anchored: dict[str, tuple[int, ...]] = {}
        self._everywhere: frozenset[int] = frozenset()
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
        index._nodes, index._anchors = self._nodes.copy(), self._anchors.copy()
        index._needs, index._choices = self._needs.copy(), self._choices.copy()
        index._anchored, index._everywhere = self._anchored.copy(), self._everywhere
        index._vocabulary, index._planner = self._vocabulary.copy(), self._planner
        index._removed = self._removed + len(gone)
        index._unfile(gone)
        index._file(added)
        return index

    def _file(self, nodes: Mapping[int, Node]) -> None:
        anchored: dict[str, list[int]] = {}
        for number, node in nodes.items():
            anchor, *rest = self._planner.clauses(node) or (frozenset[str](),)
            self._nodes[number], self._anchors[number] = node, anchor
            self._needs[number] = frozenset(
                k for clause in rest if len(clause) == 1 for k in clause
            )
            choices = tuple(clause for clause in rest if len(clause) > 1)
            if choices:
                self._choices[number] = choices
            self._vocabulary.add(node)
            for key in anchor:
                anchored.setdefault(key, []).append(number)
        for key, numbers in anchored.items():
            self._anchored[key] = (*self._anchored.get(key, ()), *numbers)
        self._everywhere |= {number for number in nodes if not self._anchors[number]}

    def _unfile(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            for key in self._anchors.pop(number):
                rest = tuple(each for each in self._anchored[key] if each != number)
                if rest:
                    self._anchored[key] = rest
                else:
                    del self._anchored[key]
            del self._nodes[number], self._needs[number]
            self._choices.pop(number, None)
            self._everywhere -= {number}

    def select(self, document: Document) -> tuple[list[int], IndexedReading]:
        """The queries that may match, by number, and the document opened for them."""
        passages = [passage(text) for text in document.texts]
        chunks = [each.spaced.split() for each in passages]
        live = self._live(set().union(*chunks))
        numbers = self._candidates(set().union(*live.values()))
        fields = tuple(
            OpenField(words, text, live) for words, text in zip(chunks, passages, strict=True)
        )
        return numbers, IndexedReading(document, fields, live)

    def _live(self, words: set[str]) -> dict[str, tuple[str, ...]]:
        """The words in which a pattern stands, with these patterns."""
        seen, long = self._seen, dict[str, tuple[str, ...]]()
        fresh = words - seen.known
        if fresh:
            if len(max(fresh, key=len)) > _LONGEST_REMEMBERED:
                long = self._vocabulary.live(w for w in fresh if len(w) > _LONGEST_REMEMBERED)
                fresh = {word for word in fresh if len(word) <= _LONGEST_REMEMBERED}
            seen.add(fresh, self._vocabulary.live(fresh))
            if len(seen.known) > _WORDS_REMEMBERED:
                self._seen = _Seen()
        patterns = seen.patterns
        return {word: patterns[word] for word in words & seen.live} | long

    def _candidates(self, present: set[str]) -> list[int]:
        selected = set(self._everywhere)
        for key in self._anchored.keys() & present:
            selected.update(self._anchored[key])
        needs, choices = self._needs, self._choices
        return sorted(
            number
            for number in selected
            if needs[number] <= present
            and not any(choice.isdisjoint(present) for choice in choices.get(number, ()))
        )

    def answer(self, number: int, reading: IndexedReading) -> Occurrences | None:
        """The occurrences of one query, or nothing when it does not match."""
        return occurrences(self._nodes[number], reading, ALL)
