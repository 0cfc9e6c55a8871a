"""`rules.toml` and `channels.toml` as types."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from alerts.match import Priority
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, RuleBook
from alerts.rules.checking import CheckedRule, example_faults, rule_of_table, unknown_channels
from alerts.waves import VolumeSetting
from crawler.config import (
    Duration,
    Identifier,
    Table,
    TomlFile,
    between,
    read_toml,
    repeated_ids,
    toml_of,
    validated,
)
from crawler.errors import ConfigError, ConfigFaults
from crawler.frozen import dataclass

if TYPE_CHECKING:
    from alerts.channels.kinds import ChannelConfig


# The key of faults of the whole file, among those of its rules: no rule has this id.
WHOLE_FILE = ""


class DefaultsTable(Table):
    """`[defaults]`: the channels of rules that name none, and of those of a section."""

    channels: tuple[str, ...] | None = None
    sections: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def of(self, own: tuple[str, ...] | None, section: str) -> tuple[str, ...] | None:
        """The channels of a rule: its own, those of its section, or those of all; None if none."""
        return self.sections.get(section, self.channels) if own is None else own


@dataclass(frozen=True, slots=True)
class RulesRead:
    """What reading a file of rules gave: the rules that can be in force, and the other's faults.

    `faults` are by id of the rule, in the order of the file, or under `WHOLE_FILE` alone.
    """

    book: RuleBook
    faults: Mapping[str, tuple[ConfigError, ...]]
    defaults: DefaultsTable = field(default_factory=DefaultsTable)

    @property
    def every_fault(self) -> tuple[ConfigError, ...]:
        """The faults of all rules, or of the whole file."""
        return tuple(fault for faults in self.faults.values() for fault in faults)

    def sound(self) -> RuleBook:
        """The rules in force: their queries are valid, their channels known, their examples pass.

        Raises:
            ConfigFaults: every fault of every rule, with file, line, table and remedy.
        """
        if self.faults:
            raise ConfigFaults(self.every_fault)
        return self.book

    def hides(self, rule_id: str) -> bool:
        """Whether the file may have a rule of this id that its faults hide."""
        return rule_id in self.faults or WHOLE_FILE in self.faults


_NO_RULES = RuleBook.build([])


# Chosen: what comes within minutes is one message of an agency; over more than a day, the hours of
# a day say nothing.
_OVER = between(("10m", timedelta(minutes=10)), ("24h", timedelta(hours=24)))


class VolumeTable(Table):
    """`[rule.volume]`."""

    over: Annotated[Duration, AfterValidator(_OVER)] = timedelta(hours=1)
    at_least: Annotated[int, Field(ge=2, le=10_000)] = 5
    outlets: Annotated[int, Field(ge=1, le=1000)] = 3
    times: Annotated[float, Field(ge=1.5, le=100)] = 3.0
    instead: bool = False

    @property
    def setting(self) -> VolumeSetting:
        """The setting for the detector."""
        return VolumeSetting(**self.model_dump())


def volume_of(table: Mapping[str, Any] | None) -> VolumeSetting | None:
    """The setting of a `[rule.volume]` table as it is written.

    Raises:
        ConfigError: a key or value that it cannot have; without a place in a file.
    """
    if table is None:
        return None
    try:
        return VolumeTable.model_validate(table).setting
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{key}: {first['msg']}") from error


class RuleTable(Table):
    """`[[rule]]`."""

    id: Identifier
    name: str = ""
    enabled: bool = True
    section: str = ""
    query: str
    channels: tuple[str, ...] | None = None
    priority: Priority = Priority.NORMAL
    outlets: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
    volume: VolumeTable | None = None


class RulesFile(Table):
    """`rules.toml`."""

    defaults: DefaultsTable = DefaultsTable()
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


def read_rules(  # noqa: PLR0913 - all on which the reading of a file depends
    path: Path,
    *,
    channels: Sequence[str],
    outlets: Collection[str] | None = None,
    before: RuleBook = _NO_RULES,
    raw: bytes | None = None,
    proven: bool = False,
) -> RulesRead:
    """The rules that can be read, and every fault of the others.

    If `outlets` are given, every outlet of a rule has to be one of them. A rule with a fault keeps
    its version and concepts from `before`; if it is new, it is left out. If the file as a whole has
    a fault, all of `before` stays. `raw` is what is to stand in it. `proven` says that
    the examples passed before, with the same files and the same program: they are not tried again.
    """
    try:
        file = read_toml(path) if raw is None else toml_of(raw, path)
        return _rules_read(file, channels, outlets, before, proven=proven)
    except ConfigFaults as error:
        return RulesRead(before, {WHOLE_FILE: error.faults})


def _rules_read(
    file: TomlFile,
    channels: Sequence[str],
    outlets: Collection[str] | None,
    before: RuleBook,
    *,
    proven: bool,
) -> RulesRead:
    tables = validated(file, RulesFile)
    repeated = repeated_ids(file, "rule", [table.id for table in tables.rule])
    concepts = Concepts(tables.concepts)
    unread = [
        *_default_faults(file, tables.defaults, channels),
        *(file.error(error.whole, at=("concepts", error.concept)) for error in concepts.faults()),
    ]
    if unread:
        raise ConfigFaults([*repeated, *unread])
    rules, disabled = list[Rule](), list[Rule]()
    faults: dict[str, tuple[ConfigError, ...]] = {}
    tried = _checked(tables, concepts, channels, outlets, proven=proven)
    for number, (table, checked) in enumerate(zip(tables.rule, tried, strict=True)):
        found = tuple(
            file.error(fault.fault, at=("rule", number, fault.key)) for fault in checked.faults
        )
        if found:
            faults[table.id] = (*faults.get(table.id, ()), *found)
        if checked.rule is not None and not found:
            (rules if table.enabled else disabled).append(checked.rule)
        elif table.enabled and table.id in before:
            rules.append(before[table.id])
    read = RulesRead(RuleBook.build(rules, concepts, disabled), faults, tables.defaults)
    if repeated:
        raise ConfigFaults([*repeated, *read.every_fault])
    return read


def _checked(
    tables: RulesFile,
    concepts: Concepts,
    channels: Sequence[str],
    outlets: Collection[str] | None,
    *,
    proven: bool,
) -> list[CheckedRule]:
    """Each rule with its faults; the examples of all rules are tried at once, unless `proven`."""
    read = []
    for table in tables.rule:
        volume = table.volume.setting if table.volume else None
        to = tables.defaults.of(table.channels, table.section)
        values = dict(table) | {"channels": to, "volume": volume}
        read.append(rule_of_table(values, concepts, channels=channels, outlets=outlets))
    if proven:
        return read
    failed = iter(example_faults(each.rule for each in read if each.rule))
    return [
        CheckedRule(each.rule, (*each.faults, *next(failed))) if each.rule else each
        for each in read
    ]


def _default_faults(
    file: TomlFile, defaults: DefaultsTable, channels: Sequence[str]
) -> Iterator[ConfigError]:
    """Yield a fault for each unknown channel; it is one of the file, since many rules use it."""
    for fault in unknown_channels(defaults.channels or (), channels):
        yield file.error(fault, at=("defaults", "channels"))
    for section, named in defaults.sections.items():
        for fault in unknown_channels(named, channels):
            yield file.error(fault, at=("defaults", "sections", section))
