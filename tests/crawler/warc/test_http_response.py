"""The body of an answer is what a browser would have, under a limit."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from scrapy.utils._compression import zstd  # Python's, or backports'
from webarchives import chunked

from crawler.text.decoding import TooLargeError
from crawler.warc import response_in

BODY = b"<p>Een brug over de vaart, zegt de burgemeester van Sluisdam.</p>" * 40
MOST = 100_000


def block(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *headers, "", ""]).encode() + body


WAYS = {
    "as it is": block(BODY),
    "chunked": block(chunked(BODY), "Transfer-Encoding: chunked"),
    "gzip": block(gzip.compress(BODY), "Content-Encoding: gzip"),
    "x-gzip in capitals": block(gzip.compress(BODY), "CONTENT-ENCODING: X-GZIP"),
    "deflate": block(zlib.compress(BODY), "Content-Encoding: deflate"),
    "deflate without its frame": block(zlib.compress(BODY, wbits=-15), "Content-Encoding: deflate"),
    "brotli": block(brotli.compress(BODY), "Content-Encoding: br"),
    "zstd": block(bytes(zstd.compress(BODY)), "Content-Encoding: zstd"),
    "chunked brotli": block(
        chunked(brotli.compress(BODY), 7), "Transfer-Encoding: chunked", "Content-Encoding: br"
    ),
    "gzip, and brotli around it": block(
        brotli.compress(gzip.compress(BODY)), "Content-Encoding: gzip, br"
    ),
    # What crawlers keep who unpack a body and leave its headers as they were.
    "unpacked already": block(BODY, "Content-Encoding: gzip"),
    "brotli unpacked already": block(BODY, "Content-Encoding: br"),
    "joined already": block(BODY, "Transfer-Encoding: chunked"),
    "an unknown packing": block(BODY, "Content-Encoding: pigeon"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_body_is_joined_and_unpacked(way: str) -> None:
    found = response_in(WAYS[way], most=MOST)

    assert found is not None
    assert (found.status, found.body) == (200, BODY)


@pytest.mark.parametrize("packing", ["gzip", "br", "zstd", "deflate", ""])
def test_a_body_above_the_limit_is_refused(packing: str) -> None:
    large = bytes(50_000_000)
    pack = {
        "gzip": gzip.compress,
        "br": lambda data: brotli.compress(data, quality=1),
        "zstd": zstd.compress,
        "deflate": zlib.compress,
    }
    body = pack[packing](large) if packing else large[: MOST + 1]

    with pytest.raises(TooLargeError):
        response_in(block(body, f"Content-Encoding: {packing}"), most=MOST)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 twee OK\r\n\r\n", b"<html>"]
)
def test_what_is_no_answer_is_none(data: bytes) -> None:
    assert response_in(data, most=MOST) is None


def test_headers_are_found_in_small_letters_and_joined() -> None:
    found = response_in(block(b"", "Via: a", "VIA: b", "Content-Type: text/html"), most=MOST)

    assert found is not None
    assert found.headers == {"via": "a, b", "content-type": "text/html"}
