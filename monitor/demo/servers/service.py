"""Servers on this machine that start, stop, and leave nothing behind."""

from __future__ import annotations

import socket
import socketserver
import sys
import threading
from typing import Any, Self

_POLL_SECONDS = 0.02  # how long stop() waits at most for the accepting thread to notice


class Service:
    """Something that runs from `start` to `stop`, or for the length of a `with` block."""

    def start(self) -> None:
        """Begin."""
        raise NotImplementedError

    def stop(self) -> None:
        """End; a second call does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class QuietServer(socketserver.ThreadingTCPServer):
    """A server with a thread for each connection; it can end them all, and prints no tracebacks."""

    daemon_threads = False  # server_close() waits for them
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, handler: type[socketserver.BaseRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )
        super().__init__((host, 0), handler)

    @property
    def port(self) -> int:
        """The port that the system gave us."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Begin to answer; the port was taken at construction."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection, wait for the threads, close the port."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self._hang_up()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection and begin its thread."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close the connection and forget it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client goes away in the middle of a request."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def _hang_up(self) -> None:
        """Wake the threads that wait for a next request on a kept connection."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster
