"""What a query asks of the full-text index: a sieve that passes all matching articles.

The index (unicode61, diacritics removed) cuts text at every sign: it holds `da esh` for `Da'esh`.
The archive's list of words knows the forms in which the index holds a word, so a query asks for
these forms only. A pattern with an open beginning asks for the words that match it. A few articles
are odd: the index may have cut them in another way than the matcher does. They are always
evaluated. In all others the tokens of the index are the words, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from alerts.query.patterns import LONGEST_WORD, Pattern, folded_key, pattern_of
from alerts.query.tree import (
    And,
    AtLeast,
    Case,
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
from alerts.search.forms import HeldWord, Lexicon, has_capitals, patterns
from alerts.search.sieve import (
    EVERYTHING,
    NOTHING,
    Both,
    Capitals,
    IndexedText,
    Often,
    Sieve,
    Value,
    Written,
    any_of,
    both,
    either,
)

# Both limits are chosen; docs/rules.md, "How long a search takes", has times measured with them.
_MOST_ROWS = 32  # phrases that a NEAR or a phrase is spelled out as; each walks the index
_NOWHERE = "nowhere"  # a field inside another field: no text is in both
_MOST_COUNTED = 300  # tokens whose occurrences are counted


def sieve_of(node: Node, lexicon: Lexicon, *, in_items: bool = False) -> Sieve:
    """The sieve of a query, given the words of the archive for each of its `keys`.

    Expressions consist of quoted words and of operators, so they are never a syntax error. With
    `in_items` it also passes texts of which only some items hold what NOT forbids.
    """
    return _Reading(lexicon, "", in_items).sieve(node)


class _Reading(NamedTuple):
    """A query read with the words of the archive, inside a text field or in all."""

    lexicon: Lexicon
    field: str
    in_items: bool = False

    def sieve(self, node: Node) -> Sieve:  # noqa: C901, PLR0911 - one case for each kind of node
        match node:
            case Word():
                return self._exact(node, self._text(self._asked(node)))
            case Phrase():
                return self._exact(node, both(self._runs(node.words)))
            case Or():
                return either(map(self.sieve, node.nodes))
            case And():
                return self._without(both(map(self.sieve, node.nodes)), node.without)
            case Near():
                return self._near(node)
            case Except(Word() as word, without):
                asked = self._asked(word, tuple(patterns(without)))
                return self._exact(word, self._text(asked))
            case Except(Or(nodes), without):
                return either(self.sieve(Except(part, without)) for part in nodes)
            case Except(Concept(_, inner), without):
                return self.sieve(Except(inner, without))
            case AtLeast(count, inner):
                return both((self.sieve(inner), self._often(count, inner)))
            case Metadata():
                return Value(node.field, node.pattern)
            case Field():
                return self.inside(node).sieve(node.node)
            case Except() | Concept():
                return self.sieve(node.node)

    def inside(self, node: Field) -> _Reading:
        if node.name in ("text", "own", self.field):  # of the body, more passes than is meant
            return self
        return self._replace(field=_NOWHERE if self.field else node.name)

    def _text(self, expressions: Iterable[str] | None) -> Sieve:
        """Passes what matches one of these in the field; everything if they are not known."""
        if self.field == _NOWHERE:
            return NOTHING
        if expressions is None:
            return EVERYTHING
        sieve = any_of(expressions)
        if self.field and isinstance(sieve, IndexedText):
            return IndexedText(f"({{{self.field}}} : {sieve.expression})")
        return sieve

    def _asked(self, word: Word, dropped: tuple[Pattern, ...] = ()) -> list[str] | None:
        """Expressions for each form of a word, without the words that are dropped."""
        key = folded_key(word.key)
        forms = self.lexicon[key]
        if not forms.known:
            return None
        pattern = pattern_of(key)
        asked = [
            _quoted(form.asked)
            for form in forms.held
            if not any(each.matches(form.word) for each in dropped)
            and not (pattern.glob and _is_implied(form, pattern, dropped))
        ]
        return [*asked, f'"{forms.head}" *'] if forms.head else asked

    def _exact(self, node: Word | Phrase, text: Sieve) -> Sieve:
        """The sieve, narrowed to what holds the words as written, if that is known."""
        words = node.words if isinstance(node, Phrase) else (node,)
        exact = [word.key[1:] for word in words if _is_exact(word) and has_capitals(word.key[1:])]
        if text == NOTHING or not exact:
            return both((text, self._written(node)))
        capitals = Capitals(frozenset((max(exact, key=len),)))
        if len(words) > 1:
            return both((capitals, text, self._written(node)))
        return both((capitals, text)) if self.field else capitals

    def _written(self, node: Node) -> Sieve:
        """Passes what holds one of the rows of exact words of the node, if they are few."""
        rows = self._rows(node, self._as_written, _MOST_ROWS)
        return Written(frozenset(rows)) if rows else EVERYTHING

    def _runs(self, words: tuple[Word, ...]) -> Iterator[Sieve]:
        """Yield what a phrase needs: rows of words while their forms are few, else single words."""
        run: tuple[str, ...] = ("",)
        for word in words:
            rows = self._spelled(word)
            longer = _joined([run, rows], _MOST_ROWS)
            if longer is None:
                yield self._text(map(_quoted, run)) if run != ("",) else EVERYTHING
                yield self._text(self._asked(word)) if rows is None else EVERYTHING
                longer = rows or ("",)
            run = longer
        yield self._text(map(_quoted, run)) if run != ("",) else EVERYTHING

    def _near(self, node: Near) -> Sieve:
        sides = (self.sieve(node.left), self.sieve(node.right), self._written(node))
        left, right = self._spelled(node.left), self._spelled(node.right)
        if left is None or right is None or len(left) * len(right) > _MOST_ROWS:
            return both(sides)
        pairs = product(left, right)
        if node.ordered and not node.distance:
            near = self._text(_quoted(f"{one} {other}") for one, other in pairs)
        else:
            near = self._text(f'NEAR("{one}" "{other}", {node.distance})' for one, other in pairs)
        return both((*(part for side in sides for part in _other(side)), near))

    def _often(self, count: int, node: Node) -> Sieve:
        """Passes what holds enough of the tokens with which occurrences of the node end."""
        rows = self._spelled(node, _MOST_COUNTED)
        last = frozenset(row.split()[-1] for row in rows or ())
        known = rows is not None and all(map(str.isascii, last))
        return Often(last, count, self.field) if known and count > 1 else EVERYTHING

    def _spelled(self, node: Node, most: int = _MOST_ROWS) -> tuple[str, ...] | None:
        """The rows of tokens that an occurrence of a node can be, if they are few."""
        return self._rows(node, self._tokens, most)

    def _rows(
        self, node: Node, of_word: Callable[[Word], tuple[str, ...] | None], most: int
    ) -> tuple[str, ...] | None:
        """The rows that a node can be, if they are few; `of_word` gives those of a word."""
        match node:
            case Word():
                rows = of_word(node)
                return rows if rows is not None and len(rows) <= most else None
            case Phrase():
                return _joined([self._rows(word, of_word, most) for word in node.words], most)
            case Near(left, right, distance=0, ordered=True):
                return _joined([self._rows(side, of_word, most) for side in (left, right)], most)
            case Or():
                branches = [self._rows(part, of_word, most) for part in node.nodes]
                known = {row: None for branch in branches if branch for row in branch}
                return tuple(known) if None not in branches and len(known) <= most else None
            case Except() | AtLeast() | Concept() | Field():
                return self._rows(node.node, of_word, most)
            case _:
                return None

    def _tokens(self, word: Word) -> tuple[str, ...] | None:
        forms = self.lexicon[folded_key(word.key)]
        return tuple(dict.fromkeys(each.asked for each in forms.held)) if forms.complete else None

    def _as_written(self, word: Word) -> tuple[str, ...] | None:
        if not _is_exact(word):
            return None
        rows = [form.written(word.key[1:]) for form in self.lexicon[folded_key(word.key)].held]
        known = tuple(dict.fromkeys(row for row in rows if row))
        return known if None not in rows else None

    def _without(self, sieve: Sieve, without: Iterable[Node]) -> Sieve:
        """The sieve without articles that surely match one of these nodes."""
        sure = [found for node in without if (found := self.sure(node))]
        if self.in_items or not sure:
            return sieve
        match sieve:
            case IndexedText(expression):
                return IndexedText(f"({expression} NOT ({' OR '.join(sure)}))")
            case Both((*rest, IndexedText() as text)):
                return Both((*rest, self._without(text, without)))
            case _:
                return sieve

    def sure(self, node: Node) -> str | None:  # noqa: PLR0911 - one for each kind of node
        """An expression that implies the node, for all articles that are not odd; or None."""
        match node:
            case Word(case=Case.FOLDED):
                return self._plain((node,))
            case Phrase(case=Case.FOLDED):
                return self._plain(node.words)
            case Or():
                known = [found for part in node.nodes if (found := self.sure(part))]
                return f"({' OR '.join(known)})" if known else None
            case And(without=()):
                every = [found for part in node.nodes if (found := self.sure(part))]
                return f"({' AND '.join(every)})" if len(every) == len(node.nodes) else None
            case Concept():
                return self.sure(node.node)
            case Field(name) if name != "own":
                return self.inside(node).sure(node.node)
            case _:
                return None

    def _plain(self, words: tuple[Word, ...]) -> str | None:
        """An expression for these words in a row, each of them a single token; or None."""
        found = [
            [
                form.word
                for form in self.lexicon[folded_key(word.key)].held
                if not form.tokens and len(form.word) <= LONGEST_WORD
            ]
            for word in words
        ]
        rows = list(product(*found)) if len(words) == 1 or max(map(len, found)) == 1 else []
        sieve = self._text(_quoted(" ".join(row)) for row in rows)
        return sieve.expression if isinstance(sieve, IndexedText) else None


def _is_exact(word: Word) -> bool:
    return word.case is not Case.FOLDED and pattern_of(word.key).glob is None


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'


def _other(sieve: Sieve) -> tuple[Sieve, ...]:
    """The parts of a sieve that do not ask the index; a better expression replaces those."""
    parts = sieve.parts if isinstance(sieve, Both) else (sieve,)
    return tuple(part for part in parts if not isinstance(part, IndexedText))


def _joined(words: list[tuple[str, ...] | None], most: int) -> tuple[str, ...] | None:
    """All rows made of one row of each word, in order, if they are few."""
    count, known = 1, []
    for rows in words:
        if rows is None:
            return None
        count *= len(rows)
        known.append(rows)
    if count > most:
        return None
    return tuple(" ".join(row).strip() for row in product(*known))


def _is_implied(form: HeldWord, pattern: Pattern, dropped: tuple[Pattern, ...]) -> bool:
    """Whether a token of the compound matches too, so that asking for the compound adds nothing."""
    tokens = form.tokens.split() if not dropped else []
    return len(tokens) > 1 and any(token.isascii() and pattern.matches(token) for token in tokens)
