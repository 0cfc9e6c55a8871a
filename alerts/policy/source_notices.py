"""When people are told about a source with problems, and when they are told again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crawler.faults import Fault
from crawler.frozen import dataclass

# Chosen: people hear at most four times a day about a source that fails and recovers all the time.
LEAST_BETWEEN = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """How bad the problems of a source are, and why; a higher `grade` is worse."""

    source: str
    grade: int
    reason: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class LastNotice:
    """What people were last told about a source, and when; `grade` 0: it has recovered."""

    source: str
    grade: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusedRule:
    """A refused rule, since when it is refused, and its faults; "" stands for the whole file."""

    rule: str
    since: datetime
    faults: tuple[Fault, ...]


def to_tell(
    ailments: Mapping[str, Ailment], told: Mapping[str, LastNotice], now: datetime
) -> tuple[Ailment, ...]:
    """The problems that people do not know yet, or that are worse than people know."""
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
    """The last notices about sources whose problems are over."""
    return tuple(each for each in told.values() if each.grade and each.source not in ailments)
