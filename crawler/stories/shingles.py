"""A text as its words, as runs of words that it may share with another, and as its numbers."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Collection, Iterable, Sequence, Set as AbstractSet
from hashlib import blake2b
from itertools import islice

from crawler.text.invisible import UNREAD

# A word, or a number with its decimals: "912,31", "19.42" and "1.250" are one word each.
WORD = re.compile(r"[^\W_]+(?:(?<=\d)[.,:]\d+)*")
_UNREAD = re.compile(f"[{UNREAD}]")
# House styles differ in the numbers that they spell out. "Een" is left out: it is mostly an
# article.
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
    "honderd": "100",
    "duizend": "1000",
}

# Words are hashed in one large number, in which each has a lane of three times its 64 bits: a sum
# of five products needs 131 of them and leaves the next lane alone.
_WIDTH = 3
_LANE_BYTES = 8 * _WIDTH
# Odd 64-bit multipliers, one for each place in a run, so that the order of words counts.
_PLACES = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
)


_TENS = {
    "twintig": 20,
    "dertig": 30,
    "veertig": 40,
    "vijftig": 50,
    "zestig": 60,
    "zeventig": 70,
    "tachtig": 80,
    "negentig": 90,
}
_ONES = ("een", *_TO_TWENTY[:8])
_IN_DIGITS |= {ten: str(number) for ten, number in _TENS.items()}
_IN_DIGITS |= {
    f"{one}{'ën' if one.endswith('e') else 'en'}{ten}": str(number + tens)
    for ten, tens in _TENS.items()
    for number, one in enumerate(_ONES, start=1)
}
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def plain(text: str) -> str:
    """The text with one spelling for each character, and without invisible characters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _UNREAD.sub("", text))


def words(text: str) -> list[str]:
    """The words in order, without case or punctuation."""
    try:
        row = text.encode("cp1252").translate(_FOLDED)
    except UnicodeEncodeError:
        return WORD.findall(plain(text).casefold())
    if _OTHER in row:
        return WORD.findall(plain(text).casefold())
    marked = _DECIMAL.sub(lambda mark: _HELD[mark[0]], row)
    found = marked.translate(_SPLIT).decode("cp1252").split()
    return found if marked is row else [word for part in found for word in _in_part(part)]


def _in_part(part: str) -> Sequence[str]:
    return (part,) if part.isalnum() else WORD.findall(part.translate(_MARKS))


def _folded(byte: int) -> bytes:
    """What a word has of this byte of cp1252; a space if that is nothing."""
    char = plain(bytes([byte]).decode("cp1252", "replace")).casefold()
    if not char or byte == 0:
        return _OTHER
    if char in _POINTS or not WORD.search(char):
        return char.encode() if char in _POINTS else b" "
    letter = char.encode("cp1252", "ignore")
    return letter if len(char) == len(letter) == 1 else _OTHER


_OTHER = b"\0"  # for what becomes several letters, or nothing
_POINTS = ".,:"
_DECIMAL = re.compile(rb"[.,:](?<=\d.)(?=\d)")
_HELD = {point.encode(): bytes([held]) for held, point in enumerate(_POINTS, start=1)}
_MARKS = {held[0]: point.decode() for point, held in _HELD.items()}
# Most text fits cp1252, and takes a third of the time by tables of what the expressions above take.
_FOLDED = b"".join(map(_folded, range(256)))
_SPLIT = bytes.maketrans(_POINTS.encode(), b" " * len(_POINTS))


def has_words(text: str, least: int) -> bool:
    """Whether there are so many words in the text; no more of them are looked at."""
    return sum(1 for _ in islice(WORD.finditer(plain(text).casefold()), least)) == least


def shingles(text_words: Sequence[str], size: int = 3) -> frozenset[int]:
    """Hashes of every run of `size` (at most 5) words: 64 bits, the same in every process.

    The hash of a run is the sum of the hashes of its words, each times the multiplier of its place,
    modulo 2^64. All are worked out at once: the words of the text are one large number, which is
    multiplied and shifted.
    """
    (found,) = shingles_of_sizes(text_words, size)
    return found


