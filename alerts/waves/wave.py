"""What a wave is: the setting by which a rule has waves, what is usual, and the wave itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeSetting:
    """`[rule.volume]`: from when on the stories of a rule are a wave.

    That is `at_least` stories at `outlets` outlets `over` this time, `times` as many as usual. With
    `instead`, a message about a wave takes over what waits to be told for the rule.
    """

    over: timedelta = timedelta(hours=1)
    at_least: int = 5
    outlets: int = 3
    times: float = 3.0
    instead: bool = False


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """From after one moment up to another, which is part of it."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Usual:
    """How many stories are usual in a window.

    `weeks` is how many of the last four weeks are known; with fewer than two, the number comes from
    the average of all hours.
    """

    expected: float
    weeks: int

    @property
    def is_cold(self) -> bool:
        """Whether the same hours of earlier weeks are not known yet."""
        return self.weeks < LEAST_WEEKS


LEAST_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Window:
    """The stories of the time `over` up to this moment, and at how many outlets they stand."""

    at: datetime
    stories: int
    outlets: int


class WavePhase(StrEnum):
    """What is told of a wave."""

    BEGINS = "begins"
    DOUBLES = "doubles"
    ENDS = "ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A wave: when it began, and when it was last as high as a wave has to be.

    `told` is how many stories were in the window that was told last, `peak` the most in any.
    """

    began: datetime
    high: datetime
    told: int
    peak: int
    usual: Usual
    ended: datetime | None = None
