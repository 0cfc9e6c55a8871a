"""Queries and concepts read from text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from alerts.faults import QueryFault
from alerts.query.grammar import DEEPEST, Grammar
from alerts.query.lexer import QueryText, source_of
from alerts.query.tree import Concept, Node, Or, Query
from crawler.errors import QueryError


class Concepts:
    """Named lists of expressions. Each is read at its first use and shared from then on.

    A fault in an expression raises `QueryError` with the column in that expression.
    """

    def __init__(self, definitions: Mapping[str, Sequence[str]] | None = None) -> None:
        """Hold the definitions; `faults` reads them all."""
        self._definitions = {name: tuple(texts) for name, texts in (definitions or {}).items()}
        self._nodes: dict[tuple[str, str | None], Concept] = {}
        self._extents: dict[str, tuple[int, int]] = {}
        self._used: dict[str, tuple[str, ...]] = {}
        self._open: list[str] = []

    @property
    def names(self) -> Iterable[str]:
        """All names, in the order of their definition."""
        return self._definitions.keys()

    @property
    def definitions(self) -> Mapping[str, tuple[str, ...]]:
        """Each name with its expressions."""
        return self._definitions

    def faults(self) -> Iterator[QueryError]:
        """Read every concept, used or not, and yield the fault of each expression that has one."""
        seen = set[tuple[str, str]]()
        for name in self._definitions:
            try:
                self.use(name, None, source_of(f"@{name}"), 0)
            except QueryError as fault:
                for each in (fault, *self._faults_in(name)):
                    known = each.query, str(each)
                    if known not in seen:  # a fault of another concept is reported only once
                        seen.add(known)
                        yield each

    def _faults_in(self, name: str) -> Iterator[QueryError]:
        """Yield the faults of a concept; each of its expressions is read by itself."""
        for text in self._definitions[name]:
            self._open.append(name)
            try:
                Grammar(source_of(text, name), self).query()
            except QueryError as fault:
                yield fault
            finally:
                self._open.pop()

    def use(self, name: str, metadata: str | None, user: QueryText, at: int) -> Concept:
        """The concept of that name, read for text or for a metadata field."""
        node = self._nodes.get((name, metadata))
        if node is None:
            if name in self._open:
                way = [*self._open[self._open.index(name) :], name]
                shown = " -> ".join(f"@{step}" for step in way)
                user.fault(QueryFault.USES_ITSELF(name=name, way=shown), at)
            if len(self._open) >= DEEPEST:
                user.fault(QueryFault.MANY_CONCEPTS(most=DEEPEST), at)
            self._open.append(name)
            try:
                node = Concept(name, self._read(name, metadata))
            finally:
                self._open.pop()
            self._nodes[name, metadata] = node
        return node

    def _read(self, name: str, metadata: str | None) -> Node:
        nodes, used = list[Node](), list[str]()
        depth = words = 0
        for text in self._definitions[name]:
            grammar = Grammar(source_of(text, name), self, metadata)
            nodes.append(grammar.query())
            depth, words = max(depth, grammar.depth), words + grammar.words
            used += grammar.used
        if not nodes:
            source_of("", name).fault(QueryFault.EMPTY_CONCEPT(), 0)
        self._extents[name] = depth, words
        self._used[name] = tuple(dict.fromkeys(used))
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def extent(self, name: str) -> tuple[int, int]:
        """How many levels deep a concept is, and how many words it holds."""
        return self._extents[name]

    def behind(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """These concepts and all that they use, each with its expressions."""
        found = dict[str, tuple[str, ...]]()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self._definitions[name]
                waiting.extend(self._used[name])
        return found

    def digest(self, names: Sequence[str]) -> bytes:
        """A digest of these concepts and of all that they use; it changes when one of them does."""
        if not names:
            return b""
        digest = hashlib.blake2b(digest_size=16)
        for each in self.behind(names).items():
            digest.update(repr(each).encode("utf-8", "replace"))
        return digest.digest()


def parse(text: str, concepts: Concepts | Mapping[str, Sequence[str]] | None = None) -> Query:
    """The query that this text spells.

    Raises:
        QueryError: the text has a fault; the error has its column and a remedy.
    """
    named = concepts if isinstance(concepts, Concepts) else Concepts(concepts)
    grammar = Grammar(source_of(text), named)
    return Query(text, grammar.query(), tuple(grammar.used))
