"""Which addresses may be reached: public ones, and those that the configuration allows.

Others decide what a news source, a redirect or a name server says. None of them may lead the
crawler or a webhook to the machine it runs on, the network around it or a cloud's metadata service.
Every check looks at the address that a connection is going to use, not at its name. So a name that
gives another address the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any
from urllib.parse import unquote

from crawler.errors import ForbiddenAddressError
from crawler.faults.kinds import AddressReason

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[..., Sequence[tuple[Any, ...]]]

# The IANA special-purpose registries (RFC 6890 and its updates). The first match is the reason.
_SPECIAL: tuple[tuple[Network, AddressReason], ...] = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("127.0.0.0/8", AddressReason.LOOPBACK),
        ("10.0.0.0/8", AddressReason.PRIVATE),
        ("172.16.0.0/12", AddressReason.PRIVATE),
        ("192.168.0.0/16", AddressReason.PRIVATE),
        ("169.254.0.0/16", AddressReason.LINK_LOCAL),
        ("100.64.0.0/10", AddressReason.SHARED),
        ("0.0.0.0/8", AddressReason.THIS_NETWORK),
        ("192.0.0.0/24", AddressReason.PROTOCOLS),
        ("192.0.2.0/24", AddressReason.DOCUMENTATION),
        ("192.88.99.0/24", AddressReason.RELAY),
        ("192.31.196.0/24", AddressReason.PROTOCOLS),
        ("192.52.193.0/24", AddressReason.PROTOCOLS),
        ("192.175.48.0/24", AddressReason.PROTOCOLS),
        ("198.18.0.0/15", AddressReason.BENCHMARKING),
        ("198.51.100.0/24", AddressReason.DOCUMENTATION),
        ("203.0.113.0/24", AddressReason.DOCUMENTATION),
        ("168.63.129.16/32", AddressReason.METADATA),  # Azure's, in the middle of a public range
        ("224.0.0.0/4", AddressReason.MULTICAST),
        ("240.0.0.0/4", AddressReason.RESERVED),
        ("::/128", AddressReason.UNSPECIFIED),
        ("::1/128", AddressReason.LOOPBACK),
        ("fc00::/7", AddressReason.PRIVATE),
        ("fe80::/10", AddressReason.LINK_LOCAL),
        ("fec0::/10", AddressReason.SITE_LOCAL),
        ("ff00::/8", AddressReason.MULTICAST),
        ("2001:2::/48", AddressReason.BENCHMARKING),
        ("2001:10::/28", AddressReason.PROTOCOLS),
        ("2001:20::/28", AddressReason.PROTOCOLS),
        ("2001:db8::/32", AddressReason.DOCUMENTATION),
        ("3fff::/20", AddressReason.DOCUMENTATION),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Prefixes that carry an IPv4 address in their last 32 bits.
_IPV4_AT_THE_END = (
    IPv6Network("::/96"),  # IPv4-compatible (RFC 4291, 2.5.5.1)
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 2765)
    IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052)
)
_TEREDO = IPv6Network("2001::/32")
_6TO4 = IPv6Network("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)  # the interface identifier's upper half (RFC 5214, 6.1)
# Names that no public name server knows (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`), and
# others that networks use for themselves.
_LOCAL_ENDS = frozenset(
    ("corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "private")
)
_HOME = ".home.arpa"
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))  # what IDNA reads as a dot
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)


def networks(ranges: Iterable[str]) -> tuple[Network, ...]:
    """The networks written in `ranges`.

    Raises:
        ValueError: it names the first one that is no network.
    """
    return tuple(ip_network(text) for text in ranges)


def forbidden_address(ip: str, allow: Sequence[Network] = ()) -> AddressReason | None:
    """Why this address may not be reached, or None if it may.

    An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo, ISATAP) is checked too. A
    range in `allow` permits the addresses in it.
    """
    literal = literal_address(ip)
    if literal is None:
        return AddressReason.NO_IP
    for address in _unwrapped(ip_address(literal)):
        reason = _reason(address)
        if reason and not any(address in network for network in allow):
            return reason
    return None


@lru_cache(maxsize=4096)  # asked for each request, of the same hosts
def literal_address(host: str) -> str | None:
    """The address that `host` spells, in its usual form; None if it is a name.

    Resolvers accept unusual spellings, and so does this: `0x7f.1`, `2130706433`, `0177.0.0.1`,
    digits and dots of other scripts, brackets, a trailing dot, a zone.
    """
    text = unicodedata.normalize("NFKC", unquote(host).translate(_DOTS)).strip().lower()
    text = text.strip("[]").rstrip(".").partition("%")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return _ipv4_of_parts(text.split("."))


def vetted_addresses(
    host: str, port: int, allow: Sequence[Network] = (), resolve: Resolve = socket.getaddrinfo
) -> tuple[str, ...]:
    """The addresses of `host` that may be reached, at least one; connect to these, not to `host`.

    Raises:
        ForbiddenAddressError: none of its addresses may be reached.
        OSError: from `resolve`, if the name has no address.
    """
    addresses = addresses_of(host, port, resolve)
    permitted = tuple(ip for ip in addresses if forbidden_address(ip, allow) is None)
    if not permitted:
        raise ForbiddenAddressError(
            host, *(_reasons(addresses, allow) or {AddressReason.NO_ADDRESS})
        )
    return permitted


def addresses_of(host: str, port: int, resolve: Resolve = socket.getaddrinfo) -> tuple[str, ...]:
    """All addresses of `host`, whether they may be reached or not.

    Raises:
        OSError: from `resolve`, if the name has no address.
    """
    found = resolve(literal_address(host) or host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def goes_by_proxy(host: str, addresses: Sequence[str], allow: Sequence[Network] = ()) -> bool:
    """Whether a proxy is to be asked for `host`, which has these addresses as far as known here.

    What lies in a range of `allow` is near, and reached without a proxy. A proxy chooses the
    address itself. So all that are known must be permitted; where none is, the name must not be
    one of a local network.

    Raises:
        ForbiddenAddressError: the host may not be reached.
    """
    if reasons := _reasons(addresses, allow):
        raise ForbiddenAddressError(host, *reasons)
    if not addresses and _is_local(host):
        raise ForbiddenAddressError(host, AddressReason.LOCAL_NAME)
    near = (any(ip_address(ip) in network for network in allow) for ip in addresses)
    return not addresses or not all(near)


def _reasons(addresses: Sequence[str], allow: Sequence[Network]) -> set[AddressReason]:
    return {reason for ip in addresses if (reason := forbidden_address(ip, allow))}


def _is_local(host: str) -> bool:
    name = host.lower().rstrip(".")
    return "." not in name or name.rpartition(".")[2] in _LOCAL_ENDS or name.endswith(_HOME)


def _reason(address: Address) -> AddressReason | None:
    for network, reason in _SPECIAL:
        if address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        carries_ipv4 = any(address in network for network in _IPV4_AT_THE_END)
        return None if carries_ipv4 else AddressReason.NOT_PUBLIC
    return None


def _unwrapped(address: Address) -> Iterator[Address]:
    """Yield the address itself and each IPv4 address that it carries."""
    yield address
    if isinstance(address, IPv4Address) or address in (IPv6Address("::"), IPv6Address("::1")):
        return
    number = int(address)
    if any(address in network for network in _IPV4_AT_THE_END):
        yield IPv4Address(number & 0xFFFFFFFF)
    elif address in _6TO4:
        yield IPv4Address(number >> 80 & 0xFFFFFFFF)
    elif address in _TEREDO:
        yield IPv4Address(number >> 64 & 0xFFFFFFFF)  # the server
        yield IPv4Address(~number & 0xFFFFFFFF)  # the client, stored inverted
    if number >> 32 & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFFFFFF)


def _ipv4_of_parts(parts: list[str]) -> str | None:
    """The address in one to four numbers, read as `inet_aton` does: the last fills what is left."""
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):  # noqa: PLR2004 - IPv4
        return None
    try:
        *heads, last = [_number(part) for part in parts]
    except ValueError:
        return None
    room = 4 - len(heads)
    if any(head > 0xFF for head in heads) or last >= 256**room:  # noqa: PLR2004 - one byte
        return None
    value = int.from_bytes(bytes(heads), "big") << 8 * room
    return str(IPv4Address(value | last))


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)
