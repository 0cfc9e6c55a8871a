"""Sources, channels and settings that change while the daemon runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from crawler.config import file_bytes
from crawler.errors import ConfigError, ConfigFaults
from monitor.context import Context
from monitor.running.rule_reload import Looks, RuleWatch

log = logging.getLogger(__name__)

_FILES = ("nieuwswacht.toml", "sources.toml", "channels.toml")


class ConfigurationWatch:
    """Looks at the files beside `rules.toml`, and gives what they say once they stop changing.

    They are taken up together, or not at all: `refused` are the faults of the files as they are.
    """

    def __init__(self, context: Context, rules: RuleWatch) -> None:
        self._context, self._rules = context, rules
        digest = self._digest()
        self._looks = Looks(digest, digest)
        self.refused: Sequence[str] = ()

    def look(self) -> Context | None:
        """The configuration that is in force from now on, or None if nothing changes."""
        digest = self._digest()
        self._looks, changed = self._looks.after(digest)
        if not changed:
            return None
        fresh = self._context.again()
        try:
            _ = fresh.settings, fresh.sources, fresh.senders()
            self._need_channels(fresh)
        except ConfigError as error:
            faults = error.faults if isinstance(error, ConfigFaults) else (error,)
            self._refuse([" ".join(str(fault).splitlines()) for fault in faults])
            return None
        if self._digest() != digest:
            return None  # it changed while it was read; the next look sees it again
        self.refused = ()
        return fresh

    def _need_channels(self, fresh: Context) -> None:
        """Refuse a channel's end while rules name it, and look again once they no longer do."""
        gone = self._rules.channels_named - {channel.id for channel in fresh.channels}
        if gone:
            self._looks = replace(self._looks, in_force=b"")
            what = f'channel "{min(gone)}" is gone, and rules name it'
            path = str(fresh.config_dir / "channels.toml")
            raise ConfigError(what, path=path, remedy="take it out of rules.toml first")

    def _refuse(self, faults: Sequence[str]) -> None:
        if faults != self.refused:
            for fault in faults:
                log.error("configuration_refused fault=%s", fault)
        self.refused = faults

    def _digest(self) -> bytes:
        digests = (_digest(self._context.config_dir / name) for name in _FILES)
        return blake2b(b"".join(digests)).digest()


def needs_restart(old: Context, new: Context) -> list[str]:
    """The tables that have changed and are read at a start alone."""
    before, after = old.settings, new.settings
    return [
        f"[{name}]"
        for name in ("store", "web", "health", "log")
        if getattr(before, name, None) != getattr(after, name, None)
    ]


def _digest(path: Path) -> bytes:
    try:
        return blake2b(file_bytes(path)).digest()
    except OSError:
        return bytes(64)
