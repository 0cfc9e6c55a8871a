"""A query cut into tokens, each with its place."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, Never

from alerts.faults import QueryFault
from alerts.query.normal import MARKS, Plain, normalise
from crawler.errors import QueryError
from crawler.faults import Fault

LONGEST_QUERY = 20_000  # characters; chosen: far above what a person writes

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"'})
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not", "EXCEPT": "except"}
_COUNTED = {"NEAR": "near", "THEN": "then", "ATLEAST": "atleast"}
_AHEAD = {"phrase": 1, "concept": 1}  # signs that belong to a token and not to its text
_REFUSED = frozenset({"quote", "colon", "other"})
_TOKEN = re.compile(
    rf"""
    (?P<open>\() | (?P<close>\))
    | "(?P<phrase>[^"]*)" | (?P<quote>")
    | (?<![:=])(?P<sign>[-+!](?=[\w"(@*]|=+[\w"]))
    | (?P<equals>=+)
    | @(?P<concept>[\w\-{MARKS}]*)
    | (?P<field>\w+):
    | (?P<word>[\w'\-*?./&+{MARKS}]+)
    | (?P<colon>:)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
# What follows a sign such as `-` or `+`, which other search boxes know and we refuse.
_OPERAND = re.compile(r'=*@?(?:"[^"]*"?|\([^)]*\)?|[^\s()]+)')
_LONGEST_SHOWN = 60  # characters of a query that a remedy repeats; chosen: it stays one line


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it begins in the uniform text."""

    kind: str
    text: str
    at: int


class QueryText(NamedTuple):
    """The query as given and as uniform text; faults name the column in the text as given."""

    given: str
    plain: Plain
    concept: str = ""

    def fault(self, what: Fault, at: int) -> Never:
        """Raise `QueryError` for what stands at this place of the uniform text."""
        column = min(self.plain.original(at, at + 1)[0], len(self.given)) + 1
        raise QueryError(what, column=column, query=self.given, concept=self.concept)


def source_of(query: str, concept: str = "") -> QueryText:
    """The query made uniform; a query that is too long raises `QueryError` before any work."""
    if len(query) > LONGEST_QUERY:
        QueryText(query[:80], Plain(query), concept).fault(
            QueryFault.LONG(length=len(query), most=LONGEST_QUERY), 0
        )
    if query.isascii():
        return QueryText(query, Plain(query), concept)
    plain = normalise(query, entities=False)
    return QueryText(query, Plain(plain.text.translate(_QUOTES), plain.edits), concept)


def tokens_of(source: QueryText) -> list[Token]:
    """All tokens, with one of kind `end` after the last."""
    text = source.plain.text
    found: list[Token] = []
    exactly = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        word, at = match[kind], match.start(kind) - _AHEAD.get(kind, 0)
        if kind == "word" and not exactly:
            kind = _OPERATORS.get(word) or _COUNTED.get(word.partition("/")[0]) or kind
        elif kind == "sign":
            _refuse_sign(source, Token(kind, word, at))
        elif kind in _REFUSED:
            _refuse(source, Token(kind, word, at))
        exactly = kind == "equals"
        found.append(Token(kind, word, at))
    found.append(Token("end", "", len(text)))
    return found


def _refuse_sign(source: QueryText, token: Token) -> Never:
    """Refuse `-` and `+`, which mean "without" and "with" in other search boxes."""
    text = source.plain.text
    words = text[: token.at].split()
    while words and words[-1] in _OPERATORS:
        words.pop()
    before, operand = " ".join(words), _OPERAND.match(text, token.at + 1)
    wanted = operand[0] if operand else "b"
    joined = f"AND {wanted}" if token.text == "+" else f"NOT {wanted}"
    whole = _OPERAND.fullmatch(before) and before.count("(") == before.count(")")
    if not before:
        better = wanted if token.text == "+" else f"a {joined}"
    elif whole and len(before) < _LONGEST_SHOWN:
        better = f"{before} {joined}"
    else:
        better = joined
    source.fault(QueryFault.SIGN(sign=token.text, better=better), token.at)


def _refuse(source: QueryText, token: Token) -> Never:
    if token.kind == "quote":
        source.fault(QueryFault.OPEN_QUOTE(), token.at)
    if token.kind == "colon":
        source.fault(QueryFault.NO_FIELD_BEFORE(), token.at)
    if unicodedata.category(token.text).startswith("C"):
        source.fault(QueryFault.INVISIBLE(code=f"U+{ord(token.text):04X}"), token.at)
    source.fault(QueryFault.NO_MEANING(text=token.text), token.at)
