"""`nieuwswacht serve`: the page alone, over an archive."""

from __future__ import annotations

import logging

import click

from monitor.context import Context


@click.command()
@click.pass_context
def serve(ctx: click.Context) -> None:
    """Serve the page over an archive, whether anybody writes it or not, until Ctrl-C or SIGTERM."""
    from monitor.running.logs import configure_logging
    from monitor.running.signals import stop_on_signals
    from monitor.web import PageServer, page_app

    context: Context = ctx.obj
    address = context.settings.web.address
    if address is None:
        raise click.UsageError("[web] listen in nieuwswacht.toml is empty: name a host and a port")
    context.reader().close()  # an archive that cannot be read is told here
    level = logging.INFO if context.verbose else logging.ERROR
    configure_logging(level, as_json=context.log_json, settings=context.settings.log)
    server = PageServer(lambda: page_app(context), address)
    with stop_on_signals() as stop:
        server.start()
        state = server.wait()
        click.echo(state.url or state.fault, err=bool(state.fault))
        if state.url:
            stop.wait()
    server.stop()
    ctx.exit(0 if state.url else 1)
