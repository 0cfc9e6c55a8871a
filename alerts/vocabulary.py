"""Which patterns may stand in a document, looked up for all its words at once."""

from __future__ import annotations

from typing import NamedTuple

from alerts.globs import Glob
from alerts.passages import Passages
from alerts.query import Concept, Node, Phrase, Word, operands
from alerts.words import LONGEST_WORD, MOST_PARTS, compound_of, fold, pattern_of

_LONGEST_HEAD = 5  # letters by which a pattern is found that begins with letters
_LONGEST_STEM = 4  # the same for one with an open beginning


class _Open(NamedTuple):
    """Folded patterns with wildcards that begin alike, each with its beginning, glob and key."""

    beginnings: tuple[str, ...] = ()
    patterns: tuple[tuple[str, Glob | None, str], ...] = ()

    def with_pattern(self, beginning: str, glob: Glob | None, key: str) -> _Open:
        """The same and one more; without a glob the beginning is all there is to it."""
        return _Open((*self.beginnings, beginning), (*self.patterns, (beginning, glob, key)))

    def keys(self, word: str) -> list[str]:
        """Those that match a folded word."""
        return [
            key
            for beginning, glob, key in self.patterns
            if word.startswith(beginning) and (glob is None or glob.matches(word))
        ]


class Present:
    """The patterns that may stand in a document; one that stands there is never missing.

    A folded literal stands for itself. `words` holds for each other pattern the folded words that
    it matches, `whole` the chunks in which it may take up more than one part, or letters that are
    kept apart: where they begin and what they are.
    """

    __slots__ = ("keys", "whole", "words")

    def __init__(self, keys: set[str]) -> None:
        """Start with these folded literals."""
        self.keys = keys
        self.words: dict[str, list[str]] = {}
        self.whole: dict[str, list[tuple[int, str]]] = {}

    def add(self, key: str, word: str) -> None:
        """Note that a pattern matches a word."""
        self.keys.add(key)
        if key in self.words:
            self.words[key].append(word)
        else:
            self.words[key] = [word]

    def add_all(self, patterns: _Open, word: str) -> None:
        """Note those of the patterns that match a word."""
        if len(word) <= LONGEST_WORD:
            for key in patterns.keys(word):
                self.add(key, word)


class Vocabulary:
    """The patterns of all rules. What no rule uses any more does no harm and is not taken out.

    Exact patterns are found by their folded form; whether they stand as written is seen later.
    """

    def __init__(self) -> None:
        """Start without patterns."""
        self._keys: set[str] = set()
        self._concepts: dict[int, Concept] = {}
        self._literals: set[str] = set()
        self._exact: dict[str, tuple[str, ...]] = {}
        self._heads: dict[int, dict[str, _Open]] = {}
        self._stems: dict[str, _Open] = {}

    def copy(self) -> Vocabulary:
        """A vocabulary that can be changed without changing this one."""
        vocabulary = Vocabulary()
        vocabulary._keys, vocabulary._concepts = self._keys.copy(), self._concepts.copy()
        vocabulary._literals, vocabulary._exact = self._literals.copy(), self._exact.copy()
        vocabulary._heads = {length: heads.copy() for length, heads in self._heads.items()}
        vocabulary._stems = self._stems.copy()
        return vocabulary

    def add(self, node: Node) -> None:
        """Know every pattern of a query, also those that it excludes."""
        match node:
            case Word():
                self._add(node.key)
            case Phrase():
                for word in node.words:
                    self._add(word.key)
            case Concept() if id(node) in self._concepts:
                return
            case _:
                if isinstance(node, Concept):
                    self._concepts[id(node)] = node
                for part in operands(node):
                    self.add(part)

    def _add(self, key: str) -> None:
        if key in self._keys:
            return
        self._keys.add(key)
        exact, text, glob = pattern_of(key)
        folded = fold(text) if exact else text
        if glob is None:
            if exact:
                self._exact[folded] = (*self._exact.get(folded, ()), key)
            else:
                self._literals.add(folded)
            return
        glob = Glob.of(folded)
        beginning = glob.pieces[0].partition("?")[0]
        head = beginning[:_LONGEST_HEAD]
        stem = head or glob.longest_literal()[:_LONGEST_STEM]
        table = self._heads.setdefault(len(head), {}) if head else self._stems
        rest = None if glob.pieces == (beginning, "") else glob
        table[stem] = table.get(stem, _Open()).with_pattern(beginning, rest, key)

    def present(self, passages: Passages) -> Present:
        """The patterns that may stand in a document."""
        words = set(passages.words.split())
        present = Present(words & self._literals)
        for word in words & self._exact.keys():
            for key in self._exact[word]:
                if key[1:] in passages.spaced:
                    present.add(key, word)
        for length, heads in self._heads.items():
            for word in [word for word in words if word[:length] in heads]:
                patterns = heads[word[:length]]
                if word.startswith(patterns.beginnings):
                    present.add_all(patterns, word)
        for stem, patterns in self._stems.items():
            if stem in passages.words:
                for word in [word for word in words if stem in word]:
                    present.add_all(patterns, word)
        self._whole(passages, present)
        return present

    def _whole(self, passages: Passages, present: Present) -> None:
        """Add the patterns of chunks that are not simply words."""
        for start, end in passages.joined():
            parts = passages.words[start:end].split()
            if len(parts) == 2:  # noqa: PLR2004 - most compounds are of two parts
                keys = self._keys_of(parts[0] + parts[1])
            else:
                keys = [key for form in _glued(parts) for key in self._keys_of(form)]
            for key in keys:
                present.whole.setdefault(key, []).append((start, passages.spaced[start:end]))
        for odd in passages.odd:
            for form in compound_of(odd[1]).forms():
                for key in self._keys_of(form.folded):
                    present.whole.setdefault(key, []).append(odd)
        present.keys.update(present.whole)

    def _keys_of(self, form: str) -> list[str]:
        """The patterns that match a folded form."""
        keys = [form] if form in self._literals else []
        if form in self._exact:
            keys += self._exact[form]
        for length, heads in self._heads.items():
            if form[:length] in heads:
                keys += heads[form[:length]].keys(form)
        for stem, patterns in self._stems.items():
            if stem in form:
                keys += patterns.keys(form)
        return keys


def _glued(parts: list[str]) -> list[str]:
    """The forms of two and more parts that follow each other."""
    count = len(parts)
    return [
        "".join(parts[first:end])
        for first in range(count - 1)
        for end in range(first + 2, min(first + MOST_PARTS, count) + 1)
    ]
