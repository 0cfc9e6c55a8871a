"""`rules.toml` and `channels.toml` as types."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from alerts.examples import failed_examples
from alerts.match import Priority
from alerts.parser import Concepts
from alerts.rules import Rule, RuleBook, rule_of
from crawler.config import Identifier, repeated_ids
from crawler.errors import ConfigError, ConfigFaults, QueryError
from crawler.tomlfile import Table, TomlFile, read_toml, validated

if TYPE_CHECKING:
    from alerts.channels.config import ChannelConfig


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
    # All kinds of channels and what they send: who only searches need not pay for them.
    from alerts.channels.config import ChannelsFile

    file = read_toml(path)
    channels = list(validated(file, ChannelsFile).channel)
    if faults := repeated_ids(file, "channel", [channel.id for channel in channels]):
        raise ConfigFaults(faults)
    return channels


def load_concepts(path: Path) -> Concepts:
    """The concepts of a rules file; none where there is no file."""
    return Concepts(validated(read_toml(path), RulesFile).concepts if path.exists() else {})


def load_rules(
    path: Path, *, channels: Sequence[str], outlets: Collection[str] | None = None
) -> RuleBook:
    """The rules in force: each one's query read, its channels known, its examples passed.

    A rule's outlets have to be among `outlets`, where these are known.

    Raises:
        ConfigFaults: every fault of every rule, with file, line, table and remedy.
    """
    file = read_toml(path)
    tables = validated(file, RulesFile)
    faults = repeated_ids(file, "rule", [table.id for table in tables.rule])
    concepts = Concepts(tables.concepts)
    unread = [
        file.error(str(error), at=("concepts", error.concept), remedy="")
        for error in concepts.faults()
    ]
    if unread:
        raise ConfigFaults([*faults, *unread])
    rules = []
    for number, table in enumerate(tables.rule):
        faults += _channel_faults(file, number, table, channels)
        if outlets is not None:
            faults += _outlet_faults(file, number, table, outlets)
        try:
            rules.append(rule_of(text=table.query, concepts=concepts, **_other_keys(table)))
        except QueryError as error:
            faults.append(file.error(str(error), at=("rule", number, "query"), remedy=""))
        else:
            faults += _example_faults(file, number, rules[-1])
    if faults:
        raise ConfigFaults(faults)
    return RuleBook.build(rules, concepts)


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
    file: TomlFile, number: int, table: RuleTable, outlets: Collection[str]
) -> Iterator[ConfigError]:
    """Yield the outlets that no source has: a rule for them alone could never match."""
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
