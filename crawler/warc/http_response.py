"""The answer of a web server, as a record of a web archive keeps it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from crawler.frozen import dataclass
from crawler.text.decoding import TooLargeError, unpacked_part

_MOST_HEADERS = 256 * 1024  # bytes; chosen: browsers take no more
_OTHERS = frozenset({"br", "deflate", "zstd"})
_MOST_ENCODINGS = 3  # chosen: one is usual, and each costs the time to unpack it


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """An answer, with names of headers in lower case, and its body as a browser would have it.

    `cut` says that its gzip breaks off.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


def response_in(block: bytes, *, most: int) -> HttpResponse | None:
    """The answer in the block of a record; None if it is none.

    Chunks are joined, and gzip, deflate, brotli and zstd are unpacked. Many archives keep a body
    that is joined and unpacked already, with headers that say it is not: then it stays as it is.

    Raises:
        TooLargeError: the body has more than `most` bytes.
    """
    begin = BytesIO(block[:_MOST_HEADERS])
    try:
        parsed = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2"]).parse(begin)
        status = int(parsed.get_statuscode())
    except (StatusAndHeadersParserException, EOFError, ValueError):
        return None
    headers: dict[str, str] = {}
    for name, value in parsed.headers:
        held = headers.get(name.lower())
        headers[name.lower()] = f"{held}, {value}" if held is not None else value
    body = block[begin.tell() :]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = ChunkedDataReader(BytesIO(body)).read()
    packings = headers.get("content-encoding", "").lower().split(",")[-_MOST_ENCODINGS:]
    cut = False
    for packing in reversed(packings):
        body, whole = _unpacked(body, packing.strip(), most)
        cut = cut or not whole
    if len(body) > most:
        raise TooLargeError(most)
    return HttpResponse(status=status, headers=headers, body=body, cut=cut)


def _unpacked(body: bytes, packing: str, most: int) -> tuple[bytes, bool]:
    """The body, and whether it is whole as far as can be told."""
    if packing in {"gzip", "x-gzip"}:
        return unpacked_part(body, limit=most)
    return _unpacked_as_in_a_crawl(body, packing, most) if packing in _OTHERS else body, True


def _unpacked_as_in_a_crawl(body: bytes, packing: str, most: int) -> bytes:
    """The same by Scrapy's functions, which stop at a limit; those of warcio do not."""
    from scrapy.utils import _compression as scrapy  # has no public name; it loads much

    unpack = {"br": scrapy._unbrotli, "deflate": scrapy._inflate, "zstd": scrapy._unzstd}  # noqa: SLF001 - as above
    too_large = scrapy._DecompressionMaxSizeExceeded  # noqa: SLF001 - as above
    brotli_error = scrapy.brotli.error  # type: ignore[attr-defined]  # one of two packages
    zstd_error = scrapy.zstd.ZstdError  # type: ignore[attr-defined]  # Python's, or backports'
    try:
        return unpack[packing](body, max_size=most) or body
    except too_large as error:
        raise TooLargeError(most) from error
    except (zlib.error, EOFError, brotli_error, zstd_error):
        return body
