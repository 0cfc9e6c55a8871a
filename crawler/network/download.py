"""Downloads: from permitted addresses only, with one deadline for all hops and a cap on headers."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER
from twisted.web.http import _ChunkedTransferDecoder, maxChunkSizeLineLength
from twisted.web.http_headers import InvalidHeaderName

from crawler.clock import utc_now
from crawler.errors import ForbiddenAddressError, RefusedError, StoppedError
from crawler.faults.kinds import CrawlFault
from crawler.network.guard import forbidden_address, literal_address
from crawler.network.politeness import ASKS_TO_WAIT, authority, retry_after
from crawler.network.proxied import ProxyWay, check_login, proxy_faults
from crawler.network.resolver import GuardedResolver

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTP11ClientProtocol, Request as TxRequest
    from twisted.web.iweb import IResponse

# Chosen: most servers send and accept 8 to 16 KiB.
MAX_HEADER_BYTES = 64 * 1024
# Chosen: an open connection saves the handshake for the pages after a poll, not for the next poll.
KEPT_CONNECTION_SECONDS = 60
# Seconds. Chosen: no answer comes this soon, and a timeout of zero would mean no timeout at all.
SHORTEST_TIME_LEFT = 0.001
CUT = "dataloss"  # Scrapy's flag for an answer that broke off
LATE = "late"  # ours, beside it: the time was over
# Each chunk of a body costs the loop a tenth of a millisecond, however small it is. Chosen: 2,000
# of them cost a fifth of a second, and a server with honest chunks sends larger ones.
MOST_SMALL_CHUNKS = 2_000
SMALL_CHUNK_BYTES = 256
_LENGTH = re.compile(rb"\d{1,18}(?:\s*,\s*\d{1,18})*")
_CHUNK_SIZE = re.compile(rb"[ \t]*(?:0[xX])?([0-9a-fA-F]{1,20})[ \t]*(?:;[^\n]*|\r?\Z)")


class HeadersTooLongError(Exception):
    """The server sent headers without end."""


class FinelyChoppedError(Exception):
    """The server sent its body in thousands of chunks of a few bytes."""


class Pauses:
    """Remembers until when each host is to be left alone."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def begin(self, url: str, wait: timedelta) -> None:
        """Leave the host of this address alone for `wait`; a longer pause is not shortened."""
        host, until = authority(url), monotonic() + wait.total_seconds()
        self._until[host] = max(until, self._until.get(host, 0.0))

    def check(self, url: str) -> None:
        """Do nothing if the host of this address may be asked.

        Raises:
            RefusedError: it is to be left alone; `wait` says for how long.
        """
        if not self._until:
            return
        host = authority(url)
        left = self._until.get(host, 0.0) - monotonic()
        if left > 0:
            raise RefusedError(url, CrawlFault.ASKED_TO_WAIT(), timedelta(seconds=left))
        self._until.pop(host, None)


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, which reaches only permitted addresses and ends in time.

    `DOWNLOAD_TIMEOUT` is for a request together with its redirects. A slow header or body does not
    prolong it; time spent waiting for politeness does not count. A host that answers with
    `Retry-After` (RFC 9110, 10.2.3) is left alone until then.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._resolver = GuardedResolver.on_reactor(crawler)
        self._ways = ProxyWay(self._resolver, crawler.settings["NETWORK_PROXY"] or "")
        self._pauses = Pauses()
        self._longest_pause = timedelta(seconds=crawler.settings.getfloat("RETRY_AFTER_MAX"))
        self._transfers = asyncio.Semaphore(crawler.settings.getint("CONCURRENT_TRANSFERS"))
        self._per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._pool._factory = _CappedFactory  # noqa: SLF001 - the place where Scrapy sets its own
        # A handshake costs as much as the rest of a request. A host only gets a second connection
        # if an answer takes longer than the pause between two requests.
        self._pool.persistent = crawler.settings.getbool("KEEP_CONNECTIONS")
        self._pool.maxPersistentPerHost = self._per_host
        self._pool.cachedConnectionTimeout = KEPT_CONNECTION_SECONDS

    async def download_request(self, request: Request) -> Response:
        """The response; if it asks us to wait, `retry_after` in the request's meta says how long.

        Raises:
            ForbiddenAddressError: the host leads to an address that may not be reached.
            RefusedError: the host asked to be left alone, or the crawl ends.
            PageError: the proxy cannot be reached, or does not let the request through.
        """
        host = urlsplit(request.url).hostname or ""
        self._refuse_forbidden_literal(host)
        proxy = await self._ways.choose(request, host)
        async with self._turn(request), self._transfers:
            if getattr(self._crawler.spider, "stopping", False):
                raise StoppedError(request.url)
            self._pauses.check(request.url)
            try:
                with proxy_faults(request, proxy):
                    response = await self._until_dropped(request)
            except CannotResolveHostError as error:
                raise self._resolver.refusal(host) or error from error
        check_login(request, response, proxy)
        if response.status in ASKS_TO_WAIT:
            self._note_wish(request, response)
        return response

    def _turn(self, request: Request) -> asyncio.Semaphore:
        """The limit on requests to one host; without a delay Scrapy 2.19 exceeds its own limit."""
        host = authority(request.url)
        turns = self._turns.get(host)
        if turns is None:
            turns = self._turns[host] = asyncio.Semaphore(self._per_host)
        return turns

    def _note_wish(self, request: Request, response: Response) -> None:
        header = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = retry_after(header, utc_now())
        if wait is not None:
            wait = min(wait, self._longest_pause)
            request.meta["retry_after"] = wait
            self._pauses.begin(request.url, wait)

    def _refuse_forbidden_literal(self, host: str) -> None:
        literal = literal_address(host)
        if literal and (reason := forbidden_address(literal, self._resolver.allow)):
            raise ForbiddenAddressError(host, reason)

    async def _until_dropped(self, request: Request) -> Response:
        spider = self._crawler.spider
        transfers: set[asyncio.Timeout] = getattr(spider, "transfers", set())
        transfer = asyncio.timeout(None)
        try:
            async with transfer:
                transfers.add(transfer)
                return await self._in_the_time_left(request)
        except TimeoutError as error:
            if transfer.expired():
                raise StoppedError(request.url) from error
            raise
        finally:
            transfers.discard(transfer)

    async def _in_the_time_left(self, request: Request) -> Response:
        left = request.meta.get("time_left", request.meta["download_timeout"])
        if left < SHORTEST_TIME_LEFT:
            raise DownloadTimeoutError(f"Getting {request.url} took longer than allowed.")
        request.meta["download_timeout"] = left
        began = monotonic()
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(self._agent().download_request(request))
        finally:
            # A redirect copies the meta, and so it gets only the time that is left.
            took = monotonic() - began
            request.meta["time_left"] = left - took
            request.meta["took"] = request.meta.get("took", 0.0) + took

    def _agent(self) -> _LateAgent:
        """What asks for one answer, made as Scrapy makes its own."""
        return _LateAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )


