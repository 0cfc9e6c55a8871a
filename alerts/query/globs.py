"""Globs without regular expressions: `*` is any characters, `?` is one. Linear in the text."""

from __future__ import annotations

from typing import NamedTuple


class Glob(NamedTuple):
    """A pattern cut at its stars: pieces in order, the first at the start, the last at the end."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, pattern: str) -> Glob:
        """The glob that a pattern spells."""
        return cls(tuple(pattern.split("*")))

    def matches(self, text: str) -> bool:
        """Whether the whole text follows the pattern."""
        head, *rest = self.pieces
        if not rest:
            return len(head) == len(text) and _stands(head, text, 0)
        *middle, tail = rest
        at, end = len(head), len(text) - len(tail)
        if at > end or not (_stands(head, text, 0) and _stands(tail, text, end)):
            return False
        for piece in middle:
            at = _found(piece, text, at, end)
            if at < 0:
                return False
        return True

    def longest_literal(self) -> str:
        """The longest stretch without a wildcard; the first one if several are as long."""
        return max((run for piece in self.pieces for run in piece.split("?")), key=len)


def _found(piece: str, text: str, at: int, end: int) -> int:
    """Where the first occurrence of the piece between `at` and `end` ends, or -1."""
    if "?" not in piece:
        found = text.find(piece, at, end)
        return found if found < 0 else found + len(piece)
    for start in range(at, end - len(piece) + 1):
        if _stands(piece, text, start):
            return start + len(piece)
    return -1


def _stands(piece: str, text: str, at: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, at)
    return all(wanted in ("?", char) for wanted, char in zip(piece, text[at:], strict=False))
