"""`nieuwswacht replay`: an archive of its own, filled from web archives."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.commands.options import MomentType, cluster_option, db_option
from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.history import FileToRead, Selection
    from crawler.parts import PartMap


@click.command()
@click.argument(
    "paths",
    metavar="FILE|FOLDER...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@db_option
@click.option("--since", type=MomentType(), help="Only what was captured since then.")
@click.option("--until", type=MomentType(), help="Only what was captured before then.")
@click.option(
    "--outlets", metavar="NAMES", default="", help="Only these of the catalogue: 'NOS,NRC'."
)
@click.option(
    "--workers",
    type=click.IntRange(0, 256),
    default=max(1, (os.cpu_count() or 1) - 1),
    help="Processes that read, a file each; 0 reads in this one. By default one less than cores.",
)
@cluster_option
@json_option
@click.pass_context
def replay(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    since: datetime | None,
    until: datetime | None,
    outlets: str,
    workers: int,
    cluster: str | None,
) -> None:
    """Fill a history, an archive of its own, from WARC files, with their dates as its clock.

    Pages of the outlets of sources.toml are read as in a crawl. Nothing is told. It may be ended at
    any moment: the same command goes on from there, and does nothing when all is read. Exits with 1
    if something in the files could not be read; the rest is kept.
    """
    from crawler.history import Selection, outlets_by_host
    from crawler.parts import DaskMap, LocalMap

    context: Context = ctx.obj
    chosen = _outlets(context, outlets)
    hosts = outlets_by_host(context.sources, chosen)
    selection = Selection(hosts=hosts, now=context.now(), since=since, until=until)
    part_map = DaskMap(cluster) if cluster else LocalMap(workers)
    ctx.exit(0 if _replay(context, paths, selection, ", ".join(chosen), part_map) else 1)


def _replay(
    context: Context, paths: Sequence[Path], selection: Selection, outlets: str, part_map: PartMap
) -> bool:
    from crawler.history import HistoryFile, begin, found_files
    from monitor.commands.history.filled_files import filled, history_writer

    options = {
        "since": selection.since and selection.since.isoformat(),
        "until": selection.until and selection.until.isoformat(),
        "outlets": outlets,
    }

    def part_of(each: FileToRead) -> HistoryFile:
        return HistoryFile(
            path=Path(each.file.path).resolve(), selection=selection, start=each.start
        )

    found = found_files(paths, selection.now)
    with history_writer(context) as writer:
        fitting = partial(begin, found=found, selection=options, sources=selection.hosts)
        left = writer.run(partial(fitting, now=selection.now))
        names = [file.name for file in found]
        return filled(context, writer, part_map, left, part_of, names)


def _outlets(context: Context, names: str) -> list[str]:
    """The outlets that were named, in the order of the catalogue."""
    asked = {name.strip() for name in names.split(",") if name.strip()}
    there = dict.fromkeys(source.outlet for source in context.sources)
    for name in sorted(asked - set(there)):
        raise click.UsageError(
            f"sources.toml has no outlet {name!r}: `nieuwswacht sources list` shows them"
        )
    return [outlet for outlet in there if outlet in asked]
