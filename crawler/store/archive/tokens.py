"""The words of a text, and the tokens that the full-text index (FTS5, unicode61) has for them.

The index ignores case and accents, cuts text at every sign, and cannot say which words have a given
ending. Here a word is a run of letters and digits. Runs that are joined by hyphens or apostrophes
are one word as well: `Da'esh` is `da`, `esh` and `daesh`, the last of which the index has as two
tokens. Text in which the index may see other words than a reader does is called odd.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crawler.text.folding import fold, undisguised

MOST_PARTS = 8  # chosen: at most this many parts make one word; `Sint-Job-in-'t-Goor` has five
LONGEST_CHAIN = 24  # chosen: in a compound with more parts, only each part is a word
_JOINERS = (
    "'\\-`\u00b4\u2018\u2019\u201b\u2032\uff07"  # apostrophes
    "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"  # hyphens
)
# Characters that the index and a reader see in the same way; emoji and other scripts are not here.
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
    """A folded word and the tokens that the index has for it; "" if the word is its only token."""

    word: str
    tokens: str = ""


class Chunk(NamedTuple):
    """The text between two spaces: its words, and those with a capital after their first letter.

    The latter keep their capitals.
    """

    terms: tuple[Term, ...]
    capitals: tuple[str, ...]
    odd: bool = False


def chunk_of(text: str) -> Chunk:
    """The words of a piece of text without spaces."""
    if text.isascii() and text.isalnum():
        return Chunk((Term(text.lower()),), (text,) if has_capitals(text) else ())
    found = _compound.findall(text)
    if not found:
        return Chunk((), (), odd=_NUL in text)
    if _uneven.search(text) or undisguised(text) != text:
        return Chunk((), (), odd=True)
    readings = [reading for compound in found for reading in _readings(_part.findall(compound))]
    return Chunk(
        tuple(_term(parts) for parts in readings),
        tuple(word for parts in readings if has_capitals(word := "".join(parts))),
    )


def terms_of(compound: str) -> Iterator[Term]:
    """Yield the words in a compound that is already folded and has hyphens as joiners."""
    first, _, last = compound.partition("-")
    if first and last and "-" not in last:
        yield Term(first + last, f"{first} {last}")
        return
    for joined in _readings([part for part in compound.split("-") if part]):
        if len(joined) > 1:
            yield Term("".join(joined), " ".join(joined))


def has_capitals(word: str) -> bool:
    """Whether a word has a capital after its first letter: an abbreviation, or text in capitals."""
    rest = word[1:]
    return rest != rest.lower()


def _readings(parts: list[str]) -> Iterator[list[str]]:
    """Yield each part alone, and each run of parts that follow each other."""
    count = len(parts)
    longest = min(count, MOST_PARTS) if count <= LONGEST_CHAIN else 1
    for length in range(1, longest + 1):
        for first in range(count - length + 1):
            yield parts[first : first + length]


def _term(parts: list[str]) -> Term:
    word, tokens = "".join(map(fold, parts)), " ".join(map(_token, parts))
    return Term(word, "" if tokens == word else tokens)


def _token(part: str) -> str:
    """The part as the index has it: without accents if that makes it ASCII, else as it is."""
    if part.isascii():
        return part.lower()
    bare = "".join(
        char
        for char in unicodedata.normalize("NFD", part.lower())
        if not unicodedata.combining(char)
    )
    return bare if bare.isascii() else part.lower()


class Sight(NamedTuple):
    """The result of a fast look at a text: its words and compounds, and chunks to look at closely.

    `words` are folded, have hyphens as joiners, and may occur more than once. `chunk_of` gives the
    words of the `chunks`.
    """

    words: list[str]
    chunks: set[str]


def sight_of(texts: Iterable[str]) -> Sight:
    """The words in the fields of an article. Most text fits cp1252, for which tables are fast."""
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
    """Yield the chunks with a capital after a letter, a digit or a joiner."""
    for sign in (b"AA", b"aA", b"-A"):
        at = cases.find(sign)
        while at >= 0:
            start, end = cases.rfind(_SPACE, 0, at) + 1, cases.find(_SPACE, at)
            yield text[start:end] if end >= 0 else text[start:]
            at = cases.find(sign, end) if end >= 0 else end


def _tables() -> tuple[bytes, bytes]:
    """Two tables for the bytes of cp1252: each one as a folded letter, and as its case."""
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
