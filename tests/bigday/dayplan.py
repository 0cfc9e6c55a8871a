"""What is published on a simulated day: pieces with all their versions, and the day's times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
START = datetime(2026, 11, 24, 6, tzinfo=UTC)  # seven o'clock in Amsterdam
MINUTE = timedelta(minutes=1)
OUTLETS = {
    "noorder": "De Noorderkrant",
    "delta": "Delta Dagblad",
    "stads": "Stadsomroep Rijnmond-Oost",
    "kwartier": "Het Kwartier",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or headline; `fact` is what it says, in any words, where a rule looks for it.

    `extra` marks what need not be told: the headline that a copy has of its own. `lure` marks what
    no rule matches, though a word of one stands in it.
    """

    text: str
    fact: str = ""
    extra: bool = False
    lure: bool = False


Paragraph = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The text of an article, or one item of a live blog with its time."""

    paragraphs: tuple[Paragraph, ...]
    at: datetime | None = None
    name: str = ""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph)


@dataclass(frozen=True, slots=True)
class Version:
    """A text from a time on, its newest block first; `listed` if the feed says something new.

    `returns` are the facts that are told again with it: a number that goes back to what it was.
    `redated` means that the feed gives a new date with it.
    """

    at: datetime
    title: Sentence
    lead: Paragraph
    blocks: tuple[Block, ...]
    listed: bool = True
    redated: bool = False
    returns: frozenset[str] = frozenset()

    @property
    def head(self) -> Paragraph:
        return (self.title, *self.lead)


class Form(StrEnum):
    """How a page is marked up; the last three are live blogs."""

    ARTICLE = "article"
    WALLED = "walled"
    LIVE_ALL = "live-all"  # JSON-LD with every update
    LIVE_NEWEST = "live-newest"  # JSON-LD and page with the newest items only
    LIVE_PLAIN = "live-plain"  # no mark-up: paragraphs, the newest on top

    @property
    def live(self) -> bool:
        return self.value.startswith("live")


@dataclass(slots=True, kw_only=True)
class Piece:
    """An article or live blog of an outlet, with all that becomes of it.

    Copies share the event; what is about none is not looked for.
    """

    name: str
    outlet: str
    event: str
    path: str
    versions: list[Version]
    form: Form = Form.ARTICLE
    window: int | None = None
    fails_until: datetime | None = None
    date_moves: bool = False
    ends: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.versions[0].at

    def version(self, now: datetime) -> Version | None:
        """What it says at this time."""
        there = [each for each in self.versions if each.at <= now]
        return there[-1] if there else None

    def listed(self, now: datetime) -> Version | None:
        """What the feed says of it at this time."""
        there = [each for each in self.versions if each.at <= now and each.listed]
        return there[-1] if there else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much happens on a day; `window` is how many updates the second live blog shows.

    Of more than a hundred articles a search asks the index, and of fewer it reads them all.
    """

    hours: float = 14
    night: float = 8.5
    reports: int = 12
    copies: int = 30
    stubs: int = 20
    courts: int = 15
    stubs_behind_walls: int = 3
    live_every: float = 5
    window: int = 20
    yesterday: int = 12

    @property
    def span(self) -> timedelta:
        return timedelta(hours=self.hours)


FULL = Size()
SHORT = Size(
    hours=3,
    night=1.5,
    reports=3,
    copies=7,
    stubs=4,
    courts=4,
    stubs_behind_walls=1,
    live_every=4,
    window=8,
    yesterday=80,
)
TINY = Size(
    hours=2, night=1, reports=1, copies=3, stubs=2, courts=2, stubs_behind_walls=1, live_every=5
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When things happen that are no news, as shares of the day: noon, three o'clock, the night."""

    size: Size

    def at(self, hour: float) -> datetime:
        """The time that is this hour on a day of fourteen hours from seven o'clock."""
        return START + self.size.span * ((hour - 7) / 14)

    @property
    def noon(self) -> datetime:
        return self.at(12)

    @property
    def three(self) -> datetime:
        return self.at(15)

    @property
    def silence(self) -> tuple[datetime, datetime]:
        begins = self.at(13.2)
        return begins, begins + max(self.size.span / 14, 30 * MINUTE)

    @property
    def quiet(self) -> tuple[datetime, datetime]:
        """The quiet hours of the mail channel, into the night."""
        return self.at(20.5), self.at(21) + timedelta(hours=self.size.night)

    @property
    def digests(self) -> tuple[datetime, ...]:
        return self.at(12.5), self.at(17), self.quiet[1] + 15 * MINUTE

    @property
    def trouble(self) -> tuple[datetime, datetime]:
        """When the owner of the webhook takes messages and says that it failed."""
        return self.at(10), self.at(10) + 3 * MINUTE

    @property
    def end(self) -> datetime:
        return self.quiet[1] + 40 * MINUTE

    def restarts(self) -> list[datetime]:
        """Each hour, when the silence begins, and when the channel is added."""
        hour, found = START + timedelta(hours=1), []
        while hour < self.quiet[0]:
            found.append(hour)
            hour += timedelta(hours=1)
        last = self.quiet[1] - 10 * MINUTE
        return sorted({*found, self.silence[0], self.three, last})


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that is published."""

    calendar: Calendar
    pieces: list[Piece] = field(default_factory=list)

    def of(self, outlet: str, now: datetime) -> list[Piece]:
        """What an outlet has published by now, in the order of its feed."""
        there = [p for p in self.pieces if p.outlet == outlet and p.at <= now]
        return sorted(there, key=lambda piece: dated(piece, now), reverse=True)


def dated(piece: Piece, now: datetime) -> datetime:
    """The date that the feed gives for a piece."""
    if not piece.date_moves:
        return max(each.at for each in piece.versions if each.at <= now and _dated(each, piece))
    last = min(now, piece.ends or now)
    return piece.at + (last - piece.at) // (10 * MINUTE) * (10 * MINUTE)


def _dated(version: Version, piece: Piece) -> bool:
    return version.redated or version is piece.versions[0]
