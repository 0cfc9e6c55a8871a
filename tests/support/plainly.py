"""Pages drawn at random, of which it is known how they are to be read.

Nothing of the program is used here: a page is built from parts of words whose place and folded form
are known beforehand, however the text is spoilt afterwards.
"""

import random
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from alerts.document import Document

Span: TypeAlias = tuple[int, int]  # the places of a first and a last part

FIELDS = ("title", "lead", "body")
BETWEEN_FIELDS = 10_000  # parts, as it were
MOST_GLUED, LONGEST_CHAIN, LONGEST_WORD = 8, 24, 200  # longer is no word
ENCLITICS = {"ie", "tie", "t", "m", "n"}
_FOLDED = str.maketrans(
    {"ë": "e", "é": "e", "ł": "l", "ß": "ss", "œ": "oe", "\u0131": "i", "\u0133": "ij"}
)  # fmt: skip  # one row of pairs reads better

CHUNKS = (
    "IS", "is", "Is", "kalifaat", "Kalifaten", "kalifaatkinderen", "cyberkalifaat", "IS-kalifaat",
    "IS-strijders", "strijders", "IS'ers", "anti-IS-coalitie", "IS-IE", "IS'M", "is-is", "Syrië",
    "syrie", "Syriza", "SYRIË", "Da'esh", "daesh", "Daesh-strijders", "da-esh", "F-16", "F16",
    "16", "de", "DE", "WAT", "ER", "Wat", "zo'n", "Zo'n-kalifaat", "zon", "Baghouz", "BAGHOEZ",
    "a", "VN", "VS-IS", "漢字", "СИРИЯ", "Straße", "STRASSE", "œuvre", "IS-œuvre",
    "Diyarbak\u0131r", "\u0133s", "Wałęsa", "a-b-a-b-a-b-a-b-a", "-".join("ab" * 12),
    "-".join("ab" * 12 + "a"), "d66", "kamp", "dinsdag", "Kalifa", "Syriërs",
)  # fmt: skip  # rows of words read better
_BETWEEN = (
    " ", " ", " ", " ", ", ", "\n", "\u00a0", ". ", "&nbsp;", " – ", "/", "\t\r\n", " - ", "\0",
    " & ", "…",
)  # fmt: skip  # a row of signs reads better
_AROUND = (
    ("'", "'"), ("‘", "’"), ("(", ")"), ("“", "”"), ("&lsquo;", "&rsquo;"), ("-", ""), ("", "'"),
)  # fmt: skip  # a row of pairs reads better
_POSTS = ("\n\n> ", "\n\n", " > ")
_JOINERS = {
    "-": ("-", "-", "-", "\u2011", "–", "&#8209;", "-\u200b"),
    "'": ("'", "'", "’", "&#39;", "&amp;rsquo;", "\u02bc", "`"),
}
_ENTITIES = {"ë": "&euml;", "Ë": "&Euml;", "œ": "&oelig;", "ß": "&szlig;", "é": "&amp;eacute;"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a word: its place among all parts, and in the text of its field as given."""

    place: int
    field: int
    start: int
    end: int
    written: str
    folded: str


Chunk: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An article, its words as rows of parts, and the same parts by their places."""

    document: Document
    chunks: tuple[Chunk, ...]
    parts: dict[int, Part]

    def places(self, pattern: str, *, exact: bool) -> set[Span]:
        """Where a pattern stands: in a part, or in parts read as one that hold no shorter find."""
        return {found for chunk in self.chunks for found in _readings(chunk, pattern, exact=exact)}

    def standing(self, place: int) -> int:
        """The field of a part; 3 for a part of the body in a line that begins with "> "."""
        part = self.parts[place]
        line = self.document.body[: part.start].split("\n")[-1]
        return 3 if part.field == 2 and line.startswith("> ") else part.field

    def among_capitals(self, found: Span) -> bool:
        """Whether a find is a word of a passage of capitals and no name in it."""
        own = [self.parts[place] for place in range(found[0], found[1] + 1)]
        if not "".join(part.written for part in own).isupper():
            return False
        inside = [chunk for chunk in self.chunks if set(chunk) & set(own)]
        if len(inside) == 1 and _is_name(inside[0], own):
            return False
        row = [chunk for chunk in self.chunks if chunk[0].field == own[0].field]
        before, after = row[: row.index(inside[0])], row[row.index(inside[-1]) + 1 :]
        say = [*_two_that_count(reversed(before)), *_two_that_count(after)]
        return 2 * sum(say) > len(say)


def _is_name(chunk: Chunk, own: list[Part]) -> bool:
    others = {part.folded for part in chunk} - {part.folded for part in own}
    return bool(others - ENCLITICS)


def _two_that_count(chunks: Iterable[Chunk]) -> list[bool]:
    return [upper for upper in map(_in_capitals, chunks) if upper is not None][:2]


def _in_capitals(chunk: Chunk) -> bool | None:
    letters = [char for part in chunk for char in part.written if char.isalpha()]
    return None if len(letters) < 2 else "".join(letters).isupper()


def _readings(chunk: Chunk, pattern: str, *, exact: bool) -> list[Span]:
    found = list[Span]()
    longest = min(len(chunk), MOST_GLUED) if len(chunk) <= LONGEST_CHAIN else 1
    for length in range(1, longest + 1):
        for first in range(len(chunk) - length + 1):
            run = chunk[first : first + length]
            folded = "".join(part.folded for part in run)
            if len(folded) > LONGEST_WORD or [part.folded for part in run] == ["zo", "n"]:
                continue
            form = "".join(part.written for part in run) if exact else folded
            here = run[0].place, run[-1].place
            shorter = any(here[0] <= one and other <= here[1] for one, other in found)
            if fnmatchcase(form, pattern) and not (length > 1 and shorter):
                found.append(here)
    return found


def folded(text: str) -> str:
    """The folded form of what the tables of this module hold."""
    bare = unicodedata.normalize("NFD", text.lower().translate(_FOLDED))
    return "".join(char for char in bare if not unicodedata.combining(char)).translate(_FOLDED)


def page(rng: random.Random, words: tuple[str, ...] = CHUNKS, *, clean: bool = False) -> Page:
    """A page of these words, in any spelling; a clean one as the archive holds it."""
    chunks: list[Chunk] = []
    texts = []
    for field in range(3):
        text, row = (_clean_field if clean else _field)(rng, field, words)
        texts.append(text)
        chunks += row
    document = Document(
        title=texts[0],
        lead=texts[1],
        body=texts[2],
        outlet=rng.choice(("NOS", "nos", "Nu", "")),
        url=rng.choice(("https://nos.nl/1", "https://example.org/NOS.nl", "")),
        lang=rng.choice(("nl", "en")),
        author=rng.choice(("A  B", "André de Vries", "")),
        section=rng.choice(("Buitenland", "Sport", "")),
        source=rng.choice(("nos-buitenland", "ad")),
    )
    return Page(document, tuple(chunks), {part.place: part for chunk in chunks for part in chunk})


def _field(rng: random.Random, field: int, words: tuple[str, ...]) -> tuple[str, list[Chunk]]:
    text, row = rng.choice(("", "", " ", "\ufeff")), list[Chunk]()
    place = field * BETWEEN_FIELDS
    for _ in range(rng.choice((0, 1, 3, 6, 10))):
        before, after = rng.choice(_AROUND) if rng.random() < 0.15 else ("", "")
        text += before if rng.random() < 0.9 else rng.choice(_POSTS) + before
        chunk: list[Part] = []
        for piece in rng.choice(words).replace("-", " - ").replace("'", " ' ").split():
            if piece in _JOINERS:
                text += rng.choice(_JOINERS[piece])
                continue
            shown = _spoilt(rng, piece)
            end = len(text) + len(shown)
            chunk.append(Part(place, field, len(text), end, piece, folded(piece)))
            text, place = text + shown, place + 1
        row.append(tuple(chunk))
        text += after + rng.choice(_BETWEEN)
    return text, row


def _clean_field(rng: random.Random, field: int, words: tuple[str, ...]) -> tuple[str, list[Chunk]]:
    text, row = "", list[Chunk]()
    place = field * BETWEEN_FIELDS
    for chunk in rng.choices(words, k=rng.choice((0, 1, 3, 6, 10))):
        text += "" if rng.random() < 0.9 else rng.choice(_POSTS)
        parts = list[Part]()
        for piece in re.split(r"([-'])", chunk):
            if piece not in _JOINERS:
                end = len(text) + len(piece)
                parts.append(Part(place, field, len(text), end, piece, folded(piece)))
                place += 1
            text += piece if piece != "'" else rng.choice("'’")
        row.append(tuple(parts))
        text += rng.choice((" ", ", ", "\n", ". ", " – ", "/"))
    return text, row


def _spoilt(rng: random.Random, piece: str) -> str:
    """A part as it may come from a newsroom."""
    at = rng.randrange(1, max(len(piece), 2))
    if rng.random() < 0.5:
        return piece
    return rng.choice(
        (
            unicodedata.normalize("NFD", piece),
            _after_marks(unicodedata.normalize("NFD", piece)),
            f"&#{ord(piece[0])};" + piece[1:],
            piece[:-1] + f"&#x{ord(piece[-1]):X};",
            "".join(_ENTITIES.get(char, char) for char in piece),
            rng.choice(("\u00ad", "\u200b", "\u2060\u200e")).join((piece[:at], piece[at:]))
            if len(piece) > 1
            else piece,
        )
    )


def _after_marks(text: str) -> str:
    """Each letter after a combining mark as an entity: two ways of spoiling that touch."""
    marked = [False, *(unicodedata.combining(char) > 0 for char in text)]
    return "".join(
        f"&#{ord(char)};" if after else char for char, after in zip(text, marked, strict=False)
    )
