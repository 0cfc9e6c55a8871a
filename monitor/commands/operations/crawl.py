"""`nieuwswacht crawl`: one round now."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from monitor.running.once import RoundReport


@click.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@click.option("--deliver/--no-deliver", default=True, help="Send the alerts, or only queue them.")
@json_option
@click.pass_context
def crawl(ctx: click.Context, source_ids: tuple[str, ...], *, deliver: bool) -> None:
    """One round now: whatever is due, or the sources named.

    Exits with 1 when every source that was polled failed, the database could not be written, a bug
    kept a text from being matched, or an alert was given up; some sources fail in most rounds.
    Ctrl-C or SIGTERM finishes what is in hand; alerts then stay queued.
    """
    from monitor.quiet_round import close_round, report_before

    context: Context = ctx.obj
    is_usual = deliver and not source_ids and not context.verbose
    if is_usual and (before := report_before(context)):
        _tell(context, before)
        return
    context.named_sources(source_ids)
    channels = context.senders()
    _ = context.rulebook  # a fault in any file stops the command here
    _configure_logging(context)

    from monitor.evidence import keep_evidence, stamp_evidence
    from monitor.running import RoundReport, round_now

    with context.writer() as writer:
        begun = context.now()
        report = round_now(context, writer, channels, only=source_ids or None, deliver=deliver)
        _, fault = keep_evidence(context, writer)
        unstamped = stamp_evidence(context, writer)
        if is_usual:
            nothing = report == RoundReport.of_nothing() and not fault and not unstamped
            told = report.as_json() if nothing else None
            close_round(context, writer, begun=begun, report=told)
    for said in filter(None, (fault and f"no evidence is kept: {fault}", unstamped)):
        context.progress.print(said, markup=False, style="bold red")
    if not context.json:
        _print_faults(context, report)
    _tell(context, report.as_json())
    ctx.exit(1 if report.failed else 0)


def _configure_logging(context: Context) -> None:
    import logging

    from monitor.running.logs import configure_logging

    if context.verbose:
        configure_logging(logging.INFO, as_json=context.log_json, settings=context.settings.log)
    else:
        told = ("crawler.engine.recorder", "crawler.engine.crawl")
        configure_logging(logging.WARNING, told=told, as_json=context.log_json)


def _print_faults(context: Context, report: RoundReport) -> None:
    from monitor.views.articles_view import safe

    crawl, said = report.crawl, context.progress.print
    if crawl.without_network:
        said(
            f"{crawl.obstacle} ({crawl.cut_off} sources)",
            markup=False,
            style="bold red",
        )
    for fault in () if crawl.without_network else crawl.errors:
        where = f" ({fault.url})" if fault.url else ""
        said(safe(f"{fault.source}: {fault.error}{where}"), markup=False, style="yellow")
    if report.matching.unmatched:
        texts = f"texts that a bug kept from being matched: {report.matching.unmatched}"
        said(f"{texts}: see `nieuwswacht status`", markup=False, style="bold red")


def _tell(context: Context, report: Mapping[str, Any]) -> None:
    """Say what a round did, by what `--json` writes of it."""
    if context.json:
        context.emit(report)
        return
    sources, pages, articles = report["sources"], report["pages"], report["articles"]
    sent = report["deliveries"]
    _say(
        context,
        f"{sources['polled']} sources polled ({sources['unchanged']} unchanged, "
        f"{sources['failed']} failed), {report['entries']} entries, {pages['fetched']} pages "
        f"fetched ({pages['failed']} failed)",
    )
    _say(
        context,
        f"{articles['new']} new articles, {articles['revised']} revised; {report['matches']} "
        f"match, {report['alerts']['queued']} alerts; {sent['sent']} messages sent, "
        f"{sent['pending']} pending, {sent['dead']} given up",
    )


def _say(context: Context, text: str) -> None:
    """Print as `progress` does, but load what a terminal needs only where there is one."""
    if sys.stderr.isatty():
        context.progress.print(text, markup=False)
    elif not context.quiet:
        click.echo(text, err=True)
