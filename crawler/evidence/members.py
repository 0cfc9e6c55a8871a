"""Records of a web archive (ISO 28500, WARC 1.1), each a gzip member of its own."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from crawler.evidence.chain import LineKind, moment
from crawler.frozen import dataclass
from crawler.network.exchange import Exchange, Headers

if TYPE_CHECKING:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

_FIELDS = "application/warc-fields"
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# Levels of zlib. A packed body gets no smaller; a page of 45 kB costs 0.3 ms at 3, 0.9 at 9.
_LEVEL, _LEVEL_OF_PACKED = 3, 1
_GZIP = zlib.MAX_WBITS | 16
# RFC 1952, 2.3: after ten bytes, of which the fourth says so, stands a comment that ends in a zero.
_HEADER, _FLAGS, _HAS_COMMENT = 10, 3, 16


@dataclass(frozen=True, slots=True)
class Member:
    """One record: what it is, its id, and its gzip member."""

    kind: LineKind
    id: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What is known of a page besides its bytes: the article, its revision, its key."""

    article: str
    revision: int
    outlet: str
    key: str


@dataclass(frozen=True, slots=True)
class KeptBefore:
    """The record that has the same bytes already."""

    id: str
    url: str
    at: str


def members_of(exchange: Exchange, facts: PageFacts, before: KeptBefore | None) -> list[Member]:
    """The records of an exchange: its answer, its request, and what is known about both.

    An answer whose bytes are kept already is a `revisit`, which names the record that has them.
    """
    answer = _answer(exchange, before)
    common = {"WARC-Date": moment(exchange.at), "WARC-Concurrent-To": answer.id}
    host = urlsplit(exchange.url)
    path = (host.path or "/") + (f"?{host.query}" if host.query else "")
    asked = _http(f"GET {path} HTTP/1.1", exchange.asked, is_http_request=True)
    known: Headers = (
        ("article", facts.article),
        ("revision", str(facts.revision)),
        ("outlet", facts.outlet),
        ("key", facts.key),
        *(("redirected-from", hop) for hop in exchange.hops),
        *(("header-left-out", name) for name in exchange.left_out),
    )
    return [
        answer,
        _member(LineKind.REQUEST, exchange.url, common, http=asked),
        _member(LineKind.METADATA, exchange.url, common, fields=known),
    ]


def _answer(exchange: Exchange, before: KeptBefore | None) -> Member:
    names = {"WARC-Date": moment(exchange.at)}
    if exchange.ip:
        names["WARC-IP-Address"] = exchange.ip
    if exchange.cut:
        names["WARC-Truncated"] = "disconnect"
    status = f"{exchange.status} {_phrase(exchange.status)}"
    http = _http(status, exchange.headers, protocol=exchange.protocol)
    kind = LineKind.RESPONSE
    if before:
        kind = LineKind.REVISIT
        names |= {
            "WARC-Profile": _REVISIT,
            "WARC-Refers-To": before.id,
            "WARC-Refers-To-Date": before.at,
        }
        if before.url == exchange.url:  # that of another article may have to be forgotten
            names["WARC-Refers-To-Target-URI"] = before.url
    packed = any(name.lower() == "content-encoding" for name, _ in exchange.headers)
    level = _LEVEL_OF_PACKED if packed else _LEVEL
    return _member(kind, exchange.url, names, http=http, body=exchange.body, level=level)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def warcinfo(file: str, at: str, software: str) -> Member:
    """The first record of a file."""
    fields: Headers = (("software", software), ("format", "WARC File Format 1.1"))
    names = {"WARC-Date": at, "WARC-Filename": file}
    return _member(LineKind.WARCINFO, "", names, fields=fields)


def resource(url: str, at: str, kind: str, body: bytes) -> bytes:
    """The gzip member of a file that stands in a web archive by itself."""
    out = io.BytesIO()
    writer = _writer(out)
    names = {"WARC-Date": at}
    writer.write_record(
        writer.create_warc_record(
            url, "resource", io.BytesIO(body), len(body), kind, warc_headers_dict=names
        )
    )
    return packed_member(out.getvalue())


def _member(  # noqa: PLR0913 - the parts of a record, most by name
    kind: LineKind,
    url: str,
    names: Mapping[str, str],
    *,
    fields: Headers | None = None,
    http: StatusAndHeaders | None = None,
    body: bytes = b"",
    level: int = _LEVEL,
) -> Member:
    name = f"<urn:uuid:{uuid4()}>"
    if fields is not None:
        body = "".join(f"{key}: {_one_line(value)}\r\n" for key, value in fields).encode()
    out = io.BytesIO()
    writer = _writer(out)
    record = writer.create_warc_record(
        url,
        kind.value,
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=_FIELDS if fields is not None else "",
        warc_headers_dict={"WARC-Record-ID": name, **names},
        http_headers=http,
    )
    writer.write_record(record)
    return Member(kind, name, packed_member(out.getvalue(), level))


def _writer(out: io.BytesIO) -> WARCWriter:
    from warcio.warcwriter import WARCWriter  # 1 MB, and few keep evidence

    return WARCWriter(out, gzip=False, warc_version="1.1")


def _http(
    line: str, headers: Headers, *, protocol: str = "", is_http_request: bool = False
) -> StatusAndHeaders:
    from warcio.statusandheaders import StatusAndHeaders  # as above

    return StatusAndHeaders(line, list(headers), protocol=protocol, is_http_request=is_http_request)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def packed_member(data: bytes, level: int = _LEVEL) -> bytes:
    """These bytes as one gzip member."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()


def unpacked_member(data: bytes) -> bytes | None:
    """What is in a gzip member; None if it is none, or broken, or more than one."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        found = unpacker.decompress(data)
    except zlib.error:
        return None
    return found if unpacker.eof and not unpacker.unused_data else None


def tombstone(record: str, at: str, length: int) -> bytes:
    """A gzip member of exactly this length, with an empty record under the id of the one before.

    Other records keep their places, so that nothing but the bytes of this one has to be changed.

    Raises:
        ValueError: so short a member cannot be.
    """
    names = ("WARC/1.1", "WARC-Type: metadata", f"WARC-Record-ID: {record}", f"WARC-Date: {at}")
    text = "\r\n".join([*names, "Content-Length: 0", "", "", "", ""]).encode()
    member = packed_member(text, 9)
    room = length - len(member)
    if room < 0:
        raise ValueError(f"no record has only {length} bytes")
    if not room:
        return member
    head = bytearray(member[:_HEADER])
    head[_FLAGS] |= _HAS_COMMENT
    return bytes(head) + b" " * (room - 1) + b"\0" + member[_HEADER:]


def joined(members: Sequence[Member]) -> bytes:
    """These records one after another, as a file has them."""
    return b"".join(member.data for member in members)
