"""Rules that change while the daemon runs."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from alerts.config import load_rules
from alerts.rules import RuleBook
from crawler.errors import ConfigError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looks:
    """What looking at a file has shown: the text in force, and the one seen last.

    An editor may be half-way through writing, and a part of a good file is often a good file too:
    a change counts when two looks agree.
    """

    in_force: bytes
    seen: bytes

    def after(self, digest: bytes) -> tuple[Looks, bool]:
        """What is known after one more look, and whether a change is to be taken up now."""
        if digest != self.seen:
            return replace(self, seen=digest), False
        return Looks(digest, digest), digest != self.in_force


class RuleWatch:
    """Looks at `rules.toml` now and then, and gives the new rules once they can be relied on."""

    def __init__(
        self, path: Path, channels: Sequence[str], outlets: Collection[str] | None = None
    ) -> None:
        self._path, self._channels, self._outlets = path, tuple(channels), outlets
        digest = _digest(path)
        self._looks = Looks(digest, digest)
        # The first fault of the file as it is now; "" while it has none.
        self.refused = ""

    def look(self) -> RuleBook | None:
        """The new rules, or None: nothing changed, or what is there has faults (which are logged).

        While there are faults the last good rules stay in force.
        """
        digest = _digest(self._path)
        looks, changed = self._looks.after(digest)
        book, fault = self._loaded() if changed else (None, self.refused)
        if changed and _digest(self._path) != digest:
            return None  # written to while it was read; it is looked at again
        self._looks, self.refused = looks, fault
        if book is not None:
            log.info("rules_reloaded rules=%d", len(book))
        return book

    def _loaded(self) -> tuple[RuleBook | None, str]:
        """The rules of a good file, or its first fault."""
        try:
            book = load_rules(self._path, channels=self._channels, outlets=self._outlets)
        except ConfigError as error:
            faults = str(error).splitlines()
        else:
            if len(book):
                return book, ""
            # What a full disk leaves of a file is empty, and reads without a fault.
            faults = [f"{self._path}: no rule in it; restart to run without"]
        for fault in faults:
            log.error("rules_refused fault=%s", fault)
        return None, faults[0]


def _digest(path: Path) -> bytes:
    try:
        return blake2b(path.read_bytes()).digest()
    except OSError:
        return b""
