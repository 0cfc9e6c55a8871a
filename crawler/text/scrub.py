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
# Chosen: so many characters of a long secret in a row are a part of it. Texts up to this length are
# searched for such parts: the answers of receivers are, whole pages are not.
_PART = 8
_FOR_ADDRESSES = str.maketrans("+/", "-_")  # the base64 that stands in addresses
_SEARCHED = 20_000


class Scrubber:
    """Takes these secrets out of texts, in the spellings in which a server may repeat them.

    In an answer of usual length it also finds parts of a long secret, in any case, and what was
    packed as base64 or hexadecimal together with what stood around it.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        parts = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
        self._parts = sorted(parts, key=len, reverse=True)
        coded = {_folded(form) for part in parts for form in _coded(part)}
        self._coded = sorted(coded, key=len, reverse=True)
        tokens = {form.lower() for part in parts if _is_token(part) for form in _packed(part)}
        self._pieces = {
            token[at : at + _PART] for token in tokens for at in range(len(token) - _PART + 1)
        }

    def __call__(self, text: str) -> str:
        """The text, with every secret replaced, also one that breaks off at its end."""
        # One pattern of all spellings would take a tenth of a second to build for each address.
        for part in self._parts:
            if part in text:
                text = re.sub(_pattern(part), SCRUBBED, text)
        if len(text) <= _SEARCHED:
            text = self._without_pieces(self._without_coded(text))
        return self._without_tail(text)

    def of_bytes(self, text: bytes) -> bytes:
        """The same for bytes of which the character set is not known."""
        if not self._parts:
            return text
        return self(text.decode("latin-1")).encode("latin-1", "replace")

    def _without_coded(self, text: str) -> str:
        folded = _folded(text)
        for form in self._coded:
            while (at := folded.find(form)) >= 0:
                text, folded = (
                    each[:at] + SCRUBBED + each[at + len(form) :] for each in (text, folded)
                )
        return text

    def _without_pieces(self, text: str) -> str:
        lower = text.lower()
        if not self._pieces or len(lower) != len(text):  # as with the dotted capital I
            return text
        kept, until = list[str](), 0
        for at in range(len(text)):
            if lower[at : at + _PART] in self._pieces:
                if at > until or not kept:
                    kept += [text[until:at], SCRUBBED]
                until = at + _PART
        return "".join((*kept, text[until:]))

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


def _coded(form: str) -> set[str]:
    """The form with each of its characters as a code, encoded twice, or without care for case."""
    codes = {"".join(f"%{byte:02x}" for byte in form.encode("utf-8", "replace"))}
    codes |= {"".join(f"&#{code:{kind}};" for code in map(ord, form)) for kind in ("d", "03d")}
    codes |= {"".join(f"&#x{ord(char):x};" for char in form), form.replace("/", "&#x2f;")}
    codes |= {quote(quote(form, safe=""), safe=""), form.replace("/", r"\u002f")}
    return codes | ({form} if len(form) >= _LONG else set())


def _folded(text: str) -> str:
    """The text without its case, of the same length."""
    if text.isascii():
        return text.lower()
    return "".join(each if len(each.casefold()) > 1 else each.casefold() for each in text)


def _is_token(part: str) -> bool:
    """Whether a part of it tells something: it is long, no address, and no plain word."""
    if len(part) < _LONG or "/" in unquote(html.unescape(part)):
        return False
    return any(map(str.isdigit, part)) or part.lower() not in {part, part[0].lower() + part[1:]}


def _packed(token: str) -> Iterator[str]:
    """Yield it as it is, and as it stands in a longer text in base64 or hexadecimal."""
    data = token.encode("utf-8", "replace")
    yield token
    yield data.hex()
    for before, unsure in ((0, 0), (1, 2), (2, 3)):
        packed = base64.b64encode(bytes(before) + data).decode("ascii")
        # What follows decides about the last character, if it is not filled.
        sure = packed[unsure : (before + len(data)) * 8 // 6]
        yield sure
        yield sure.translate(_FOR_ADDRESSES)


def _pattern(part: str) -> str:
    escaped = re.escape(part)
    return escaped if len(part) >= _LONG else rf"(?<!\w){escaped}(?!\w)"
