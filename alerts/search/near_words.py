"""Words of the archive that are spelled nearly as those of a query that it does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from string import ascii_lowercase

from alerts.query import Case, Concepts, Node, Word, operands, parse
from crawler.store import Connection, Lookups

_SHORTEST = 4  # letters; a shorter word has too many neighbours
_SUGGESTED = 3  # words for one
_HEAD = 3  # letters that a word has in common with one that differs by more than a slip
_MOST = 2_000  # words looked through
_ALIKE = 0.75  # of 1; chosen: "kalifat" finds "kalifaat", and not "kantoor"


def near_words(db: Connection, query: str, concepts: Concepts) -> dict[str, list[str]]:
    """For each plain word of a query that no article has, the words that come nearest, best first.

    Raises:
        QueryError: the query has a fault.
    """
    lookups = Lookups(db)
    if not lookups.ready():
        return {}
    keys = dict.fromkeys(_words(parse(query, concepts).node))
    known = {term.word for term in lookups.words(keys)}
    found = {key: _near(lookups, key) for key in keys if key not in known}
    return {key: words for key, words in found.items() if words}


def _words(node: Node) -> Iterator[str]:
    if isinstance(node, Word):
        plain = node.case is Case.FOLDED and node.key.isalnum() and len(node.key) >= _SHORTEST
        yield from [node.key] if plain else []
    for each in operands(node):
        yield from _words(each)


def _near(lookups: Lookups, word: str) -> list[str]:
    """Words that differ by one slip of the keys, or else those that begin alike and are alike."""
    slips = sorted(term.word for term in lookups.words(set(_slips(word))))
    if slips:
        return difflib.get_close_matches(word, slips, _SUGGESTED, 0)
    head = word[:_HEAD]
    alike = lookups.beginning(head, f"{head}*", _MOST, compounds=False)
    return difflib.get_close_matches(word, [term.word for term in alike], _SUGGESTED, _ALIKE)


def _slips(word: str) -> Iterator[str]:
    """Yield the words with one letter left out, swapped, changed or added."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in ascii_lowercase:
            yield head + letter + tail[1:]
            yield head + letter + tail
