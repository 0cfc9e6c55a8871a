"""The grammar of queries, read by recursive descent.

    expr   = conj { OR conj }
    conj   = prox { (AND | AND NOT | NOT) prox }
    prox   = excl { (NEAR/n | THEN/n) excl }
    excl   = prim [ EXCEPT prim ]
    prim   = ATLEAST/n prim | field: prim | ( expr ) | [= | ==] (word | phrase) | @name

AND and OR on one level are refused, so that nobody has to remember which binds tighter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Never, Protocol

from alerts.document import METADATA_FIELDS, TEXT_FIELDS
from alerts.faults import QueryFault
from alerts.query import hints
from alerts.query.lexer import QueryText, Token, tokens_of
from alerts.query.terms import metadata_of, term_of
from alerts.query.tree import (
    OWN_BODY,
    And,
    AtLeast,
    Case,
    Concept,
    Except,
    Field,
    Near,
    Node,
    Or,
    has_words,
    narrowed,
)
from crawler.faults import Fault

# The limits below are chosen, far above any query that a person writes. They bound what a hostile
# or generated query can cost.
DEEPEST = 40  # levels of parentheses and prefixes, those of concepts included
MOST_WORDS = 50_000  # after concepts have been put in place
WIDEST = 250  # words between the two sides of NEAR and THEN
MOST_OCCURRENCES = 1_000

_TEXT = {"text": (0, 1, 2)} | {name: (place,) for place, name in enumerate(TEXT_FIELDS)}
_TEXT["own"] = (0, 1, OWN_BODY)
_FIELDS = (*_TEXT, *METADATA_FIELDS)


class NamedConcepts(Protocol):
    """What the grammar needs of concepts: each one by its name, and its size."""

    @property
    def names(self) -> Iterable[str]:
        """All names."""

    def use(self, name: str, metadata: str | None, user: QueryText, at: int) -> Concept:
        """The concept of that name, read for text or for a metadata field."""

    def extent(self, name: str) -> tuple[int, int]:
        """How many levels deep the concept is, and how many words it holds."""


class Grammar:
    """A parser for one query; afterwards `depth`, `words` and `used` describe what it read."""

    def __init__(
        self, source: QueryText, concepts: NamedConcepts, metadata: str | None = None
    ) -> None:
        """Cut the query into tokens; `metadata` names the metadata field whose values it lists."""
        self._source, self._concepts, self._metadata = source, concepts, metadata
        self._tokens, self._next = tokens_of(source), 0
        self._level, self._joined = 0, False
        self._places: tuple[int, ...] = (0, 1, 2)
        self.depth, self.words, self.used = 0, 0, list[str]()

    def query(self) -> Node:
        """The tree of the whole query."""
        if self._peek().kind == "end":
            self._refuse(self._peek(), QueryFault.EMPTY())
        node = self._expr()
        if self._peek().kind == "close":
            self._refuse(self._peek(), QueryFault.CLOSES_NOTHING())
        return node

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _refuse(self, token: Token, what: Fault) -> Never:
        self._source.fault(what, token.at)

    def _expr(self) -> Node:
        node, mixed = self._conj(), self._joined
        nodes = [node]
        while self._peek().kind == "or":
            operator = self._take()
            nodes.append(self._conj())
            if mixed or self._joined:
                self._refuse(operator, QueryFault.AND_BESIDE_OR())
        if self._peek().kind not in ("end", "close"):
            hints.refuse_unjoined(self._source, self._tokens[self._next - 1], self._peek())
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _conj(self) -> Node:
        nodes = [self._prox()]
        without: list[Node] = []
        joined = False
        while self._peek().kind in ("and", "not"):
            joined = True
            target = nodes
            if self._take().kind == "not":
                target = without
            elif self._peek().kind == "not":
                self._take()
                target = without
            target.append(self._prox())
        self._joined = joined
        return And(tuple(nodes), tuple(without)) if joined else nodes[0]

    def _prox(self) -> Node:
        start, outer = self._peek(), self.depth
        node, left = self._side()
        while self._peek().kind in ("near", "then"):
            operator = self._take()
            distance = self._number(operator, 0, WIDEST)
            self._with_words(node, start, operator)
            start = self._peek()
            right, depth = self._side()
            self._with_words(right, start, operator)
            node = Near(node, right, distance, ordered=operator.kind == "then")
            left = max(left, depth) + 1  # each further operator wraps all that stands before it
            self._deepen(operator, left)
        self.depth = max(outer, left)
        return node

    def _side(self) -> tuple[Node, int]:
        """One side of NEAR, and how many levels deep it is."""
        self.depth = self._level
        return self._excl(), self.depth

    def _excl(self) -> Node:
        start = self._peek()
        node = self._prim()
        if self._peek().kind != "except":
            return node
        operator = self._take()
        self._with_words(node, start, operator)
        start = self._peek()
        without = self._prim()
        self._with_words(without, start, operator)
        if self._peek().kind == "except":
            self._refuse(self._peek(), QueryFault.SECOND_EXCEPT())
        return Except(node, without)

    def _prim(self) -> Node:
        token = self._take()
        match token.kind:
            case "word" | "phrase":
                node = self._term(token, Case.FOLDED)
            case "equals":
                node = self._exact(token)
            case "concept":
                node = self._concept(token)
            case "open" | "field" | "atleast":
                node = self._nested(token)
            case _:
                hints.refuse_misplaced(self._source, self._tokens, self._next - 1)
        return node

    def _nested(self, token: Token) -> Node:
        self._level += 1
        self._deepen(token, self._level)
        node = {"open": self._group, "field": self._field, "atleast": self._atleast}[token.kind](
            token
        )
        self._level -= 1
        return node

    def _group(self, token: Token) -> Node:
        if self._peek().kind == "close":
            self._refuse(token, QueryFault.EMPTY_PARENTHESES())
        node = self._expr()
        if self._peek().kind != "close":
            self._refuse(token, QueryFault.OPEN_PARENTHESIS())
        self._take()
        return node

    def _atleast(self, token: Token) -> Node:
        count = self._number(token, 1, MOST_OCCURRENCES)
        start = self._peek()
        node = self._prim()
        self._with_words(node, start, token)
        return AtLeast(count, node)

    def _field(self, token: Token) -> Node:
        name = token.text
        if self._metadata is not None:
            self._refuse(token, QueryFault.FIELD_IN_METADATA(name=name, outer=self._metadata))
        if name in METADATA_FIELDS:
            self._metadata = name
            node = self._prim()
            self._metadata = None
            return node
        if name not in _TEXT:
            hints.refuse_field(self._source, token, _FIELDS)
        outer, wanted = self._places, _TEXT[name]
        self._places = narrowed(wanted, outer)
        if not self._places:
            self._refuse(token, QueryFault.FIELD_NEVER_FOUND(name=name))
        inner, node = self._places, self._prim()
        self._places = outer
        return Field(name, inner, node)

    def _exact(self, token: Token) -> Node:
        if len(token.text) > 2:  # noqa: PLR2004 - `=` and `==` are all there is
            self._refuse(token, QueryFault.NO_SUCH_EQUALS(sign=token.text))
        if self._peek().kind not in ("word", "phrase"):
            self._refuse(token, QueryFault.EQUALS_ALONE(sign=token.text))
        if self._metadata is not None:
            self._refuse(token, QueryFault.EQUALS_ON_METADATA(sign=token.text))
        return self._term(self._take(), Case(token.text))

    def _term(self, token: Token, case: Case) -> Node:
        term: Node | Fault = (
            term_of(token.text, case, quoted=token.kind == "phrase")
            if self._metadata is None
            else metadata_of(self._metadata, token.text)
        )
        if isinstance(term, Fault):
            self._refuse(token, term)
        self._count(token, 1)
        return term

    def _concept(self, token: Token) -> Node:
        name = token.text
        if not name:
            self._refuse(token, QueryFault.NAMELESS_CONCEPT())
        if name not in self._concepts.names:
            hints.refuse_concept(self._source, token, self._concepts.names)
        node = self._concepts.use(name, self._metadata, self._source, token.at)
        depth, words = self._concepts.extent(name)
        self._deepen(token, self._level + 1 + depth)
        self._count(token, words)
        if name not in self.used:
            self.used.append(name)
        return node

    def _deepen(self, token: Token, depth: int) -> None:
        self.depth = max(self.depth, depth)
        if depth > DEEPEST:
            self._refuse(token, QueryFault.DEEP(most=DEEPEST))

    def _count(self, token: Token, words: int) -> None:
        self.words += words
        if self.words > MOST_WORDS:
            self._refuse(token, QueryFault.MANY_WORDS(most=MOST_WORDS))

    def _number(self, token: Token, least: int, most: int) -> int:
        name, _, digits = token.text.partition("/")
        if not re.fullmatch(r"[0-9]{1,6}", digits) or not least <= int(digits) <= most:
            wrong = QueryFault.NEEDS_NUMBER(text=token.text, name=name, least=least, most=most)
            self._refuse(token, wrong)
        return int(digits)

    def _with_words(self, node: Node, start: Token, operator: Token) -> None:
        if not has_words(node):
            self._refuse(start, QueryFault.ABOUT_WORDS(operator=operator.text))
