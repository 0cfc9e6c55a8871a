"""Scrapy's middlewares between the spider and the network: robots.txt, politeness, redirects."""

from __future__ import annotations

import asyncio
import re
import sys
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils import _compression

from crawler.addresses.links import without_login
from crawler.errors import ForbiddenAddressError, PageError, RefusedError, StoppedError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault
from crawler.frozen import dataclass
from crawler.network.conditional import make_conditional
from crawler.network.download import CUT, LATE
from crawler.network.faults import fault_of
from crawler.network.own_cookies import cookies_for, held_after
from crawler.network.politeness import (
    MAX_ROBOTS_BYTES,
    Pace,
    RobotsAnswer,
    RobotsCache,
    authority,
    pace_asked,
    product,
    robots_answer,
    rules_for,
)
from crawler.network.proxied import VIA
from crawler.network.received import RECEIVED, WANTED
from crawler.text.decoding import TooLargeError, unpacked_part

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response


HOSTS_REMEMBERED = 20_000  # chosen: bounds memory
# Bytes that a robots.txt may announce or unpack to. Of more than MAX_ROBOTS_BYTES, the first count.
_LONGEST_ROBOTS = 16 * 1024 * 1024
_SHORT = 2_000  # bytes; measured: of more than 300, brotli keeps no text as it is
_HELD = "own_cookies"  # in the meta of a request
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The begin of a body that is gzip or not packed at all, whatever its header says: text has none of
# these bytes, and packed bytes hardly do without them for so long. Short texts in brotli may.
_NOT_PACKED = re.compile(rb"\x1f\x8b\x08|[^\x00-\x08\x0e-\x1f\x7f]{200}")


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host's robots.txt says, up to a moment of the monotonic clock."""

    expires: float
    parser: RobotParser


@dataclass(frozen=True, slots=True)
class _Unread:
    """Why a host's robots.txt could not be read; nothing may be fetched up to this moment."""

    expires: float
    fault: Fault


_Robots = _Rules | _Unread


