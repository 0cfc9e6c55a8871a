"""Secrets taken out of what a server says: some repeat the request that they refuse."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

SCRUBBED = "***"
# Characters. Chosen: a shorter part of an address protects nothing.
_SHORTEST = 5
# Chosen: a part of this length is replaced inside of longer words too, and where it breaks off at
# the end of a text.
_LONG = 12


class Scrubber:
    """Takes these secrets out of texts, in the spellings in which a server may repeat them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        parts = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
        self._parts = sorted(parts, key=len, reverse=True)
        self._found = re.compile("|".join(map(_pattern, self._parts))) if parts else None

    def __call__(self, text: str) -> str:
        """The text, with every secret replaced, also one that breaks off at its end."""
        if self._found is None:
            return text
        return self._without_tail(self._found.sub(SCRUBBED, text))

    def of_bytes(self, text: bytes) -> bytes:
        """The same for bytes of which the character set is not known."""
        if self._found is None:
            return text
        return self(text.decode("latin-1")).encode("latin-1", "replace")

    def _without_tail(self, text: str) -> str:
        for part in self._parts:
            for length in range(min(len(part), len(text)), _LONG // 2 - 1, -1):
                if len(part) >= _LONG and text.endswith(part[:length]):
                    return text[:-length] + SCRUBBED
        return text


def secrets_of_address(url: str) -> Iterator[str]:
    """Yield what may be secret in an address: it as a whole, and each part behind the host."""
    parts = urlsplit(url)
    yield url
    if parts.path.strip("/"):
        yield url.partition(parts.netloc)[2]
    yield from parts.path.split("/")
    yield from (value for _, value in parse_qsl(parts.query))
    yield parts.query


def secrets_of_login(user: str, password: str) -> Iterator[str]:
    """Yield a user's password, and what is sent to log in with it (RFC 7617, RFC 4616)."""
    yield password
    yield f"{user}:{password}"
    for sent in (f"{user}:{password}", f"\0{user}\0{password}", password):
        packed = base64.b64encode(sent.encode()).decode("ascii")
        yield from (packed, packed.rstrip("="))


def _forms(secret: str) -> set[str]:
    plain = {secret, unquote(secret), quote(secret), quote(secret, safe="")}
    escaped = {json.dumps(form)[1:-1] for form in plain} | {html.escape(form) for form in plain}
    in_bytes = {form.encode("utf-8", "replace").decode("latin-1") for form in plain}
    return plain | escaped | in_bytes | {form.replace("/", r"\/") for form in plain}


def _pattern(part: str) -> str:
    escaped = re.escape(part)
    return escaped if len(part) >= _LONG else rf"(?<!\w){escaped}(?!\w)"
