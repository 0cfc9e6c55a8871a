"""`nieuwswacht crawl`: one round now."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

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
    context: Context = ctx.obj
    context.named_sources(source_ids)
    channels = context.senders()
    _ = context.rulebook  # a fault in any file stops the command here

    import asyncio

    from monitor.evidence import keep_evidence, stamp_evidence
    from monitor.running.logs import configure_logging
    from monitor.running.once import RoundReport, alert_round, crawl_round

    if context.verbose:
        configure_logging(logging.INFO, as_json=context.log_json, settings=context.settings.log)
    else:
        told = ("crawler.engine.recorder", "crawler.engine.crawl")
        configure_logging(logging.WARNING, told=told, as_json=context.log_json)
    with context.writer() as writer:
        crawled, stopped = asyncio.run(crawl_round(context, writer, source_ids or None))
        sends = deliver and not stopped
        matching, deliveries = alert_round(context, writer, channels, deliver=sends)
        _, fault = keep_evidence(context, writer)
        unstamped = stamp_evidence(context, writer)
    for said in filter(None, (fault and f"no evidence is kept: {fault}", unstamped)):
        context.progress.print(said, markup=False, style="bold red")
    report = RoundReport(crawled, matching, deliveries, stopped)
    if context.json:
        context.emit(report.as_json())
    else:
        _print(context, report)
    ctx.exit(1 if report.failed else 0)


def _print(context: Context, report: RoundReport) -> None:
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
    said(
        f"{crawl.polled} sources polled ({crawl.unchanged} unchanged, {crawl.sources_failed} "
        f"failed), {crawl.entries} entries, {crawl.fetched} pages fetched "
        f"({crawl.pages_failed} failed)",
        markup=False,
    )
    if report.matching.unmatched:
        texts = f"texts that a bug kept from being matched: {report.matching.unmatched}"
        said(f"{texts}: see `nieuwswacht status`", markup=False, style="bold red")
    said(
        f"{crawl.new} new articles, {crawl.revised} revised; {report.matching.matches} match, "
        f"{report.matching.queued} alerts; {report.deliveries.sent} messages sent, "
        f"{report.deliveries.pending} pending, {report.deliveries.dead} given up",
        markup=False,
    )
