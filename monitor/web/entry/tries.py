"""How often somebody may guess."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

_MOST, _SPAN = 5, timedelta(minutes=1)
# Chosen: an attacker with many addresses does not fill the memory.
_MOST_ADDRESSES = 1_000


class Tries:
    """Five tries a minute from one address; those that succeed do not count."""

    def __init__(self) -> None:
        self._failed: dict[str, deque[datetime]] = {}

    def allowed(self, address: str, now: datetime) -> bool:
        """Whether this address may try once more."""
        failed = self._failed.get(address, deque())
        while failed and now - failed[0] > _SPAN:
            failed.popleft()
        return len(failed) < _MOST

    def failed(self, address: str, now: datetime) -> None:
        """Note a wrong guess."""
        if address not in self._failed and len(self._failed) >= _MOST_ADDRESSES:
            self._failed.pop(next(iter(self._failed)))
        self._failed.setdefault(address, deque()).append(now)
