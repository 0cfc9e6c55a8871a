"""What invented outlets publish in a month: a plan of every article's life, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
DAYS = 30
END = START + timedelta(days=DAYS)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

_WHO = (
    *("De gemeenteraad", "Een groep bewoners", "Het waterschap", "De brandweer", "Een wethouder"),
    *("De vakbond", "Een hoogleraar", "De burgemeester", "Het openbaar ministerie", "De huisarts"),
)
_DOES = (
    *("wil dat", "waarschuwt dat", "meldt dat", "betwijfelt of", "onderzoekt of", "ontkent dat"),
    *("belooft dat", "legt uit waarom", "hoopt dat", "vreest dat"),
)
_WHAT = (
    *("de brug", "het zwembad", "de nieuwe wijk", "het vliegveld", "de markt", "het station"),
    *("de dijk", "de bibliotheek", "het ziekenhuis", "de veerpont", "de rechtbank", "de haven"),
)
_HOW = (
    *("voor de zomer open kan", "te veel geld kost", "het verkeer aankan", "in het voorjaar sluit"),
    *("opnieuw wordt verbouwd", "meer bezoekers trekt", "aan de eisen voldoet", "te klein wordt"),
)
_WHERE = (
    *("in Oudeschans", "aan de Linge", "bij Terwolde", "in Zuiderveen", "langs de Rotte"),
    *("in het centrum van Haarsteeg", "op het eiland", "bij de grens", "in de polder"),
)


@dataclass(slots=True)
class Piece:
    """One article's life; `name` stands in its text, so that it can be told from all others."""

    name: str
    at: datetime
    path: str
    edited: datetime | None = None
    retitled: datetime | None = None
    moved: datetime | None = None
    withdrawn: datetime | None = None
    status: int = 200  # of its page
    gone: int = 410  # of its page once withdrawn

    def title(self, now: datetime) -> str:
        words = random.Random(self.name)
        title = f"{words.choice(_WHO)} over {words.choice(_WHAT)} {words.choice(_WHERE)}"
        changed = self.retitled is not None and self.retitled <= now
        return f"{title} ({self.name})" + (" - update" if changed else "")

    def paragraphs(self, now: datetime) -> list[str]:
        words = random.Random(self.name)
        text = [" ".join(_sentence(words) for _ in range(5)) for _ in range(4)]
        text.append(f"Dit bericht heeft het kenmerk {self.name}.")
        if self.edited and self.edited <= now:
            text.append(f"Later is toegevoegd wat nog niet bekend was over {self.name}.")
        return text

    def address(self, now: datetime) -> str:
        return f"{self.path}-verhuisd" if self.moved and self.moved <= now else self.path


def _sentence(words: random.Random) -> str:
    parts = (words.choice(group) for group in (_WHO, _DOES, _WHAT, _HOW, _WHERE))
    return " ".join(parts) + f", na {words.randint(2, 900)} dagen."


@dataclass(slots=True)
class Outlet:
    """An outlet: what it publishes, how much its list shows, and when it is out of order."""

    name: str
    kind: str = "feed"
    fetch: str = "page"
    window: int = 20
    archive: bool = False
    pieces: list[Piece] = field(default_factory=list)
    troubles: list[tuple[datetime, datetime, str]] = field(default_factory=list)

    def published(self, now: datetime) -> list[Piece]:
        """What its list shows, newest first."""
        shown = [
            piece
            for piece in self.pieces
            if piece.at <= now and not (piece.withdrawn and piece.withdrawn <= now)
        ]
        return sorted(shown, key=lambda piece: piece.at, reverse=True)

    def trouble(self, now: datetime) -> str:
        return next((what for since, until, what in self.troubles if since <= now < until), "")


def _times(rng: random.Random, each_day: int, days: range) -> Iterator[datetime]:
    for day in days:
        for _ in range(each_day):
            yield START + day * DAY + rng.randint(0, 17 * 60) * MINUTE


def _fill(outlet: Outlet, rng: random.Random, each_day: int, days: range) -> None:
    for at in sorted(_times(rng, each_day, days)):
        name = f"{outlet.name}{len(outlet.pieces):04d}"
        outlet.pieces.append(Piece(name, at, f"/nieuws/{at:%Y/%m/%d}/{name}"))


def _flood(outlet: Outlet, at: datetime, count: int) -> None:
    for number in range(count):
        name = f"{outlet.name}{len(outlet.pieces):04d}"
        moment = at + number * timedelta(seconds=20)
        outlet.pieces.append(Piece(name, moment, f"/nieuws/{moment:%Y/%m/%d}/{name}"))


def _live(outlet: Outlet, rng: random.Random) -> None:
    """Let articles be edited, renamed, moved and taken down while they are young."""
    for number, piece in enumerate(outlet.pieces):
        later = piece.at + rng.randint(30, 300) * MINUTE
        if number % 7 == 1:
            piece.edited = later
        elif number % 7 == 2:
            piece.retitled = later
        elif number % 7 == 3:
            piece.moved = later
        elif number % 14 == 4:
            piece.moved = piece.edited = piece.retitled = later
        elif number % 14 == 5:
            piece.withdrawn = later + 4 * HOUR
            piece.gone = 404 if number % 28 == 5 else 410


def month(seed: int = 7) -> list[Outlet]:
    """All outlets with everything that will happen to them."""
    rng = random.Random(seed)
    city = Outlet("stad")
    _fill(city, rng, 4, range(DAYS))
    _live(city, rng)
    feed_only = Outlet("kanaal", fetch="entry")
    _fill(feed_only, rng, 5, range(DAYS))
    _live(feed_only, rng)
    flooding = Outlet("dagblad", window=10, archive=True)
    _fill(flooding, rng, 2, range(DAYS))
    for day in (5, 22):
        _flood(flooding, START + day * DAY + 9 * HOUR, 35)
    sitemap = Outlet("gemeente", kind="news-sitemap")
    _fill(sitemap, rng, 2, range(DAYS))
    section = Outlet("justitie", kind="section", window=8)
    _fill(section, rng, 1, range(DAYS))
    silent = Outlet("stil")
    _fill(silent, rng, 3, range(10))
    _fill(silent, rng, 3, range(20, DAYS))
    return [city, feed_only, flooding, sitemap, section, silent, _fragile(rng)]


def _fragile(rng: random.Random) -> Outlet:
    """An outlet with every kind of trouble, and pages that can never be read."""
    outlet = Outlet("kwetsbaar", window=12)
    _fill(outlet, rng, 4, range(DAYS))
    for piece in outlet.pieces[10::25]:
        piece.status = 500
    for piece in outlet.pieces[15::25]:
        piece.path = f"/plus/{piece.name}"
    outlet.troubles = [
        (START + 3 * DAY, START + 3 * DAY + 8 * HOUR, "empty"),
        (START + 7 * DAY, START + 7 * DAY + 8 * HOUR, "maintenance"),
        (START + 9 * DAY, START + 13 * DAY, "down"),
        (START + 18 * DAY, START + 18 * DAY + 8 * HOUR, "page"),
        (START + 21 * DAY, START + 22 * DAY, "cut"),
        (START + 25 * DAY, START + 25 * DAY + 8 * HOUR, "consent"),
    ]
    return outlet
