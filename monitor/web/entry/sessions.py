"""Cookies that say who somebody is, signed so that nobody else can make them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta

# Chosen: a desk has the page open all day, for weeks.
SESSION_DAYS = 30


def signed(user: str, now: datetime, secret: bytes) -> str:
    """A cookie for this user that is good for `SESSION_DAYS`."""
    until = now + timedelta(days=SESSION_DAYS)
    told = json.dumps([user, int(until.timestamp())]).encode()
    return f"{_text(told)}.{_text(_mark(told, secret))}"


def user_in(cookie: str, now: datetime, secret: bytes) -> str | None:
    """The user of a cookie that `signed` made with this secret, if it is still good."""
    told, _, mark = cookie.partition(".")
    try:
        raw = base64.urlsafe_b64decode(told)
        if not hmac.compare_digest(base64.urlsafe_b64decode(mark), _mark(raw, secret)):
            return None
    except (binascii.Error, ValueError):
        return None
    user, until = json.loads(raw)
    return user if now.timestamp() < until else None


def _mark(told: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, told, hashlib.sha256)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
