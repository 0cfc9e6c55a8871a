"""A text as its words, the runs of words it has in common with another, and its numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from hashlib import blake2b

# A word, or a number with its decimals: "912,31", "19.42" and "1.250" are one word each.
_WORD = re.compile(r"[^\W_]+(?:(?<=\d)[.,:]\d+)*")
# Soft hyphen, zero-width space and joiners, byte order mark: written, but not read.
_UNSEEN = re.compile("[\xad\u200b-\u200d\u2060\ufeff]")
# House styles differ in where digits begin; "een" is left out because it is mostly an article.
_TO_TWENTY = (
    *("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    *(
        "dertien",
        "veertien",
        "vijftien",
        "zestien",
        "zeventien",
        "achttien",
        "negentien",
        "twintig",
    ),
)
_IN_DIGITS = {word: str(number) for number, word in enumerate(_TO_TWENTY, start=2)} | {
    "dertig": "30",
    "veertig": "40",
    "vijftig": "50",
    "honderd": "100",
    "duizend": "1000",
}

_MASK = (1 << 64) - 1
# Odd 64-bit multipliers, one for each place in a run, so that the order of words counts.
_PLACES = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
)


def plain(text: str) -> str:
    """The text with one spelling for each character and without the invisible ones."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


def words(text: str) -> list[str]:
    """The words in order, without case or punctuation."""
    return _WORD.findall(plain(text).casefold())


def shingles(text_words: Sequence[str], size: int = 3) -> frozenset[int]:
    """Hashes of every run of `size` (at most 5) words: 64 bits, the same in every process."""
    hashes = [_word_hash(word) for word in text_words]
    runs = zip(*(hashes[place:] for place in range(size)), strict=False)
    places = _PLACES[:size]
    return frozenset(sum(map(int.__mul__, run, places)) & _MASK for run in runs)


@lru_cache(maxsize=1 << 16)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())


def numbers(text_words: Sequence[str]) -> frozenset[str]:
    """The numbers in the text, in digits: "twaalf" and "12" are the same."""
    return frozenset(number for word in text_words if (number := number_of(word)))


def number_of(word: str) -> str | None:
    """The word in digits when it is a number, else None."""
    return word if word[0].isdigit() else _IN_DIGITS.get(word)


def containment(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """The part of the smaller set that the larger one has too; 0 when either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
