"""`nieuwswacht rules history` and `rules diff`: the wordings that rules have had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from alerts.counting import Wording, WordingHistory
    from crawler.store import Connection

# Characters of a hash, by which a wording can be named: fewer are hardly ever one alone.
_SHORTEST = 4


@click.command()
@click.argument("rule")
@json_option
@click.pass_obj
def history(context: Context, rule: str) -> None:
    """Every wording that RULE has had: from when to when, and what it found.

    A wording is kept when the rules are taken up. `rules diff` compares two by their hashes.
    """
    from alerts.counting import RuleWordings

    found = RuleWordings(context.reader()).history(rule)
    if not found:
        raise click.UsageError(f'no rule "{rule}" was in force yet: `rules list` shows the rules')
    if context.json:
        context.emit_lines(map(_as_json, found))
        return
    for each in found:
        _print(context, each)


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@json_option
@click.pass_obj
def diff(context: Context, old: str, new: str) -> None:
    """What differs between the wordings A and B, in their concepts too.

    Each is a hash that `rules history` shows, or its beginning. The id of a rule stands for its
    wording in rules.toml.
    """
    from difflib import unified_diff

    db = context.reader()
    one, other = _wording(context, db, old), _wording(context, db, new)
    before, after = (f"{each.rule} {each.hash}" for each in (one, other))
    lines = list(unified_diff(one.lines, other.lines, before, after, lineterm=""))
    if context.json:
        values = {"a": _wording_as_json(one), "b": _wording_as_json(other), "diff": lines}
        context.emit(values)
        return
    _print_lines(context, lines or ["the two are the same"])


def _wording(context: Context, db: Connection, name: str) -> Wording:
    from alerts.counting import RuleWordings

    found = RuleWordings(db).named(name) if len(name) >= _SHORTEST else []
    if len(found) == 1:
        return found[0]
    if found:
        there = ", ".join(each.hash for each in found)
        raise click.UsageError(f"several wordings begin with {name}: {there}")
    return context.rule(name).wording


def _as_json(each: WordingHistory) -> dict[str, Any]:
    spans = [{"since": since, "until": until} for since, until in each.spans]
    text = _wording_as_json(each.wording) if each.wording else None
    known = text or {"rule": each.rule, "hash": each.hash, "query": None}
    return known | {"spans": spans, "articles": each.articles, "applied": each.applied}


def _wording_as_json(wording: Wording) -> dict[str, Any]:
    return {
        "rule": wording.rule,
        "hash": wording.hash,
        "query": wording.query,
        "outlets": list(wording.outlets),
        "concepts": {name: list(texts) for name, texts in wording.concepts.items()},
    }


def _print(context: Context, each: WordingHistory) -> None:
    from rich.text import Text

    from monitor.views.articles_view import safe

    out, zone = context.console, context.plain.timezone
    applied = f", {each.applied:,} more when it was applied" if each.applied else ""
    out.print(Text(f"{each.hash}  {each.articles:,} articles{applied}", style="bold"))
    for since, until in each.spans:
        out.print(f"  in force {_span(since, until, zone)}", markup=False)
    if each.wording is None:
        out.print("  its text was not kept: it is older than this history", markup=False)
    else:
        out.print(Text(safe(f"  {' '.join(each.wording.query.split())}")), soft_wrap=True)
        if each.wording.concepts:
            used = ", ".join(f"@{name}" for name in sorted(each.wording.concepts))
            out.print(f"  with {used}", markup=False, soft_wrap=True)
    out.print()


def _span(since: datetime, until: datetime | None, zone: str) -> str:
    from monitor.views.articles_view import local

    return f"since {local(since, zone)}" + (f", until {local(until, zone)}" if until else "")


def _print_lines(context: Context, lines: Iterable[str]) -> None:
    from rich.text import Text

    from monitor.views.articles_view import safe

    for line in lines:
        style = {"+": "green", "-": "red"}.get(line[:1], "")
        context.console.print(Text(safe(line), style=style), soft_wrap=True)
