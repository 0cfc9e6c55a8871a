"""Signatures of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signed_headers(
    secrets: Iterable[str], identifier: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers with which a receiver checks id, time and body.

    Each secret gives a signature, so that a receiver may have the old or the new secret while one
    replaces the other. `timestamp` is in seconds since 1970. `identifier` must not have a dot.
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
