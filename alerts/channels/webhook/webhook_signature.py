"""Signatures of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signed_headers(
    secrets: Iterable[str], identifier: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers that let a receiver check id, time and body.

    One signature for each secret, so that a receiver may hold the old or the new one while
    one replaces the other. `identifier` must not contain a dot.
    """
    signatures = (_signature(secret, identifier, timestamp, body) for secret in secrets)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{identifier}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
