"""One word or phrase of a query as a node, or the fault because of which it is none."""

from __future__ import annotations

import re
from functools import lru_cache

from alerts.faults import QueryFault
from alerts.query.normal import MARKS, normalise
from alerts.query.patterns import LONGEST_WORD, MOST_PARTS, NEVER_GLUED
from alerts.query.tree import Case, Metadata, Phrase, Word
from crawler.faults import Fault
from crawler.text import fold

_SIGNS = {case: case.value for case in Case}  # a look-up costs a tenth of `case.value`
_SURELY_SHORT = LONGEST_WORD // 4  # folding makes at most four letters of one
LETTERS_BESIDE_A_STAR = 3  # chosen: fewer would match a large part of the language

_apart = re.compile(rf"[^\w'\-*?{MARKS}]|_")
_something = re.compile(r"[\w*?]")
_joiners = re.compile(r"['\-]+")
_stars = re.compile(r"\*{2,}")


@lru_cache(maxsize=50_000)
def term_of(text: str, case: Case, *, quoted: bool) -> Word | Phrase | Fault:
    """The node for a word or a phrase, or its fault. It is split where a text would be split.

    `nu.nl` is the phrase of its two words, `F-16` the word `f16`.
    """
    spelled = _SIGNS[case] + (f'"{text}"' if quoted else text)
    if text.isalnum() and len(text) <= _SURELY_SHORT:
        return _word(spelled, text, case)
    words: list[Word] = []
    for chunk in _apart.sub(" ", text).split():
        # Marks that stand alone are dropped, as they are in texts.
        pieces = [piece for piece in _joiners.split(chunk) if _something.search(piece)]
        fault = _fault(pieces, spelled)
        if fault:
            return fault
        if tuple(fold(piece) for piece in pieces) in NEVER_GLUED:
            words.extend(_word(spelled, piece, case) for piece in pieces)
        elif pieces:
            words.append(_word(spelled, "".join(pieces), case))
    if not words:
        return QueryFault.NO_LETTERS(term=spelled)
    return words[0] if len(words) == 1 else Phrase(spelled, tuple(words), case)


def _word(spelled: str, glued: str, case: Case) -> Word:
    pattern = _stars.sub("*", glued) if "*" in glued else glued
    key = fold(pattern) if case is Case.FOLDED else "=" + pattern
    return Word(spelled, key, case)


def _fault(pieces: list[str], spelled: str) -> Fault | None:
    text = "".join(pieces)
    known = sum(map(str.isalnum, text))  # marks name no letter
    if "*" in text and known < LETTERS_BESIDE_A_STAR:
        return QueryFault.WIDE_STAR(term=spelled, least=LETTERS_BESIDE_A_STAR)
    if "?" in text and not known:
        return QueryFault.WIDE_MARK(term=spelled)
    letters = max(len(text), len(fold(text)))
    if letters > LONGEST_WORD:
        return QueryFault.LONG_WORD(length=letters, most=LONGEST_WORD)
    if len(pieces) > MOST_PARTS:
        return QueryFault.MANY_PARTS(
            term=spelled, parts=len(pieces), most=MOST_PARTS, phrase=" ".join(pieces)
        )
    return None


def metadata_of(field: str, text: str) -> Metadata | Fault:
    """The node for a value of a metadata field."""
    pattern = _stars.sub("*", folded_value(text))
    if not any(char.isalnum() for char in pattern):
        return QueryFault.WIDE_METADATA(field=field, text=text)
    return Metadata(field, text, pattern)


def folded_value(text: str) -> str:
    """A value of metadata as it is compared: folded, with single spaces."""
    return " ".join(fold(normalise(text, entities=False).text).split())
