"""Tokens for programs, which may only read: each is kept as its hash, in a file by the archive."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any


class TokenFile:
    """The tokens of one archive; a change is seen at once by a page that runs."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".tokens")

    def add(self, name: str, now: datetime) -> str:
        """A new token with this name, in place of an older one; nobody can read it again."""
        token = f"nwt_{secrets.token_urlsafe(32)}"
        made = {"sha256": _hash(token), "made": now.isoformat()}
        self._put(self.tokens() | {name: made})
        return token

    def remove(self, name: str) -> bool:
        """Withdraw a token; whether there was one."""
        held = self.tokens()
        if held.pop(name, None) is None:
            return False
        self._put(held)
        return True

    def tokens(self) -> dict[str, dict[str, Any]]:
        """What is known of each token, by name."""
        try:
            held = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}

    def named(self, token: str) -> str | None:
        """The name of this token, if it is one."""
        asked = _hash(token)
        return next((name for name, held in self.tokens().items() if held["sha256"] == asked), None)

    def _put(self, tokens: dict[str, dict[str, Any]]) -> None:
        fresh = self._path.with_name(f"{self._path.name}.new")
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as text:
            json.dump(tokens, text, indent=1)
            text.flush()
            os.fsync(text.fileno())
        fresh.replace(self._path)


def _hash(token: str) -> str:
    # 256 random bits need no salt and no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
