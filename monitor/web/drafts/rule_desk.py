"""The rules as the editor reads, checks and saves them."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Mapping
from functools import cached_property

from alerts.match import Priority
from alerts.query import Concepts
from alerts.rules import (
    WHOLE_FILE,
    CheckedRule,
    RuleDraft,
    RulesRead,
    RulesVersion,
    StoredRules,
    checked_rule,
    draft_in,
    read_rules,
    volume_of,
    with_rule,
)
from crawler.errors import ConfigError, ConfigFaults, FileChangedError
from crawler.faults import FileFault
from crawler.frozen import dataclass
from monitor.context import Context


@dataclass(frozen=True, slots=True)
class SavedRules:
    """The file before a change and after it."""

    before: RulesVersion
    after: RulesVersion


class RuleDesk:
    """`rules.toml` of this moment, with the channels and outlets that rules may name."""

    def __init__(self, context: Context, read: RulesRead) -> None:
        """Begin with what the page has read already; a desk is for one request."""
        self._fresh = Context(config_dir=context.config_dir, clock=context.now)
        self._file = StoredRules(context.config_dir / "rules.toml")
        self.read = read

    @cached_property
    def version(self) -> RulesVersion:
        """What stands in the file; `ConfigError` if that cannot be read."""
        return self._file.version()

    @property
    def concepts(self) -> Concepts:
        """The concepts that a query may use."""
        return self.read.book.concepts

    @cached_property
    def channels(self) -> list[str]:
        """The ids of all channels; none if their file cannot be read."""
        try:
            return [channel.id for channel in self._fresh.channels]
        except ConfigError:
            return []

    @cached_property
    def outlets(self) -> list[str] | None:
        """The outlets of all sources."""
        found = self._fresh.outlets
        return None if found is None else sorted(set(found), key=str.casefold)

    def draft(self, rule_id: str) -> RuleDraft | None:
        """The rule of this id as the file has it.

        Raises:
            ConfigError: the file cannot be read, or only a person can change the rule.
        """
        return draft_in(self._text, rule_id)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all rules of the file, those with faults too."""
        rules = tomllib.loads(self._text).get("rule", [])
        tables = rules if isinstance(rules, list) else []
        return frozenset(str(each.get("id")) for each in tables if isinstance(each, Mapping))

    @property
    def _text(self) -> str:
        """The text of the file, which is TOML."""
        if WHOLE_FILE in self.read.faults:
            raise ConfigFaults(self.read.faults[WHOLE_FILE])
        return self.version.text

    def checked(self, draft: RuleDraft) -> CheckedRule:
        """The draft as a rule, with its faults."""
        to = self.read.defaults.of(draft.channels, draft.section)
        table = draft.values | {"priority": Priority(draft.priority), "channels": to}
        table["volume"] = None
        # What is wrong in it is said when the file is read.
        with contextlib.suppress(ConfigError):
            table["volume"] = volume_of(draft.volume)
        return checked_rule(table, self.concepts, channels=self.channels, outlets=self.outlets)

    def save(self, draft: RuleDraft, seen: str) -> SavedRules:
        """Write the draft into the file, if that is still the version that was seen.

        Raises:
            FileChangedError: it is another version.
            HandEditError: only a person can change it so.
            ConfigFaults: the loader refuses the rule, or the whole file with it.
        """
        before = self.version
        if before.digest != seen:
            raise FileChangedError(FileFault.CHANGED_MEANWHILE())
        after = before.with_text(with_rule(self._text, draft))
        read = read_rules(
            self._file.path, channels=self.channels, outlets=self.outlets, raw=after.raw
        )
        if faults := (*read.faults.get(draft.id, ()), *read.faults.get(WHOLE_FILE, ())):
            raise ConfigFaults(faults)
        self._file.put(after, over=before)
        return SavedRules(before, after)

    def put_back(self, saved: SavedRules) -> None:
        """Undo a change; `FileChangedError` if the file was changed since."""
        self._file.put(saved.before, over=saved.after)
