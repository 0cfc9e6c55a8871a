"""Ways in which a text is spoilt between a newsroom and a reader, each with the way back.

A perturbation says for each character what stands in its place, so that every offset in the spoilt
text is known from the offset in the sound one.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html.entities import codepoint2name
from itertools import accumulate

Pieces = list[str]
APOSTROPHES = "'’‘"


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A spoilt text and, for each character of the sound one, where its piece begins."""

    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the stretch from `start` to `end` of the sound text stands in the spoilt one."""
        return self.starts[start], self.starts[end]


def spoilt(name: str, text: str) -> Spoilt:
    pieces = PERTURBATIONS[name](text)
    return Spoilt("".join(pieces), tuple(accumulate(map(len, pieces), initial=0)))


def _each(change: Callable[[str], str]) -> Callable[[str], Pieces]:
    return lambda text: [change(char) for char in text]


def _instead(chars: str, put: str) -> Callable[[str], Pieces]:
    return _each(lambda char: put if char in chars else char)


def _within_words(*put: str, every: int) -> Callable[[str], Pieces]:
    """Something invisible between letters: it belongs to the letter before it."""

    def change(text: str) -> Pieces:
        pieces, met = [], 0
        for char, following in zip(text, [*text[1:], " "], strict=True):
            inside = char.isalpha() and following.isalpha()
            met += inside
            pieces.append(char + put[met % len(put)] if inside and met % every == 0 else char)
        return pieces

    return change


def _named(char: str) -> str:
    name = codepoint2name.get(ord(char))
    return f"&{name};" if name else char


def _numbered(char: str) -> str:
    return char if char.isascii() and char.isalnum() else f"&#{ord(char)};"


def _hexadecimal(char: str) -> str:
    return f"&#x{ord(char):X};" if char.isalpha() else char


def _quotes(char: str) -> str:
    return {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"}.get(char, char)


PERTURBATIONS: dict[str, Callable[[str], Pieces]] = {
    "decomposed": _each(lambda char: unicodedata.normalize("NFD", char)),
    "typographic apostrophes": _instead("'", "’"),
    "straight quotes": _each(_quotes),
    "modifier apostrophes": _instead(APOSTROPHES, "\u02bc"),
    "accents for apostrophes": _instead(APOSTROPHES, "\u00b4"),
    "soft hyphens": _within_words("\u00ad", every=3),
    "soft hyphens everywhere": _within_words("\u00ad", every=1),
    "zero-width spaces": _within_words("\u200b", every=2),
    "joiners, marks of direction and byte order": _within_words(
        "\u200d", "\u2060", "\u200e", "\ufeff", every=2
    ),
    "no-break hyphens": _instead("-", "\u2011"),
    "dashes for hyphens": _instead("-", "–"),
    "no-break spaces": _instead(" ", "\u00a0"),
    "thin spaces": _instead(" ", "\u202f"),
    "line breaks": _instead(" ", "\r\n\t "),
    "named entities": _each(_named),
    "numbered entities": _each(_numbered),
    "hexadecimal entities for letters": _each(_hexadecimal),
    "entities escaped again": _each(lambda char: _named(char).replace("&", "&amp;")),
}
