"""The words of a text beside the tokens by which the full-text index (unicode61) holds them.

The index knows neither case nor accents, cuts text at every sign, and cannot be asked which words
end in some way. Here a word is a run of letters and digits, or such runs joined by hyphens and
apostrophes and read as one: `Da'esh` is `da`, `esh` and `daesh`, which the index holds as two
tokens. Text in which the index may see other words than a reader does is called odd.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crawler.text.folding import fold

MOST_PARTS = 8  # parts of a word that are read as one
LONGEST_CHAIN = 24  # parts; of what is joined more often each is a word, and that is all
_JOINERS = (
    "'\\-`\u00b4\u2018\u2019\u201b\u2032\uff07"  # apostrophes
    "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"  # hyphens
)
# What index and reader take for the same letters and signs; emoji and other scripts are not here.
_EVEN = (
    "\1-\u00ac\u00ae-\u01dd\u01e4-\u024f\u0391-\u03a1\u03a3-\u03ce\u0400-\u045f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20b5\u2116\u2122\u2190-\u22ff\u2500-\u26ff"
)
_compound = re.compile(rf"[^\W_]+(?:[{_JOINERS}]+[^\W_]+)*")
_part = re.compile(r"[^\W_]+")
_uneven = re.compile(rf"[^{_EVEN}]|&[#a-zA-Z][a-zA-Z0-9]*;")


_NUL = "\0"  # SQLite compares text up to there
_SPACE, _JOINER, _OTHER = b" ", b"-", b"\1"


class Term(NamedTuple):
    """A word, folded, and the tokens that the index holds for it; none if it is one itself."""

    word: str
    tokens: str = ""


class Chunk(NamedTuple):
    """What stands between two spaces: its words, and those with a capital past their first letter.

    The latter are as they are written.
    """

    terms: tuple[Term, ...]
    capitals: tuple[str, ...]
    odd: bool = False


def chunk_of(text: str) -> Chunk:
    """What a stretch of text without a space holds."""
    if text.isascii() and text.isalnum():
        return Chunk((Term(text.lower()),), (text,) if has_capitals(text) else ())
    found = _compound.findall(text)
    if not found:
        return Chunk((), (), odd=_NUL in text)
    if _uneven.search(text):
        return Chunk((), (), odd=True)
    readings = [reading for compound in found for reading in _readings(_part.findall(compound))]
    return Chunk(
        tuple(_term(parts) for parts in readings),
        tuple(word for parts in readings if has_capitals(word := "".join(parts))),
    )


def terms_of(compound: str) -> Iterator[Term]:
    """Yield what is joined in a compound that is folded already, its joiners hyphens."""
    first, _, last = compound.partition("-")
    if first and last and "-" not in last:
        yield Term(first + last, f"{first} {last}")
        return
    for joined in _readings([part for part in compound.split("-") if part]):
        if len(joined) > 1:
            yield Term("".join(joined), " ".join(joined))


def has_capitals(word: str) -> bool:
    """Whether a word has a capital past its first letter: an abbreviation, or part of a shout."""
    rest = word[1:]
    return rest != rest.lower()


def _readings(parts: list[str]) -> Iterator[list[str]]:
    """Yield each part, and parts that follow each other."""
    count = len(parts)
    longest = min(count, MOST_PARTS) if count <= LONGEST_CHAIN else 1
    for length in range(1, longest + 1):
        for first in range(count - length + 1):
            yield parts[first : first + length]


def _term(parts: list[str]) -> Term:
    word, tokens = "".join(map(fold, parts)), " ".join(map(_token, parts))
    return Term(word, "" if tokens == word else tokens)


def _token(part: str) -> str:
    """The part as the index is to be asked for it: without accents if nothing else is odd."""
    if part.isascii():
        return part.lower()
    bare = "".join(
        char
        for char in unicodedata.normalize("NFD", part.lower())
        if not unicodedata.combining(char)
    )
    return bare if bare.isascii() else part.lower()


class Sight(NamedTuple):
    """A text at first sight: its words and compounds, and the chunks that need a closer look.

    `words` are folded, their joiners hyphens, and may come more than once; what else `chunks` hold
    is known after `chunk_of`.
    """

    words: list[str]
    chunks: set[str]


def sight_of(texts: Iterable[str]) -> Sight:
    """What stands in the fields of an article; most fit cp1252, where tables do the work."""
    text = " ".join(texts)
    try:
        data = text.encode("cp1252")
    except UnicodeEncodeError:
        return Sight([], set(text.split()))
    if "\xad" in text or 0 in data or ("&" in text and _uneven.search(text)):
        return Sight([], set(text.split()))
    row = data.translate(_ROW)
    words = row.decode("latin-1").split()
    chunks = set(_capitals(data.translate(_CASES), text))
    if _OTHER in row:
        chunks.update(chunk for chunk in text.split() if not chunk.isascii())
        words = [word for word in words if _OTHER.decode() not in word]
    return Sight(words, chunks)


def _capitals(cases: bytes, text: str) -> Iterator[str]:
    """Yield the chunks in which a capital follows a letter, a digit or a joiner."""
    for sign in (b"AA", b"aA", b"-A"):
        at = cases.find(sign)
        while at >= 0:
            start, end = cases.rfind(_SPACE, 0, at) + 1, cases.find(_SPACE, at)
            yield text[start:end] if end >= 0 else text[start:]
            at = cases.find(sign, end) if end >= 0 else end


def _tables() -> tuple[bytes, bytes]:
    """For each byte of cp1252 what it is in a row of folded words, and in one of cases."""
    joiner = re.compile(f"[{_JOINERS}]")
    row, cases = bytearray(_SPACE * 256), bytearray(_SPACE * 256)
    for byte in range(256):
        char = bytes([byte]).decode("cp1252", "replace")
        if char.isalnum():
            token = _token(char)
            plain = len(token) == 1 and token.isascii()
            row[byte] = ord(token) if plain else ord(_OTHER)
            cases[byte] = ord("a" if char == char.lower() else "A")
        elif joiner.match(char):
            row[byte] = cases[byte] = ord(_JOINER)
    return bytes(row), bytes(cases)


_ROW, _CASES = _tables()
