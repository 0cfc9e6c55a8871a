"""Rules, sources, channels and settings that change while the daemon runs."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from alerts.faults import SettingFault
from alerts.rules import WHOLE_FILE, RuleBook, RulesRead, read_rules
from crawler.config import file_bytes
from crawler.errors import ConfigError, ConfigFaults, bug_of
from crawler.faults import Fault
from crawler.frozen import dataclass
from monitor.context import Context

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looks:
    """The digests of a file: of the text in force, and of the text seen last.

    An editor may not have finished writing, and a part of a good file is often a good file too. So
    a change counts only when two looks in a row see the same text.
    """

    in_force: bytes
    seen: bytes

    def after(self, digest: bytes) -> tuple[Looks, bool]:
        """The state after one more look, and whether to take up a change now."""
        if digest != self.seen:
            return replace(self, seen=digest), False
        return Looks(digest, digest), digest != self.in_force


class RuleWatch:
    """Looks at `rules.toml`, and gives new rules once the file has stopped changing."""

    def __init__(
        self,
        path: Path,
        book: RuleBook,
        channels: Sequence[str],
        outlets: Collection[str] | None = None,
    ) -> None:
        self._path, self._book = path, book
        self._channels, self._outlets = tuple(channels), outlets
        digest = _digest(path)
        self._looks = Looks(digest, digest)
        self._asked: object = None  # for what `named_with` was asked last, and its answer
        self._named = frozenset[str]()
        # The faults of the file as it is now, by rule; those of the whole file under WHOLE_FILE.
        self.refused: Mapping[str, Sequence[Fault]] = {}

    @property
    def channels_named(self) -> frozenset[str]:
        """The channels that the rules in force name."""
        return _channels_of(self._book)

    def named_with(
        self, channels: Sequence[str], outlets: Collection[str] | None
    ) -> frozenset[str]:
        """The channels that the rules name if they are read with these channels and outlets.

        They are read once for each file: that takes half a second, and may be asked every other.
        """
        asked = _digest(self._path), tuple(channels), outlets and tuple(outlets)
        if asked != self._asked:
            book = self._read(channels, outlets).book
            self._asked, self._named = asked, _channels_of(book)
        return self._named

    def use(self, channels: Sequence[str], outlets: Collection[str] | None) -> None:
        """Read the rules again at the next look, with these channels and outlets."""
        self._channels, self._outlets = tuple(channels), outlets
        self._looks = replace(self._looks, in_force=b"")

    @property
    def book(self) -> RuleBook:
        """The rules in force."""
        return self._book

    def look(self) -> RuleBook | None:
        """The rules that are in force from now on, or None if nothing changes.

        Faults are logged. A rule with faults stays in force in its last good version. If the whole
        file has a fault, all rules stay as they were.
        """
        digest = _digest(self._path)
        looks, changed = self._looks.after(digest)
        read = self._read(self._channels, self._outlets) if changed else None
        if changed and _digest(self._path) != digest:
            return None  # it changed while it was read; the next look sees it again
        self._looks = looks
        return None if read is None else self._taken_up(read)

    def _read(self, channels: Sequence[str], outlets: Collection[str] | None) -> RulesRead:
        try:
            read = read_rules(self._path, channels=channels, outlets=outlets, before=self._book)
        except Exception as error:
            log.exception("rules_unread path=%s", self._path)
            return self._whole(SettingFault.UNREAD_BY_BUG(bug=bug_of(error)))
        if len(read.book):
            return read
        if read.faults:
            return RulesRead(self._book, {WHOLE_FILE: read.every_fault})
        # A full disk may leave an empty file, which has no fault of its own.
        return self._whole(SettingFault.NO_RULE())

    def _whole(self, what: Fault) -> RulesRead:
        """The rules as they were, with a fault of the whole file."""
        fault = ConfigError(what, path=str(self._path))
        return RulesRead(self._book, {WHOLE_FILE: (fault,)})

    def _taken_up(self, read: RulesRead) -> RuleBook | None:
        for fault in read.every_fault:
            log.error("rules_refused fault=%s", fault)
        refused = {rule: [fault.whole for fault in faults] for rule, faults in read.faults.items()}
        if WHOLE_FILE in refused:
            # The file says nothing about the rules that were refused before: keep them.
            self.refused = {**self.refused, **refused}
            return None
        self._book, self.refused = read.book, refused
        log.info("rules_reloaded rules=%d refused=%d", len(read.book), len(refused))
        return read.book


def _channels_of(book: RuleBook) -> frozenset[str]:
    return frozenset(name for rule in book.rules for name in rule.channels)


def _digest(path: Path) -> bytes:
    try:
        return blake2b(file_bytes(path)).digest()
    except OSError:
        return b""


# The tables that are read at a start alone.
AT_THE_START = ("store", "web", "health", "log")
_FILES = ("nieuwswacht.toml", "sources.toml", "channels.toml", "reviews.toml")


class ConfigurationWatch:
    """Looks at the files beside `rules.toml`, and gives what they say once they stop changing.

    They are taken up together, or not at all: `refused` are the faults of the files as they are.
    """

    def __init__(self, context: Context, rules: RuleWatch) -> None:
        self._context, self._rules = context, rules
        digest = self._digest()
        self._looks = Looks(digest, digest)
        self.refused: Sequence[Fault] = ()

    def look(self) -> Context | None:
        """The configuration that is in force from now on, or None if nothing changes."""
        digest = self._digest()
        self._looks, changed = self._looks.after(digest)
        if not changed:
            return None
        fresh = self._context.again()
        try:
            _ = fresh.settings, fresh.sources, fresh.senders(), fresh.papers
            self._need_channels(fresh)
        except ConfigError as error:
            faults = error.faults if isinstance(error, ConfigFaults) else (error,)
            self._refuse([fault.whole for fault in faults])
            return None
        if self._digest() != digest:
            return None  # it changed while it was read; the next look sees it again
        self.refused = ()
        return fresh

    def look_again(self) -> None:
        """Take up the files at the next look, though they do not change until then."""
        self._looks = replace(self._looks, in_force=b"")

    def _need_channels(self, fresh: Context) -> None:
        """Refuse a channel's end while rules name it, and look again once they no longer do.

        Rules that name a channel which is new do so from now on: both files may be changed at once.
        """
        names = [channel.id for channel in fresh.channels]
        gone = self._rules.channels_named.difference(names)
        if gone and (gone := self._rules.named_with(names, fresh.outlets).difference(names)):
            self.look_again()
            path = str(fresh.config_dir / "channels.toml")
            raise ConfigError(SettingFault.CHANNEL_IN_USE(name=min(gone)), path=path)

    def _refuse(self, faults: Sequence[Fault]) -> None:
        if faults != self.refused:
            for fault in faults:
                log.error("configuration_refused fault=%s", " ".join(str(fault).splitlines()))
        self.refused = faults

    def _digest(self) -> bytes:
        digests = (_digest(self._context.config_dir / name) for name in _FILES)
        return blake2b(b"".join(digests)).digest()


def needs_restart(old: Context, new: Context) -> list[str]:
    """The tables that have changed and are read at a start alone."""
    before, after = old.settings, new.settings
    return [
        f"[{name}]"
        for name in AT_THE_START
        if getattr(before, name, None) != getattr(after, name, None)
    ]
