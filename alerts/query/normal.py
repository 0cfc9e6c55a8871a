"""Text as the matcher reads it, with the way back to the text as it was given.

Words are compared after the writing has been made uniform: composed letters (NFC), no soft hyphens
or zero-width characters, no Cyrillic or Greek letter in a Latin word, one kind of apostrophe and of
hyphen, HTML entities resolved. A hit is reported in the original text, so each change of length is
remembered as a `Shift`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from html.entities import html5
from operator import itemgetter
from typing import NamedTuple

from crawler.text import UNREAD, undisguised

# Apostrophes, primes, accents standing alone, and the two half rings of transliterated Arabic.
APOSTROPHES = "\u2019\u2018\u201b\u2032\u0060\u00b4\uff07\u02bc\u02bb\u02b9\u02be\u02bf"
# Without the em dash: it separates words, while a hyphen joins them.
HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
MARKS = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f"
)
# A feed may have escaped its text several times over: `&amp;amp;euml;`.
_SPELLED = r"&(?:amp;){0,4}(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"

_MOST_MARKS = 32  # code points of a letter with its marks, as in stream-safe text (UAX #15)

ENTITY = re.compile(_SPELLED)
_unread = re.compile(f"[{UNREAD}]")
_mark = re.compile(f"[{MARKS}]")
_unit = re.compile(f"{_SPELLED}|.", re.DOTALL)
_run = re.compile(f".?(?:{_SPELLED}|[{UNREAD}{MARKS}])+", re.DOTALL)
_run_without_entities = re.compile(f".?[{UNREAD}{MARKS}]+", re.DOTALL)


class Shift(NamedTuple):
    """A place where the length changed: `plain[start:end]` was `given[was:until]`."""

    start: int
    end: int
    was: int
    until: int


class Plain(NamedTuple):
    """Uniform text and, through `original`, the way back to the text as it was given."""

    text: str
    edits: tuple[Shift, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which is not empty, stands in the given text: code points."""
        return original_span(self.edits, start, end)


def original_span(edits: tuple[Shift, ...], start: int, end: int) -> tuple[int, int]:
    """Where the plain text from `start` to `end` stood before these edits, in code points."""
    if not edits:
        return start, end
    return _original(edits, start)[0], _original(edits, end - 1)[1]


def _original(edits: tuple[Shift, ...], at: int) -> tuple[int, int]:
    index = bisect_right(edits, at, key=itemgetter(0)) - 1
    if index < 0:
        return at, at + 1
    edit = edits[index]
    if at < edit.end:
        return edit.was, edit.until
    shift = edit.until - edit.end
    return at + shift, at + shift + 1


def normalise(text: str, *, entities: bool = True) -> Plain:
    """The uniform text with its edits; text that was uniform already has none."""
    pieces: list[str] = []
    edits: list[Shift] = []
    done = length = 0
    for run in (_run if entities else _run_without_entities).finditer(text):
        pieces.append(text[done : run.start()])
        length += run.start() - done
        done = run.end()
        last = run.start()
        for chars, start, end in _units(run, entities=entities):
            pieces.append(chars)
            edits.append(Shift(length, length + len(chars), start, end))
            length += len(chars)
            last = end
        if last < done:
            edits.append(Shift(length, length, last, done))
    if not edits:
        return Plain(_unified(text))
    pieces.append(text[done:])
    return Plain(_unified("".join(pieces)), tuple(edits))


def _units(run: re.Match[str], *, entities: bool) -> Iterator[tuple[str, int, int]]:
    """The visible letters of a run, each composed with its marks, and where they stood."""
    held: list[str] = []
    start = end = run.start()
    for chars, was, until in _visible(run, entities=entities):
        if held and len(held) < _MOST_MARKS and _mark.match(chars):
            held.append(chars)
        else:
            if held:
                yield unicodedata.normalize("NFC", "".join(held)), start, end
            held, start = [chars], was
        end = until
    if held:
        yield unicodedata.normalize("NFC", "".join(held)), start, end


def _visible(run: re.Match[str], *, entities: bool) -> Iterator[tuple[str, int, int]]:
    text = run.group()
    for unit in _unit.finditer(text):
        was = run.start() + unit.start()
        given = unit.group()
        resolved = _resolved(given) if entities and len(given) > 1 else None
        if resolved is not None:
            shown = _unread.sub("", resolved)
            if shown:
                yield shown, was, was + len(given)
            continue
        for offset, char in enumerate(given):
            if not _unread.match(char):
                yield char, was + offset, was + offset + 1


def _resolved(entity: str) -> str | None:
    """What an HTML entity stands for; None if there is no such entity."""
    name = entity[1:]
    while name.startswith("amp;") and name != "amp;":
        name = name.removeprefix("amp;")
    if name.startswith("#"):
        return html.unescape(f"&{name}")
    return html5.get(name)


def _unified(text: str) -> str:
    if text.isascii():
        return text.replace("`", "'")
    for char in APOSTROPHES:
        text = text.replace(char, "'")
    for char in HYPHENS:
        text = text.replace(char, "-")
    return undisguised(text)
