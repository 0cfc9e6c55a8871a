"""What a receiver got, safe to fill in one thread and wait for in another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """A growing list of things received."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self._changed = threading.Condition()

    def add(self, item: T) -> None:
        """Put one thing in, and wake up whoever waits."""
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()

    def all(self) -> list[T]:
        """Everything so far, in order of arrival."""
        with self._changed:
            return list(self._items)

    def wait_for(
        self, count: int, timeout: float, wanted: Callable[[T], bool] = lambda _: True
    ) -> list[T]:
        """Everything wanted, as soon as there are `count` such things.

        Raises:
            TimeoutError: it took longer than `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._chosen(wanted)) >= count, timeout):
                found = len(self._chosen(wanted))
                raise TimeoutError(f"{found} of {count} received within {timeout:g} s")
            return self._chosen(wanted)

    def _chosen(self, wanted: Callable[[T], bool]) -> list[T]:
        return [item for item in self._items if wanted(item)]
