"""The fault that an exception of Scrapy, Twisted or OpenSSL stands for, and whether it lasts."""

from __future__ import annotations

from datetime import timedelta

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.utils._compression import _DecompressionMaxSizeExceeded
from twisted.internet.error import ConnectionDone, ConnectionLost, TCPTimedOutError
from twisted.web._newclient import ParseError

from crawler.errors import ForbiddenAddressError, PageError, RefusedError, SourceError
from crawler.faults.fault import Fault
from crawler.faults.kinds import CrawlFault, said
from crawler.network.download import HeadersTooLongError
from crawler.text.plain import short_line

_KINDS: tuple[tuple[type[BaseException], CrawlFault], ...] = (
    (DownloadTimeoutError, CrawlFault.TIMEOUT),
    (TCPTimedOutError, CrawlFault.NO_ANSWER),
    (CannotResolveHostError, CrawlFault.HOST_UNKNOWN),
    (DownloadConnectionRefusedError, CrawlFault.REFUSED),
    (ResponseDataLossError, CrawlFault.BROKEN_OFF),
    (DownloadCancelledError, CrawlFault.TOO_LARGE),
    (HeadersTooLongError, CrawlFault.ENDLESS_HEADERS),
    (UnsupportedURLSchemeError, CrawlFault.NO_WEB_ADDRESS),
    (NotSupported, CrawlFault.NO_WEB_ADDRESS),
    (ConnectionLost, CrawlFault.LOST),
    (ConnectionDone, CrawlFault.CLOSED),
    (ParseError, CrawlFault.NO_HTTP),
    (EOFError, CrawlFault.BROKEN_PACKING),
)
_PACKING = frozenset({"zlib", "gzip", "brotli", "brotlicffi", "backports.zstd", "compression.zstd"})
_LASTING = (
    ForbiddenAddressError,
    DownloadCancelledError,
    UnsupportedURLSchemeError,
    NotSupported,
)
# OpenSSL has one exception for all that fails in TLS, and only its text tells what. A server with
# a certificate of its own is among the tests: they fail if these words change.
_UNVERIFIED = "certificate verify failed"


def fault_of(error: BaseException) -> Fault:
    """What failed, without addresses or control characters."""
    if isinstance(error, PageError | SourceError):
        return error.what
    if isinstance(error, ForbiddenAddressError):
        return CrawlFault.FORBIDDEN(reason=error.reason)
    if isinstance(error, DownloadFailedError):
        return _cause(error)
    kind = _known(error)
    return kind() if kind else said(short_line(f"{type(error).__name__}: {error}"))


def _known(error: BaseException) -> CrawlFault | None:
    if isinstance(error, IgnoreRequest):
        return CrawlFault.TOO_LARGE if _too_large_unpacked(error) else CrawlFault.NOT_ASKED
    if type(error).__module__ in _PACKING:
        return CrawlFault.BROKEN_PACKING
    return next((kind for known, kind in _KINDS if isinstance(error, known)), None)


def lasting(error: BaseException) -> bool:
    """Whether asking again would fail in the same way: it is forbidden, or too large."""
    if isinstance(error, RefusedError):
        return error.wait is None
    return isinstance(error, _LASTING) or _too_large_unpacked(error)


def _too_large_unpacked(error: BaseException) -> bool:
    return isinstance(error.__cause__, _DecompressionMaxSizeExceeded)


def wait_of(error: BaseException) -> timedelta | None:
    """How long to leave the host alone, if the error says so."""
    return error.wait if isinstance(error, RefusedError) else None


def _cause(error: DownloadFailedError) -> Fault:
    """The last meaningful failure in the list in which Twisted wraps what happened."""
    cause = error.__cause__
    for failure in reversed(getattr(cause, "reasons", [])):
        inner = failure.value
        if isinstance(inner, Exception) and getattr(inner, "reasons", None) is None:
            return CrawlFault.CERTIFICATE() if _UNVERIFIED in str(inner) else fault_of(inner)
    text = short_line(str(error))
    return said(text) if text else CrawlFault.UNREADABLE()
