"""What is wrong with one rule: its query, its channels, its outlets, its examples."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from alerts.faults import SettingFault
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, rule_of
from alerts.rules.examples import FailedExample, failed_examples
from crawler.errors import QueryError
from crawler.faults import Fault, advised, in_languages
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """A fault of a rule, with the key of its table that has it; `str()` gives it in English.

    `column` is the place in a query, from 1; 0 where it is not in the query itself.
    """

    key: str
    fault: Fault
    column: int = 0

    def words(self, language: str) -> str:
        """What is wrong, and what to do."""
        return advised(self.fault, language)

    def __str__(self) -> str:
        return self.words("en")


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule with its faults; None where its query cannot be read."""

    rule: Rule | None
    faults: tuple[RuleFault, ...]


def checked_rule(
    table: Mapping[str, Any],
    concepts: Concepts,
    *,
    channels: Sequence[str],
    outlets: Collection[str] | None,
) -> CheckedRule:
    """The rule of a `[[rule]]` table, checked; without `outlets` any outlet will do.

    Its `channels` are those that it shall have; None if nothing names any.
    """
    read = rule_of_table(table, concepts, channels=channels, outlets=outlets)
    if read.rule is None:
        return read
    (found,) = example_faults([read.rule])
    return CheckedRule(read.rule, (*read.faults, *found))


def rule_of_table(
    table: Mapping[str, Any],
    concepts: Concepts,
    *,
    channels: Sequence[str],
    outlets: Collection[str] | None,
) -> CheckedRule:
    """The rule of a `[[rule]]` table as `checked_rule` gives it, its examples untried."""
    to = table["channels"]
    faults = [
        *_channel_faults(to, channels),
        *_outlet_faults(table["outlets"], outlets),
    ]
    try:
        others = {key: value for key, value in table.items() if key not in {"query", "enabled"}}
        others["channels"] = to or ()
        rule = rule_of(text=table["query"], concepts=concepts, **others)
    except QueryError as error:
        column = 0 if error.concept else error.column
        return CheckedRule(
            None, (*faults, RuleFault(key="query", fault=error.whole, column=column))
        )
    return CheckedRule(rule, tuple(faults))


def unknown_channels(named: Sequence[str], channels: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each channel that is not defined."""
    there = ", ".join(channels)
    for name in named:
        if not channels:
            yield SettingFault.NO_CHANNEL_AT_ALL(name=name)
        elif name not in channels:
            yield SettingFault.UNKNOWN_CHANNEL(name=name, names=there)


def _channel_faults(named: Sequence[str] | None, channels: Sequence[str]) -> Iterator[RuleFault]:
    found = [SettingFault.NO_CHANNELS()] if named is None else unknown_channels(named, channels)
    for fault in found:
        yield RuleFault(key="channels", fault=fault)


def _outlet_faults(named: Sequence[str], outlets: Collection[str] | None) -> Iterator[RuleFault]:
    """Yield a fault for each outlet that no source has: for it the rule could never match."""
    if outlets is None:
        return
    known = {outlet.casefold(): outlet for outlet in outlets}
    for name in named:
        if name.casefold() not in known:
            close = difflib.get_close_matches(name.casefold(), known, n=1)
            fault = (
                SettingFault.NO_OUTLET_NEAR(name=name, near=known[close[0]])
                if close
                else SettingFault.NO_OUTLET(name=name)
            )
            yield RuleFault(key="outlets", fault=fault)


def example_faults(rules: Iterable[Rule]) -> list[tuple[RuleFault, ...]]:
    """For each of the rules, a fault for each of its own examples that it fails."""
    return [tuple(map(_example_fault, failed)) for failed in failed_examples(rules)]


def _example_fault(failed: FailedExample) -> RuleFault:
    kind = SettingFault.NOT_FOUND if failed.kind == "must_match" else SettingFault.FOUND
    return RuleFault(key=failed.kind, fault=kind(text=failed.text, why=in_languages(failed.whys)))
