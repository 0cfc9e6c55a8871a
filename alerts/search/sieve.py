"""What the archive is asked before a query is evaluated: a sieve that passes all matching articles.

It passes others too; the exact evaluator decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from crawler.frozen import dataclass

_MOST_FORMS = 4_000  # in one expression; chosen: the index takes some 10 µs for each
_MOST_READ = 60  # rows of words looked for in a text; for more, the evaluator is as quick


@dataclass(frozen=True, slots=True)
class IndexedText:
    """Passes what matches an FTS5 expression."""

    expression: str


@dataclass(frozen=True, slots=True)
class Capitals:
    """Passes what holds one of these words as written; each has a capital after the first."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Written:
    """Passes what holds one of these rows of words as written, with only signs between words."""

    rows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Often:
    """Passes texts with at least `count` of these tokens, in one field or in all."""

    tokens: frozenset[str]
    count: int
    field: str


@dataclass(frozen=True, slots=True)
class Value:
    """Passes what has a value of metadata that matches a folded glob."""

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Both:
    """Passes what passes all of these; without parts, everything."""

    parts: tuple[Sieve, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Passes what passes one of these; without parts, nothing."""

    parts: tuple[Sieve, ...]


Sieve: TypeAlias = IndexedText | Capitals | Written | Often | Value | Both | Either
EVERYTHING, NOTHING = Both(()), Either(())
_PLAIN, _READ = frozenset((Capitals, Written, IndexedText)), frozenset((Written, IndexedText))
_NO_ROWS = frozenset[str]()


def both(parts: Iterable[Sieve]) -> Sieve:
    """The sieve that passes what passes all of these, with as few questions as possible."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Both) else (part,))]
    if NOTHING in flat:
        return NOTHING
    words = list(dict.fromkeys(part.expression for part in flat if isinstance(part, IndexedText)))
    rest: list[Sieve] = [part for part in flat if not isinstance(part, IndexedText)]
    if words:
        rest.append(IndexedText(words[0] if len(words) == 1 else f"({' AND '.join(words)})"))
    return rest[0] if len(rest) == 1 else Both(tuple(dict.fromkeys(rest)))


def either(parts: Iterable[Sieve]) -> Sieve:
    """The sieve that passes what passes one of these, with as few questions as possible."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Either) else (part,))]
    flat = _read_at_once(flat)
    words = list(dict.fromkeys(part.expression for part in flat if isinstance(part, IndexedText)))
    if EVERYTHING in flat or sum(word.count('"') for word in words) > 2 * _MOST_FORMS:
        return EVERYTHING
    names = Capitals(
        frozenset().union(*(part.words for part in flat if isinstance(part, Capitals)))
    )
    rest: list[Sieve] = [
        part
        for part in flat
        if not (isinstance(part, IndexedText | Capitals) or _is_within(part, names))
    ]
    if names.words:
        rest.append(names)
    if words:
        rest.append(any_of(words))
    return rest[0] if len(rest) == 1 else Either(tuple(dict.fromkeys(rest)))


def _read_at_once(parts: list[Sieve]) -> list[Sieve]:
    """The parts, where those that read texts after the same questions have become one.

    If another part asks only the index, a part that reads what the index finds is reduced to the
    question to the index: reading would narrow the whole only a little.
    """
    alike = defaultdict[frozenset[type], list[Sieve]](list)
    others: list[Sieve] = []
    for part in parts:
        asked = part.parts if isinstance(part, Both) else ()
        kinds = frozenset(map(type, asked))
        if Written in kinds and kinds <= _PLAIN and len(kinds) == len(asked):
            alike[kinds] += asked
        else:
            others.append(part)
    if any(isinstance(part, IndexedText) for part in others):
        others += (part for part in alike.pop(_READ, ()) if isinstance(part, IndexedText))
    return [*others, *map(_mixed, alike.values())]


def _mixed(parts: list[Sieve]) -> Sieve:
    """The sieve that passes what passes one of these parts of each kind."""
    names = frozenset().union(*(part.words for part in parts if isinstance(part, Capitals)))
    rows = frozenset().union(*(part.rows for part in parts if isinstance(part, Written)))
    text = [part.expression for part in parts if isinstance(part, IndexedText)]
    return both(
        (
            Capitals(names) if names else EVERYTHING,
            Written(rows) if len(rows) <= _MOST_READ else EVERYTHING,
            any_of(text) if text else EVERYTHING,
        )
    )


def rows_of(sieve: Sieve) -> frozenset[str]:
    """Rows of words, one of which all that passes holds as written; empty if none are known."""
    match sieve:
        case Written(rows):
            return rows
        case Both(parts):
            return next(filter(None, map(rows_of, parts)), _NO_ROWS)
        case Either(parts):
            branches = [rows_of(part) for part in parts]
            return _NO_ROWS.union(*branches) if all(branches) else _NO_ROWS
        case _:
            return _NO_ROWS


def _is_within(sieve: Sieve, names: Capitals) -> bool:
    """Whether all that passes the sieve holds one of these names."""
    return isinstance(sieve, Both) and any(
        isinstance(part, Capitals) and part.words <= names.words for part in sieve.parts
    )


def any_of(expressions: Iterable[str]) -> Sieve:
    """The sieve that passes what matches one of these FTS5 expressions."""
    known = list(dict.fromkeys(expressions))
    if not known:
        return NOTHING
    return IndexedText(known[0] if len(known) == 1 else f"({' OR '.join(known)})")
