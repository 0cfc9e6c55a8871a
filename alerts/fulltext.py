"""What a query asks of the full-text index: an FTS5 expression that no matching article escapes.

The index (unicode61, diacritics removed) cuts text at every sign, so that it holds `da esh` for
`Da'esh` and `kali faat` for a word with a soft hyphen in it. A word is asked for whole, cut once at
each place, and cut where the query itself joins it. (Only a word that a text cuts in three or more
where the query does not cut it at all escapes.) What the index cannot say is left to the exact
evaluator, which has the last word anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from alerts.query import Concept, Field, Node, Or, Phrase, Word, needed
from alerts.words import fold, pattern_of

_MOST_FORMS = 4_000  # in one expression: the index takes some 10 µs for each
_SHORTEST_HEAD = 2  # letters before a wildcard; fewer would fetch a large part of the archive
_plain = re.compile(r"[a-z0-9]+")
# Letters that we fold and the index does not.
_UNFOLDED = (
    ("o", "ø"), ("l", "ł"), ("d", "đ"), ("d", "ð"), ("i", "\u0131"), ("h", "ħ"), ("t", "ŧ"),
    ("ae", "æ"), ("oe", "œ"), ("ss", "ß"), ("th", "þ"), ("ij", "\u0133"),
)  # fmt: skip  # one row of pairs reads better


def expression(node: Node) -> str | None:
    """The FTS5 expression that every article that matches the node also matches, if there is one.

    It consists of quoted letters and digits and of operators, so it is never a syntax error.
    """
    match node:
        case Word():
            return _word(node)
        case Phrase():
            return _all(_word(word) for word in node.words)
        case Or():
            return _any([expression(part) for part in node.nodes])
        case Field():
            inner = expression(node.node)
            columns = "title lead body" if node.name == "text" else node.name
            return f"({{{columns}}} : {inner})" if inner else None
        case Concept():
            return expression(node.node)
        case _:
            return _all(expression(part) for part in needed(node))


def written(node: Node) -> frozenset[str] | None:
    """Words of which every article that matches holds one exactly so, unless it is cut in two.

    The index does not know capitals, and finds half of all articles for `IS`.
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
    return exact and glob is None and text.isascii() and text in word.text


def cut(words: Iterable[str]) -> str:
    """The FTS5 expression for these words where the index holds them cut in two."""
    forms = (form for word in words for form in list(_forms(word.lower()))[1:])
    return " OR ".join(dict.fromkeys(forms)) or '""'


def _all(parts: Iterator[str | None]) -> str | None:
    known = [part for part in parts if part]
    return f"({' AND '.join(known)})" if known else None


def _any(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part]
    if len(known) < len(parts) or sum(part.count('"') for part in known) > 2 * _MOST_FORMS:
        return None
    return f"({' OR '.join(known)})"


def _word(word: Word) -> str | None:
    _, text, glob = pattern_of(word.key)
    text = (glob.pieces[0].partition("?")[0] if glob else text).lower()
    if not _plain.fullmatch(text) or (glob and len(text) < _SHORTEST_HEAD):
        return None
    forms = dict.fromkeys((*_forms(text), *_as_spelled(word, text)))
    star = " *" if glob else ""
    return f"({' OR '.join(f'{form}{star}' for form in forms)})"


def _forms(text: str) -> Iterator[str]:
    """Each way in which the index may hold a word: whole, cut once, with a letter not folded."""
    yield f'"{text}"'
    for at in range(1, len(text)):
        yield f'"{text[:at]} {text[at:]}"'
    for folded, letter in _UNFOLDED:
        for match in re.finditer(folded, text):
            yield f'"{text[: match.start()]}{letter}{text[match.end() :]}"'


def _as_spelled(word: Word, text: str) -> Iterator[str]:
    """The word cut where the query joins it: `anti-IS-coalitie` is held in three."""
    parts = [fold(part) for part in re.split(r"['\-]+", word.text.strip('="')) if part]
    if "".join(parts) == text:
        yield f'"{" ".join(parts)}"'
