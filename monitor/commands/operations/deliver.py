"""`nieuwswacht deliver`: send what is due, once."""

from __future__ import annotations

import click

from monitor.context import Context, json_option


@click.command()
@json_option
@click.pass_context
def deliver(ctx: click.Context) -> None:
    """Send what is due, once; exit with 1 when an alert was given up."""
    from alerts.delivery import deliver_due
    from monitor.running import do_what_was_left, stop_on_signals

    context: Context = ctx.obj
    channels = context.senders()
    with context.writer() as writer, stop_on_signals() as stop:
        plans = [channel.plan for channel in channels]
        do_what_was_left(context, writer, plans)
        if context.papers:
            context.issue_papers(writer, context.rulebook, plans)
        counts = deliver_due(writer, channels, stop=stop)
    if context.json:
        context.emit({"sent": counts.sent, "pending": counts.pending, "dead": counts.dead})
    else:
        context.progress.print(
            f"{counts.sent} sent, {counts.pending} pending, {counts.dead} given up", markup=False
        )
    ctx.exit(1 if counts.dead else 0)
