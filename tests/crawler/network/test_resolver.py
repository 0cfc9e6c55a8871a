"""Names that lead into private networks, also the second time (network case 15)."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

from crawler.network.guard import networks
from crawler.network.resolver import GuardedResolver


class Receiver:
    """What a connection attempt is told."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.done = asyncio.Event()

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted
        self.name = resolution.name

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted
        self.done.set()


class NameServer:
    """Answers each lookup with the next of its answers, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, **_options: object) -> list[tuple[Any, ...]]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "no such name", host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answer]


async def resolved(resolver: GuardedResolver, name: str) -> list[tuple[str, int]]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, 443)
    await receiver.done.wait()
    return receiver.addresses


def test_a_name_is_looked_up_once_and_its_public_addresses_are_given() -> None:
    server = NameServer(["8.8.8.8", "10.0.0.1", "2001:4860::8"])

    async def ask() -> list[list[tuple[str, int]]]:
        resolver = GuardedResolver((), 5, server)
        return [await resolved(resolver, "krant.example") for _ in range(2)]

    assert asyncio.run(ask()) == [[("8.8.8.8", 443), ("2001:4860::8", 443)]] * 2
    assert server.asked == 1


def test_a_name_that_turns_private_is_refused_with_the_reason() -> None:
    server = NameServer(["8.8.8.8"], ["9.9.9.9"], ["127.0.0.1"])

    async def ask() -> tuple[Any, ...]:
        resolver = GuardedResolver((), 5, server, most=1)
        first = await resolved(resolver, "krant.example")
        await resolved(resolver, "ander.example")  # its answer takes the place of the first
        return first, await resolved(resolver, "krant.example"), resolver.refusal("krant.example")

    first, second, refusal = asyncio.run(ask())

    assert first == [("8.8.8.8", 443)]
    assert second == []
    assert refusal.reason == "loopback"


def test_a_range_opened_on_purpose_is_given() -> None:
    async def ask() -> list[tuple[str, int]]:
        resolver = GuardedResolver(networks(["127.0.0.0/8"]), 5, NameServer(["127.0.0.1"]))
        return await resolved(resolver, "localhost")

    assert asyncio.run(ask()) == [("127.0.0.1", 443)]


def test_a_name_without_address_is_asked_for_again() -> None:
    async def ask() -> list[list[tuple[str, int]]]:
        resolver = GuardedResolver((), 5, NameServer([], ["8.8.8.8"]))
        return [await resolved(resolver, "krant.example") for _ in range(2)]

    assert asyncio.run(ask()) == [[], [("8.8.8.8", 443)]]


def test_a_name_server_that_hangs_delays_no_other_name() -> None:
    release = threading.Event()

    def resolve(host: str, port: int, **options: object) -> list[tuple[Any, ...]]:
        if host == "traag.example":
            release.wait(60)
        return NameServer(["8.8.8.8"])(host, port, **options)

    async def ask() -> tuple[Any, ...]:
        resolver = GuardedResolver((), 0.2, resolve)
        slow = asyncio.create_task(resolved(resolver, "traag.example"))
        other = await resolved(resolver, "krant.example")
        return other, await slow

    try:
        assert asyncio.run(ask()) == ([("8.8.8.8", 443)], [])
    finally:
        release.set()


def test_what_is_remembered_is_bounded() -> None:
    async def ask() -> int:
        server = NameServer(["8.8.8.8"])
        resolver = GuardedResolver((), 5, server, most=2)
        for name in ("a.example", "b.example", "c.example", "a.example"):
            await resolved(resolver, name)
        return server.asked

    assert asyncio.run(ask()) == 4
