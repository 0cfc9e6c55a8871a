"""What the archive is asked before a query is evaluated: a sieve that no matching article escapes.

It lets others through, too; the exact evaluator has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

_MOST_FORMS = 4_000  # in one expression: the index takes some 10 µs for each


@dataclass(frozen=True, slots=True)
class Text:
    """What matches an FTS5 expression."""

    expression: str


@dataclass(frozen=True, slots=True)
class Capitals:
    """What holds one of these words, each with a capital past its first letter, as written."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Often:
    """What holds at least so many of these tokens, in one field or in all."""

    tokens: frozenset[str]
    count: int
    field: str


@dataclass(frozen=True, slots=True)
class Value:
    """What has a value of metadata that matches a folded glob."""

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Both:
    """What passes all of these; of none, everything."""

    parts: tuple[Sieve, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """What passes one of these; of none, nothing."""

    parts: tuple[Sieve, ...]


Sieve: TypeAlias = Text | Capitals | Often | Value | Both | Either
EVERYTHING, NOTHING = Both(()), Either(())


def both(parts: Iterable[Sieve]) -> Sieve:
    """What passes all of these, in as few questions as may be."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Both) else (part,))]
    if NOTHING in flat:
        return NOTHING
    words = list(dict.fromkeys(part.expression for part in flat if isinstance(part, Text)))
    rest: list[Sieve] = [part for part in flat if not isinstance(part, Text)]
    if words:
        rest.append(Text(words[0] if len(words) == 1 else f"({' AND '.join(words)})"))
    return rest[0] if len(rest) == 1 else Both(tuple(dict.fromkeys(rest)))


def either(parts: Iterable[Sieve]) -> Sieve:
    """What passes one of these, in as few questions as may be."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Either) else (part,))]
    words = list(dict.fromkeys(part.expression for part in flat if isinstance(part, Text)))
    if EVERYTHING in flat or sum(word.count('"') for word in words) > 2 * _MOST_FORMS:
        return EVERYTHING
    names = Capitals(
        frozenset().union(*(part.words for part in flat if isinstance(part, Capitals)))
    )
    rest: list[Sieve] = [
        part for part in flat if not (isinstance(part, Text | Capitals) or _is_within(part, names))
    ]
    if names.words:
        rest.append(names)
    if words:
        rest.append(any_of(words))
    return rest[0] if len(rest) == 1 else Either(tuple(dict.fromkeys(rest)))


def _is_within(sieve: Sieve, names: Capitals) -> bool:
    """Whether all that passes the sieve holds one of these names."""
    return isinstance(sieve, Both) and any(
        isinstance(part, Capitals) and part.words <= names.words for part in sieve.parts
    )


def any_of(expressions: Iterable[str]) -> Sieve:
    """What matches one of these FTS5 expressions."""
    known = list(dict.fromkeys(expressions))
    if not known:
        return NOTHING
    return Text(known[0] if len(known) == 1 else f"({' OR '.join(known)})")