class RobotsMiddleware:
    """Obeys each host's robots.txt, which it keeps for some hours, and its Crawl-delay.

    After a server fault or no answer nothing is fetched for now (RFC 9309, 2.3.1.4). Rules that
    were known before stay valid while a host does not answer.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._product = product(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
        self._lifetime = settings.getfloat("ROBOTS_LIFETIME")
        self._retry = settings.getfloat("ROBOTS_RETRY")
        self._longest_delay = settings.getfloat("CRAWL_DELAY_MAX")
        self._pace = Pace(
            settings.getfloat("DOWNLOAD_DELAY"), settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        )
        self._known: dict[str, _Robots] = {}
        self._held: dict[str, tuple[bytes, float]] = {}
        self._recalling: asyncio.Task[None] | None = None
        self._asking: dict[str, asyncio.Task[_Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        made = cls(crawler)
        crawler.signals.connect(made._take_enough, signals.bytes_received)
        return made

    async def process_request(self, request: Request) -> None:
        """Let the request pass.

        Raises:
            RefusedError: robots.txt forbids it, or could not be read.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{authority(request.url)}"
        robots = self._known.get(site)
        if robots is None or robots.expires <= monotonic():
            robots = await self._ask(site, request.meta.get(VIA, ""))
        match robots:
            case _Unread(expires=expires, fault=fault):
                wait = timedelta(seconds=max(expires - monotonic(), 1))
                raise RefusedError(request.url, CrawlFault.ROBOTS_UNREAD(cause=fault), wait)
            case _Rules(parser=parser):
                if not parser.allowed(request.url, self._product):
                    raise RefusedError(request.url, CrawlFault.ROBOTS_FORBID())

    async def _ask(self, site: str, via: str) -> _Robots:
        """Fetch the file once, however many requests wait for it."""
        task = self._asking.get(site)
        if task is None:
            task = asyncio.create_task(self._fetched(site, via))
            self._asking[site] = task
            task.add_done_callback(lambda _: self._asking.pop(site))
        return await asyncio.shield(task)

    async def _fetched(self, site: str, via: str) -> _Robots:
        robots: _Robots
        try:
            rules, lifetime = await self._rules(site, via)
            own = rules_for(self._product, rules)
            parser = ProtegoRobotParser.from_crawler(self._crawler, own)
        except (ForbiddenAddressError, StoppedError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the file did not come
            before, expires = self._known.get(site), monotonic() + self._retry
            if isinstance(before, _Rules):
                robots = replace(before, expires=expires)
            else:
                robots = _Unread(expires, fault_of(error))
        else:
            self._set_pace(authority(site), parser)
            robots = _Rules(monotonic() + lifetime, parser)
        while len(self._known) >= HOSTS_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[site] = robots
        return robots

    async def _rules(self, site: str, via: str) -> tuple[bytes, float]:
        """The file, stored before a restart or newly fetched, and for how many seconds it holds."""
        if self._recalling is None:
            self._recalling = asyncio.create_task(self._recall())
        await asyncio.shield(self._recalling)
        rules, until = self._held.pop(site, (b"", 0.0))
        if until > monotonic():
            return rules, until - monotonic()
        rules = await self._asked(site, via)
        if recorder := self._recorder:
            await recorder.robots_read(site, rules, timedelta(seconds=self._lifetime))
        return rules, self._lifetime

    async def _recall(self) -> None:
        held = await recorder.robots() if (recorder := self._recorder) else {}
        for site, (rules, left) in held.items():
            # The clock may have been set back: no longer than if it had just been fetched.
            self._held[site] = (rules, monotonic() + min(left.total_seconds(), self._lifetime))

    @property
    def _recorder(self) -> RobotsCache | None:
        """The spider's cache; a spider that stores nothing has none."""
        return getattr(self._crawler.spider, "recorder", None)

    async def _asked(self, site: str, via: str) -> bytes:
        meta = {VIA: via, "dont_obey_robotstxt": True}
        meta |= {"robots_bytes": 0, "download_maxsize": _LONGEST_ROBOTS}
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta=meta)
        try:
            response = await self._crawler.engine.download_async(request)
        except PageError as error:
            if fault_of(error).kind is CrawlFault.REDIRECTS:
                return b""  # RFC 9309, 2.3.1.2: more than five are as good as no file
            raise
        answer = robots_answer(response.status)
        if answer is RobotsAnswer.UNREACHABLE:
            raise PageError(request.url, CrawlFault.HTTP_STATUS(status=response.status))
        if LATE in response.flags:
            raise PageError(request.url, CrawlFault.TIMEOUT())
        return response.body[:MAX_ROBOTS_BYTES] if answer is RobotsAnswer.RULES else b""

    @staticmethod
    def _take_enough(data: bytes, request: Request) -> None:
        """Take the first part of an endless robots.txt, rather than none of it."""
        if "robots_bytes" in request.meta:
            request.meta["robots_bytes"] += len(data)
            if request.meta["robots_bytes"] >= MAX_ROBOTS_BYTES:
                raise StopDownload(fail=False)

    def _set_pace(self, host: str, parser: RobotParser) -> None:
        pace = pace_asked(self._pace, parser.crawl_delay(self._product), self._longest_delay)
        downloader = self._crawler.engine.downloader
        # Scrapy drops a slot after a minute without work, and creates it again from these.
        downloader.per_slot_settings[host] = {"delay": pace.delay, "concurrency": pace.per_host}
        if slot := downloader.slots.get(host):
            slot.delay, slot.concurrency = pace.delay, pace.per_host


class PolitenessMiddleware:
    """Gives each host and port its own queue, and refuses requests once the crawl ends."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Choose the queue, again after a redirect.

        Raises:
            StoppedError: the crawl ends.
        """
        if getattr(self._crawler.spider, "stopping", False):
            raise StoppedError(request.url)
        request.meta["download_slot"] = authority(request.url)


class AsReceivedMiddleware:
    """Keeps the answers that are wanted as the wire brought them, before others unpack them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy, for a crawl that keeps evidence."""
        if not crawler.settings.getbool("KEEP_EVIDENCE"):
            raise NotConfigured
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        """The same answer, which the request's meta now has too."""
        if request.meta.get(WANTED):
            request.meta[RECEIVED] = response.copy()  # unpacking takes a header out
        return response


class CutCompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's unpacking, which also says where the packed body had lost its end.

    It gives the part that came, with Scrapy's flag for an answer that broke off.
    """

    _cut = False

    def process_response(  # type: ignore[override]  # Scrapy names the spider only where it is asked for
        self, request: Request, response: Response
    ) -> Request | Response:
        """The answer, unpacked."""
        self._cut = False
        result = super().process_response(request, response)
        if self._cut and not isinstance(result, Request) and CUT not in result.flags:
            result.flags.append(CUT)
        return result

    def _decode(self, body: bytes, encoding: bytes, max_size: int) -> bytes:  # type: ignore[override]  # static in Scrapy
        if encoding in {b"gzip", b"x-gzip"} or _is_not_packed(body, encoding):
            found, whole = _gzip_or_plain(body, max_size)
        else:
            found = super()._decode(body, encoding, max_size)
            whole = _is_whole(body, encoding)
        self._cut = self._cut or not whole
        return found


def _gzip_or_plain(body: bytes, max_size: int) -> tuple[bytes, bool]:
    """The body, unpacked if it is gzip, and whether it is whole."""
    try:
        return unpacked_part(body, limit=max_size or sys.maxsize)
    except TooLargeError as error:
        too_large = _compression._DecompressionMaxSizeExceeded  # noqa: SLF001 - what Scrapy refuses by
        raise too_large(max_size + 1, max_size) from error


def _is_not_packed(body: bytes, encoding: bytes) -> bool:
    """Whether a body is gzip, or no packed one, though it is called by another packing."""
    if not _NOT_PACKED.match(body):
        return False
    if encoding != b"br" or len(body) > _SHORT:
        return True
    unpacker = _compression.brotli.Decompressor()  # type: ignore[attr-defined]  # one of two packages
    with suppress(_compression.brotli.error):  # type: ignore[attr-defined]  # as above
        unpacker.process(body, output_buffer_limit=_SHORT)
        return not unpacker.is_finished()
    return True


def _is_whole(body: bytes, encoding: bytes) -> bool:
    """Whether a packed body that could be unpacked, at least in part, has its end."""
    if encoding == b"br":
        brotli_unpacker = _compression.brotli.Decompressor()  # type: ignore[attr-defined]  # one of two packages
        brotli_unpacker.process(body)
        return bool(brotli_unpacker.is_finished())
    if encoding == b"zstd":
        zstd_unpacker = _compression.zstd.ZstdDecompressor()  # type: ignore[attr-defined]  # Python's, or backports'
        zstd_unpacker.decompress(body)
        return bool(zstd_unpacker.eof)
    for format_of_window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # with and without its frame
        unpacker = zlib.decompressobj(wbits=format_of_window)
        with suppress(zlib.error):
            unpacker.decompress(body)
            return unpacker.eof
    return False


class QuietRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects, but only to web addresses, and without a Referer, a user or a password.

    One that leads back takes along what was set on the way: else it would lead back for ever.
    """

    def process_response(  # type: ignore[override]  # Scrapy names the spider only where it is asked for
        self, request: Request, response: Response
    ) -> Request | Response:
        """The next request, or the answer.

        Raises:
            RefusedError: the redirect does not lead to a web address.
        """
        try:
            result = super().process_response(request, response)
        except ValueError as error:
            raise RefusedError(request.url, CrawlFault.REDIRECT()) from error
        if result is response and response.status in _REDIRECTS and "Location" in response.headers:
            raise RefusedError(request.url, CrawlFault.REDIRECT())
        if isinstance(result, Request):
            result = result.replace(url=without_login(result.url))
            make_conditional(result)
            self._take_along(result, request, response)
        return result

    def _take_along(self, following: Request, request: Request, response: Response) -> None:
        """Give the next request the cookies that its address set, if it was asked for before."""
        lines = [line.decode("latin-1") for line in response.headers.getlist("Set-Cookie")]
        held = held_after(request.meta.get(_HELD, {}), request.url, lines)
        following.meta[_HELD] = held
        following.headers.pop("Cookie", None)
        if cookies := cookies_for(held, following.url, following.meta["redirect_urls"]):
            following.headers["Cookie"] = cookies

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        """The next request.

        Raises:
            PageError: there were too many redirects.
        """
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:  # that is all for which Scrapy raises it here
            raise PageError(request.url, CrawlFault.REDIRECTS()) from error

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - Scrapy's
        """Send no Referer."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Keep Scrapy from warning that there is no Referer."""
