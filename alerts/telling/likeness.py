"""Whether two sentences of different outlets are the same passage in another house style."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from alerts.telling.one_spelling import in_one_spelling
from crawler.frozen import dataclass

# The share of words that both sentences have, counted over both. In the story corpus 256 pairs
# differ by house style. With 0.8 and the other conditions 181 of them are recognised (128 with 0.9,
# 183 with 0.7), and none of the 95 pairs with another number. A pair that is not recognised is told
# twice. A pair that is taken for the same by mistake would never be told.
LEAST_SHARED = 0.8
# Chosen: in a shorter sentence one other word is too large a share of it.
_FEWEST_WORDS = 6
# Chosen: shorter words than this say little of what a sentence is about, and one is too few.
_SHORTEST_CONTENT = 4
_FEWEST_SHARED = 2

# Chosen: two sentences less alike than this are no edit of one sentence: one is gone, one is new.
# But within one paragraph they are one if most content words of one are in the other.
SAME_SENTENCE = 0.5
# Words of a sentence. Chosen: real ones are shorter, and the time to compare grows with the square.
LONGEST_COMPARED = 120

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")
_NEGATIONS = frozenset(
    """
    niet geen niemand niets nergens nooit noch zonder nauwelijks ontkent ontkennen ontkende
    ontkenden evenmin amper mislukt mislukte vrijwel bijna no not never none without
    """.split()  # noqa: SIM905 - a table of words
)
# The negations that deny what was said; "bijna" and "mislukt" only say something else.
_DENIALS = _NEGATIONS - frozenset(
    "zonder nauwelijks amper mislukt mislukte vrijwel bijna without".split()  # noqa: SIM905 - words
)
# Words at the beginning of a sentence that are no names, although they have a capital.
_OPENINGS = frozenset(
    """
    aan al alle alleen als bij binnen boven daar daarbij daarna dan dat de deze die dit door drie
    een en er het hij hoe hun ik in is ja maar meer men met minstens na naar namens nee nog nu
    of om omdat ondanks onder ongeveer ook op over rond ruim sinds te tegen ten terwijl tijdens
    tot totdat tussen twee uit van vanaf vanavond vandaag vanwege veel volgens voor voordat want
    wat wie wij wordt worden ze zeker zij zo zowel zijn haar hier gisteren morgen aldus circa
    """.split()  # noqa: SIM905 - a table of words
)


@dataclass(frozen=True, slots=True)
class _Traits:
    words: Counter[str]
    numbers: Counter[str]
    names: Counter[str]
    negations: Counter[str]
    content: frozenset[str]


def is_alike(one: str, hits: Iterable[str], other: str, other_hits: Iterable[str]) -> bool:
    """Whether these sentences with these hits say the same in nearly the same words.

    Hits, numbers, names and negations have to be the same; a number may be written in words.
    """
    if frozenset(hits) != frozenset(other_hits):
        return False
    mine, yours = _traits(one), _traits(other)
    if mine.words == yours.words:
        return mine.names == yours.names
    if min(mine.words.total(), yours.words.total()) < _FEWEST_WORDS:
        return False
    shared = (mine.words & yours.words).total()
    return (
        2 * shared >= LEAST_SHARED * (mine.words.total() + yours.words.total())
        and mine.numbers == yours.numbers
        and mine.names == yours.names
        and mine.negations == yours.negations
    )


def word_likeness(one: str, other: str) -> float:
    """The share of words that stand in both in the same order; 0 for what need not be compared."""
    words, others = one.split(), other.split()
    if max(len(words), len(others)) > LONGEST_COMPARED:
        return 0.0
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= SAME_SENTENCE else 0.0


def facts_differ(one: str, other: str) -> bool:
    """Whether a number, a name or a negation differs between two forms of a sentence."""
    mine, yours = _traits(one), _traits(other)
    return (mine.numbers, mine.names, mine.negations) != (
        yours.numbers,
        yours.names,
        yours.negations,
    )


def numbers_differ(one: str, other: str) -> bool:
    """Whether two forms of a sentence both have numbers, and these differ."""
    mine, yours = _traits(one).numbers, _traits(other).numbers
    return bool(mine and yours) and mine != yours


def is_denied(claim: str, text: str) -> bool:
    """Whether a text says no to a claim that has no negation of its own."""
    return bool(_traits(text).negations.keys() & _DENIALS) and not _traits(claim).negations


def shared_content(one: str, other: str) -> float:
    """The share of the shorter sentence's content words that are in the other too.

    It is 0 if they share fewer than two.
    """
    mine, yours = _traits(one).content, _traits(other).content
    shared = len(mine & yours)
    return shared / min(len(mine), len(yours)) if shared >= _FEWEST_SHARED else 0.0


def holds_facts(sentence: str, part: str) -> bool:
    """Whether a sentence has every number, name and negation of what may be a part of it."""
    whole, mine = _traits(sentence), _traits(part)
    return (
        mine.numbers <= whole.numbers
        # The first word of a part has a capital that it loses within the sentence.
        and mine.names.keys() - {part.split(maxsplit=1)[0]} <= whole.names.keys()
        and mine.negations <= whole.negations
    )


def says_all(sentence: str, part: str) -> bool:
    """Whether a sentence has all that another one says: its content words and its facts."""
    return _traits(part).content <= _traits(sentence).content and holds_facts(sentence, part)


@lru_cache(maxsize=4096)
def _traits(sentence: str) -> _Traits:
    words = _WORD.findall(in_one_spelling(sentence))
    folded = [word.casefold() for word in words]
    return _Traits(
        words=Counter(folded),
        numbers=Counter(word for word in folded if word[0].isdigit()),
        names=Counter(
            word
            for at, word in enumerate(words)
            if word[0].isupper() and not (at == 0 and word.casefold() in _OPENINGS)
        ),
        negations=Counter(word for word in folded if word in _NEGATIONS),
        content=frozenset(
            word for word in folded if len(word) >= _SHORTEST_CONTENT and word not in _OPENINGS
        ),
    )
