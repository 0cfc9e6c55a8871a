"""Which papers a desk wants, and when each goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.edition import EditionKey
from alerts.policy.quiet_hours import instant
from crawler.frozen import dataclass

# As `days` names them, Monday first.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Chosen: a paper that was missed is made up for within a week.
_LOOK_BACK = 8
_DAY = timedelta(days=1)
# Chosen: the first edition, which follows none, tells of a day.
FIRST_SPAN = timedelta(days=1)
# Chosen: a look each few seconds is on time; after this an edition says that it is late.
_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A subject of a paper; without rules it is for all of them."""

    title: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningPaper:
    """A paper as it is configured; `span` is how far back it looks, None for the last edition."""

    id: str
    name: str
    at: tuple[time, ...]
    sections: tuple[PaperSection, ...]
    channels: tuple[str, ...]
    days: tuple[str, ...] = WEEKDAYS
    span: timedelta | None = None
    most: int = 40
    language: str = "nl"

    def section_of(self, rules: Sequence[str]) -> int | None:
        """The place of the first section for one of these rules; None if none is."""
        found = set(rules)
        for place, section in enumerate(self.sections):
            if not section.rules or found & set(section.rules):
                return place
        return None


@dataclass(frozen=True, slots=True)
class Turn:
    """An edition that is due at this moment."""

    key: EditionKey
    due: datetime


def turn_due(paper: MorningPaper, zone: ZoneInfo, after: datetime, now: datetime) -> Turn | None:
    """The latest edition that was due after that moment and up to now; None if there is none.

    Of several that were missed the latest tells what all would have told.
    """
    today = now.astimezone(zone).date()
    turns = [
        turn
        for back in range(_LOOK_BACK)
        for turn in turns_of(paper, (today - back * _DAY).isoformat(), zone)
        if after < turn.due <= now
    ]
    return max(turns, key=lambda turn: turn.due, default=None)


def turn_to_come(paper: MorningPaper, zone: ZoneInfo, now: datetime) -> Turn | None:
    """The next edition after now; None if its days never come."""
    today = now.astimezone(zone).date()
    for ahead in range(_LOOK_BACK):
        for turn in turns_of(paper, (today + ahead * _DAY).isoformat(), zone):
            if turn.due > now:
                return turn
    return None


def turns_of(paper: MorningPaper, day: str, zone: ZoneInfo) -> Iterator[Turn]:
    """Yield the editions of a local day, the earliest first: each time once, whatever clocks do."""
    date = datetime.fromisoformat(day).date()
    if WEEKDAYS[date.weekday()] not in paper.days:
        return
    for wall in sorted(set(paper.at)):
        key = EditionKey(paper=paper.id, day=day, at=f"{wall:%H:%M}")
        yield Turn(key, instant(date, wall, zone))


def since_when(paper: MorningPaper, last_until: datetime | None, due: datetime) -> datetime:
    """From when on an edition tells: the end of the last one, or its own span before it is due."""
    if paper.span is not None:
        return due - paper.span
    return last_until or due - FIRST_SPAN


def is_late(due: datetime, now: datetime) -> bool:
    """Whether an edition goes so late that it says so."""
    return now - due > _LATE
