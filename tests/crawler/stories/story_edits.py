"""What desks do to a wire article: twelve kinds of edit, each leaving it the same story."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random

from story_corpus import Piece, pieces, records

HOSTS = pieces("hosts.txt")
VALUES = records("values.txt")
SYNONYMS = dict(pair.split(" = ") for pair in VALUES["synonym"])

_NUMBER = re.compile(r"(?<![\w-])\d+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"A-Z0-9])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]+(?: [A-Z][\w-]+)*")

Edit = Callable[[Piece, Random], Piece]


def sentences(text: str) -> list[str]:
    return _SENTENCE.split(text)


def headline(piece: Piece, rng: Random) -> Piece:
    return replace(
        piece, title=f"{piece.title.split()[-1].capitalize()}: {rng.choice(VALUES['teaser'])}"
    )


def headline_and_lead(piece: Piece, rng: Random) -> Piece:
    names = _NAME.findall(" ".join(piece.body)) or [piece.title.split()[0]]
    name = rng.choice(names)
    return replace(
        piece,
        title=rng.choice(VALUES["headline"]).format(name=name),
        lead=rng.choice(VALUES["lead"]).format(name=name),
    )


def paragraphs_dropped(piece: Piece, rng: Random) -> Piece:
    count = max(1, round(len(piece.body) * 0.6))
    kept = sorted(rng.sample(range(len(piece.body)), count))
    return piece.with_body(*(piece.body[index] for index in kept))


def paragraphs_moved(piece: Piece, rng: Random) -> Piece:
    return piece.with_body(*rng.sample(piece.body, len(piece.body)))


def byline_and_footer(piece: Piece, rng: Random) -> Piece:
    footers = rng.sample(VALUES["footer"], 2)
    return piece.with_body(rng.choice(VALUES["byline"]), *piece.body, *footers)


def _cut(piece: Piece, share: float, rng: Random) -> Piece:
    words = " ".join(piece.paragraphs).split()
    # A wall leaves at least a few lines to read.
    kept = words[: max(30, round(len(words) * share))]
    lead = piece.lead.split()
    rest = " ".join(kept[len(lead) :])
    return replace(piece, lead=" ".join(kept[: len(lead)])).with_body(
        rest, rng.choice(VALUES["wall"])
    )


def cut_to_40_percent(piece: Piece, rng: Random) -> Piece:
    return _cut(piece, 0.40, rng)


def cut_to_25_percent(piece: Piece, rng: Random) -> Piece:
    return _cut(piece, 0.25, rng)


def numbers_updated(piece: Piece, rng: Random) -> Piece:
    """A third of the numbers, at most three, get another value wherever they stand."""
    found = sorted({number for text in piece.paragraphs for number in _NUMBER.findall(text)})
    if not found:
        return piece
    chosen = rng.sample(found, min(3, max(1, len(found) // 3)))
    new = {number: _raised(number, rng) for number in chosen}

    def update(text: str) -> str:
        return _NUMBER.sub(lambda match: new.get(match[0], match[0]), text)

    return replace(piece, title=update(piece.title), lead=update(piece.lead)).with_body(
        *map(update, piece.body)
    )


def _raised(number: str, rng: Random) -> str:
    head = re.match(r"\d+", number)
    assert head is not None
    return str(int(head[0]) + rng.randint(1, 9)) + number[head.end() :]


def embedded(piece: Piece, rng: Random) -> Piece:
    first, second, third = rng.sample(HOSTS, 3)
    return replace(first, slug=piece.slug).with_body(
        rng.choice(first.body), piece.lead, *piece.body, rng.choice(second.body), third.lead
    )


def reworded(piece: Piece, rng: Random) -> Piece:
    """House style: about one word in fourteen is another."""

    def restyle(text: str) -> str:
        return " ".join(
            SYNONYMS[word] if word in SYNONYMS and rng.random() < 0.6 else word
            for word in text.split()
        )

    return replace(piece, lead=restyle(piece.lead)).with_body(*map(restyle, piece.body))


def local_reaction_added(piece: Piece, rng: Random) -> Piece:
    body = list(piece.body)
    for paragraph in rng.sample(VALUES["local"], 3):
        told = paragraph.format(
            place=rng.choice(VALUES["nearby"]),
            name=rng.choice(VALUES["reacting"]),
            hour=rng.randint(7, 22),
        )
        body.insert(rng.randint(0, len(body)), told)
    return piece.with_body(*body)


def house_typography(piece: Piece, rng: Random) -> Piece:
    place = rng.choice(("DEN HAAG", "AMSTERDAM", "GRONINGEN"))

    def set_in_type(text: str) -> str:
        text = text.replace('"', "\u201d").replace("'", "\u2019").replace("-", "\u2011")
        return unicodedata.normalize("NFD", text).replace(" de ", " de\u00a0")

    lead = f"{place} (ANP) \u2013 {set_in_type(piece.lead)}"
    return replace(piece, title=piece.title.upper(), lead=lead).with_body(
        *map(set_in_type, piece.body)
    )


def sentences_dropped(piece: Piece, rng: Random) -> Piece:
    """Shortened in the text: every third sentence goes."""
    start = rng.randrange(3)

    def shorten(text: str) -> str:
        kept = [s for n, s in enumerate(sentences(text)) if (n + start) % 3 != 2]
        return " ".join(kept or sentences(text)[:1])

    return piece.with_body(*map(shorten, piece.body))


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        headline_and_lead,
        paragraphs_dropped,
        paragraphs_moved,
        byline_and_footer,
        cut_to_40_percent,
        cut_to_25_percent,
        numbers_updated,
        embedded,
        reworded,
        local_reaction_added,
        house_typography,
        sentences_dropped,
    )
}
