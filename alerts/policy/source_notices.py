"""Which sources people are told of because they do badly, and when they are told again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.faults import Fault

# A source that comes and goes is told of a few times a day at most.
LEAST_BETWEEN = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """How badly a source does, and why; the worse, the greater `grade`."""

    source: str
    grade: int
    reason: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class LastNotice:
    """What people were told last of a source, and when; `grade` 0 says that it does well again."""

    source: str
    grade: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusedRule:
    """Since when a rule, or the whole file where `rule` is "", is refused, and its faults."""

    rule: str
    since: datetime
    faults: tuple[str, ...]


def to_tell(
    ailments: Mapping[str, Ailment], told: Mapping[str, LastNotice], now: datetime
) -> tuple[Ailment, ...]:
    """The sources that do badly and were not told of, or do worse than was told."""
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
    """What was told of sources that do well now."""
    return tuple(each for each in told.values() if each.grade and each.source not in ailments)
