"""Connections of clients that take their time: a telephone in a train may, for a while."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientConnection(H11Protocol):
    """Ends when nothing is left to do but to wait for its client, for more than `patience` seconds.

    Without this 200 clients that never finish their request keep everybody else out: uvicorn has
    no such limit. A stream of events may stay open for ever, if somebody reads it.
    """

    patience: float
    _timer: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._since = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        unread = self.transport.get_write_buffer_size()
        now = self.loop.time()
        if self.conn.their_state is h11.DONE and not unread:
            self._since = now
        if now - self._since > self.patience:
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(self.patience / 4, self._look)
