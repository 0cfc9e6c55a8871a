"""A page as the wire brought it: the request that was sent, the answer before it is unpacked."""

from __future__ import annotations

import json
from datetime import datetime

from crawler.frozen import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer; `body` is as it came, packed if the server packed it.

    Headers that may hold a secret are not in it: `left_out` has their names. `hops` are the
    addresses that led here, the one asked for first. `ip` is "" if a proxy was in between. `cut`
    says that the body broke off.
    """

    url: str
    at: datetime
    asked: Headers
    status: int
    protocol: str
    headers: Headers
    body: bytes
    ip: str = ""
    cut: bool = False
    hops: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def exchange_to_bytes(exchange: Exchange) -> bytes:
    """One line of JSON, and the body."""
    fields = {name: getattr(exchange, name) for name in Exchange.__dataclass_fields__}
    body = fields.pop("body")
    return json.dumps(fields | {"at": exchange.at.isoformat()}).encode() + b"\n" + bytes(body)


def exchange_from_bytes(data: bytes) -> Exchange:
    """The exchange written by `exchange_to_bytes`."""
    line, _, body = data.partition(b"\n")
    fields = json.loads(line)
    for name in ("asked", "headers"):
        fields[name] = tuple(map(tuple, fields[name]))
    for name in ("hops", "left_out"):
        fields[name] = tuple(fields[name])
    return Exchange(**fields | {"at": datetime.fromisoformat(fields["at"]), "body": body})
