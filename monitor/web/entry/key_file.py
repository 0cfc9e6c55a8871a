"""The key beside the archive: who can read it may change things on the page."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

_KEY_BYTES = 32


def key_of(database: Path, *, make: bool = False) -> bytes | None:
    """The key beside this database, made if there is none and `make` is set; else None.

    Only the owner of the file may read it. Secrets for single purposes are derived from it.
    """
    path = database.with_name(database.name + ".key")
    if make:
        with contextlib.suppress(FileExistsError):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            os.write(file, secrets.token_bytes(_KEY_BYTES))
            os.close(file)
    try:
        key = path.read_bytes()
    except OSError:
        return None
    return key if len(key) == _KEY_BYTES else None


def derived(key: bytes, purpose: str) -> bytes:
    """The secret for one purpose; none of them tells anything about another."""
    return hmac.digest(key, purpose.encode(), hashlib.sha256)


def entry_key(key: bytes) -> str:
    """What stands in the address that `nieuwswacht page` opens."""
    return derived(key, "entry").hex()
