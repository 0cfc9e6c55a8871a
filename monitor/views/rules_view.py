"""How rules, their matches and backtests are shown: as JSON, and as text for people."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from alerts.document import Document
    from alerts.match import Match
    from alerts.rules import Difference, FoundArticle, ListedRule, Report, Rule
    from alerts.waves import VolumeSetting, WaveStep
    from monitor.context import Context

_BAR = 30  # characters of the longest bar in the list of days; chosen: fits any terminal
_LINES = 3  # lines shown of an article in a list; chosen: enough to know what it is about


def rule_as_json(rule: Rule, *, enabled: bool = True) -> dict[str, Any]:
    """A rule with everything that `rules.toml` says about it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "query": rule.text,
        "channels": list(rule.channels),
        "priority": rule.priority.value,
        "outlets": list(rule.outlets),
        "must_match": list(rule.must_match),
        "must_not_match": list(rule.must_not_match),
        "hash": rule.hash,
        "section": rule.section,
        "enabled": enabled,
        "volume": volume_as_json(rule.volume) if rule.volume else None,
    }


def volume_as_json(volume: VolumeSetting) -> dict[str, Any]:
    """The setting for waves; `over` in seconds."""
    return asdict(volume) | {"over": volume.over.total_seconds()}


def print_rules(context: Context) -> None:
    """Print the rules in force as a table, and those that are switched off below it."""
    from rich.table import Table
    from rich.text import Text

    from monitor.views.articles_view import safe

    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "priority", "channels", "query"):
        table.add_column(heading, overflow="fold")
    rules = _listed(context)
    for rule in rules:
        if rule.enabled:
            channels, query = ", ".join(rule.channels), " ".join(rule.text.split())
            cells = (rule.id, rule.name, rule.priority, channels, query)
            table.add_row(*(Text(safe(cell)) for cell in cells))
    context.console.print(table)
    if off := [rule.id for rule in rules if not rule.enabled]:
        context.console.print(
            Text(f"switched off (enabled = false): {', '.join(off)}", style="dim")
        )


def _listed(context: Context) -> list[ListedRule]:
    """The rules of the file; where they are known to be good, as they are written."""
    from alerts.rules import ListedRule, listed_rules

    if context.beginning.is_settled and (known := listed_rules(context.rules_file)):
        return known
    book = context.rulebook
    return [
        ListedRule(rule.id, rule.name, rule.priority.value, rule.channels, rule.text, enabled)
        for rules, enabled in ((book.rules, True), (book.disabled, False))
        for rule in rules
    ]


def emit_matches(document: Document, matches: list[Match]) -> None:
    """Write the matches of one document as a line of JSON."""
    from monitor.views.articles_view import match_as_json

    value = {"id": document.id, "matches": list(map(match_as_json, matches))}
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can hold and UTF-8 cannot
        text = json.dumps(value)
    click.echo(text)


def print_matches(context: Context, document: Document, matches: list[Match]) -> None:
    """Print the matches of one document, with their hits marked."""
    from rich.text import Text

    from monitor.views.articles_view import safe
    from monitor.views.quotes_view import quoted_lines

    head = Text(safe(document.id), style="bold")
    if document.title:
        head.append(f"  {safe(document.title)}")
    context.console.print(head)
    for match in matches:
        context.console.print(Text(f"  {match.rule}", style="green"))
        for line in quoted_lines(document, match.hits, marks=context.console.plain):
            context.console.print(Text("    ") + line, soft_wrap=True)
    if not matches:
        context.console.print("  nothing", style="dim")


def report_as_json(
    draft: Rule, held: Rule | None, report: Report, *, stories: bool
) -> dict[str, Any]:
    """A backtest; `won` and `lost` are null when nothing was compared, `told` without `stories`."""
    compared = report.comparison
    return {
        "rule": held.id if held else "query",
        "query": draft.text,
        "articles": report.articles,
        "matches": report.matches,
        "stories": report.stories,
        "alerts_a_day": round(report.alerts_a_day, 2),
        "days": [
            {
                "day": day.day.isoformat(),
                "articles": day.articles,
                "matches": day.matches,
                "stories": day.stories,
            }
            for day in report.days
        ],
        "newest": list(map(_found_as_json, report.newest)),
        "won": _difference(compared.won) if compared else None,
        "lost": _difference(compared.lost) if compared else None,
        "unmatched": [{"id": article, "bug": bug} for article, bug in report.unmatched.items()],
        "volume": volume_as_json(draft.volume) if draft.volume else None,
        "waves": None if report.waves is None else list(map(_step_as_json, report.waves)),
        "told": list(map(asdict, report.told)) if stories else None,
    }


