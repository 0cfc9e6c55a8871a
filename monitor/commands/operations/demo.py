"""`nieuwswacht demo`: the whole way of an article, on this machine alone."""

from __future__ import annotations

import contextlib
import logging
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.context import Context
from monitor.program import program

if TYPE_CHECKING:
    from monitor.terminal import Terminal

_PAGE_WIDTH = 100


@click.command()
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demonstration's configuration and database in DIR.",
)
@click.option("--page", is_flag=True, help="Then serve the page over it, until Ctrl-C.")
@click.pass_obj
def demo(context: Context, keep: Path | None, *, page: bool) -> None:
    """Serve an invented newsroom on this machine, crawl it, and show the alerts."""
    from crawler.store import open_reader
    from monitor.demo.day import NEWS_AGE, play, print_report
    from monitor.demo.newsroom.newsroom import Newsroom
    from monitor.running.logs import configure_logging

    level = logging.INFO if context.verbose else logging.ERROR
    configure_logging(level, as_json=context.log_json)
    with contextlib.ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if (folder / "nieuwswacht.db").exists():
            raise click.UsageError(f"{folder} holds a demonstration already: choose another folder")
        newsroom = stack.enter_context(Newsroom(now=context.now() - NEWS_AGE))
        day = play(folder, newsroom, context.progress)
        print_report(_paper(context), newsroom, day, open_reader(folder / "nieuwswacht.db"))
        if page:
            _show_page(folder)
    if keep:
        config = shlex.quote(f"{keep}/config")
        click.echo(f"Kept in {keep}: look at it with {program()} --config {config} status")


def _show_page(folder: Path) -> None:
    """Serve the page over a demonstration, at any free port."""
    from monitor.running import serve_page

    played = Context(config_dir=folder / "config", db=folder / "nieuwswacht.db")
    serve_page(
        played,
        ("127.0.0.1", 0),
        lambda state: click.echo(f"\nThe page: {state.url or state.fault} (Ctrl-C ends it)"),
    )


def _paper(context: Context) -> Terminal:
    """Standard output; outside a terminal with a width, which the drawn messages need."""
    from monitor.terminal import Terminal

    if context.console.is_terminal:
        return context.console
    return Terminal(highlight=False, quiet=context.json, width=_PAGE_WIDTH)
