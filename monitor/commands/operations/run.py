"""`nieuwswacht run`: the daemon."""

from __future__ import annotations

import asyncio
import logging

import click

from monitor.context import Context


@click.command()
@click.pass_context
def run(context: click.Context) -> None:
    """Poll, fetch, match and deliver until Ctrl-C or SIGTERM; one instance per database."""
    desk: Context = context.obj
    _ = desk.sources, desk.senders(), desk.rulebook  # nothing starts half configured

    from monitor.running.daemon import run_daemon
    from monitor.running.logs import configure_logging

    level = logging.DEBUG if desk.verbose else logging.WARNING if desk.quiet else logging.INFO
    configure_logging(level)
    with desk.writer() as writer:
        well = asyncio.run(run_daemon(desk, writer))
    context.exit(0 if well else 1)
