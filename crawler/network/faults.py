"""What went wrong on the way to a server, in words for a status page and a log."""

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
from twisted.internet.error import ConnectionDone, ConnectionLost, TCPTimedOutError
from twisted.web._newclient import ParseError

from crawler.errors import ForbiddenAddressError, PageError, RefusedError, SourceError
from crawler.network.download import HeadersTooLongError
from crawler.text.plain import one_line

LONGEST = 200

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "no complete answer in time"),
    (TCPTimedOutError, "no answer"),
    (CannotResolveHostError, "the host has no address"),
    (DownloadConnectionRefusedError, "the connection was refused"),
    (ResponseDataLossError, "the answer broke off"),
    (DownloadCancelledError, "larger than allowed"),
    (HeadersTooLongError, "headers without end"),
    (UnsupportedURLSchemeError, "not a web address"),
    (NotSupported, "not a web address"),
    (ConnectionLost, "the connection was lost"),
    (ConnectionDone, "the connection was closed"),
    (ParseError, "the answer is not HTTP"),
    (EOFError, "its packing is broken"),
)
_PACKING = frozenset({"zlib", "gzip", "brotli", "brotlicffi", "backports.zstd", "compression.zstd"})
_LASTING = (
    ForbiddenAddressError,
    DownloadCancelledError,
    UnsupportedURLSchemeError,
    NotSupported,
)
_IGNORED = (("max redirections", "too many redirects"), ("decompression", "larger than allowed"))


def fault_of(error: BaseException) -> str:
    """One line that says what failed, without addresses and control characters."""
    if isinstance(error, PageError | SourceError):
        return error.what
    if isinstance(error, ForbiddenAddressError):
        return f"its address may not be reached: {error.reason}"
    if isinstance(error, DownloadFailedError):
        return _cause(error)
    return _known(error) or _line(f"{type(error).__name__}: {error}")


def _known(error: BaseException) -> str:
    if isinstance(error, IgnoreRequest):
        return next((words for mark, words in _IGNORED if mark in str(error)), "not asked for")
    if type(error).__module__ in _PACKING:
        return "its packing is broken"
    return next((words for kind, words in _WORDS if isinstance(error, kind)), "")


def lasting(error: BaseException) -> bool:
    """Asking again would bring the same: we may not, or it is too large."""
    if isinstance(error, RefusedError):
        return error.wait is None
    return isinstance(error, _LASTING) or "decompression" in str(error)


def wait_of(error: BaseException) -> timedelta | None:
    """How long to leave the host alone, where the error says so."""
    return error.wait if isinstance(error, RefusedError) else None


def _cause(error: DownloadFailedError) -> str:
    """Twisted wraps what happened in a list of failures; the last one that means something."""
    cause = error.__cause__
    for failure in reversed(getattr(cause, "reasons", [])):
        inner = failure.value
        if isinstance(inner, Exception) and getattr(inner, "reasons", None) is None:
            words = fault_of(inner)
            if "certificate verify failed" in words:
                return "its certificate is not valid"
            return words
    return _line(str(error)) or "the answer could not be read"


def _line(text: str) -> str:
    return one_line(text)[:LONGEST]
