"""`nieuwswacht serve`: the page alone, over an archive."""

from __future__ import annotations

import logging

import click

from monitor.context import Context


@click.command()
@click.pass_context
def serve(ctx: click.Context) -> None:
    """Serve the page over an archive, whether anybody writes it or not, until Ctrl-C or SIGTERM."""
    from monitor.running import serve_page
    from monitor.running.logs import configure_logging

    context: Context = ctx.obj
    address = context.settings.web.address
    if address is None:
        raise click.UsageError("[web] listen in nieuwswacht.toml is empty: name a host and a port")
    context.reader().close()  # an archive that cannot be read is told here
    level = logging.INFO if context.verbose else logging.ERROR
    configure_logging(level, as_json=context.log_json, settings=context.settings.log)
    served = serve_page(
        context,
        address,
        lambda state: click.echo(state.url or state.fault, err=bool(state.fault)),
    )
    ctx.exit(0 if served else 1)
