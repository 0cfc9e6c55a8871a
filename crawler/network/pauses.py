"""Hosts that asked to be left alone for a while."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from crawler.network.politeness import authority
from crawler.network.refusals import RefusedError


class Pauses:
    """Remembers until when each host rests."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def begin(self, url: str, wait: timedelta) -> None:
        """Leave the host of this address alone; a shorter wish ends no longer one."""
        host, until = authority(url), monotonic() + wait.total_seconds()
        self._until[host] = max(until, self._until.get(host, 0.0))

    def check(self, url: str) -> None:
        """Pass, or raise `RefusedError` while the host of this address rests."""
        if not self._until:
            return
        host = authority(url)
        left = self._until.get(host, 0.0) - monotonic()
        if left > 0:
            raise RefusedError(url, "its host asks us to wait", timedelta(seconds=left))
        self._until.pop(host, None)
