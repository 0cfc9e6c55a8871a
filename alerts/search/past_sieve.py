"""What a query asks of all that an article ever said: sieves of single words.

The words of a match may stand in different places now: one in a sentence that is gone, another in
the text that is still there. So each word is asked for by itself, and how they must stand to each
other is left to the evaluator.
"""

from __future__ import annotations

from collections.abc import Iterable

from alerts.query.patterns import folded_key, pattern_of
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
from alerts.search.forms import HeldWords, Lexicon, has_capitals, keys
from alerts.search.sieve import EVERYTHING, NOTHING, Both, Capitals, Either, IndexedText, Sieve


def past_sieve(node: Node, lexicon: Lexicon) -> Sieve:
    """The sieve that passes every article of which some text may have matched."""
    match node:
        case Word():
            return _word(node, lexicon)
        case Phrase(words=parts) | And(nodes=parts):
            return Both(tuple(past_sieve(part, lexicon) for part in parts))
        case Near(left, right):
            return Both((past_sieve(left, lexicon), past_sieve(right, lexicon)))
        case Or(nodes):
            return _either(past_sieve(part, lexicon) for part in nodes)
        case Metadata():
            return EVERYTHING
        case Except() | AtLeast() | Concept() | Field():
            return past_sieve(node.node, lexicon)


def hit_words(node: Node, lexicon: Lexicon) -> Sieve:
    """The sieve that passes what holds any word that may be a hit of the query."""
    return _either(_asked(lexicon[key]) for key in keys(node))


def is_steady(node: Node) -> bool:
    """Whether a text that matches still does when other sentences are added to it."""
    match node:
        case Near() | Except() | And(without=(_, *_)):
            return False
        case And(nodes=parts) | Or(nodes=parts):
            return all(map(is_steady, parts))
        case AtLeast() | Concept() | Field():
            return is_steady(node.node)
        case Word() | Phrase() | Metadata():
            return True


def _word(word: Word, lexicon: Lexicon) -> Sieve:
    exact = word.case is not Case.FOLDED and pattern_of(word.key).glob is None
    if exact and has_capitals(word.key[1:]):
        return Capitals(frozenset((word.key[1:],)))  # those of past texts are there too
    return _asked(lexicon[folded_key(word.key)])


def _asked(forms: HeldWords) -> Sieve:
    if not forms.known:
        return EVERYTHING
    asked = [" AND ".join(f'"{token}"' for token in form.asked.split()) for form in forms.held]
    asked += [f'"{forms.head}" *'] if forms.head else []
    return IndexedText(" OR ".join(f"({one})" for one in asked)) if asked else NOTHING


def _either(sieves: Iterable[Sieve]) -> Sieve:
    parts = list(sieves)
    if EVERYTHING in parts:
        return EVERYTHING
    words = [part.expression for part in parts if isinstance(part, IndexedText)]
    rest = [part for part in parts if not isinstance(part, IndexedText) and part != NOTHING]
    joined = [IndexedText(" OR ".join(dict.fromkeys(words)))] if words else []
    return joined[0] if joined and not rest else Either((*rest, *joined))
