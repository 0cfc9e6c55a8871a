"""`nieuwswacht rules`: the rules in force, and what a query finds before it goes live."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from crawler.errors import ConfigError
from monitor.commands.options import (
    MomentType,
    also_option,
    cluster_option,
    db_option,
    part_map_of,
)
from monitor.commands.rules import rule_apply, rule_history
from monitor.context import Context, json_option
from monitor.views import rules_view

if TYPE_CHECKING:
    from alerts.rules import Report, Rule, RuleBook
    from alerts.waves import VolumeSetting


@click.group()
def rules() -> None:
    """The rules: which there are and were, what a query finds, what a change would do."""


rules.add_command(rule_apply.apply)
rules.add_command(rule_history.history)
rules.add_command(rule_history.diff)


@rules.command("list")
@json_option
@click.pass_obj
def list_rules(context: Context) -> None:
    """Every rule in force, in the order in which they are answered."""
    if context.json:
        book = context.rulebook
        context.emit_lines(map(rules_view.rule_as_json, book.rules))
        context.emit_lines(rules_view.rule_as_json(rule, enabled=False) for rule in book.disabled)
        return
    rules_view.print_rules(context)


@rules.command()
@click.option("--query", metavar="QUERY", help="A query of your own, called `query` in the answer.")
@click.option("--rule", "rule_id", metavar="ID", help="One of the rules in force; else all.")
@click.option(
    "--input",
    "source",
    metavar="FILE",
    type=click.File("rb"),
    default="-",
    help="Articles, one JSON object a line; by default standard input.",
)
@json_option
@click.pass_obj
def test(context: Context, query: str | None, rule_id: str | None, source: BinaryIO) -> None:
    """What a query or the rules find in articles that you hand over.

    Each line is an object with any of id, title, lead, body, outlet, source, section, author, url
    and lang; one of the texts has to be there.
    """
    from alerts.rules import documents_of

    if query is not None and rule_id is not None:
        raise click.UsageError("give --query or --rule, not both")
    book = _book(context, query, rule_id)
    for document in documents_of(source, getattr(source, "name", "<stdin>")):
        matches = book.match(document)
        if context.json:
            rules_view.emit_matches(document, matches)
        else:
            rules_view.print_matches(context, document, matches)


def _book(context: Context, query: str | None, rule_id: str | None) -> RuleBook:
    from alerts.rules import RuleBook

    if query is not None:
        return RuleBook.build([_draft(context, query)])
    return context.rulebook if rule_id is None else RuleBook.build([context.rule(rule_id)])


def _draft(context: Context, query: str, held: Rule | None = None) -> Rule:
    """A query as a rule; it may use the concepts of the configuration.

    A new wording of the rule `held` is about the same outlets as that rule.
    """
    from alerts.rules import rule_of

    outlets, volume = (held.outlets, held.volume) if held else ((), None)
    return rule_of(
        id="query", text=query, concepts=context.concepts, outlets=outlets, volume=volume
    )


def _volume(setting: str) -> VolumeSetting | None:
    """The setting of `--volume`."""
    import tomllib

    from alerts.rules import volume_of

    try:
        return volume_of(tomllib.loads(f"volume = {{ {setting} }}")["volume"])
    except tomllib.TOMLDecodeError as error:
        raise click.BadParameter(f"this is no TOML: {error}", param_hint="--volume") from error
    except ConfigError as error:
        raise click.BadParameter(error.what, param_hint="--volume") from error


@rules.command()
@click.option(
    "--query", metavar="QUERY", help="A draft; with --rule it is compared with that rule."
)
@click.option("--rule", "rule_id", metavar="ID", help="A rule in force.")
@click.option(
    "--since", type=MomentType(), help="Published since then: 2026-03-01, or 3d for three days."
)
@click.option("--until", type=MomentType(), help="Published before then.")
@click.option(
    "--volume",
    metavar="SETTING",
    help="""Also show the waves that this would have found, written as in [rule.volume]:
    'over = "2h", times = 4'; '' is the usual setting. By default what the rule says.""",
)
@click.option(
    "--newest", type=click.IntRange(0, 1000), default=10, show_default=True, help="Matches to show."
)
@click.option("--stories", is_flag=True, help="Show each story that would have been an alert.")
@db_option
@also_option
@cluster_option
@json_option
@click.pass_obj
def backtest(
    context: Context,
    /,
    *,
    query: str | None,
    rule_id: str | None,
    volume: str | None,
    stories: bool,
    **reading: Any,
) -> None:
    """What a draft or a rule would have found in the archive.

    Each article is read as it stands now. Shows the hits a day, the newest articles with their hits
    marked, and the alerts to expect. For a draft with a rule to compare, it also shows what the
    draft wins and loses, and the waves that were in it.
    """
    if query is None and rule_id is None:
        raise click.UsageError("give --query, --rule or both")
    held = context.rule(rule_id) if rule_id is not None else None
    draft = _draft(context, query, held) if query is not None else held
    assert draft is not None
    if volume is not None:
        draft = replace(draft, volume=_volume(volume))
    report, revised = _run(context, draft, held if query is not None else None, **reading)
    if context.json:
        shown = rules_view.report_as_json(draft, held, report, stories=stories)
        context.emit(shown | {"revised": revised})
    else:
        rules_view.print_report(context, report, stories=stories)
        if revised:
            context.console.print(
                f"\nread as they stand now; {revised:,} of them had other texts before, which were "
                "not read (`search` finds those)",
                markup=False,
            )


def _run(  # noqa: PLR0913 - one for each option
    context: Context,
    draft: Rule,
    held: Rule | None,
    *,
    since: datetime | None,
    until: datetime | None,
    newest: int,
    also: Sequence[Path],
    cluster: str | None,
) -> tuple[Report, int]:
    """The report, and how many of the articles had other texts before."""
    from alerts.rules import Backtest
    from alerts.search import Period, size
    from alerts.stats import BacktestPart, backtest_among
    from crawler.parts import LocalMap

    files = [context.database, *also]
    archives = dict(zip(files, context.archives(also), strict=True))
    timezone, period = context.plain.timezone, Period(since, until)
    asked = BacktestPart(draft=draft, held=held, timezone=timezone, newest=newest, period=period)
    work = Backtest(draft, held, timezone=context.zone, newest=newest)
    among = part_map_of(cluster, files) or LocalMap(0)
    total, revised = sum(size(db, period) for db in archives.values()), 0
    answers = backtest_among(asked, archives, among)
    with _progress(context, total) as advance, closing(answers):
        for answer in answers:
            work.join(answer.counts)
            revised += answer.revised
            advance(answer.articles)
    return work.report(), revised


@contextmanager
def _progress(context: Context, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, to be advanced by so many; without a bar in a pipe."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = context.progress.is_terminal and not context.quiet
    with Progress(
        *columns, console=context.progress, transient=True, disable=not shown
    ) as progress:
        task = progress.add_task("", total=total)
        yield lambda number: progress.advance(task, number)
