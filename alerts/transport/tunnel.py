"""A way through a proxy: CONNECT (RFC 9110, 9.3.6), and what its answers mean for a delivery."""

from __future__ import annotations

import re
import socket

from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome
from crawler.addresses import Proxy

_MOST_HEAD = 16 * 1024  # bytes; chosen: a proxy says little before the tunnel
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_WANTS_LOGIN = 407  # RFC 9110, 15.5.8


def open_tunnel(connection: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Let the proxy at the other end of this connection lead it on to a host.

    Raises:
        DeliveryError: it does not; nothing was sent.
        OSError: the connection broke, or this is no proxy.
    """
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    found = _STATUS.match(_head(connection))
    if found is None:
        raise OSError(None, "no answer in HTTP")
    status = int(found[1])
    if status == _WANTS_LOGIN:
        raise DeliveryError(Outcome.NOT_SENT, DeliveryFault.PROXY_LOGIN(host=proxy.host))
    if not 200 <= status < 300:  # noqa: PLR2004 - the class of success
        refused = DeliveryFault.PROXY_REFUSED(host=host, status=status)
        raise DeliveryError(Outcome.NOT_SENT, refused)


def _head(connection: socket.socket) -> bytes:
    """The head of the answer, and no byte more: the next one may be the first of a mail server."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < _MOST_HEAD:
        byte = connection.recv(1)
        if not byte:
            break
        head += byte
    return head
