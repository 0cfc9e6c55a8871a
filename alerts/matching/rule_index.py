"""Many standing queries on one document; each is filed under words that it needs.

The words of a document select candidates. Then the rest of each candidate's plan is compared with
the words present. Only what is left is evaluated exactly, with positions (the method of Lucene
Monitor's presearcher). No regular expression of a user is ever run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from typing import NamedTuple

from alerts.document import TEXT_FIELDS, Document
from alerts.match import Hit
from alerts.matching.alternatives import Alternatives, file_lists
from alerts.matching.anchors import Clause, Clauses, Planner
from alerts.matching.evaluate import answer
from alerts.matching.filing import Filing, Lists
from alerts.matching.opened import Occurrence, OpenDocument, Stretch
from alerts.matching.row import Passages
from alerts.matching.vocabulary import Present, Vocabulary
from alerts.query.patterns import pattern_of
from alerts.query.tree import BODY, OWN_BODY, And, Except, Node, Or, Word

# Words. Measured: with 2,300 it takes the same, with 7,000 less; and of the few rules of the pack,
# which find much in each document, it takes up to half more to hold what was found in many.
_MANY = 5_000

_NOWHERE: list[Occurrence] = []


class Known(NamedTuple):
    """What an index knows of its queries: the numbers of all patterns, and the long lists by id."""

    numbers: Mapping[str, int]
    lists: Mapping[int, Alternatives]


class IndexedDocument(OpenDocument):
    """A document in which only those words are looked up that some query asks for."""

    def __init__(
        self,
        document: Document,
        passages: Passages,
        present: Present,
        known: Known,
        answered: Lists,
    ) -> None:
        """Open a document that may hold the patterns in `present`.

        `answered` has the queries that are lists of words, with those that are there.
        """
        super().__init__(document, passages.folded, passages.begins, passages.edits)
        self._passages, self._numbers = passages, known.numbers
        self._present, self._standing = present, present.numbers
        self.answered, self._lists = answered, known.lists
        self._alternatives: dict[tuple[int, tuple[int, ...]], Sequence[Node]] = {}
        self._by_fields: dict[tuple[int, ...], AbstractSet[int]] = {}

    @property
    def spaced(self) -> str:
        """The row as it is written."""
        return self._passages.spaced

    @property
    def words(self) -> str:
        """The row with spaces for its joiners."""
        return self._passages.words

    def alternatives(self, node: Or, fields: tuple[int, ...]) -> Sequence[Node]:
        """The alternatives that may stand in these fields, in order; none that does is missing."""
        filed = self._lists.get(id(node))
        if filed is None:
            return node.nodes
        asked = id(node), fields
        found = self._alternatives.get(asked)
        if found is None:
            found = self._alternatives[asked] = filed.among(self._standing_in(fields))
        return found

    def _standing_in(self, fields: tuple[int, ...]) -> AbstractSet[int]:
        """The patterns that may stand in these fields."""
        if len(fields) == len(TEXT_FIELDS):
            return self._standing
        found = self._by_fields.get(fields)
        if found is None:
            if not self._by_fields:
                every = self._present.by_field(self._begins)
                self._by_fields = {(field,): held for field, held in enumerate(every)}
                self._by_fields[OWN_BODY,] = every[BODY]
            found = set[int]().union(*(self._by_fields[field,] for field in fields))
            self._by_fields[fields] = found
        return found

    def find(self, key: str) -> list[Occurrence]:
        """All occurrences of a pattern, in order; the list is not to be changed."""
        return super().find(key) if self._numbers[key] in self._standing else _NOWHERE

    def hits(self, patterns: list[int], doubts: Clause | None) -> tuple[Hit, ...] | None:
        """All hits of these plain words, or None when only the evaluator can tell."""
        present = self._present
        if doubts and not doubts.isdisjoint(self._standing):
            return None
        if present.whole and not present.whole.keys().isdisjoint(patterns):
            return None
        places = present.places(patterns[0])
        if len(patterns) > 1:
            others = (place for pattern in patterns[1:] for place in present.places(pattern))
            places = sorted({*places, *others})
        return tuple([self.hit(start, end) for start, end in places])

    def stretches(self, key: str) -> Sequence[Stretch]:
        """Where a pattern stands, in order."""
        number = self._numbers[key]
        found, chunks = self._present.places(number), self._present.whole.get(number)
        if chunks is None and not key.startswith("="):
            return found
        pattern, written = pattern_of(key), self._passages.stretch
        if pattern.exact and pattern.glob and found:
            found = [stretch for stretch in found if pattern.matches(written(*stretch))]
        whole = {
            (at + start, at + end)
            for at, until in chunks or ()
            for start, end in pattern.places(written(at, until))
        }
        return sorted(whole.union(found)) if whole else found


class Selected(NamedTuple):
    """The queries that may match, by number, and the document opened for them."""

    queries: list[int]
    reading: IndexedDocument


def _doubts(node: Node) -> Sequence[Word] | None:
    """The words that may take a hit away from a query that is a list of words; None for others.

    A list of words matches when one of them is present.
    """
    without: tuple[Node, ...] = ()
    match node:
        case Except(inner, one):
            node, without = inner, (one,)
        case And((inner,), without):
            node = inner
        case _:
            pass
    words = _alternatives(node)
    doubts = [_alternatives(part) for part in without]
    if words is None or None in doubts or not all(word.plain for word in words):
        return None
    return [word for part in doubts for word in part or ()]


def _alternatives(node: Node) -> tuple[Word, ...] | None:
    """The words of a list that matches by any of them; None if the node is no such list."""
    nodes = node.nodes if isinstance(node, Or) else (node,)
    words = tuple(word for word in nodes if isinstance(word, Word))
    return words if len(words) == len(nodes) else None


class RuleIndex:
    """Queries under numbers, answered in the order of these numbers.

    An index does not change once it is shared: `with_changes` gives another one, so that a thread
    that is matching is never disturbed.
    """

    def __init__(self) -> None:
        """Start without queries."""
        self._nodes: dict[int, Node] = {}
        self._plans: dict[int, Clauses] = {}
        # For lists of words: patterns that may take a hit away. If one is present, the query is
        # evaluated.
        self._doubts: dict[int, Clause] = {}
        self._filing = Filing()
        self._vocabulary = Vocabulary()
        self._planner = Planner(self._vocabulary.numbers, self._vocabulary.uses)
        self._lists: dict[int, Alternatives] = {}
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
        index._doubts, index._filing = self._doubts.copy(), self._filing.copy()
        index._vocabulary = vocabulary = self._vocabulary.copy()
        index._planner = self._planner.copy(vocabulary.numbers, vocabulary.uses)
        index._lists = self._lists.copy()
        index._removed = self._removed + len(gone)
        for number in gone:
            index._filing.remove(number, index._plans.pop(number))
            del index._nodes[number]
            index._doubts.pop(number, None)
        index._file(added)
        return index

    def _file(self, nodes: Mapping[int, Node]) -> None:
        self._vocabulary.add(nodes.values())
        plans = {number: self._planner.clauses(node) for number, node in nodes.items()}
        numbers, lists = self._vocabulary.numbers, set[int]()
        for number, node in nodes.items():
            doubts = _doubts(node)
            if doubts is not None:
                lists.add(number)
            if doubts:
                self._doubts[number] = frozenset(numbers[word.key] for word in doubts)
            file_lists(node, self._planner, self._lists)
        self._filing.add(plans, lists, self._vocabulary.size)
        self._nodes.update(nodes)
        self._plans.update(plans)

    @property
    def is_large(self) -> bool:
        """Whether its words are so many that documents are better matched together."""
        return self._vocabulary.size.needles >= _MANY

    def select(self, document: Document) -> Selected:
        """The queries that may match, and the document opened for them."""
        (selected,) = self.select_together((document,))
        return selected

    def select_together(self, documents: Sequence[Document]) -> Iterator[Selected]:
        """Yield the same for each of these documents, which takes less than one after the other.

        What thousands of queries need is in no cache when a document comes. So each step is taken
        for all documents before the next one. An open document remembers what was found in it, so
        each should be let go before the next.
        """
        rows = [Passages(document.texts) for document in documents]
        present = self._vocabulary.present(rows)
        selected = [self._filing.select(each.numbers) for each in present]
        known = Known(self._vocabulary.numbers, self._lists)
        opened = zip(documents, rows, present, selected, strict=True)
        for document, row, held, (numbers, lists) in opened:
            yield Selected(numbers, IndexedDocument(document, row, held, known, lists))

    def answer(self, number: int, reading: IndexedDocument) -> tuple[Hit, ...] | None:
        """All hits of a query, or None when it does not match; see `evaluate.answer`."""
        words, doubts = reading.answered.get(number), self._doubts.get(number)
        hits = reading.hits(words, doubts) if words else None
        return answer(self._nodes[number], reading) if hits is None else hits
