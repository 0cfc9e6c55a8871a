"""The answer of a web server, as a record of a web archive keeps it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from scrapy.utils import _compression
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from crawler.text.decoding import TooLargeError, unpacked_part

# Scrapy's own, as in the crawl: they stop unpacking at a limit, which warcio's do not.
_UNPACK = {
    "br": _compression._unbrotli,  # noqa: SLF001 - Scrapy has no public name for it
    "deflate": _compression._inflate,  # noqa: SLF001 - as above
    "zstd": _compression._unzstd,  # noqa: SLF001 - as above
}
_TOO_LARGE = _compression._DecompressionMaxSizeExceeded  # noqa: SLF001 - as above
_NOT_PACKED = (
    zlib.error,
    EOFError,
    _compression.brotli.error,  # type: ignore[attr-defined]  # one of two packages
    _compression.zstd.ZstdError,  # type: ignore[attr-defined]  # Python's, or backports'
)
_MOST_ENCODINGS = 3  # chosen: one is usual, and each costs the time to unpack it


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """An answer, with names of headers in lower case, and its body as a browser would have it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def response_in(block: bytes, *, most: int) -> HttpResponse | None:
    """The answer in the block of a record; None if it is none.

    Chunks are joined, and gzip, deflate, brotli and zstd are unpacked. Many archives keep a body
    that is joined and unpacked already, with headers that say it is not: then it stays as it is.

    Raises:
        TooLargeError: the body has more than `most` bytes.
    """
    stream = BytesIO(block)
    try:
        parsed = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2"]).parse(stream)
        status = int(parsed.get_statuscode())
    except (StatusAndHeadersParserException, EOFError, ValueError):
        return None
    headers: dict[str, str] = {}
    for name, value in parsed.headers:
        held = headers.get(name.lower())
        headers[name.lower()] = f"{held}, {value}" if held is not None else value
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = ChunkedDataReader(stream).read()
    else:
        body = stream.read()
    packings = headers.get("content-encoding", "").lower().split(",")[-_MOST_ENCODINGS:]
    for packing in reversed(packings):
        body = _unpacked(body, packing.strip(), most)
    if len(body) > most:
        raise TooLargeError(most)
    return HttpResponse(status=status, headers=headers, body=body)


def _unpacked(body: bytes, packing: str, most: int) -> bytes:
    if packing in {"gzip", "x-gzip"}:
        return unpacked_part(body, limit=most)[0]
    if packing not in _UNPACK:
        return body
    try:
        return _UNPACK[packing](body, max_size=most) or body
    except _TOO_LARGE as error:
        raise TooLargeError(most) from error
    except _NOT_PACKED:
        return body