class _LateAgent(_ScrapyAgent):
    """Scrapy's, but when the time is over, it gives what came of a body."""

    @staticmethod
    def _cancel(_: Any, txresponse: Any) -> None:
        _ScrapyAgent._cancel(_, txresponse)  # noqa: SLF001 - the one that it replaces
        reader = txresponse._bodyProtocol  # noqa: SLF001 - Twisted keeps it there
        if reader._bodybuf.getbuffer().nbytes:  # noqa: SLF001 - emptied if it is too large
            reader._finish_response(flags=[CUT, LATE])  # noqa: SLF001 - as if it had broken off

    def _cb_timeout(self, result: Any, request: Request, url: str, timeout: float) -> Any:
        if isinstance(result, Response) and LATE in result.flags:
            return result
        return super()._cb_timeout(result, request, url, timeout)


class _LenientChunks(_ChunkedTransferDecoder):
    """Reads chunks as browsers do: with blanks around their sizes, and with bare line feeds."""

    def _dataReceived_CHUNK_LENGTH(self) -> bool:  # noqa: N802 - Twisted's name
        end = self._buffer.find(b"\n", self._start, maxChunkSizeLineLength)
        size = _CHUNK_SIZE.fullmatch(self._buffer[:end]) if end > 0 else None
        if size is None:
            return super()._dataReceived_CHUNK_LENGTH()
        self.length = int(size[1], 16)
        self.state = "BODY" if self.length else "TRAILER"
        del self._buffer[: end + 1]
        self._start = 0
        return True

    def _dataReceived_CRLF(self) -> bool:  # noqa: N802 - Twisted's name
        self._complete_line_end()
        return super()._dataReceived_CRLF()

    def _dataReceived_TRAILER(self) -> bool:  # noqa: N802 - Twisted's name
        self._complete_line_end()
        return super()._dataReceived_TRAILER()

    def _complete_line_end(self) -> None:
        if self._buffer.startswith(b"\n"):
            self._buffer[:1] = b"\r\n"


