"""What a person probably meant: the fault that says so."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Never

from alerts.faults import QueryFault
from alerts.query.lexer import QueryText, Token

_MEANT = {
    "and": "AND", "en": "AND", "or": "OR", "of": "OR", "not": "NOT", "niet": "NOT",
    "except": "EXCEPT", "near": "NEAR/5", "then": "THEN/5",
}  # fmt: skip  # one row of pairs reads better
# Operators that stand before what they are about.
_MEANT_BEFORE = {
    "atleast": "ATLEAST/3", "minstens": "ATLEAST/3", "not": "NOT", "niet": "NOT",
}  # fmt: skip  # as above
_NAMES_SHOWN = 20  # chosen: a remedy stays readable


def refuse_field(source: QueryText, token: Token, known: Iterable[str]) -> Never:
    """Refuse the name of a field that is not there."""
    _refuse_unknown(source, token, known, QueryFault.NO_FIELD_NEAR, QueryFault.NO_FIELD)


def refuse_concept(source: QueryText, token: Token, known: Iterable[str]) -> Never:
    """Refuse the name of a concept that is not there."""
    _refuse_unknown(source, token, known, QueryFault.NO_CONCEPT_NEAR, QueryFault.NO_CONCEPT)


def _refuse_unknown(
    source: QueryText, token: Token, known: Iterable[str], near: QueryFault, unlike: QueryFault
) -> Never:
    names = list(known)
    close = difflib.get_close_matches(token.text.lower(), names, n=1)
    there = {"name": token.text, "names": ", ".join(names[:_NAMES_SHOWN])}
    source.fault(near(near=close[0], **there) if close else unlike(**there), token.at)


def refuse_misplaced(source: QueryText, tokens: Sequence[Token], index: int) -> Never:
    """Refuse a token that stands where a word should."""
    token, before = tokens[index], tokens[index - 1] if index else None
    if token.kind == "not":
        source.fault(QueryFault.NOT_FIRST(), token.at)
    if before and before.kind == "open" and token.kind == "end":
        source.fault(QueryFault.OPEN_PARENTHESIS(), before.at)
    if before and before.kind != "open":
        source.fault(QueryFault.NOTHING_AFTER(text=before.text), before.at)
    if token.kind == "close":
        source.fault(QueryFault.CLOSES_NOTHING(), token.at)
    source.fault(QueryFault.NOTHING_BEFORE(text=token.text), token.at)


def refuse_unjoined(source: QueryText, before: Token, token: Token) -> Never:
    """Refuse two expressions without an operator between them."""
    for sign in (before, token):
        if sign.kind == "word" and not any(map(str.isalnum, sign.text)):
            source.fault(QueryFault.PUNCTUATION(text=sign.text), sign.at)
    if meant := _meant(token, _MEANT):
        english = token.text.isupper()
        kind = QueryFault.MEANT_ENGLISH if english else QueryFault.MEANT_CAPITALS
        source.fault(kind(text=token.text, operator=meant), token.at)
    for sign in (before, token):
        if meant := _meant(sign, _MEANT_BEFORE):
            english = sign.text.isupper()
            kind = QueryFault.READ_AS_WORD_ENGLISH if english else QueryFault.READ_AS_WORD_CAPITALS
            source.fault(kind(text=sign.text, operator=meant), sign.at)
    words = before.kind == token.kind == "word"
    kind = QueryFault.NO_OPERATOR_WORDS if words else QueryFault.NO_OPERATOR
    a, b = (part.text or part.kind for part in (before, token))
    source.fault(kind(before=a, after=b), token.at)


def _meant(token: Token, operators: Mapping[str, str]) -> str:
    """The operator that this word was probably meant for; "" if there is none."""
    word = token.text.partition("/")[0].lower() if token.kind == "word" else ""
    return operators.get(word, "")
