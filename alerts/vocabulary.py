"""Which patterns may stand in a document, looked up for all its words at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import filterfalse
from typing import TypeAlias

from alerts.globs import Glob
from alerts.passages import Passages
from alerts.query import Concept, Node, Phrase, Word, operands
from alerts.words import LONGEST_CHAIN, LONGEST_WORD, MOST_PARTS, compound_of, fold, pattern_of

# Letters by which a pattern is found that begins with letters: as many of these as it has.
_HEADS = (8, 5, 4, 3, 2, 1)
_FEW = 24  # patterns that are sooner looked for in a text than its words among them
_IDLE = 4_096  # words held as meaning nothing: the commonest make up most of a text
_LONGEST_STEM = 4  # the same for one with an open beginning


_Pattern: TypeAlias = tuple[Glob | None, str]  # a folded pattern, unless it is plain, and its key


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


class Vocabulary:
    """The patterns of all rules. What no rule uses any more does no harm and is not taken out.

    Exact patterns are found by their folded form; whether they stand as written is seen later.
    """

    def __init__(self) -> None:
        """Start without patterns."""
        self._idle: set[str] = set()  # words in which no pattern stands: of no use to look up again
        self._keys: set[str] = set()
        self._concepts: dict[int, Concept] = {}
        self._literals: set[str] = set()
        self._names: set[str] = set()
        self._exact: dict[str, tuple[str, ...]] = {}
        # Patterns that begin with letters: all by these letters, and by the first few of them how
        # many letters there may be, so that most words are dismissed by one look.
        self._heads: dict[int, dict[str, tuple[int, ...]]] = {}
        self._beginnings: dict[str, tuple[_Pattern, ...]] = {}
        self._stems: dict[str, tuple[_Pattern, ...]] = {}

    def copy(self) -> Vocabulary:
        """A vocabulary that can be changed without changing this one."""
        vocabulary = Vocabulary()
        vocabulary._keys, vocabulary._concepts = self._keys.copy(), self._concepts.copy()
        vocabulary._literals = self._literals.copy()
        vocabulary._names, vocabulary._exact = self._names.copy(), self._exact.copy()
        vocabulary._heads = {length: heads.copy() for length, heads in self._heads.items()}
        vocabulary._beginnings = self._beginnings.copy()
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
                self._names.add(folded)
                self._exact[folded] = (*self._exact.get(folded, ()), key)
            else:
                self._literals.add(folded)
            return
        glob = Glob.of(folded)
        beginning = glob.pieces[0].partition("?")[0]
        pattern = (None if glob.pieces == (beginning, "") else glob), key
        if not beginning:
            stem = glob.longest_literal()[:_LONGEST_STEM]
            self._stems[stem] = (*self._stems.get(stem, ()), pattern)
            return
        self._beginnings[beginning] = (*self._beginnings.get(beginning, ()), pattern)
        head = beginning[: next(length for length in _HEADS if length <= len(beginning))]
        heads = self._heads.setdefault(len(head), {})
        heads[head] = tuple(sorted({*heads.get(head, ()), len(beginning)}))

    def present(self, passages: Passages) -> Present:
        """The patterns that may stand in a document."""
        words = self._words(passages.words)
        present = Present(words & self._literals)
        for word in words & self._names:
            for key in self._exact[word]:
                if key[1:] in passages.spaced:
                    present.add(key, word)
        for patterns, word in self._open(words, passages.words):
            for glob, key in patterns:
                if len(word) <= LONGEST_WORD and (glob is None or glob.matches(word)):
                    present.add(key, word)
        self._whole(passages, present)
        return present

    def _words(self, text: str) -> set[str]:
        """Those of the words of a document that may mean something."""
        if len(self._keys) <= _FEW and not (
            any(f" {beginning}" in text for beginning in self._beginnings)
            or any(stem in text for stem in self._stems)
        ):
            return {word for word in self._literals | self._names if f" {word} " in text}
        words = set(filterfalse(self._idle.__contains__, text.split()))
        if len(self._idle) < _IDLE:
            self._idle.update(word for word in words if not self._keys_of(word))
        return words

    def _open(self, words: Iterable[str], text: str) -> Iterator[tuple[tuple[_Pattern, ...], str]]:
        """Yield the patterns with wildcards that these words may match; `text` holds them all."""
        beginnings = self._beginnings
        for length, heads in self._heads.items():
            yield from [
                (beginnings[word[:count]], word)
                for word in words
                if (counts := heads.get(word[:length]))
                for count in counts
                if word[:count] in beginnings
            ]
        for stem, patterns in self._stems.items():
            if stem in text:
                for word in words:
                    if stem in word:
                        yield patterns, word

    def _whole(self, passages: Passages, present: Present) -> None:
        """Add the patterns of chunks that are not simply words."""
        for start, end in passages.joined():
            parts = passages.words[start:end].split()
            if len(parts) > LONGEST_CHAIN:
                continue
            keys = {key for form in _glued(parts) for key in self._keys_of(form)}
            for key in keys:
                present.whole.setdefault(key, []).append((start, passages.spaced[start:end]))
        for odd in passages.odd:
            forms = compound_of(odd[1]).forms()
            for key in {key for form in forms for key in self._keys_of(form.folded)}:
                present.whole.setdefault(key, []).append(odd)
        present.keys.update(present.whole)

    def _keys_of(self, form: str) -> list[str]:
        """The patterns that match a folded form."""
        keys = [form] if form in self._literals else []
        if form in self._exact:
            keys += self._exact[form]
        for patterns, _ in self._open((form,), form):
            keys += [key for glob, key in patterns if glob is None or glob.matches(form)]
        return keys


def _glued(parts: list[str]) -> list[str]:
    """The forms of two and more parts that follow each other."""
    count = len(parts)
    if count == 2:  # noqa: PLR2004 - most compounds are of two parts
        return [parts[0] + parts[1]]
    return [
        "".join(parts[first:end])
        for first in range(count - 1)
        for end in range(first + 2, min(first + MOST_PARTS, count) + 1)
    ]
