"""The fields of a document in one row, cut into words by spaces, as written and folded.

Everything but letters, digits, apostrophes and hyphens becomes a space, and a `BREAK` stands
between fields. So a place in the row is a place in a field, and a word is what stands between
spaces and joiners. Most Dutch text fits the code page cp1252, where tables of bytes do all the
work; most of that fits latin-1 but for some marks, which takes a fifth of the time. The few words
with letters that do not fold one by one (`œ`, `ß`, other scripts) are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from alerts.query.normal import APOSTROPHES, ENTITY, HYPHENS, MARKS, Shift, normalise
from alerts.query.patterns import LONGEST_CHAIN, MOST_PARTS, compound_of
from crawler.text import fold

BREAK = "\0"  # a chunk of its own between two fields; inside a text it becomes a space
ODD = "\1"  # in the folded row, a letter of a word that is kept apart
_BETWEEN = f" {BREAK} "
# Forms made at once. All forms of a page of 400,000 characters that is nothing but chains took
# 200 MB; the number itself is chosen.
_BATCH = 10_000
_NO_EDITS: tuple[tuple[Shift, ...], ...] = ((), (), ())

_not_word = re.compile(rf"[^\w'\-{MARKS}]|_")
# From the first joiner with a letter before it: most other joiners are quotation marks. The
# expression begins with the joiner, so that the text between joiners is skipped quickly.
_joined = re.compile("-(?<=[^ -]-)-*[^ -][^ ]*")
_stray = re.compile(rf"(?<![^ '\-])[{MARKS}]+")


class Row(NamedTuple):
    """Fields in one row as they are written; `begins` says where each of them starts."""

    spaced: str
    begins: tuple[int, ...]
    edits: tuple[tuple[Shift, ...], ...]


def row_of(texts: Sequence[str]) -> Row:
    """The row of these fields; the slow way, which takes any text."""
    plain = [normalise(text) for text in texts]
    fields = [_stray.sub(_spaces, _not_word.sub(" ", each.text)) for each in plain]
    return Row(_BETWEEN.join(("", *fields, "")), _begins(fields), tuple(e.edits for e in plain))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _begins(fields: Sequence[str]) -> tuple[int, ...]:
    begins, at = [], len(_BETWEEN)
    for field in fields:
        begins.append(at)
        at += len(field) + len(_BETWEEN)
    return tuple(begins)


class Passages:
    """A document's row, folded; `odd` holds the words kept apart, each with its place."""

    __slots__ = ("_data", "_given", "_page", "_spaced", "begins", "edits", "folded", "odd", "words")

    def __init__(self, texts: Sequence[str]) -> None:
        """Read the fields of a document, as they were given."""
        self.odd: tuple[tuple[int, str], ...] = ()
        self._given = _BETWEEN.join(("", *texts, ""))
        encoded = _encoded(self._given, len(texts))
        if encoded is None:
            row, self._given = row_of(texts), ""
            self._set_apart(row.spaced)
            self.begins, self.edits = row.begins, row.edits
        else:
            self.begins, self.edits = _begins(texts), _NO_EDITS
            (self._page, self._data), self._spaced = encoded, ""
            folded = self._data.translate(self._page.folded)
            if _ODD_BYTE in folded:
                self._set_apart(self.spaced)
            else:
                self.folded = folded.decode("latin-1")
        # With spaces for joiners, so that each part of a compound stands between two spaces.
        self.words = self.folded.replace("'", " ").replace("-", " ")

    @property
    def written(self) -> str:
        """A text that holds every word as written, at its place; cheaper to make than `spaced`."""
        return self._given or self.spaced

    @property
    def spaced(self) -> str:
        """The row as it is written."""
        if not self._spaced:
            self._spaced = self._data.translate(self._page.spaced).decode(self._page.name)
        return self._spaced

    def stretch(self, start: int, end: int) -> str:
        """The row as it is written from one place to another."""
        if self._spaced:
            return self._spaced[start:end]
        return self._data[start:end].translate(self._page.spaced).decode(self._page.name)

    def _set_apart(self, spaced: str) -> None:
        """Fold the row without the words that hold letters which do not fold one by one."""
        pieces, odd, done = list[str](), list[tuple[int, str]](), 0
        letter = _odd_letter.search(spaced)
        while letter:
            start = spaced.rfind(" ", 0, letter.start()) + 1
            end = spaced.find(" ", start)
            odd.append((start, spaced[start:end]))
            pieces += (spaced[done:start], _letter.sub(_ODD_LETTER, spaced[start:end]))
            done = end
            letter = _odd_letter.search(spaced, end)
        pieces.append(spaced[done:])
        self.folded = "".join(pieces).encode("cp1252").translate(_CP1252.folded).decode("latin-1")
        self.odd, self._spaced = tuple(odd), spaced

    def forms(self) -> Iterator[tuple[list[str], list[tuple[int, int]]]]:
        """Yield the folded forms of chunks that are not simply words, with the chunks' places.

        The forms of joined parts are two or more of these parts glued. They come in batches, since
        the forms of a chain may be a hundred times as long as the chain.
        """
        text = self.folded.replace("'", "-")
        forms: list[str] = []
        stretches: list[tuple[int, int]] = []
        for match in _joined.finditer(text):
            at, end = match.span()
            start = text.rfind(" ", 0, at) + 1
            chunk = text[start:end]
            if chunk.count("-") == 1:  # most often
                forms.append(chunk.replace("-", ""))
                stretches.append((start, end))
                continue
            glued = _glued(chunk.replace("-", " ").split())
            forms += glued
            stretches += [(start, end)] * len(glued)
            if len(forms) > _BATCH:
                yield forms, stretches
                forms, stretches = [], []
        for start, chunk in self.odd:
            folded = [form.folded for form in compound_of(chunk).forms()]
            forms += folded
            stretches += [(start, start + len(chunk))] * len(folded)
            if len(forms) > _BATCH:
                yield forms, stretches
                forms, stretches = [], []
        yield forms, stretches