class _CappedParser(_LenientHTTPClientParser):
    """Reads headers as browsers do: of a header that cannot be read, only its own line is lost."""

    MAX_LENGTH = MAX_HEADER_BYTES  # of one line
    _transferDecoders = {b"chunked": _LenientChunks}  # noqa: N815, RUF012 - Twisted's name
    _chunks = _bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.state == HEADER and self._partialHeader is None and line[:1] in (b" ", b"\t"):
            return  # it goes on with a header that there is not
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - Twisted's name
        with suppress(InvalidHeaderName):
            super().headerReceived(name.strip(), value)  # type: ignore[no-untyped-call]  # Twisted

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's name
        headers = self.connHeaders
        if given := headers.getRawHeaders(b"transfer-encoding"):
            headers.removeHeader(b"transfer-encoding")
            if any(b"chunked" in value.lower() for value in given):
                headers.setRawHeaders(b"transfer-encoding", [b"chunked"])
        lengths = {length.strip() for length in headers.getRawHeaders(b"content-length") or ()}
        if (
            not all(_LENGTH.fullmatch(length.strip()) for length in lengths)
            or len(set(lengths)) > 1
        ):
            headers.removeHeader(b"content-length")  # the end of the connection ends the answer
        super().allHeadersReceived()  # type: ignore[no-untyped-call]  # Twisted

    def switchToBodyMode(self, decoder: Any) -> None:  # noqa: N802 - Twisted's name
        if decoder is not None:
            take = decoder.dataCallback

            def counted(data: bytes) -> None:
                self._chunks += 1
                self._bytes += len(data)
                small = self._bytes < self._chunks * SMALL_CHUNK_BYTES
                if small and self._chunks > MOST_SMALL_CHUNKS:
                    raise FinelyChoppedError
                take(data)

            decoder.dataCallback = counted
        super().switchToBodyMode(decoder)  # type: ignore[no-untyped-call]  # Twisted

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802 - Twisted's name
        raise HeadersTooLongError("one line without end")


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that is closed if headers are endless, or if bytes come without a request."""

    _head = 0

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._head = 0
        response = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _CappedParser  # as Scrapy puts its own in Twisted's place
        return response

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        assert self.transport is not None
        parser = self._parser
        if parser is None:
            self.transport.abortConnection()
            return
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted
        if parser.bodyDecoder is None and parser is self._parser:
            self._head += len(data)
            if self._head > MAX_HEADER_BYTES:
                fault = Failure(HeadersTooLongError(f"over {MAX_HEADER_BYTES} bytes"))  # type: ignore[no-untyped-call]  # Twisted
                self._giveUp(fault)  # type: ignore[no-untyped-call]  # Twisted
                self.transport.abortConnection()


class _CappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 - Twisted
        return _CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted
