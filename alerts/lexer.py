"""A query cut into tokens, each with its place."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, Never

from alerts.text import MARKS, Plain, normalise
from crawler.errors import QueryError

LONGEST_QUERY = 20_000

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"'})
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not", "EXCEPT": "except"}
_COUNTED = {"NEAR": "near", "THEN": "then", "ATLEAST": "atleast"}
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(
    rf"""
    (?P<open>\() | (?P<close>\))
    | "(?P<phrase>[^"]*)" | (?P<quote>")
    | (?P<equals>=+)
    | @(?P<concept>[\w\-{MARKS}]*)
    | (?P<field>\w+):
    | (?P<word>[\w'\-*?./&+{MARKS}]+)
    | (?P<colon>:)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: what it is, how it is written, where it begins (uniform text)."""

    kind: str
    text: str
    at: int


class Source(NamedTuple):
    """The query as it was given, and uniform: faults are reported by the column as given."""

    given: str
    plain: Plain
    concept: str = ""

    def fault(self, what: str, at: int, remedy: str) -> Never:
        """Refuse the query for what stands at this place of the uniform text."""
        where = f'in concept "{self.concept}": ' if self.concept else ""
        column = min(self.plain.original(at, at + 1)[0], len(self.given)) + 1
        raise QueryError(where + what, column=column, query=self.given, remedy=remedy)


def source_of(query: str, concept: str = "") -> Source:
    """The query made uniform; one that is too long is refused before any work."""
    if len(query) > LONGEST_QUERY:
        Source(query[:80], Plain(query), concept).fault(
            f"the query has {len(query):,} characters, at most {LONGEST_QUERY:,} are read",
            0,
            "move parts of it to concepts",
        )
    plain = Plain(query) if query.isascii() else normalise(query, entities=False)
    return Source(query, Plain(plain.text.translate(_QUOTES), plain.edits), concept)


def tokens_of(source: Source) -> list[Token]:
    """All tokens, with one of kind `end` after the last."""
    text, found = source.plain.text, list[Token]()
    at = _space_end(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # `other` takes any character
        kind = match.lastgroup or "other"
        token = Token(kind, match[kind], at)
        if kind == "word":
            operator = kind if found and found[-1].kind == "equals" else _operator(token.text)
            token = token._replace(kind=operator)
        elif kind in ("quote", "colon", "other"):
            _refuse(source, token)
        found.append(token)
        at = _space_end(text, match.end())
    found.append(Token("end", "", at))
    return found


def _space_end(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _operator(word: str) -> str:
    if word in _OPERATORS:
        return _OPERATORS[word]
    return _COUNTED.get(word.partition("/")[0], "word")


def _refuse(source: Source, token: Token) -> Never:
    if token.kind == "quote":
        source.fault("this quotation mark is not closed", token.at, 'end the phrase with `"`')
    if token.kind == "colon":
        source.fault(
            "`:` without a field before it",
            token.at,
            'write a field directly before it, as in `title:kalifaat`, or put the text in `"`',
        )
    if unicodedata.category(token.text).startswith("C"):
        name = f"the invisible character U+{ord(token.text):04X}"
        source.fault(f"{name} has no place in a query", token.at, "take it out")
    source.fault(
        f"`{token.text}` has no meaning here",
        token.at,
        'leave it out, or put the words around it in `"`; punctuation never matters',
    )
