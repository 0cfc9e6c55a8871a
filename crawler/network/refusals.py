"""Requests that we ourselves do not send."""

from __future__ import annotations

from datetime import timedelta

from crawler.errors import PageError


class RefusedError(PageError):
    """We do not send this request, out of politeness; `wait` says for how long, None for good."""

    def __init__(self, url: str, what: str, wait: timedelta | None = None) -> None:
        super().__init__(url, what)
        self.wait = wait


class StoppedError(RefusedError):
    """The crawl ends before this request was sent; nothing is known of its page."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "the crawl ended", timedelta())