def _step_as_json(step: WaveStep) -> dict[str, Any]:
    return {
        "phase": step.phase.value,
        "at": step.at,
        "began": step.wave.began,
        "stories": step.stories,
        "outlets": step.outlets,
        "peak": step.wave.peak,
        "expected": round(step.wave.usual.expected, 2),
        "weeks": step.wave.usual.weeks,
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {"count": found.count, "newest": list(map(_found_as_json, found.newest))}


def _found_as_json(found: FoundArticle) -> dict[str, Any]:
    document = found.document
    return {
        "id": document.id,
        "url": document.url,
        "outlet": document.outlet,
        "title": document.title,
        "published": found.published,
        "hits": list(map(asdict, found.hits)),
    }


def print_report(context: Context, report: Report, *, stories: bool) -> None:
    """Print a backtest for people: days, sums, the newest articles, the difference."""
    out = context.console
    most = max((day.matches for day in report.days), default=0)
    for day in report.days:
        bar = "█" * round(_BAR * day.matches / most) if most else ""
        out.print(f"{day.day}  {day.matches:>6} of {day.articles:<6} {bar}", markup=False)
    out.print(
        f"{report.matches:,} of {report.articles:,} articles match, in {report.stories:,} stories: "
        f"expect {report.alerts_a_day:.1f} alerts a day",
        style="bold",
    )
    for article, bug in islice(report.unmatched.items(), 1):
        out.print(
            f"{len(report.unmatched):,} could not be matched, a bug, please report it: "
            f"{article}: {bug}",
            markup=False,
        )
    if stories:
        _print_stories(context, report)
    _print_waves(context, report)
    _print_found(context, "newest", report.newest)
    if compared := report.comparison:
        won, lost = compared.won, compared.lost
        counts = f"{won.count:,} won, {lost.count:,} lost"
        out.print(f"\nagainst the rule in force: {counts}", style="bold")
        _print_found(context, "won", won.newest)
        _print_found(context, "lost", lost.newest)


def _print_stories(context: Context, report: Report) -> None:
    from rich.text import Text

    from monitor.views.articles_view import local, safe

    context.console.print("\nstories, each an alert", style="underline")
    for story in report.told:
        when = local(story.published, context.plain.timezone)
        context.console.print(Text(f"{when}  {safe(story.outlet)}: {safe(story.title)}"))
        others = [outlet for outlet in story.outlets if outlet != story.outlet]
        if others:
            context.console.print(Text(f"    also {safe(', '.join(others))}", style="dim"))


def _print_waves(context: Context, report: Report) -> None:
    from monitor.views.articles_view import local

    if report.waves is None:
        return
    zone = context.plain.timezone
    begun = sum(step.phase == "begins" for step in report.waves)
    context.console.print(f"\n{begun} {'wave' if begun == 1 else 'waves'}", style="underline")
    for step in report.waves:
        usual = step.wave.usual
        base = f"{usual.weeks} weeks" if not usual.is_cold else "the average, no weeks known yet"
        told = f"most {step.wave.peak}" if step.phase == "ends" else f"{step.stories} stories"
        context.console.print(
            f"{local(step.at, zone)}  {step.phase.value:<8} {told} at {step.outlets} outlets; "
            f"usual {usual.expected:.1f} ({base})",
            markup=False,
        )


def _print_found(context: Context, heading: str, found: tuple[FoundArticle, ...]) -> None:
    from rich.text import Text

    from monitor.views.articles_view import local, safe
    from monitor.views.quotes_view import quoted_lines

    if found:
        context.console.print(f"\n{heading}", style="underline")
    for each in found:
        when = local(each.published, context.plain.timezone)
        document = each.document
        context.console.print(Text(f"{when}  {safe(document.outlet)}: {safe(document.title)}"))
        for line in islice(quoted_lines(document, each.hits, marks=context.console.plain), _LINES):
            context.console.print(Text("    ") + line, soft_wrap=True)
