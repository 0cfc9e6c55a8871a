"""`nieuwswacht demo`: the whole way of an article, on this machine alone."""

from __future__ import annotations

import contextlib
import logging
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.context import Context
from monitor.program import program

if TYPE_CHECKING:
    from monitor.demo import PlayedDay
    from monitor.terminal import Terminal
    from monitor.web import PageState

_PAGE_WIDTH = 100


@click.command()
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demonstration's configuration and database in DIR.",
)
@click.option("--page", is_flag=True, help="Then go on, and serve the page, until Ctrl-C.")
@click.pass_obj
def demo(context: Context, keep: Path | None, *, page: bool) -> None:
    """Serve an invented newsroom on this machine, crawl it, and show the alerts."""
    from tempfile import TemporaryDirectory

    from crawler.store import open_reader
    from monitor.demo.day import NEWS_AGE, play, print_report
    from monitor.demo.newsroom.newsroom import Newsroom
    from monitor.running.logs import configure_logging

    level = logging.INFO if context.verbose else logging.ERROR
    configure_logging(level, as_json=context.log_json)
    with contextlib.ExitStack() as stack:
        folder = keep or Path(stack.enter_context(TemporaryDirectory()))
        if (folder / "nieuwswacht.db").exists():
            raise click.UsageError(f"{folder} holds a demonstration already: choose another folder")
        newsroom = stack.enter_context(Newsroom(now=context.now() - NEWS_AGE))

        async def show(done: PlayedDay) -> None:
            reader = open_reader(folder / "nieuwswacht.db")
            print_report(_paper(context), newsroom, done.day, reader)
            if page:
                await _go_on(done)

        play(folder, newsroom, context.progress, show)
    if keep:
        config = shlex.quote(f"{keep}/config")
        click.echo(f"Kept in {keep}: look at it with {program()} --config {config} status")


async def _go_on(done: PlayedDay) -> None:
    """Let a real daemon go on with the demonstration and serve its page, until Ctrl-C."""
    from monitor.running import run_daemon
    from monitor.web.entry import entry_key, key_of

    def say(state: PageState) -> None:
        key = key_of(done.context.database)
        url = f"{state.url}/enter?key={entry_key(key)}" if state.url and key else state.fault
        click.echo(f"\nThe page: {url} (Ctrl-C ends it)")

    await run_daemon(done.context, done.writer, on_page=say)


def _paper(context: Context) -> Terminal:
    """Standard output; outside a terminal with a width, which the drawn messages need."""
    from monitor.terminal import Terminal

    if context.console.is_terminal:
        return context.console
    return Terminal(highlight=False, quiet=context.json, width=_PAGE_WIDTH)
