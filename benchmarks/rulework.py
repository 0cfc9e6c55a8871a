"""Generated Dutch-like articles and rules, for benchmarks; the same seed gives the same work.

Words are built from Dutch syllables and drawn by Zipf's law from 400,000 types. So every article
has words never seen before, as real articles do. No article is used twice.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from alerts.document import Document

TYPES = 400_000
_ONSETS = (*"bdfghjklmnprstvwz", "br", "dr", "gr", "kl", "kr", "pl", "sch", "st", "tr", "zw")
_NUCLEI = ("a", "aa", "e", "ee", "i", "ie", "o", "oo", "u", "ei", "ij", "ou", "ui", "eu", "oe")
_CODAS = ("", "", "", "n", "r", "l", "t", "s", "k", "m", "p", "nd", "rt", "cht", "st", "ng", "ns")
_COMMON = (
    "de", "van", "een", "het", "en", "in", "is", "dat", "op", "te", "met", "voor", "die", "zijn",
    "niet", "aan", "er", "om", "als", "bij", "ook", "naar", "uit", "door", "over", "dan", "maar",
    "tot", "nog", "wordt", "heeft", "was", "worden", "hij", "ze", "zij", "we", "wat", "wel", "al",
)  # fmt: skip  # rows of words read better


_ENDINGS = ("en", "e", "s", "je", "ing", "er", "ers", "de", "den", "t", "heid", "lijk", "isch")
# Common words are short (Zipf's law of abbreviation): up to each rank, the number of syllables.
_SYLLABLES = ((400, (1, 2)), (2_000, (1, 3)), (TYPES + 1, (2, 3)))
_ROOTS = 8_000  # words after these are mostly made of others, as in Dutch


@dataclass(frozen=True)
class Language:
    """Words, the commonest first, with their cumulative weights."""

    words: list[str]
    weights: list[float]


def language(seed: int = 1) -> Language:
    """A language of Dutch-like words: roots and names, their inflections, their compounds."""
    rng = random.Random(seed)
    words = dict.fromkeys(_COMMON)
    roots: list[str] = []
    while len(words) < TYPES:
        if len(words) < _ROOTS or rng.random() < 0.15:
            word = _root(rng, len(words))
            if len(words) < _ROOTS:
                roots.append(word)
        elif rng.random() < 0.25:
            word = rng.choice(roots) + rng.choice(_ENDINGS)
        else:
            joint = rng.choice(("", "", "", "s", "en", "-"))
            word = roots[int(len(roots) * rng.random() ** 2)] + joint + rng.choice(roots)
        kind = rng.random()
        if kind < 0.11:
            word = word.capitalize()
        elif kind < 0.13:
            word = word.replace("e", "é", 1)
        words[word] = None
    weights = itertools.accumulate((rank + 2.7) ** -1.2 for rank in range(TYPES))
    return Language(list(words), list(weights))


def _root(rng: random.Random, rank: int) -> str:
    least, most = next(bounds for until, bounds in _SYLLABLES if rank < until)
    return "".join(
        rng.choice(part)
        for _ in range(rng.randint(least, most))
        for part in (_ONSETS, _NUCLEI, _CODAS)
    )


def articles(tongue: Language, count: int, seed: int) -> Iterator[Document]:
    """Yield so many articles of about 417 words, each with a title, a lead and a body."""
    rng = random.Random(seed)
    for number in range(count):
        length = max(60, round(rng.gauss(380, 90)))
        words = rng.choices(tongue.words, cum_weights=tongue.weights, k=length + 37)
        yield Document(
            id=str(number),
            outlet=f"Outlet {number % 30}",
            title=_sentences(rng, words[:10]),
            lead=_sentences(rng, words[10:37]),
            body=_sentences(rng, words[37:]),
        )


def _sentences(rng: random.Random, words: list[str]) -> str:
    pieces, begin = [], True
    for word in words:
        text = word[0].upper() + word[1:] if begin else word
        mark = rng.random()
        begin = mark < 0.06
        if begin:
            text += rng.choice((".", ".", ".", "?", ".\n\n"))
        elif mark < 0.11:
            text += ","
        elif mark < 0.12:
            text = f"\N{LEFT SINGLE QUOTATION MARK}{text}\N{RIGHT SINGLE QUOTATION MARK}"
        pieces.append(text)
    return " ".join(pieces)


def queries(tongue: Language, count: int, seed: int = 7) -> Iterator[str]:
    """Yield queries as analysts write them: rare words alone, common words only with others."""
    rng = random.Random(seed)
    for _ in range(count):
        a, b, c, d = (tongue.words[rng.randrange(5_000, TYPES)] for _ in range(4))
        s, t, u = (tongue.words[round(1_000 * 90 ** rng.random())] for _ in range(3))
        yield rng.choice(
            (
                a,
                f'"{s} {a}"',
                f"{a} OR {b} OR {c}",
                f"{s} AND {t} AND {u}",
                f"({a} OR {b} OR {s}) AND ({c} OR {t})",
                f"{s} AND {a} NOT {b}",
                f"{s} NEAR/5 {t}",
                f"{_stem(a)}* AND {s}",
                f"={a.capitalize()} OR {_stem(b)}*",
                f"title:({s} OR {a}) AND {d}",
                f"ATLEAST/2 {u} AND {a}",
                f"{_stem(c)}* EXCEPT {c}",
            )
        )


def _stem(word: str) -> str:
    return word[:-2].rstrip("-") if len(word) > 10 else word
