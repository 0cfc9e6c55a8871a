"""Connections to addresses that people configure: resolved once, vetted, with a total deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import field
from functools import partial
from ipaddress import ip_address
from typing import Any

from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome
from alerts.transport.tunnel import open_tunnel
from crawler.addresses import Proxy
from crawler.errors import ForbiddenAddressError
from crawler.frozen import dataclass
from crawler.network import (
    Network,
    Resolve,
    addresses_of,
    goes_by_proxy,
    vetted_addresses,
)

# Seconds. Chosen: all fit into the 10 seconds that a post may take in all (docs/delivery.md).
CONNECT_TIMEOUT = 5.0
RESOLVE_TIMEOUT = 5.0
KNOWN_TIMEOUT = 2.0  # where a proxy resolves names, ours may know none


@dataclass(frozen=True, slots=True)
class Gate:
    """Which addresses may be reached: public ones, and the ranges in `allow`; and by which way.

    With a `proxy`, what is not in `allow` is reached through it. `resolve` resolves names, by
    default as the system does.
    """

    allow: tuple[Network, ...] = ()
    resolve: Resolve = socket.getaddrinfo
    proxy: Proxy | None = None

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
    """A connection to one of the host's vetted addresses, or through the proxy.

    `secure` means that TLS follows; without TLS, only ranges opened on purpose can be reached.

    Raises:
        DeliveryError: `not_sent` when there is no connection, `channel_rejected` when the address
            may not be reached.
    """
    if gate.proxy and _goes_by_proxy(host, port, gate, deadline):
        if not secure:
            raise DeliveryError(Outcome.CHANNEL_REJECTED, DeliveryFault.WITHOUT_TLS(host=host))
        return _tunnelled(host, port, gate.proxy, deadline)
    addresses = _addresses(host, port, gate, deadline)
    if not secure and not (addresses := tuple(filter(gate.opened, addresses))):
        raise DeliveryError(Outcome.CHANNEL_REJECTED, DeliveryFault.WITHOUT_TLS(host=host))
    try:
        return _connected_to(addresses, port, deadline)
    except OSError as error:
        unreached = DeliveryFault.NOT_CONNECTED(host=host, reason=_why(error))
        raise DeliveryError(Outcome.NOT_SENT, unreached) from error


def _connected_to(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first of these addresses that takes one.

    Raises:
        OSError: none does.
    """
    fault: OSError = OSError("no address")
    for ip in addresses:
        try:
            timeout = min(CONNECT_TIMEOUT, deadline.left())
            connection = socket.create_connection((ip, port), timeout=timeout)
        except OSError as error:
            fault = error
            continue
        deadline.watch(connection)
        return connection
    raise fault


def _goes_by_proxy(host: str, port: int, gate: Gate, deadline: Deadline) -> bool:
    try:
        with suppress(OSError, UnicodeError):
            timeout = min(KNOWN_TIMEOUT, deadline.left())
            return goes_by_proxy(
                host,
                _in_thread(partial(addresses_of, host, port, gate.resolve), timeout),
                gate.allow,
            )
        return goes_by_proxy(host, (), gate.allow)
    except ForbiddenAddressError as error:
        raise _forbidden(error) from error


def _tunnelled(host: str, port: int, proxy: Proxy, deadline: Deadline) -> socket.socket:
    """A connection through the proxy, which people have named: its own address is not guarded."""
    try:
        timeout = min(RESOLVE_TIMEOUT, deadline.left())
        addresses = _in_thread(partial(addresses_of, proxy.host, proxy.port), timeout)
        connection = _connected_to(addresses, proxy.port, deadline)
    except (OSError, UnicodeError) as error:
        unreached = DeliveryFault.PROXY_UNREACHED(host=proxy.host, reason=_why(error))
        raise DeliveryError(Outcome.NOT_SENT, unreached) from error
    try:
        connection.settimeout(deadline.left())
        open_tunnel(connection, proxy, host, port)
    except OSError as error:
        connection.close()
        broke = DeliveryFault.PROXY_BROKE(host=proxy.host, error=_why(error))
        raise DeliveryError(Outcome.NOT_SENT, broke) from error
    except DeliveryError:
        connection.close()
        raise
    return connection


def _addresses(host: str, port: int, gate: Gate, deadline: Deadline) -> Sequence[str]:
    find = partial(vetted_addresses, host, port, gate.allow, gate.resolve)
    try:
        return _in_thread(find, min(RESOLVE_TIMEOUT, deadline.left()))
    except ForbiddenAddressError as error:
        raise _forbidden(error) from error
    except TimeoutError as error:
        raise DeliveryError(Outcome.NOT_SENT, DeliveryFault.SILENT_NAMES(host=host)) from error
    except (OSError, UnicodeError) as error:
        unknown = DeliveryFault.NO_ADDRESS(host=host, reason=_why(error))
        raise DeliveryError(Outcome.NOT_SENT, unknown) from error


def _forbidden(error: ForbiddenAddressError) -> DeliveryError:
    forbidden = DeliveryFault.FORBIDDEN(host=error.host, reason=error.reason)
    return DeliveryError(Outcome.CHANNEL_REJECTED, forbidden)


def _in_thread(find: Callable[[], tuple[str, ...]], timeout: float) -> tuple[str, ...]:
    """The addresses of a host, resolved in a thread: the system's call has no timeout."""
    answer: Future[tuple[str, ...]] = Future()

    def work() -> None:
        try:
            answer.set_result(find())
        except Exception as error:  # noqa: BLE001 - handed to the waiting thread as it is
            answer.set_exception(error)

    threading.Thread(target=work, name="resolve", daemon=True).start()
    return answer.result(timeout)


def _why(error: Any) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
