"""Which addresses may be reached (network cases 14 and 15)."""

from __future__ import annotations

import ipaddress
import socket
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crawler.errors import ForbiddenAddressError
from crawler.network.guard import forbidden_address, literal_address, networks, vetted_addresses

LOOPBACK = networks(["127.0.0.0/8"])
PRIVATE = networks(
    (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("100.64.0.0/10", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
private_ipv4 = st.sampled_from(PRIVATE).flatmap(
    lambda network: st.integers(0, network.num_addresses - 1).map(lambda n: network[n])
)
public_ipv4 = st.ip_addresses(v=4, network="8.0.0.0/8")
CARRIERS = {
    "mapped": lambda ip: int(ipaddress.IPv6Address("::ffff:0:0")) | int(ip),
    "compatible": int,
    "translated": lambda ip: int(ipaddress.IPv6Address("::ffff:0:0:0")) | int(ip),
    "nat64": lambda ip: int(ipaddress.IPv6Address("64:ff9b::")) | int(ip),
    "6to4": lambda ip: 0x2002 << 112 | int(ip) << 80 | 1,
    "teredo": lambda ip: 0x20010000 << 96 | 0x08080808 << 64 | (~int(ip) & 0xFFFFFFFF),
    "isatap": lambda ip: 0x2A02 << 112 | 0x5EFE << 32 | int(ip),
}


def spellings(ip: ipaddress.IPv4Address) -> list[str]:
    a, b, c, d = ip.packed
    low = int(ip) & 0xFFFFFF
    return [
        str(int(ip)),
        hex(int(ip)),
        f"0{int(ip):o}",
        f"{a}.{low}",
        f"0x{a:x}.0{b:o}.{c}.{d:#x}",
        f"{a}.{b}.{c << 8 | d}",
        f"[{ip}]",
        f"{ip}.",
        str(ip).translate({ord("."): "\u3002"}),
        "".join(chr(0xFF10 + int(char)) if char.isdigit() else char for char in str(ip)),
        "".join(f"%{byte:02x}" for byte in str(ip).encode()),
    ]


@given(private_ipv4)
def test_a_private_address_is_refused_in_every_spelling(ip: ipaddress.IPv4Address) -> None:
    assert all(forbidden_address(text) for text in spellings(ip)), ip


@given(st.sampled_from(sorted(CARRIERS)), private_ipv4)
def test_a_private_address_is_refused_inside_every_ipv6_carrier(
    carrier: str, ip: ipaddress.IPv4Address
) -> None:
    wrapped = ipaddress.IPv6Address(CARRIERS[carrier](ip))

    assert forbidden_address(str(wrapped))


@given(st.sampled_from(["mapped", "nat64", "6to4", "teredo", "isatap"]), public_ipv4)
def test_a_public_address_may_be_reached_also_through_a_carrier(
    carrier: str, ip: ipaddress.IPv4Address
) -> None:
    assert forbidden_address(str(ip)) is None
    assert forbidden_address(str(ipaddress.IPv6Address(CARRIERS[carrier](ip)))) is None


@given(st.ip_addresses(v=4))
def test_no_more_is_reached_than_the_standard_library_calls_global(
    ip: ipaddress.IPv4Address,
) -> None:
    if not ip.is_global or ip.is_multicast:
        assert forbidden_address(str(ip))


@given(st.ip_addresses(v=4))
def test_every_spelling_names_the_address_that_a_resolver_would_read(
    ip: ipaddress.IPv4Address,
) -> None:
    assert {literal_address(text) for text in spellings(ip)} == {str(ip)}


@given(st.text(max_size=40))
def test_no_host_name_makes_the_check_fail(host: str) -> None:
    literal = literal_address(host)

    assert literal is None or str(ipaddress.ip_address(literal)) == literal


@pytest.mark.parametrize(
    ("ip", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::", "unspecified"),
        ("169.254.169.254", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fd00:ec2::254", "private network"),
        ("fec0::1", "site-local"),
        ("100.100.100.200", "shared by a provider's customers"),
        ("168.63.129.16", "cloud metadata"),
        ("64:ff9b:1::a00:1", "not a public address"),
        ("100::1", "not a public address"),
        ("ff02::1", "multicast"),
        ("2001:db8::1", "documentation"),
        ("nieuws.example", "not an IP address"),
    ],
)
def test_the_reason_is_named(ip: str, reason: str) -> None:
    assert forbidden_address(ip) == reason


@pytest.mark.parametrize("ip", ["127.0.0.1", "::ffff:127.0.0.1", "0x7f.1", "127.8.9.10"])
def test_a_range_opened_on_purpose_is_reached(ip: str) -> None:
    assert forbidden_address(ip, LOOPBACK) is None
    assert forbidden_address("10.0.0.1", LOOPBACK)


@pytest.mark.parametrize("host", ["nos.nl", "1.2.3.4.5", "256.1.1.1", "0x.example", "1..2", "08.1"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal_address(host) is None


def answering(*addresses: str) -> Any:
    def resolve(_host: str, port: int, **_options: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses]

    return resolve


def test_of_a_name_with_public_and_private_addresses_only_the_public_ones_are_given() -> None:
    resolve = answering("10.0.0.1", "8.8.8.8", "8.8.8.8")

    assert vetted_addresses("nieuws.example", 443, resolve=resolve) == ("8.8.8.8",)


def test_a_name_with_private_addresses_alone_is_refused_with_the_reason() -> None:
    with pytest.raises(
        ForbiddenAddressError, match=r"nieuws\.example may not be reached: loopback"
    ):
        vetted_addresses("nieuws.example", 443, resolve=answering("127.0.0.1"))


def test_the_real_resolver_is_asked_and_its_answer_is_checked() -> None:
    with pytest.raises(ForbiddenAddressError):
        vetted_addresses("localhost", 80)
    assert vetted_addresses("127.1", 80, LOOPBACK) == ("127.0.0.1",)


def test_the_guard_costs_no_scrapy() -> None:
    program = "import sys, crawler.network.guard; print({'scrapy', 'twisted'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"set()"
