"""Name resolution that never gives a connection a forbidden address."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]  # it has no types

from crawler.errors import ForbiddenAddressError
from crawler.frozen import dataclass
from crawler.network.guard import Network, Resolve, addresses_of, networks, vetted_addresses

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# All chosen. The lifetime (TTL) of a DNS record is not known here. After an hour a host that has
# moved is found without a restart.
LIFETIME = 3600.0  # seconds, like the next two
REFUSAL_LIFETIME = 60.0
UNKNOWN_LIFETIME = 600.0
CACHED_NAMES = 10_000
LOOKUPS_AT_ONCE = 16  # unless few files may be open


@dataclass(frozen=True, slots=True)
class _Answer:
    addresses: tuple[str, ...]
    expires: float
    refusal: ForbiddenAddressError | None = None


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: Twisted asks for this, but a lookup in a thread cannot be cancelled."""
        raise NotImplementedError


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names, and addresses in any spelling, to those that `crawler.network.guard` permits.

    Twisted asks it for each connection. So a redirect, or a name that now gives another address, is
    checked like the first address. Lookups run in daemon threads: one that hangs in the system's
    resolver delays neither the others nor the end of the program.
    """

    def __init__(
        self,
        allow: Sequence[Network],
        timeout: float,
        resolve: Resolve = socket.getaddrinfo,
        *,
        most: int = CACHED_NAMES,
        at_once: int = LOOKUPS_AT_ONCE,
    ) -> None:
        self.allow = allow
        self._most = most
        self._timeout = timeout
        self._resolve = resolve
        self._answers: dict[str, _Answer] = {}
        self._known: dict[str, _Answer] = {}
        self._proxies: set[str] = set()
        self._lookups = asyncio.Semaphore(at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: object = None) -> Self:
        """Built by Scrapy (`TWISTED_DNS_RESOLVER`); reads `NETWORK_ALLOW` and `DNS_TIMEOUT`."""
        del reactor  # there is only one, and it is looked up where it is needed
        allow = networks(crawler.settings.getlist("NETWORK_ALLOW"))
        at_once = crawler.settings.getint("CONCURRENT_LOOKUPS")
        return cls(allow, crawler.settings.getfloat("DNS_TIMEOUT"), at_once=at_once)

    @classmethod
    def on_reactor(cls, crawler: Crawler) -> GuardedResolver:
        """The resolver that connections use already, if it permits the same, or a new one."""
        from twisted.internet import reactor  # importing it installs one

        resolver = cls.from_crawler(crawler)
        held = getattr(reactor, "nameResolver", None)
        if isinstance(held, GuardedResolver) and held.allow == resolver.allow:
            return held
        resolver.install_on_reactor()
        return resolver

    def install_on_reactor(self) -> None:
        """Make every connection of this process ask this resolver."""
        from twisted.internet import reactor  # importing it installs one

        reactor.installNameResolver(self)

    def trust(self, proxy: str) -> None:
        """Connect to this host, which people have named as their proxy, wherever it is."""
        if proxy not in self._proxies:
            self._proxies.add(proxy)
            self._answers.pop(proxy, None)

    def trusts(self, host: str) -> bool:
        """Whether this host is a proxy, so that connections to it are not guarded."""
        return host in self._proxies

    async def known_addresses(self, host: str) -> tuple[str, ...]:
        """All addresses of `host`, permitted or not; none if the name servers here know none."""
        known = self._known.get(host)
        if known and known.expires > monotonic():
            return known.addresses
        answer = _Answer((), monotonic() + UNKNOWN_LIFETIME)
        with suppress(OSError, UnicodeError, TimeoutError):
            async with self._lookups:
                find = partial(addresses_of, host, 0, self._resolve)
                found = await asyncio.wait_for(_in_thread(find), self._timeout)
            answer = _Answer(found, monotonic() + LIFETIME)
        self._remember(self._known, host, answer)
        return answer.addresses

    def refusal(self, host: str) -> ForbiddenAddressError | None:
        """Why `host` got no address, if the guard was the reason."""
        answer = self._answers.get(host)
        return answer.refusal if answer else None

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: object = None,  # noqa: ARG002, N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: ARG002, N803 - Twisted's name
    ) -> _Resolution:
        """Tell the receiver the addresses of `hostName` that may be reached."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        answer = self._answers.get(hostName)
        if answer and answer.expires > monotonic():
            _deliver(answer, resolutionReceiver, portNumber)
        else:
            task = asyncio.get_running_loop().create_task(
                self._look_up(hostName, resolutionReceiver, portNumber)
            )
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return resolution

    async def _look_up(self, host: str, receiver: Any, port: int) -> None:
        answer = _Answer((), 0.0)
        try:
            async with self._lookups:
                find = partial(self._permitted, host, port)
                addresses = await asyncio.wait_for(_in_thread(find), self._timeout)
            answer = _Answer(addresses, monotonic() + LIFETIME)
        except ForbiddenAddressError as refusal:
            answer = _Answer((), monotonic() + REFUSAL_LIFETIME, refusal)
        except (OSError, UnicodeError, TimeoutError):
            pass  # no address: Twisted says so, and the next request asks again
        finally:
            self._remember(self._answers, host, answer)
            _deliver(answer, receiver, port)

    def _permitted(self, host: str, port: int) -> tuple[str, ...]:
        if self.trusts(host):
            return addresses_of(host, port, self._resolve)
        return vetted_addresses(host, port, self.allow, self._resolve)

    def _remember(self, answers: dict[str, _Answer], host: str, answer: _Answer) -> None:
        answers.pop(host, None)
        while len(answers) >= self._most:
            del answers[next(iter(answers))]
        answers[host] = answer


def _in_thread(find: Callable[[], tuple[str, ...]]) -> asyncio.Future[tuple[str, ...]]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def settle(result: Any) -> None:
        if future.done():
            return
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)

    def look_up() -> None:
        result: Any
        try:
            result = find()
        except (OSError, UnicodeError, ForbiddenAddressError) as error:
            result = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    return future


def _deliver(answer: _Answer, receiver: Any, port: int) -> None:
    for ip in answer.addresses:
        family = IPv6Address if ":" in ip else IPv4Address
        receiver.addressResolved(family("TCP", ip, port))
    receiver.resolutionComplete()
