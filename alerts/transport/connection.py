"""Connections to addresses that people configure: resolved once, vetted, with a total deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome
from crawler.errors import ForbiddenAddressError
from crawler.network import Network, Resolve, vetted_addresses

# Seconds. Chosen: both fit into the 10 seconds that a post may take in all (docs/delivery.md).
CONNECT_TIMEOUT = 5.0
RESOLVE_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Gate:
    """Which addresses may be reached: public ones, and the ranges in `allow`.

    `resolve` resolves names, by default as the system does.
    """

    allow: tuple[Network, ...] = ()
    resolve: Resolve = socket.getaddrinfo

    def opened(self, ip: str) -> bool:
        """Whether this address lies in a range that was opened on purpose."""
        return any(ip_address(ip) in network for network in self.allow)


@dataclass(slots=True)
class Deadline:
    """A total time for one attempt; when it is over, the connection is cut.

    A socket's own timeout starts again with every byte, so a receiver that sends single bytes
    could hold its channel for ever.
    """

    seconds: float
    ends: float = field(init=False)
    over: bool = field(default=False, init=False)
    _handles: list[socket.socket] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.ends = time.monotonic() + self.seconds

    def left(self) -> float:
        """The seconds left, at least 0.05: a timeout of 0 would make a socket non-blocking."""
        return max(0.05, self.ends - time.monotonic())

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection when the time is over, also during the TLS handshake."""
        # A duplicate of the descriptor stays valid when TLS takes the original over.
        self._handles.append(connection.dup())

    @contextmanager
    def running(self) -> Iterator[None]:
        """A context in which watched connections are cut when the time is over."""
        timer = threading.Timer(self.left(), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for handle in self._handles:
                handle.close()

    def _cut(self) -> None:
        self.over = True
        for handle in self._handles:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)


def connected(
    host: str, port: int, gate: Gate, deadline: Deadline, *, secure: bool
) -> socket.socket:
    """A connection to one of the host's vetted addresses.

    `secure` means that TLS follows; without TLS, only ranges opened on purpose can be reached.

    Raises:
        DeliveryError: `not_sent` when there is no connection, `channel_rejected` when the address
            may not be reached.
    """
    fault: OSError = OSError("no address")
    for ip in _addresses(host, port, gate, deadline):
        if not secure and not gate.opened(ip):
            raise DeliveryError(Outcome.CHANNEL_REJECTED, DeliveryFault.WITHOUT_TLS(host=host))
        try:
            timeout = min(CONNECT_TIMEOUT, deadline.left())
            connection = socket.create_connection((ip, port), timeout=timeout)
        except OSError as error:
            fault = error
            continue
        deadline.watch(connection)
        return connection
    unreached = DeliveryFault.NOT_CONNECTED(host=host, reason=_why(fault))
    raise DeliveryError(Outcome.NOT_SENT, unreached)


def _addresses(host: str, port: int, gate: Gate, deadline: Deadline) -> Sequence[str]:
    try:
        return _resolved(host, port, gate, min(RESOLVE_TIMEOUT, deadline.left()))
    except ForbiddenAddressError as error:
        forbidden = DeliveryFault.FORBIDDEN(host=error.host, reason=error.reason)
        raise DeliveryError(Outcome.CHANNEL_REJECTED, forbidden) from error
    except TimeoutError as error:
        raise DeliveryError(Outcome.NOT_SENT, DeliveryFault.SILENT_NAMES(host=host)) from error
    except (OSError, UnicodeError) as error:
        unknown = DeliveryFault.NO_ADDRESS(host=host, reason=_why(error))
        raise DeliveryError(Outcome.NOT_SENT, unknown) from error


def _resolved(host: str, port: int, gate: Gate, timeout: float) -> tuple[str, ...]:
    """The addresses of a host, resolved in a thread: the system's call has no timeout."""
    answer: Future[tuple[str, ...]] = Future()

    def work() -> None:
        try:
            answer.set_result(vetted_addresses(host, port, gate.allow, gate.resolve))
        except Exception as error:  # noqa: BLE001 - handed to the waiting thread as it is
            answer.set_exception(error)

    threading.Thread(target=work, name="resolve", daemon=True).start()
    return answer.result(timeout)


def _why(error: Any) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
