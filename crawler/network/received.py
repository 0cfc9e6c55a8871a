"""Answers kept as they were received, for those who want them so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.addresses.links import without_login
from crawler.network.exchange import Exchange, Headers

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

# The keys in a request's meta: that its answer is wanted as it came, and that answer.
WANTED = "as_received"
RECEIVED = "received"
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})


def exchanges_of(request: Request, at: datetime, *, cut: bool) -> tuple[Exchange, ...]:
    """This exchange, which took place at this moment, without secrets; none if not wanted."""
    received: Response | None = request.meta.get(RECEIVED)
    if received is None:
        return ()
    asked, unasked = _open_headers(request)
    headers, unheard = _open_headers(received)
    host = urlsplit(request.url).netloc.rpartition("@")[2]
    meta = request.meta
    exchange = Exchange(
        url=without_login(request.url),
        at=at,
        asked=(("Host", host), *asked),
        status=received.status,
        protocol=received.protocol or "HTTP/1.1",
        headers=headers,
        body=received.body,
        ip="" if meta.get("proxy") else str(received.ip_address or ""),
        cut=cut,
        hops=tuple(map(without_login, meta.get("redirect_urls", ()))),
        left_out=tuple(sorted({*unasked, *unheard})),
    )
    return (exchange,)


def _open_headers(message: Request | Response) -> tuple[Headers, list[str]]:
    """The headers without secrets, and the names of those that are left out."""
    shown, secret = list[tuple[str, str]](), list[str]()
    for name, values in message.headers.items():
        title = name.decode("latin-1")
        if title.lower() in _SECRET:
            secret.append(title)
        else:
            shown += ((title, value.decode("latin-1")) for value in values)
    return tuple(shown), secret
