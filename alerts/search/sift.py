"""The articles of the archive that pass a sieve."""

from __future__ import annotations

import re

from alerts.matching.evaluate import LONGEST_VALUE
from alerts.query.globs import Glob
from alerts.query.terms import folded_value
from alerts.search.archived import COLUMNS
from alerts.search.sieve import Both, Capitals, Either, IndexedText, Often, Sieve, Value, Written
from crawler.store import Lookups, Span

# Chosen; what searches take with these numbers stands in docs/rules.md, "How long a search takes".
_FEW = 100  # articles; it is quicker to evaluate this few than to sift them further
_MANY = 500  # values in one question
_READABLE = 3_000  # articles read in one go; of more, the newest may be enough
_AS_QUICK = 200  # articles that can be read in the time of one question for common words
_QUICKEST = (Capitals, IndexedText, Both, Either, Value, Often, Written)

_letters = re.compile(
    r"[!-$&(-)+->@-^a-~]+"
)  # ASCII without blanks, wildcards and signs for an apostrophe


def passing(  # noqa: PLR0911 - one for each kind of sieve
    lookups: Lookups, sieve: Sieve, span: Span
) -> set[int] | None:
    """The articles of the span that pass, perhaps with others; None when all of them may."""
    match sieve:
        case IndexedText(expression):
            return lookups.holding(expression, span)
        case Capitals(words):
            return lookups.capitals(words, span)
        case Often(tokens, count, field):
            # Occurrences of a token can only be counted in the whole archive.
            return lookups.often(tokens, count, field) if span == Span() else None
        case Value():
            return _valued(lookups, sieve, span)
        case Written():
            return None  # texts are read only to narrow what others found
        case Either(parts):
            found: set[int] = set()
            for part in parts:
                passed = passing(lookups, part, span)
                if passed is None:
                    return None
                found |= passed
            return found
        case Both(parts):
            return _all(lookups, parts, span)


def _all(lookups: Lookups, parts: tuple[Sieve, ...], span: Span) -> set[int] | None:
    found: set[int] | None = None
    written = [part.rows for part in parts if isinstance(part, Written)]
    for part in sorted(parts, key=lambda part: _QUICKEST.index(type(part))):
        while written and found is not None and _FEW < len(found) <= _readable(part):
            found = lookups.written(written.pop(), found)
        if found is not None and len(found) <= _FEW:
            break
        passed = passing(lookups, part, span)
        if passed is not None:
            found = passed if found is None else found & passed
    return found


def _readable(sieve: Sieve) -> int:
    """Up to how many articles it is quicker to read their texts than to ask the index."""
    match sieve:
        case Written():
            return _READABLE
        case IndexedText(expression):
            return min(_AS_QUICK * (expression.count('"') // 2), _READABLE)
        case _:
            return 0


def _valued(lookups: Lookups, sieve: Value, span: Span) -> set[int] | None:
    """The articles with such a value; for URLs, which all differ, those with the same letters."""
    glob, column = Glob.of(sieve.pattern), COLUMNS.get(sieve.field, sieve.field)
    letters = max(_letters.findall(sieve.pattern), key=len, default="")
    if sieve.field == "url":
        return lookups.with_letters(column, letters, span)
    values = lookups.values(column, letters)
    named = [value for value in values if glob.matches(folded_value(value[:LONGEST_VALUE]))]
    if len(named) > _MANY:
        return lookups.with_letters(column, letters, span)
    return lookups.with_values(column, named, span) if named else set()
