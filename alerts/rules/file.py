"""`rules.toml` and `channels.toml` as types."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from alerts.match import Priority
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, RuleBook, rule_of
from alerts.rules.examples import failed_examples
from crawler.config import Identifier, Table, TomlFile, read_toml, repeated_ids, validated
from crawler.errors import ConfigError, ConfigFaults, QueryError

if TYPE_CHECKING:
    from alerts.channels.kinds import ChannelConfig


# The key of faults of the whole file, among those of its rules: no rule has this id.
WHOLE_FILE = ""


@dataclass(frozen=True, slots=True)
class RulesRead:
    """What reading a file of rules gave: the rules that can be in force, and the other's faults.

    `faults` are by id of the rule, in the order of the file, or under `WHOLE_FILE` alone.
    """

    book: RuleBook
    faults: Mapping[str, tuple[ConfigError, ...]]

    @property
    def every_fault(self) -> tuple[ConfigError, ...]:
        """The faults of all rules, or of the whole file."""
        return tuple(fault for faults in self.faults.values() for fault in faults)

    def hides(self, rule_id: str) -> bool:
        """Whether the file may have a rule of this id that its faults hide."""
        return rule_id in self.faults or WHOLE_FILE in self.faults


_NO_RULES = RuleBook.build([])


class RuleTable(Table):
    """`[[rule]]`."""

    id: Identifier
    name: str = ""
    query: str
    channels: tuple[str, ...]
    priority: Priority = Priority.NORMAL
    outlets: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()


class RulesFile(Table):
    """`rules.toml`."""

    concepts: dict[Identifier, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    rule: tuple[RuleTable, ...] = ()


def load_channels(path: Path) -> list[ChannelConfig]:
    """The channels.

    Raises:
        ConfigFaults: with file, line, table and remedy; never with a secret.
    """
    # Imported here: this loads all kinds of channels, and a search does not need them.
    from alerts.channels.kinds import ChannelsFile

    file = read_toml(path)
    channels = list(validated(file, ChannelsFile).channel)
    if faults := repeated_ids(file, "channel", [channel.id for channel in channels]):
        raise ConfigFaults(faults)
    return channels


def load_concepts(path: Path) -> Concepts:
    """The concepts of a rules file; none if there is no such file."""
    return Concepts(validated(read_toml(path), RulesFile).concepts if path.exists() else {})


def load_rules(
    path: Path, *, channels: Sequence[str], outlets: Collection[str] | None = None
) -> RuleBook:
    """The rules in force: their queries are valid, their channels known, their examples pass.

    If `outlets` are given, every outlet of a rule has to be one of them.

    Raises:
        ConfigFaults: every fault of every rule, with file, line, table and remedy.
    """
    read = _rules_read(path, channels, outlets, _NO_RULES)
    if read.faults:
        raise ConfigFaults(read.every_fault)
    return read.book


def read_rules(
    path: Path,
    *,
    channels: Sequence[str],
    outlets: Collection[str] | None = None,
    before: RuleBook = _NO_RULES,
) -> RulesRead:
    """The rules that can be read, and every fault of the others.

    A rule with a fault keeps its version and concepts from `before`; if it is new, it is left out.
    If the file as a whole has a fault, all of `before` stays.
    """
    try:
        return _rules_read(path, channels, outlets, before)
    except ConfigFaults as error:
        return RulesRead(before, {WHOLE_FILE: error.faults})


def _rules_read(
    path: Path, channels: Sequence[str], outlets: Collection[str] | None, before: RuleBook
) -> RulesRead:
    file = read_toml(path)
    tables = validated(file, RulesFile)
    repeated = repeated_ids(file, "rule", [table.id for table in tables.rule])
    concepts = Concepts(tables.concepts)
    unread = [
        file.error(str(error), at=("concepts", error.concept), remedy="")
        for error in concepts.faults()
    ]
    if unread:
        raise ConfigFaults([*repeated, *unread])
    rules, faults = list[Rule](), dict[str, tuple[ConfigError, ...]]()
    for number, table in enumerate(tables.rule):
        rule, wrong = _rule_read(file, number, table, concepts)
        found = (
            *_channel_faults(file, number, table, channels),
            *_outlet_faults(file, number, table, outlets),
            *wrong,
        )
        if found:
            faults[table.id] = (*faults.get(table.id, ()), *found)
        if rule is not None and not found:
            rules.append(rule)
        elif table.id in before:
            rules.append(before[table.id])
    read = RulesRead(RuleBook.build(rules, concepts), faults)
    if repeated:
        raise ConfigFaults([*repeated, *read.every_fault])
    return read


def _rule_read(
    file: TomlFile, number: int, table: RuleTable, concepts: Concepts
) -> tuple[Rule | None, Sequence[ConfigError]]:
    """The rule of a table, if its query can be read, and the faults of query and examples."""
    try:
        rule = rule_of(text=table.query, concepts=concepts, **_other_keys(table))
    except QueryError as error:
        return None, [file.error(str(error), at=("rule", number, "query"), remedy="")]
    return rule, list(_example_faults(file, number, rule))


def _other_keys(table: RuleTable) -> dict[str, Any]:
    return {key: value for key, value in table if key != "query"}


def _channel_faults(
    file: TomlFile, number: int, table: RuleTable, channels: Sequence[str]
) -> Iterator[ConfigError]:
    for name in table.channels:
        if name not in channels:
            yield file.error(
                f'channel "{name}" is not defined',
                at=("rule", number, "channels"),
                remedy=f"there are: {', '.join(channels) or 'none; see channels.toml'}",
            )


def _outlet_faults(
    file: TomlFile, number: int, table: RuleTable, outlets: Collection[str] | None
) -> Iterator[ConfigError]:
    """Yield a fault for each outlet that no source has: for it the rule could never match."""
    if outlets is None:
        return
    known = {outlet.casefold(): outlet for outlet in outlets}
    for name in table.outlets:
        if name.casefold() not in known:
            close = difflib.get_close_matches(name.casefold(), known, n=1)
            remedy = f'did you mean "{known[close[0]]}"?' if close else "see sources.toml"
            yield file.error(
                f'no source has the outlet "{name}"',
                at=("rule", number, "outlets"),
                remedy=remedy,
            )


def _example_faults(file: TomlFile, number: int, rule: Rule) -> Iterator[ConfigError]:
    for failed in failed_examples(rule):
        what = "does not match" if failed.kind == "must_match" else "matches"
        yield file.error(
            f'{failed.kind}: the rule {what} "{failed.text}" ({failed.why})',
            at=("rule", number, failed.kind),
            remedy="correct the query or the example",
        )
