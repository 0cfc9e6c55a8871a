"""One password as a hash that can stand in a configuration file."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

# OWASP's Password Storage Cheat Sheet, 2023: N = 2^16, r = 8, p = 2: 64 MB for a moment.
_N, _R, _P = 2**16, 8, 2
_MEMORY = 128 * 1024 * 1024


def hash_of(password: str) -> str:
    """The hash of this password, with a salt of its own: `scrypt:N:r:p:salt:hash`."""
    salt = secrets.token_bytes(16)
    made = _made(password, salt, _N, _R, _P)
    return ":".join(["scrypt", str(_N), str(_R), str(_P), _text(salt), _text(made)])


def fits(password: str, hashed: str) -> bool:
    """Whether this is the password of a hash that `hash_of` made."""
    _, n, r, p, salt, expected = hashed.split(":")
    made = _made(password, base64.urlsafe_b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(_text(made), expected)


def _made(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
