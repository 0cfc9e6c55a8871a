"""`nieuwswacht page`: open the page of the daemon that runs, with the right to change things."""

from __future__ import annotations

import click

from monitor.context import Context


@click.command()
@click.option("--print", "printed", is_flag=True, help="Print the address; open no browser.")
@click.pass_context
def page(ctx: click.Context, *, printed: bool) -> None:
    """Open the page; exit with 1 if no daemon serves it.

    The address carries the key of the archive, which only its owner can read: whoever has it may
    silence and change rules. The browser keeps a cookie in its place.
    """
    from alerts.faults import config_fault_in
    from crawler.store import holder_of
    from monitor.web.entry import entry_key, key_of

    context: Context = ctx.obj
    holder = holder_of(context.database)
    if not holder.page:
        fault = config_fault_in(holder.page_fault) if holder.page_fault else ""
        click.echo(fault or "no daemon serves a page now", err=True)
        ctx.exit(1)
    key = key_of(context.database)
    url = f"{holder.page}/enter?key={entry_key(key)}" if key else holder.page
    if printed or click.launch(url):
        click.echo(url)