def _glued(parts: Sequence[str]) -> list[str]:
    """All ways to glue two or more neighbouring parts; none for a chain that is too long."""
    count = len(parts)
    if count > LONGEST_CHAIN:
        return []
    return [
        "".join(parts[first:end])
        for first in range(count - 1)
        for end in range(first + 2, min(first + MOST_PARTS, count) + 1)
    ]


class CodePage(NamedTuple):
    """What each byte of an encoding becomes in a row, and folded."""

    name: str
    spaced: bytes
    folded: bytes


def _encoded(joined: str, fields: int) -> tuple[CodePage, bytes] | None:
    """The fields as bytes, or None where a text needs more than the tables can do."""
    if (
        "\xad" in joined
        or ("&" in joined and ENTITY.search(joined))
        or joined.count(BREAK) > fields + 1
    ):
        return None
    plain = joined
    for mark, same in _SAME_IN_LATIN:
        plain = plain.replace(mark, same)
    try:
        return _LATIN, plain.encode("latin-1")
    except UnicodeEncodeError:
        pass
    try:
        return _CP1252, joined.encode("cp1252")
    except UnicodeEncodeError:
        return None


def _page(name: str) -> CodePage:
    spaced, folded = bytearray(b" " * 256), bytearray(b" " * 256)
    for byte in range(256):
        char = bytes([byte]).decode(name, "replace")
        if char.isalnum():
            spaced[byte] = byte
            form = fold(char)
            folded[byte] = ord(form) if _is_simple(form) else ord(ODD)
        elif char in "'-\0" or char in APOSTROPHES + HYPHENS:
            mark = char if char in "'-\0" else "'" if char in APOSTROPHES else "-"
            spaced[byte] = folded[byte] = ord(mark)
    return CodePage(name, bytes(spaced), bytes(folded))


def _is_simple(form: str) -> bool:
    return len(form) == 1 and form.isascii()


_CP1252, _LATIN = _page("cp1252"), _page("latin-1")
# The marks of cp1252 that news texts are full of, and what means the same in a row.
_SAME_IN_LATIN = (
    *(("\N{LEFT SINGLE QUOTATION MARK}", "'"), ("\N{RIGHT SINGLE QUOTATION MARK}", "'")),
    *(("\N{LEFT DOUBLE QUOTATION MARK}", '"'), ("\N{RIGHT DOUBLE QUOTATION MARK}", '"')),
    *(("\N{DOUBLE LOW-9 QUOTATION MARK}", '"'), ("\N{EN DASH}", "-"), ("\N{EM DASH}", '"')),
    *(("\N{HORIZONTAL ELLIPSIS}", '"'), ("\N{BULLET}", '"'), ("\N{EURO SIGN}", '"')),
)
_REGULAR = "".join(
    char
    for byte in range(256)
    if (char := bytes([byte]).decode("cp1252", "replace")).isalnum() and _is_simple(fold(char))
)
_ODD_BYTE = ODD.encode()
_ODD_LETTER = "ß"  # any letter that becomes `ODD`
_odd_letter = re.compile(rf"[^ '\-{BREAK}{re.escape(_REGULAR)}]")
_letter = re.compile(r"[^'\-]")
