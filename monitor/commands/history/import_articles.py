"""`nieuwswacht import`: articles from exports into an archive of its own."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.options import db_option
from monitor.context import Context, json_option


@click.group("import")
def import_group() -> None:
    """Fill a history, an archive of its own, from other programs' exports."""


@import_group.command("articles")
@click.argument(
    "path", metavar="FILE.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@db_option
@json_option
@click.pass_context
def articles(ctx: click.Context, *, path: Path) -> None:
    """Articles in JSON lines: title, body, date, outlet, url, author, lead, section, language.

    Each line is an object. The date of an article is the clock, and the oldest comes first. A line
    that is no article is named with its number, and the command then exits with 1; the rest is
    kept. The same file twice changes nothing.
    """
    from crawler.history import (
        FoundFile,
        ImportedFile,
        begin,
        first_date,
        outlets_by_host,
        seekable,
    )
    from crawler.parts import LocalMap
    from monitor.commands.history.filled_files import filled, history_writer

    context: Context = ctx.obj
    path = seekable(path)
    now, hosts = context.now(), outlets_by_host(context.sources)
    found = FoundFile(
        path=str(path), name=path.name, dated=first_date(path, now), size=path.stat().st_size
    )
    with history_writer(context) as writer:
        left = writer.run(lambda db: begin(db, [found], selection=None, sources=hosts, now=now))
        well = filled(
            context,
            writer,
            LocalMap(0),
            left,
            lambda each: ImportedFile(path=path, hosts=hosts, now=now, start=each.start),
            [found.name],
        )
    ctx.exit(0 if well else 1)
