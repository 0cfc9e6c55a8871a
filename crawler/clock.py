"""The time, and whether somebody has set the clock back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

# Chosen: a smaller correction makes nothing late that matters.
SMALL_STEP = timedelta(seconds=5)


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class ClockWatch:
    """Notices when a clock is set back, by comparing it with one that only goes forward."""

    def __init__(
        self,
        clock: Callable[[], datetime] = utc_now,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self._clock, self._steady = clock, steady
        self._began = self._start()

    def _start(self) -> datetime:
        """What the clock would have shown as the other one began."""
        return self._clock() - timedelta(seconds=self._steady())

    def set_back(self) -> timedelta:
        """By how much the clock was set back since the last question; none if it was not."""
        before, self._began = self._began, self._start()
        step = before - self._began
        return step if step > SMALL_STEP else timedelta()
