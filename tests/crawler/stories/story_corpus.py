"""The invented wire articles, and the types that the story tests share."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.model import Article, DateOrigin

CORPUS = Path(__file__).with_name("corpus")
START = datetime(2026, 3, 2, 6, tzinfo=UTC)

OUTLETS = ("De Ochtend", "Dagblad Noord", "Het Avondblad", "NU Vandaag", "Regiopost", "De Koerier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text before it is anybody's article; `body` holds one paragraph a line."""

    slug: str
    title: str
    lead: str
    body: tuple[str, ...]

    def with_body(self, *paragraphs: str) -> Piece:
        return replace(self, body=tuple(paragraph for paragraph in paragraphs if paragraph))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return (self.lead, *self.body)


def as_article(
    piece: Piece, name: str, *, outlet: str = OUTLETS[0], at: datetime = START
) -> Article:
    return Article(
        id=f"art_{name}",
        key=f"{outlet}/{name}",
        url=f"https://{outlet.lower().replace(' ', '')}.example/{name}",
        outlet=outlet,
        source=outlet.lower(),
        title=piece.title,
        lead=piece.lead,
        body="\n\n".join(piece.body),
        first_seen=at,
        published=at,
        published_from=DateOrigin.PAGE,
    )


def pieces(name: str) -> list[Piece]:
    """The pieces of one corpus file: `# slug`, title, lead, then a paragraph a line."""
    return [
        Piece(slug=slug, title=lines[0], lead=lines[1], body=tuple(lines[2:]))
        for slug, lines in records(name).items()
    ]


def wires() -> list[Piece]:
    return [piece for number in (1, 2, 3, 4) for piece in pieces(f"wires-{number}.txt")]


def statements() -> list[tuple[Piece, Piece]]:
    """Two independent pieces that quote the same statement."""
    return [_statement(slug, lines) for slug, lines in records("statements.txt").items()]


def _statement(slug: str, lines: list[str]) -> tuple[Piece, Piece]:
    one, two = lines.index("@one"), lines.index("@two")
    quote = lines[1]
    halves = (lines[one + 1 : two], lines[two + 1 :])
    told = [[quote if line == "QUOTE" else line for line in half] for half in halves]
    first, second = (
        Piece(slug=f"{slug}/{n}", title=half[0], lead=half[1], body=tuple(half[2:]))
        for n, half in enumerate(told)
    )
    return first, second


def records(name: str) -> dict[str, list[str]]:
    """The lines under each `# heading` of a corpus file."""
    text = (CORPUS / name).read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]]
    return {heading: [line for line in lines if line] for heading, *lines in blocks}
