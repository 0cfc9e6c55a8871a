"""A deadline for what this thread does, kept by a signal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Seconds after which it is raised once more: a library may have swallowed it. Chosen.
_AGAIN = 1.0


class PageTookLongerError(BaseException):
    """The deadline has passed."""


@contextmanager
def page_deadline(seconds: float) -> Iterator[None]:
    """End what is done here after so many seconds.

    Only the main thread of a process can be ended so; in another one there is no deadline.

    Raises:
        PageTookLongerError: it took longer.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _end)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise PageTookLongerError
