"""`nieuwswacht rules apply`: a rule applied backwards, to count with and to tell nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from monitor.commands.options import MomentType
from monitor.context import Context, json_option

if TYPE_CHECKING:
    from alerts.delivery import Request
    from alerts.rules import Rule


@click.command()
@click.argument("rule")
@click.option(
    "--since", type=MomentType(), help="Published since then: 2026-03-01, or 3d for three days."
)
@click.option("--undo", is_flag=True, help="Take back what was found in this way.")
@json_option
@click.pass_obj
def apply(context: Context, rule: str, since: datetime | None, *, undo: bool) -> None:
    """Find with RULE in the archive what was there before it, and tell nobody.

    What is found counts in `stats`, `export` and the views, with the origin `applied`. An
    application that was interrupted goes on where it was, if wording and --since are the same; one
    that ended begins anew.
    """
    if undo and since:
        raise click.UsageError("--undo takes back all: leave out --since")
    if undo:
        _undo(context, rule)
    else:
        _apply(context, context.rule(rule), since)


def _undo(context: Context, rule: str) -> None:
    from alerts.counting import AppliedMatches
    from alerts.delivery import DropApplied

    count = AppliedMatches(context.reader()).count(rule)
    with _orders(context) as (order, handed_over):
        order(DropApplied(rule))
    if context.json:
        context.emit({"rule": rule, "taken_back": count, "handed_over": handed_over})
    else:
        _say(f"{count:,} articles taken back", handed_over=handed_over)


def _apply(context: Context, rule: Rule, since: datetime | None) -> None:
    from alerts.counting import AppliedMatches
    from alerts.delivery import KeepApplied
    from alerts.stats import applied_backwards
    from crawler.store import as_text

    db, found = context.reader(), 0
    reached = AppliedMatches(db).reached(rule.id, rule.hash, as_text(since) if since else "")
    if reached:
        context.progress.print(f"going on from {reached[:10]}", markup=False)
    with _orders(context) as (order, handed_over), context.progress.status("reading") as far:
        for batch in applied_backwards(db, rule, since, reached):
            order(KeepApplied(batch))
            found += len(batch.found)
            far.update(f"{found:,} articles, back to {batch.reached[:10]}")
    if context.json:
        outcome = {"rule": rule.id, "hash": rule.hash, "found": found, "handed_over": handed_over}
        context.emit(outcome)
    else:
        told = f"rule {rule.id} is found in {found:,} articles; nobody is told"
        _say(told, handed_over=handed_over)


@contextmanager
def _orders(context: Context) -> Iterator[tuple[Callable[[Request], object], bool]]:
    """What carries an order out, and whether it hands it to the process with the database."""
    from alerts.delivery import carry_out, leave
    from crawler.errors import StoreBusyError

    try:
        opened = context.writer(history_too=True)
    except StoreBusyError:
        yield lambda order: leave(context.database, order, context.now()), True
        return
    with opened as writer:
        yield lambda order: writer.run(lambda db: carry_out(db, order, [], context.now())), False


def _say(told: str, *, handed_over: bool) -> None:
    click.echo(told + ("; handed to the running instance" if handed_over else ""))
