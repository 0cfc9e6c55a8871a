"""What the service manager is told, over the socket that it names; elsewhere nothing is said.

The protocol is that of sd_notify(3): a datagram with a line for each state.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

READY, ALIVE, RELOADING, STOPPING = "READY=1", "WATCHDOG=1", "RELOADING=1", "STOPPING=1"


def tell(state: str) -> None:
    """Tell the service manager, if there is one. That it does not listen is no fault of ours."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract name
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.sendall(state.encode())
