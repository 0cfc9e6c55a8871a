"""Different news with words in common: a background, a standing line, the notice under a video."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from story_corpus import Piece, records, wires
from story_edits import sentences

STANDING = records("standing.txt")
WIRES = wires()

Family = tuple[Piece, ...]


def background(rng: Random, *, middle: bool) -> Family:
    """Two reports of a day with the same 25 to 120 words of background, at the end or above it."""
    one, other, third = rng.sample(WIRES, 3)
    told = " ".join(third.body).split()
    length = rng.randint(25, 120)
    start = rng.randint(0, max(0, len(told) - length))
    shared = " ".join(told[start : start + length])
    own = rng.randint(0, 2)

    def above(piece: Piece) -> Piece:
        kept = piece.body[:own]
        return piece.with_body(*((shared, *kept) if middle else (*kept, shared)))

    return above(one), above(other)


def stubs(rng: Random) -> Family:
    """Two reports of five words, under or over the line that their outlet puts at all of them."""
    line, over = rng.choice(STANDING["line"]), rng.random() < 1 / 2

    def stub(piece: Piece) -> Piece:
        said = " ".join(piece.title.split()[:5])
        if over:
            return replace(piece, title=said, lead=f"{said}.").with_body(line)
        return replace(piece, title=said, lead=line).with_body()

    one, other = rng.sample(WIRES, 2)
    return stub(one), stub(other)


def videos(rng: Random) -> Family:
    """Two pages with a film each: a headline, a sentence, and the notice under every film."""
    notice = rng.choice(STANDING["video"])
    one, other = rng.sample(WIRES, 2)
    first, second = (
        replace(piece, lead=sentences(piece.lead)[0]).with_body(notice) for piece in (one, other)
    )
    return first, second


def court() -> Family:
    """Three reports from one court, each ending with the same 43 words of what went before."""
    before, *reports = STANDING["court"]
    return tuple(
        Piece(slug=title, title=title, lead=lead, body=(before,))
        for title, lead in zip(reports[::2], reports[1::2], strict=True)
    )
