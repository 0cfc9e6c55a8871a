"""Conditional requests (RFC 9110, 13): each address is asked with its own validators."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.model import Validators


def make_conditional(request: Request) -> None:
    """Give the request the validators in its `meta`, or none if they are for another address."""
    held: Validators | None = request.meta.get("validators")
    own = held if held is not None and held.url == request.url else None
    for name, value in (
        ("If-None-Match", own.etag if own else None),
        ("If-Modified-Since", own.last_modified if own else None),
    ):
        request.headers.pop(name, None)
        if value:
            request.headers[name] = value


def is_conditional(request: Request) -> bool:
    """Whether a 304 may answer this request."""
    return "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
