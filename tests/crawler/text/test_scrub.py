"""What a server repeats of a request is kept without its secrets."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st

from crawler.text import Scrubber, secrets_of_address, secrets_of_login

HOOK = "https://hooks.example/services/T0001/B0002/x8Yz3kWq91Lm?key=zeer+geheim"
WORD = "pässwoord/1"
TOKEN = "xoxb-1234567890-AbCdEfGhIjKl"
SCRUB = Scrubber([*secrets_of_address(HOOK), *secrets_of_login("desk", WORD), TOKEN])


@pytest.mark.parametrize(
    "said",
    [
        f"403: you asked for {HOOK}",
        "cannot POST /services/T0001/B0002/x8Yz3kWq91Lm",
        'no {"path": "\\/services\\/T0001\\/B0002\\/x8Yz3kWq91Lm"}',
        f"no {quote(HOOK, safe='')}",
        "key x8Yz3kWq91Lm is unknown",
        "unknown x8Yz3kWq9",  # cut in the middle
        "the key 'zeer geheim' is unknown",
        "535 " + base64.b64encode("desk:pässwoord/1".encode()).decode(),
        "535 " + base64.b64encode("\0desk\0pässwoord/1".encode()).decode(),
        "535 pässwoord/1 is wrong",
        re.sub("%..", lambda code: code[0].lower(), f"no {quote(HOOK, safe='')} {quote(WORD)}"),
        f"no {quote(quote(HOOK, safe=''), safe='')}",
        "no " + "".join(f"%{byte:02X}" for byte in HOOK.encode()),
        "no " + "".join(f"&#{ord(letter)};" for letter in "x8Yz3kWq91Lm"),
        "no &#x2F;services&#x2F;T0001&#x2F;B0002&#x2F;x8Yz3kWq91Lm",
        "CANNOT POST /SERVICES/T0001/B0002/X8YZ3KWQ91LM",
        "cannot post ...x8Yz3kWq91... here",  # cut on both sides
        "Authorization: Bearer xoxb-1234567890-AbCd...",
        "unknown 1234567890-AbCdEfGhIjKl",
    ],
)
def test_a_secret_is_taken_out_in_every_spelling(said: str) -> None:
    kept = SCRUB(said).lower()
    for secret in ("x8yz3kwq", "3kwq91", "geheim", "%73%73", "%c3%a4", "1234567890", "#120;"):
        assert secret not in kept
    for secret in ("pässwoord", "cMOkc3N3b29yZC8x", "ZGVzazpw"):
        assert secret not in SCRUB(said)


@pytest.mark.parametrize("before", ["", "P", "PO", "POST /services/T0001/B0002/"])
def test_a_secret_that_is_packed_with_what_stands_around_it_is_taken_out(before: str) -> None:
    said = f"{before}x8Yz3kWq91Lm HTTP/1.1 Bearer xoxb-1234567890-AbCdEfGhIjKl".encode()

    def unpacked(packed: str, size: int, unpack: Callable[[str], bytes]) -> bytes:
        whole = (part[at:] for part in SCRUB(packed).split("***") for at in range(size))
        return b" ".join(unpack(part[: len(part) // size * size]) for part in whole)

    kept = unpacked(base64.b64encode(said).decode().rstrip("="), 4, base64.b64decode)
    kept += unpacked(base64.urlsafe_b64encode(said).decode().rstrip("="), 4, base64.b64decode)
    kept += unpacked(said.hex(), 2, bytes.fromhex)
    assert b"8Yz3kWq9" not in kept
    assert b"567890" not in kept


def test_what_is_no_secret_stays() -> None:
    said = "invalid_payload: no_service at hooks.example, HTTP 403"

    assert SCRUB(said) == said


@given(st.text(min_size=5).filter(str.strip), st.text(), st.text())
def test_no_text_keeps_a_long_secret(secret: str, before: str, after: str) -> None:
    secret *= 3

    assert secret not in Scrubber([secret])(f"{before} {secret} {after}")
