"""The range of each value: what lies outside it is a slip, and would do harm or nothing."""

from __future__ import annotations

import ipaddress
import stat
import zoneinfo
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from crawler.config.toml import fault
from crawler.faults import FileFault

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# The widest ranges that are not public: 10.0.0.0/8 and fc00::/7.
_WIDEST = {4: 8, 6: 7}


def between(
    least: tuple[str, timedelta], most: tuple[str, timedelta]
) -> Callable[[timedelta], timedelta]:
    """A check that a duration lies in a range, whose ends are given as they are written."""

    def check(value: timedelta) -> timedelta:
        if value < least[1]:
            raise fault(FileFault.TOO_SHORT(least=least[0]))
        if value > most[1]:
            raise fault(FileFault.TOO_LONG(most=most[0]))
        return value

    return check


def network_of(value: object) -> object:
    """The network that is written like `127.0.0.0/8`."""
    try:
        network = ipaddress.ip_network(str(value))
    except ValueError:
        raise fault(FileFault.NO_NETWORK(value=repr(value))) from None
    if network.prefixlen < _WIDEST[network.version]:
        raise fault(FileFault.WIDE_NETWORK(value=repr(value)))
    return network


def zone_name(value: str) -> str:
    """The name of a time zone that is known here."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise fault(FileFault.NO_ZONE(value=repr(value))) from None
    return value


def file_path(value: Path) -> Path:
    """A path at which there is a file, or nothing yet."""
    try:
        mode = value.stat().st_mode
    except OSError:
        mode = stat.S_IFREG
    except ValueError:  # a NUL in it
        raise fault(FileFault.NO_FILE_NAME(value=repr(str(value)))) from None
    if stat.S_ISDIR(mode):
        example = str(value / "nieuws.db")
        raise fault(FileFault.IS_FOLDER(value=repr(str(value)), example=example))
    if not stat.S_ISREG(mode):
        raise fault(FileFault.NO_ORDINARY_FILE(value=repr(str(value))))
    return value
