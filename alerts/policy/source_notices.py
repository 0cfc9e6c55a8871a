"""Which sources that do badly people are told about, and when again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.faults import Fault

# Chosen: a source that fails and recovers all the time is told at most four times a day.
LEAST_BETWEEN = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """How badly a source does, and why; a greater `grade` is worse."""

    source: str
    grade: int
    reason: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class LastNotice:
    """What people were last told about a source, and when; `grade` 0 means that it recovered."""

    source: str
    grade: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusedRule:
    """A rule that is refused: since when, and its faults. `rule` "" is the whole file."""

    rule: str
    since: datetime
    faults: tuple[str, ...]


def to_tell(
    ailments: Mapping[str, Ailment], told: Mapping[str, LastNotice], now: datetime
) -> tuple[Ailment, ...]:
    """The sources that do badly, if people do not know it yet, or that do worse than they know."""
    return tuple(
        ailment for ailment in ailments.values() if _is_news(ailment, told.get(ailment.source), now)
    )


def _is_news(ailment: Ailment, before: LastNotice | None, now: datetime) -> bool:
    if before is None:
        return True
    if before.grade == 0:
        return now - before.at >= LEAST_BETWEEN
    return ailment.grade > before.grade


def recovered(
    ailments: Mapping[str, Ailment], told: Mapping[str, LastNotice]
) -> tuple[LastNotice, ...]:
    """The last notices about sources that do well now."""
    return tuple(each for each in told.values() if each.grade and each.source not in ailments)
