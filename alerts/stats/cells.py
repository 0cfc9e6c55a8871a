"""Which number stands in which cell: by outlet, section, day, week and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crawler.frozen import dataclass

Cell = tuple[str, ...]


class Dimension(StrEnum):
    """By what is counted."""

    OUTLET = "outlet"
    SECTION = "section"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Unit(StrEnum):
    """What is counted."""

    ARTICLES = "articles"
    STORIES = "stories"
    PASSAGES = "passages"


class Dating(StrEnum):
    """The date of an article: when it was read here first, or when it was published."""

    STORED = "stored"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsQuestion:
    """What is counted, by what, in which days, and of which time.

    With `as_of`, what was stored or found from then on does not count.
    """

    by: tuple[Dimension, ...]
    unit: Unit = Unit.ARTICLES
    dating: Dating = Dating.STORED
    timezone: str = "UTC"
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its days."""
        return ZoneInfo(self.timezone)

    def includes(self, moment: datetime) -> bool:
        """Whether the moment lies in the time that is asked about."""
        begun = self.since is None or moment >= self.since
        return begun and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article that counts, or a passage of it: in which story, and where and when it was."""

    article: str
    story: str
    moment: datetime
    outlet: str
    section: str = ""
    passage: str = ""

    def name(self, unit: Unit) -> str:
        """What counts once, whoever has it."""
        match unit:
            case Unit.ARTICLES:
                return self.article
            case Unit.STORIES:
                return self.story
            case Unit.PASSAGES:
                return f"{self.story} {self.passage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsRow:
    """The number in one cell, the articles stored of that cell, and what may be missing in it."""

    cell: Cell
    count: int
    stored: int
    failed_polls: int
    gaps: int
    missed_pages: int
    partial: int


def cell_of(by: Iterable[Dimension], day: date, outlet: str, section: str = "") -> Cell:
    """The cell of this day, outlet and section."""
    values = {
        Dimension.OUTLET: outlet,
        Dimension.SECTION: section,
        Dimension.DAY: day.isoformat(),
        Dimension.WEEK: (day - timedelta(days=day.weekday())).isoformat(),
        Dimension.MONTH: day.isoformat()[:7],
    }
    return tuple(values[each] for each in by)


def counted(items: Iterable[Item], question: StatsQuestion) -> tuple[dict[Cell, int], int]:
    """How many different things there are in each cell, and in all.

    Each counts once for each outlet and section by which is counted: on the day of the first of
    them.
    """
    firsts: dict[tuple[str, ...], Item] = {}
    for item in items:
        key = (item.name(question.unit), *_place(item, question.by))
        if key not in firsts or item.moment < firsts[key].moment:
            firsts[key] = item
    inside = [item for item in firsts.values() if question.includes(item.moment)]
    zone = question.zone
    days = ((item.moment.astimezone(zone).date(), item) for item in inside)
    cells = Counter(cell_of(question.by, day, each.outlet, each.section) for day, each in days)
    return dict(cells), len({item.name(question.unit) for item in inside})


def _place(item: Item, by: Iterable[Dimension]) -> tuple[str, str]:
    outlet = item.outlet if Dimension.OUTLET in by else ""
    return outlet, item.section if Dimension.SECTION in by else ""


def rows_of(counts: Mapping[Cell, int], beside: Mapping[str, Mapping[Cell, int]]) -> list[StatsRow]:
    """A row for each cell in which something was stored or counted, in order."""
    return [
        StatsRow(
            cell=cell,
            count=counts.get(cell, 0),
            stored=beside["stored"].get(cell, 0),
            failed_polls=beside["failed"].get(cell, 0),
            gaps=beside["gap"].get(cell, 0),
            missed_pages=beside["page_missed"].get(cell, 0),
            partial=beside["partial"].get(cell, 0),
        )
        for cell in sorted(counts.keys() | beside["stored"].keys())
    ]


def whole_days(question: StatsQuestion) -> tuple[date, date] | None:
    """The days of UTC that are asked about, from one up to another; None for parts of days."""
    ends = (question.since, question.until)
    if question.zone != ZoneInfo("UTC") or any(end and not _is_midnight(end) for end in ends):
        return None
    since = question.since.astimezone(UTC).date() if question.since else date.min
    return since, question.until.astimezone(UTC).date() if question.until else date.max


def _is_midnight(moment: datetime) -> bool:
    return moment.astimezone(UTC).time() == datetime.min.time()
