"""The words that a query needs, as the archive holds them and as they must be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from alerts.query import Except, Node, Or, Phrase, Word, needed, operands
from alerts.words import fold, pattern_of


class Form(NamedTuple):
    """A word that the archive holds, and the tokens for it, if it is not a token itself."""

    word: str
    tokens: str = ""

    @property
    def asked(self) -> str:
        """The tokens to ask for, spaces between them."""
        return self.tokens or self.word


class Forms(NamedTuple):
    """The words of the archive that a pattern names.

    All of them; or, of too many, those that are not tokens themselves, the others being named by
    `head`, the letters with which they begin; or none, when nothing is known of them.
    """

    held: tuple[Form, ...] = ()
    head: str = ""
    known: bool = True

    @property
    def complete(self) -> bool:
        """Whether these are all words."""
        return self.known and not self.head


Lexicon = Mapping[str, Forms]


def folded_key(word: Word) -> str:
    """The pattern of a word without its case: the one by which the archive's words are known."""
    return fold(word.key[1:]) if word.key.startswith("=") else word.key


def keys(node: Node) -> frozenset[str]:
    """The folded patterns of a query by which its articles are found; what `EXCEPT` drops is none.

    The words that a pattern has there need not be known to see whether it matches one.
    """
    match node:
        case Word():
            return frozenset((folded_key(node),))
        case Phrase():
            return frozenset(map(folded_key, node.words))
        case Except():
            return keys(node.node)
        case _:
            return frozenset().union(*map(keys, operands(node)))


def has_capitals(word: str) -> bool:
    """Whether a word has a capital past its first letter: the archive knows where these stand."""
    rest = word[1:]
    return rest != rest.lower()


def written(node: Node) -> frozenset[str] | None:
    """Words of which every article that matches holds one exactly so, unless it is cut.

    The index does not know capitals; where it finds a word that is mostly written in another way,
    it finds too much. A word that `has_capitals` needs no second look.
    """
    match node:
        case Word() | Phrase():
            words = node.words if isinstance(node, Phrase) else (node,)
            exact = [word.key[1:] for word in words if _is_plainly_written(word)]
            return frozenset((max(exact, key=len),)) if exact else None
        case Or():
            branches = [written(part) for part in node.nodes]
            known = [branch for branch in branches if branch]
            return frozenset().union(*known) if len(known) == len(branches) else None
        case _:
            found = (written(part) for part in needed(node))
            return next((words for words in found if words), None)


def _is_plainly_written(word: Word) -> bool:
    exact, text, glob = pattern_of(word.key)
    spelled = exact and glob is None and text.isascii() and text in word.text
    return spelled and not has_capitals(text)
