"""The words that a query needs: as the archive holds them, and as they must be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from alerts.query.patterns import Pattern, folded_key, pattern_of
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
    operands,
)


class HeldWord(NamedTuple):
    """A word that the archive holds, and its tokens, if it is not a single token."""

    word: str
    tokens: str = ""

    @property
    def asked(self) -> str:
        """The tokens to ask for, with spaces between them."""
        return self.tokens or self.word

    def written(self, word: str) -> str | None:
        """The word as written, cut like its tokens; None if it cannot be cut so."""
        if len(self.asked.replace(" ", "")) != len(word):
            return None
        letters = iter(word)
        return "".join(sign if sign == " " else next(letters) for sign in self.asked)


class HeldWords(NamedTuple):
    """The words of the archive that a pattern names.

    `held` has all of them. If there are too many, it has those that are not single tokens, and
    `head` is the letters with which all others begin. If `known` is false, nothing is known.
    """

    held: tuple[HeldWord, ...] = ()
    head: str = ""
    known: bool = True

    @property
    def complete(self) -> bool:
        """Whether `held` has all words."""
        return self.known and not self.head


Lexicon = Mapping[str, HeldWords]


def keys(node: Node) -> frozenset[str]:
    """The folded patterns by which the articles of a query are found; not those after `EXCEPT`.

    The archive's words for a pattern after `EXCEPT` need not be known: it is compared with words.
    """
    match node:
        case Word():
            return frozenset((folded_key(node.key),))
        case Phrase():
            return frozenset(folded_key(word.key) for word in node.words)
        case Except():
            return keys(node.node)
        case Metadata() | And() | Or() | Near() | Field() | AtLeast() | Concept():
            return frozenset().union(*map(keys, operands(node)))


def has_capitals(word: str) -> bool:
    """Whether a word has a capital after its first letter; the archive indexes such words."""
    rest = word[1:]
    return rest != rest.lower()


def patterns(node: Node) -> Iterator[Pattern]:
    """Yield patterns that imply the node: where one of them matches, the node does."""
    match node:
        case Word(case=Case.FOLDED):
            yield pattern_of(node.key)
        case Or():
            for part in node.nodes:
                yield from patterns(part)
        case Concept():
            yield from patterns(node.node)
        case _:
            return
