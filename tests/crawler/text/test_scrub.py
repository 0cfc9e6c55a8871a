"""What a server repeats of a request is kept without its secrets."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st

from crawler.text import Scrubber, secrets_of_address, secrets_of_login

HOOK = "https://hooks.example/services/T0001/B0002/x8Yz3kWq91Lm?key=zeer+geheim"
SCRUB = Scrubber([*secrets_of_address(HOOK), *secrets_of_login("desk", "pässwoord/1")])


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
    ],
)
def test_a_secret_is_taken_out_in_every_spelling(said: str) -> None:
    for secret in ("x8Yz3kWq", "geheim", "pässwoord", "cMOkc3N3b29yZC8x", "ZGVzazpw"):
        assert secret not in SCRUB(said)


def test_what_is_no_secret_stays() -> None:
    said = "invalid_payload: no_service at hooks.example, HTTP 403"

    assert SCRUB(said) == said


@given(st.text(min_size=5).filter(str.strip), st.text(), st.text())
def test_no_text_keeps_a_long_secret(secret: str, before: str, after: str) -> None:
    secret *= 3

    assert secret not in Scrubber([secret])(f"{before} {secret} {after}")
