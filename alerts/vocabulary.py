"""Which patterns a word of a text may stand for, looked up instead of tried one by one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from typing import TypeAlias

from alerts.globs import Glob
from alerts.query import Concept, Node, Phrase, Word, operands
from alerts.words import MOST_PARTS, compound_of, fold, pattern_of

_Open: TypeAlias = tuple[Glob, str]  # a pattern with wildcards, and its key

_LONGEST_HEAD = 5  # letters by which a pattern is found that begins with letters
_LONGEST_STEM = 4  # the same for one with an open beginning: all stretches of a word are tried


class _Table:
    """Patterns for one form of words: folded, or as written."""

    __slots__ = ("head_lengths", "heads", "literals", "stem_lengths", "stems")

    def __init__(self) -> None:
        self.literals: dict[str, str] = {}
        self.heads: dict[str, tuple[_Open, ...]] = {}
        self.stems: dict[str, tuple[_Open, ...]] = {}
        self.head_lengths: tuple[int, ...] = ()
        self.stem_lengths: tuple[int, ...] = ()

    def copy(self) -> _Table:
        """A table that can be changed without changing this one."""
        table = _Table()
        table.literals, table.heads = self.literals.copy(), self.heads.copy()
        table.stems = self.stems.copy()
        table.head_lengths, table.stem_lengths = self.head_lengths, self.stem_lengths
        return table

    def add(self, literal: str, glob: Glob | None, key: str) -> None:
        """Know one pattern more."""
        if glob is None:
            self.literals[literal] = key
            return
        head = glob.pieces[0].partition("?")[0][:_LONGEST_HEAD]
        if head:
            self.heads[head] = (*self.heads.get(head, ()), (glob, key))
            self.head_lengths = tuple({*self.head_lengths, len(head)})
        else:
            stem = glob.longest_literal()[:_LONGEST_STEM]
            self.stems[stem] = (*self.stems.get(stem, ()), (glob, key))
            self.stem_lengths = tuple({*self.stem_lengths, len(stem)})

    def collect(self, text: str, found: list[str]) -> None:
        """Add the patterns that this form matches."""
        if text in self.literals:
            found.append(self.literals[text])
        for length in self.head_lengths:
            for glob, key in self.heads.get(text[:length], ()):
                if glob.matches(text):
                    found.append(key)
        for length in self.stem_lengths:
            for stem in {text[at : at + length] for at in range(len(text) - length + 1)}:
                for glob, key in self.stems.get(stem, ()):
                    if glob.matches(text):
                        found.append(key)


class Vocabulary:
    """The patterns of all rules. What no rule uses any more does no harm and is not taken out."""

    def __init__(self) -> None:
        """Start without patterns."""
        self._keys: set[str] = set()
        self._concepts: dict[int, Concept] = {}
        self._folded, self._written = _Table(), _Table()

    def copy(self) -> Vocabulary:
        """A vocabulary that can be changed without changing this one."""
        vocabulary = Vocabulary()
        vocabulary._keys, vocabulary._concepts = self._keys.copy(), self._concepts.copy()
        vocabulary._folded, vocabulary._written = self._folded.copy(), self._written.copy()
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
        if key not in self._keys:
            self._keys.add(key)
            exact, literal, glob = pattern_of(key)
            (self._written if exact else self._folded).add(literal, glob, key)

    def live(self, chunks: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The chunks in which a pattern may stand, each with its patterns."""
        found = ((chunk, self.keys_of(chunk)) for chunk in self._worth_a_look(chunks))
        return {chunk: keys for chunk, keys in found if keys}

    def _worth_a_look(self, chunks: Iterable[str]) -> Iterable[str]:
        """The chunks left when those are taken out that plainly mean nothing to any rule.

        Most words of a text mean nothing, and this is done for each word never seen before.
        """
        folded, written = self._folded, self._written
        if folded.stem_lengths or written.stem_lengths or written.head_lengths:
            return chunks
        words = [chunk for chunk in chunks if chunk.isalnum() and chunk.isascii()]
        lows = [word.lower() for word in words]
        rest = set(chunks).difference(words)
        rest.update(filter(written.literals.__contains__, words))
        rest.update(compress(words, map(folded.literals.__contains__, lows)))
        for length in folded.head_lengths:
            heads = folded.heads
            rest.update(
                [word for word, low in zip(words, lows, strict=True) if low[:length] in heads]
            )
        return rest

    def keys_of(self, chunk: str) -> tuple[str, ...]:
        """The patterns that may stand somewhere in a chunk of text."""
        found: list[str] = []
        for form in _forms(chunk):
            self._folded.collect(form.lower() if form.isascii() else fold(form), found)
            self._written.collect(form, found)
        return tuple(dict.fromkeys(found))


def _forms(chunk: str) -> Iterable[str]:
    """At least the forms of a chunk, as written: whole, by part, and glued."""
    if chunk.isalnum():
        return (chunk,)
    if not chunk.isascii():
        return [form.raw for form in compound_of(chunk).forms()]
    parts = [part for part in chunk.replace("'", "-").split("-") if part]
    count = len(parts)
    return [
        "".join(parts[first:end])
        for first in range(count)
        for end in range(first + 1, min(first + MOST_PARTS, count) + 1)
    ]
