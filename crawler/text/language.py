"""The language of a text, among those that occur on Dutch-language sites."""

from __future__ import annotations

import re

# Frequent words by which these languages are told from each other.
_WORDS = {
    "nl": "het een van voor zijn niet ook maar wordt werd naar bij uit nog heeft tegen deze geen",
    "en": "the of and to that for with was were has have from this which would they their are",
    "fr": "les des une dans que pour qui sur avec est pas sont par aux cette été mais leur",
    "de": "der die und das nicht mit ist auf ein eine von sich auch werden dem den wurde nach",
    "fy": "it fan yn dat foar net ek mar wurdt waard nei by út noch hat tsjin dizze gjin de",
}
_TABLE = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
# All three are chosen; no measurement is known. The beginning of a text is enough to decide.
_LETTERS = 6_000
_FEWEST = 8  # frequent words of the source's language
_CLEARLY = 1.5  # times as many as of the declared language
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_NAMES = {"nederlands": "nl", "dutch": "nl", "english": "en", "engels": "en", "fries": "fy"}


def language_of(text: str, declared: str, expected: str) -> str:
    """The language of a text as a code of two or three letters (ISO 639).

    A page that declares the `expected` language of its source is believed. If it declares another,
    it is believed unless the text clearly contradicts it: many templates say "en".
    """
    code = _code(declared)
    if code in {"", expected}:
        return expected
    found = [word.lower() for word in _WORD.findall(text[:_LETTERS])]
    counts = {language: sum(map(words.__contains__, found)) for language, words in _TABLE.items()}
    if code in counts and expected in counts:
        plainly = counts[expected] >= max(_FEWEST, _CLEARLY * counts[code])
        return expected if plainly else code
    return code


def _code(declared: str) -> str:
    name = declared.strip().lower()
    found = _CODE.fullmatch(name)
    return _NAMES.get(name, found[1] if found else "")
