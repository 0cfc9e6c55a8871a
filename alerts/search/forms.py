"""The words that a query needs, as the archive holds them and as they must be written."""

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
    """A word that the archive holds, and the tokens for it, if it is not a token itself."""

    word: str
    tokens: str = ""

    @property
    def asked(self) -> str:
        """The tokens to ask for, spaces between them."""
        return self.tokens or self.word

    def written(self, word: str) -> str | None:
        """A word of this form as it is written, cut as its tokens are; nothing if none can be."""
        if len(self.asked.replace(" ", "")) != len(word):
            return None
        letters = iter(word)
        return "".join(sign if sign == " " else next(letters) for sign in self.asked)


class HeldWords(NamedTuple):
    """The words of the archive that a pattern names.

    All of them; or, of too many, those that are not tokens themselves, the others being named by
    `head`, the letters with which they begin; or none, when nothing is known of them.
    """

    held: tuple[HeldWord, ...] = ()
    head: str = ""
    known: bool = True

    @property
    def complete(self) -> bool:
        """Whether these are all words."""
        return self.known and not self.head


Lexicon = Mapping[str, HeldWords]


def keys(node: Node) -> frozenset[str]:
    """The folded patterns of a query by which its articles are found; what `EXCEPT` drops is none.

    The words that a pattern has there need not be known to see whether it matches one.
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
    """Whether a word has a capital past its first letter: the archive knows where these stand."""
    rest = word[1:]
    return rest != rest.lower()


def patterns(node: Node) -> Iterator[Pattern]:
    """Yield patterns of which every place is a place of the node."""
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
