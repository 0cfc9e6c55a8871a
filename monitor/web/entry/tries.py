"""How often somebody may guess."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address

_MOST, _SPAN = 5, timedelta(minutes=1)
# Chosen: an attacker with many addresses does not fill the memory.
_MOST_ADDRESSES = 1_000


class Tries:
    """Five tries a minute from one address, also at once; those that succeed do not count.

    An address of IPv6 counts with the others of its network (/64), which one visitor has.
    """

    def __init__(self) -> None:
        self._begun: dict[str, deque[datetime]] = {}

    def begin(self, address: str, now: datetime) -> bool:
        """Whether this address may try once more. The try counts until it has succeeded."""
        begun = self._of(_network(address))
        while begun and now - begun[0] > _SPAN:
            begun.popleft()
        if len(begun) >= _MOST:
            return False
        begun.append(now)
        return True

    def succeeded(self, address: str) -> None:
        """Count the newest try of this address no more."""
        if begun := self._of(_network(address)):
            begun.pop()

    def _of(self, network: str) -> deque[datetime]:
        if network not in self._begun and len(self._begun) >= _MOST_ADDRESSES:
            self._begun.pop(next(iter(self._begun)))
        return self._begun.setdefault(network, deque())


def _network(address: str) -> str:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(IPv6Network((found, 64), strict=False)) if found.version == 6 else address  # noqa: PLR2004 - IPv6
