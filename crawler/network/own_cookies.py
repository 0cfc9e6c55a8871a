"""What a server sets and wants back before it answers, within the redirects of one request.

Some servers set a cookie and redirect to the address that was asked for, until it comes back. It
goes back there alone, and is forgotten with the request: no two requests have anything in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urldefrag, urlsplit

# Of a host and a name, the value.
Held = Mapping[tuple[str, str], str]

_PAIR = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256})\s*=\s*([\x21-\x3a\x3c-\x7e]*)\s*(?:;|$)"
)
_OVER = re.compile(r";\s*(?:max-age\s*=\s*(?:0|-\d+)|expires\s*=[^;]*\b19[67]\d\b)", re.IGNORECASE)
_MOST, _LONGEST = 20, 4_096  # cookies, and characters of them all; chosen, as browsers do


def held_after(held: Held, url: str, set_now: Iterable[str]) -> Held:
    """The cookies that are held after an answer from this address with these `Set-Cookie` lines."""
    host, kept = _host(url), dict(held)
    for line in set_now:
        if (pair := _PAIR.match(line)) is None:
            continue
        if _OVER.search(line):
            kept.pop((host, pair[1]), None)
        elif len(kept) < _MOST:
            kept[host, pair[1]] = pair[2]
    return kept


def cookies_for(held: Held, url: str, asked: Iterable[str]) -> str:
    """The `Cookie` for an address to which a redirect leads back, "" for any other one.

    `asked` are the addresses that were asked for on the way.
    """
    target = urldefrag(url)[0]
    if target not in {urldefrag(address)[0] for address in asked}:
        return ""
    host = _host(url)
    sent = "; ".join(f"{name}={value}" for (of, name), value in held.items() if of == host)
    return sent if len(sent) <= _LONGEST else ""


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
