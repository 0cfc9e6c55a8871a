"""The words of the archive that the patterns of a query name."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from alerts.query.globs import Glob
from alerts.query.patterns import Pattern, pattern_of
from alerts.search.forms import HeldWord, HeldWords, Lexicon
from crawler.store import Lookups

# Chosen; what searches take with these numbers stands in docs/rules.md, "How long a search takes".
_SHORTEST_HEAD = 2  # letters before a wildcard by which words are looked up
_FEW = 300  # words that are asked for one by one; if there are more, by their first letters
_MOST = 2_000  # words of one pattern; if there are more, the words count as unknown
_SHORTEST_RUN = 3  # letters by which words are looked up; fewer letters are in most words


def lexicon_of(lookups: Lookups, keys: Iterable[str]) -> Lexicon:
    """The words of the archive for each of these folded patterns."""
    patterns = {key: pattern_of(key) for key in keys}
    plain = {key: list[HeldWord]() for key, pattern in patterns.items() if pattern.glob is None}
    for word, tokens in lookups.words(plain):
        plain[word].append(HeldWord(word, tokens))
    found = {key: HeldWords(tuple(forms)) for key, forms in plain.items()}
    return found | {
        key: _matching(lookups, key, pattern, pattern.glob)
        for key, pattern in patterns.items()
        if pattern.glob is not None
    }


def _matching(lookups: Lookups, key: str, pattern: Pattern, glob: Glob) -> HeldWords:
    head = glob.pieces[0].partition("?")[0]
    if len(head) < _SHORTEST_HEAD:
        return _anywhere(lookups, key, pattern, glob)
    held = lookups.beginning(head, key, _FEW + 1, compounds=False)
    if len(held) <= _FEW:
        return HeldWords(tuple(HeldWord(*term) for term in held))
    held = lookups.beginning(head, key, _MOST + 1, compounds=True)
    return HeldWords(tuple(HeldWord(*term) for term in held), head, known=len(held) <= _MOST)


def _anywhere(lookups: Lookups, key: str, pattern: Pattern, glob: Glob) -> HeldWords:
    letters = glob.longest_literal()
    at_end = key.endswith(letters)
    if len(letters) + at_end < _SHORTEST_RUN:
        held = lookups.beginning("", key, _MOST + 1, compounds=False)
    else:
        matching = (
            term
            for term in lookups.containing(letters, at_end=at_end)
            if pattern.matches(term.word)
        )
        held = list(islice(matching, _MOST + 1))
    return HeldWords(tuple(HeldWord(*term) for term in held), known=len(held) <= _MOST)
