"""`nieuwswacht run`: the daemon."""

from __future__ import annotations

import logging

import click

from monitor.context import Context


@click.command()
@click.pass_context
def run(ctx: click.Context) -> None:
    """Poll, fetch, match and deliver until Ctrl-C or SIGTERM; one instance per database."""
    context: Context = ctx.obj
    _ = context.beginning  # before its files are read, so that it is known which were
    _ = context.sources, context.senders(), context.rulebook  # a fault in any file stops it here

    import asyncio

    from monitor.running.daemon import run_daemon
    from monitor.running.logs import configure_logging

    level = logging.DEBUG if context.verbose else logging.WARNING if context.quiet else logging.INFO
    log = context.settings.log
    configure_logging(level, as_json=context.log_json, settings=log, with_file=True)
    with context.writer() as writer:
        well = asyncio.run(run_daemon(context, writer))
    ctx.exit(0 if well else 1)
