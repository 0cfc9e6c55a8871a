"""What is wrong with one rule: its query, its channels, its outlets, its examples."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.query.parser import Concepts
from alerts.rules.book import Rule, rule_of
from alerts.rules.examples import failed_examples
from crawler.errors import QueryError


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """A fault of a rule, with the key of its table that has it.

    `column` is the place in a query, from 1; 0 where it is not in the query itself.
    """

    key: str
    what: str
    remedy: str = ""
    column: int = 0

    def __str__(self) -> str:
        return f"{self.what}: {self.remedy}" if self.remedy else self.what


_NO_CHANNELS = RuleFault(
    key="channels",
    what="no channels are named",
    remedy='name its channels, or those of all rules: [defaults] channels = ["..."]',
)


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
        *(channel_faults(to, channels) if to is not None else [_NO_CHANNELS]),
        *_outlet_faults(table["outlets"], outlets),
    ]
    try:
        others = {key: value for key, value in table.items() if key not in {"query", "enabled"}}
        others["channels"] = to or ()
        rule = rule_of(text=table["query"], concepts=concepts, **others)
    except QueryError as error:
        column = 0 if error.concept else error.column
        return CheckedRule(None, (*faults, RuleFault(key="query", what=str(error), column=column)))
    return CheckedRule(rule, (*faults, *_example_faults(rule)))


def channel_faults(named: Sequence[str], channels: Sequence[str]) -> Iterator[RuleFault]:
    """Yield a fault for each channel that is not defined."""
    for name in named:
        if name not in channels:
            yield RuleFault(
                key="channels",
                what=f'channel "{name}" is not defined',
                remedy=f"there are: {', '.join(channels) or 'none; see channels.toml'}",
            )


def _outlet_faults(named: Sequence[str], outlets: Collection[str] | None) -> Iterator[RuleFault]:
    """Yield a fault for each outlet that no source has: for it the rule could never match."""
    if outlets is None:
        return
    known = {outlet.casefold(): outlet for outlet in outlets}
    for name in named:
        if name.casefold() not in known:
            close = difflib.get_close_matches(name.casefold(), known, n=1)
            remedy = f'did you mean "{known[close[0]]}"?' if close else "see sources.toml"
            yield RuleFault(key="outlets", what=f'no source has the outlet "{name}"', remedy=remedy)


def _example_faults(rule: Rule) -> Iterator[RuleFault]:
    for failed in failed_examples(rule):
        what = "does not match" if failed.kind == "must_match" else "matches"
        yield RuleFault(
            key=failed.kind,
            what=f'{failed.kind}: the rule {what} "{failed.text}" ({failed.why})',
            remedy="correct the query or the example",
        )
