"""What is wrong with one rule: its query, its channels, its outlets, its examples."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.faults import SettingFault
from alerts.query.parser import Concepts
from alerts.rules.book import Rule, rule_of
from alerts.rules.examples import failed_examples
from crawler.errors import QueryError
from crawler.faults import Fault, advised, in_languages


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
    return CheckedRule(rule, (*faults, *_example_faults(rule)))


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


def _example_faults(rule: Rule) -> Iterator[RuleFault]:
    for failed in failed_examples(rule):
        kind = SettingFault.NOT_FOUND if failed.kind == "must_match" else SettingFault.FOUND
        yield RuleFault(
            key=failed.kind, fault=kind(text=failed.text, why=in_languages(failed.whys))
        )