def shingles_of_sizes(text_words: Sequence[str], *sizes: int) -> tuple[frozenset[int], ...]:
    """The shingles of each of these ascending sizes; together they cost little more than one."""
    return tuple(map(frozenset, runs_in_order(text_words, *sizes)))


def runs_in_order(text_words: Sequence[str], *sizes: int) -> tuple[array[int], ...]:
    """The same hashes, one for each place in the text at which a run begins."""
    lanes = int.from_bytes(b"".join(map(_LANES.__getitem__, text_words)), "little")
    found, sums, count = [], 0, len(text_words)
    for place, factor in enumerate(_PLACES[: sizes[-1]]):
        sums += (lanes >> 8 * _LANE_BYTES * place) * factor
        if place + 1 in sizes:
            found.append(_low_ends(sums, count)[: max(0, count - place)])
    return tuple(found)


def _low_ends(sums: int, count: int) -> array[int]:
    """What stands in the low 64 bits of each of so many lanes."""
    numbers = array("Q", sums.to_bytes(_LANE_BYTES * count, "little"))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers[::_WIDTH]


class _Lanes(dict[str, bytes]):
    """The hash of each word, at the low end of its lane; words met before are remembered.

    Foreign text decides how many words there are and how long: they take 8 MB at most.
    """

    _MOST = 1 << 15
    _LONGEST = 50  # characters; chosen: longer than nearly every word

    def __missing__(self, word: str) -> bytes:
        if len(self) >= self._MOST:
            self.clear()
        digest = blake2b(word.encode(), digest_size=8).digest()
        lane = digest[::-1].ljust(_LANE_BYTES, b"\0")
        if len(word) <= self._LONGEST:
            self[word] = lane
        return lane


_LANES = _Lanes()


def numbers(text_words: Sequence[str]) -> frozenset[str]:
    """The numbers in the text, in digits: "twaalf" and "12" are the same."""
    return frozenset(number for word in text_words if (number := number_of(word)))


def number_of(word: str) -> str | None:
    """The word in digits when it is a number, else None."""
    if not word[0].isdigit():
        return _IN_DIGITS.get(word)
    if word.isalnum():
        return word
    # "2.250" and "2250", "19:42" and "19.42".
    return word.replace(".", "") if _THOUSANDS.fullmatch(word) else word.replace(":", ".")


def with_digits(text_words: Iterable[str]) -> frozenset[str]:
    """The words, and in digits those that are numbers."""
    found = set(text_words)
    in_digits = {_IN_DIGITS[word] for word in found & _IN_DIGITS.keys()}
    return frozenset(found | in_digits)


def containment(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """The part of the smaller set that the larger one has too; 0 when either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


# Hashes of a text, and words of a run. Chosen: see `fingerprints_among` for what they find.
COUNT = 24
RUN = 5
# Hashes of its opening. Chosen: a summary of 25 words and its article of 400 often share none of
# the 24, but some of these.
OPENING = 6
# Runs with which it begins. A stub of eight to twenty words shares too few of the others: of 69
# reports and their first eight words 50 met without these, and all 69 with them.
FIRST = 3

# SQLite's integers have a sign; taking half the range away keeps the order.
_HALF = 1 << 63


def fingerprints_among(runs: Collection[int], opening: Sequence[int]) -> tuple[int, ...]:
    """The fingerprints of a text, by its runs of five words and those of its first sentences.

    They are the 24 smallest hashes of its runs, and of the opening the 6 smallest and the first 3,
    ascending and signed. If one text holds a quarter of the other, about six of the 24 are the same
    (bottom-k sketches: Broder, "On the resemblance and containment of documents", 1997).
    """
    chosen = {*_smallest(runs), *sorted(opening)[:OPENING], *opening[:FIRST]}
    return tuple([value - _HALF for value in sorted(chosen)])


def _smallest(runs: Collection[int]) -> list[int]:
    """The 24 smallest of these hashes, each once."""
    # Hashes are spread evenly, so that four times as many as are asked for lie below this. To sort
    # those takes a fraction of what sorting all does, or a heap in Python.
    below = 4 * COUNT * (2 * _HALF // max(len(runs), 4 * COUNT))
    few = sorted({run for run in runs if run < below})
    return (few if len(few) >= COUNT else sorted({*runs}))[:COUNT]
