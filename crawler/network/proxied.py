"""Requests by way of a proxy: which go there, and what went wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from twisted.internet.error import ConnectError

from crawler.addresses.proxy import DIRECT, Proxy, proxy_of
from crawler.errors import PageError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.network.guard import goes_by_proxy

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.network.resolver import GuardedResolver

# The key in a request's meta for the proxy of its source: an address, "direct", or "" for that of
# all. Scrapy's own key, `proxy`, follows from it anew for each hop.
VIA = "via"
_WANTS_LOGIN = 407  # RFC 9110, 15.5.8
# Scrapy tells the status of an answer to CONNECT in the text of its error alone.
_STATUS = re.compile(r"'status': (\d{3})")
_UNREACHED: dict[type[Exception], CrawlFault] = {
    CannotResolveHostError: CrawlFault.HOST_UNKNOWN,
    DownloadConnectionRefusedError: CrawlFault.REFUSED,
    ConnectError: CrawlFault.NO_ANSWER,
}
_known_proxy = cache(proxy_of)


class ProxyWay:
    """Sends requests by their proxy, or directly, with the guard in both cases."""

    def __init__(self, resolver: GuardedResolver, default: str) -> None:
        self._resolver, self._default = resolver, default

    async def choose(self, request: Request, host: str) -> Proxy | None:
        """The proxy of this request to `host`, which is written into it; None if it needs none.

        Raises:
            ForbiddenAddressError: the host may not be reached.
        """
        proxy = await self._chosen(request.meta.get(VIA) or self._default, host)
        request.meta.pop("proxy", None)
        request.headers.pop("Proxy-Authorization", None)
        if proxy:
            request.meta["proxy"] = proxy.address
            if proxy.authorization:
                request.headers["Proxy-Authorization"] = proxy.authorization
        return proxy

    async def _chosen(self, via: str, host: str) -> Proxy | None:
        resolver = self._resolver
        proxy = None if via in {"", DIRECT} else _known_proxy(via)
        if proxy:
            resolver.trust(proxy.host)
        elif not resolver.trusts(host):
            return None  # the resolver guards the connection
        addresses = await resolver.known_addresses(host)
        by_proxy = goes_by_proxy(host, addresses, resolver.allow)
        return proxy if by_proxy else None


@contextmanager
def proxy_faults(request: Request, proxy: Proxy | None) -> Iterator[None]:
    """A context in which a failed connection is told as one of the proxy, if there is one."""
    try:
        yield
    except tuple(_UNREACHED) as error:
        if proxy is None:
            raise
        cause = next(kind for known, kind in _UNREACHED.items() if isinstance(error, known))
        raise PageError(request.url, CrawlFault.PROXY_UNREACHED(cause=cause())) from error
    except TunnelError as error:
        found = _STATUS.search(str(error))
        raise PageError(request.url, _refusal(int(found[1]) if found else 0)) from error


def check_login(request: Request, response: Response, proxy: Proxy | None) -> None:
    """Do nothing if the proxy has let the request through.

    Raises:
        PageError: it wants a login.
    """
    if proxy and response.status == _WANTS_LOGIN:
        raise PageError(request.url, _refusal(response.status))


def _refusal(status: int) -> Fault:
    if status == _WANTS_LOGIN:
        return CrawlFault.PROXY_LOGIN()
    return CrawlFault.PROXY_REFUSED(status=status)
