"""What a person probably meant, in the words of an error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Never

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


def refuse_unknown(source: QueryText, token: Token, kind: str, known: Iterable[str]) -> Never:
    """Refuse the name of a field or concept that is not there."""
    names = list(known)
    close = difflib.get_close_matches(token.text.lower(), names, n=1)
    there = ", ".join(names[:_NAMES_SHOWN]) or "none"
    if close:
        sign = "@" if kind == "concept" else ""
        remedy = f"did you mean `{sign}{close[0]}`? "
    else:
        remedy = 'put the text in `"` if no field is meant; ' if kind == "field" else ""
    source.fault(f'there is no {kind} "{token.text}"', token.at, f"{remedy}there are: {there}")


def refuse_misplaced(source: QueryText, tokens: Sequence[Token], index: int) -> Never:
    """Refuse a token that stands where a word should."""
    token, before = tokens[index], tokens[index - 1] if index else None
    if token.kind == "not":
        source.fault(
            "NOT needs something positive before it",
            token.at,
            "write what you look for first, as in `kalifaat NOT cordoba`",
        )
    if before and before.kind == "open" and token.kind == "end":
        source.fault("this parenthesis is not closed", before.at, "close it with `)`")
    if before and before.kind != "open":
        source.fault(
            f"nothing stands after `{before.text}`",
            before.at,
            "write a word after it, or take it out",
        )
    if token.kind == "close":
        source.fault("`)` closes nothing", token.at, "take it out, or open it with `(`")
    source.fault(
        f"nothing stands before `{token.text}`", token.at, "write a word before it, or take it out"
    )


def refuse_unjoined(source: QueryText, before: Token, token: Token) -> Never:
    """Refuse two expressions without an operator between them."""
    for sign in (before, token):
        if sign.kind == "word" and not any(map(str.isalnum, sign.text)):
            source.fault(
                f"`{sign.text}` holds no letter or digit",
                sign.at,
                "leave it out, punctuation is never looked for; to join words write `AND` or `OR`",
            )
    if meant := _meant(token, _MEANT):
        source.fault(f"no operator before `{token.text}`", token.at, meant)
    for sign in (before, token):
        if meant := _meant(sign, _MEANT_BEFORE):
            source.fault(f"`{sign.text}` is read as a word", sign.at, meant)
    a, b = (part.text or part.kind for part in (before, token))
    remedy = "write `AND` or `OR` between them"
    if before.kind == token.kind == "word":
        remedy = f'write `{a} AND {b}`, `{a} OR {b}` or `"{a} {b}"`'
    source.fault(f"no operator between `{a}` and `{b}`", token.at, remedy)


def _meant(token: Token, operators: Mapping[str, str]) -> str:
    """How to write the operator that this word was probably meant for; "" if there is none."""
    word = token.text.partition("/")[0].lower() if token.kind == "word" else ""
    how = "in English (AND, OR, NOT)" if token.text.isupper() else "in capitals"
    return f"operators are written {how}: `{operators[word]}`" if word in operators else ""
