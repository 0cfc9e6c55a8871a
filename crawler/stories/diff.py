"""The difference between two texts as a reader would mark it: by sentence, then by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter

from crawler.frozen import dataclass
from crawler.text.comparable import comparable
from crawler.text.sentences import sentence_spans

# Chosen: bounds on what takes quadratic time. No newspaper article comes near them.
_MOST_SENTENCES = 1_500
_MOST_WORDS = 120
_MOST_PAIRS = 40_000

_ALIKE = 0.5  # chosen: an edit leaves half of the words of a sentence
_WORD = re.compile(r"\w+")
_PRINTED = re.compile(r"\S+")
_TOKEN = re.compile(r"\s*(?:\w+(?:[.,:/'’-]\w+)*|[^\w\s])")

_Placed = tuple[int, str]  # a sentence and its place in the new text


class PieceKind(StrEnum):
    """What happened to some words."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence, with the space before them, and what happened to them."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that was changed, added (`old` is empty) or removed (`new` is empty)."""

    old: str
    new: str
    pieces: tuple[Piece, ...]


def sentence_diff(old: str, new: str) -> list[SentenceChange]:
    """The sentences that differ, in the order of the new text; moved ones are no difference.

    The kept and deleted pieces of a change make its old sentence, the kept and inserted ones the
    new; white space and quotation marks of another kind are no difference.
    """
    gone, come = _unmatched(sentences(old), sentences(new))
    rewritten = len(gone) * len(come) > _MOST_PAIRS
    changes: list[tuple[int, SentenceChange]] = []
    for place, sentence in gone:
        edit = None if rewritten else _edit_of(sentence, come)
        if edit is None:
            changes.append((place, _removed(sentence)))
        else:
            come.remove(edit)
            pieces = _pieces(sentence, edit[1])
            changes.append((edit[0], SentenceChange(sentence, edit[1], pieces)))
    changes += [(place, _added(sentence)) for place, sentence in come]
    return [change for _, change in sorted(changes, key=itemgetter(0))]


def _unmatched(before: Sequence[str], after: Sequence[str]) -> tuple[list[_Placed], list[_Placed]]:
    """The sentences that only the old text has, and those that only the new one has.

    Both stand with their places in the new text.
    """
    keys = [comparable(text) for text in before], [comparable(text) for text in after]
    gone: list[_Placed] = []
    come: list[_Placed] = []
    for tag, a, b, c, d in _opcodes(*keys):
        if tag != "equal":
            gone += [(c, text) for text in before[a:b] if comparable(text)]
            come += [(at, text) for at, text in enumerate(after[c:d], c) if comparable(text)]
    moved = Counter(comparable(text) for _, text in gone) & Counter(
        comparable(text) for _, text in come
    )
    return _without(gone, moved), _without(come, moved)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """How one becomes the other: aligned, or as a whole if there are too many sentences."""
    if max(len(old), len(new)) > _MOST_SENTENCES:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _without(placed: Iterable[_Placed], moved: Counter[str]) -> list[_Placed]:
    left, kept = moved.copy(), []
    for place, text in placed:
        key = comparable(text)
        if left[key]:
            left[key] -= 1
        else:
            kept.append((place, text))
    return kept


def _edit_of(sentence: str, come: Sequence[_Placed]) -> _Placed | None:
    """The new sentence that shares most words with this one, if they are enough for an edit."""
    words = _words(sentence)

    def likeness(placed: _Placed) -> float:
        others = _words(placed[1])
        return 2 * (words & others).total() / max(1, words.total() + others.total())

    best = max(come, key=likeness, default=None)
    return best if best is not None and likeness(best) >= _ALIKE else None


@lru_cache(maxsize=512)  # each new sentence is compared with each that is gone
def _words(sentence: str) -> Counter[str]:
    return Counter(_WORD.findall(sentence))


def _removed(sentence: str) -> SentenceChange:
    return SentenceChange(sentence, "", (Piece(PieceKind.DELETED, sentence),))


def _added(sentence: str) -> SentenceChange:
    return SentenceChange("", sentence, (Piece(PieceKind.INSERTED, sentence),))


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    runs = word_runs(_TOKEN.findall(old), _TOKEN.findall(new))
    return tuple(Piece(kind, "".join(run)) for kind, run in runs)


def word_runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[PieceKind, Sequence[str]]]:
    """Yield the words of two texts as one: those kept, and in between those gone and come."""
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield PieceKind.KEPT, old[i:j]
            continue
        if j > i:
            yield PieceKind.DELETED, old[i:j]
        if m > k:
            yield PieceKind.INSERTED, new[k:m]


def readable(change: SentenceChange) -> str:
    """The change in one line of plain text, as in `Er vielen [12 → 21] doden`."""
    if not change.old:
        return f"[+] {change.new}"
    if not change.new:
        return f"[-] {change.old}"
    parts: list[str] = []
    held = ""
    for piece in (*change.pieces, Piece(PieceKind.KEPT, "")):
        if piece.kind is PieceKind.DELETED:
            held = piece.text
        elif piece.kind is PieceKind.INSERTED:
            parts.append(_marked(held, piece.text))
            held = ""
        else:
            parts += [_marked(held, ""), piece.text] if held else [piece.text]
            held = ""
    return "".join(parts).strip()


def _marked(old: str, new: str) -> str:
    space = " " if (old or new)[:1].isspace() else ""
    if old and new:
        return f"{space}[{old.strip()} → {new.strip()}]"
    return f"{space}[-{old.strip()}-]" if old else f"{space}[+{new.strip()}+]"


def sentences(text: str) -> list[str]:
    """The sentences of a Dutch text, white space folded; joined by spaces they are the text."""
    return [sentence_at(text, span) for span in compared_spans(text)]


def sentence_at(text: str, span: tuple[int, int]) -> str:
    """The sentence that stands there, with white space folded."""
    return " ".join(text[slice(*span)].split())


def compared_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text are; a very long one is cut into pieces."""
    for start, end in sentence_spans(text):
        words = list(_PRINTED.finditer(text, start, end))
        for at in range(0, len(words), _MOST_WORDS):
            piece = words[at : at + _MOST_WORDS]
            yield piece[0].start(), piece[-1].end()
