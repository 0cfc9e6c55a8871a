"""`nieuwswacht backup`: a copy of the database while it is in use."""

from __future__ import annotations

import os
from pathlib import Path

import click

from monitor.context import Context, json_option


@click.command()
@click.argument("target", metavar="FILE|DIR", type=click.Path())
@click.option("--keep", type=click.IntRange(1), help="In a folder: keep only the newest of these.")
@json_option
@click.pass_obj
def backup(context: Context, target: str, keep: int | None) -> None:
    """Copy the database to a file, or under the date into a folder; `run` may be at work.

    The copy is checked before it gets its name. An existing file is replaced.
    """
    from crawler.store import back_up, dated, thin_out

    place = Path(target)
    is_folder = place.is_dir() or target.endswith(os.sep)
    if keep and not is_folder:
        raise click.UsageError(f"--keep needs a folder, and {target} is none: end it with a /")
    copy = dated(place, context.database, context.now()) if is_folder else place
    back_up(context.database, copy)
    removed = thin_out(place, context.database, keep) if keep else []
    if context.json:
        names = [str(path) for path in removed]
        context.emit({"path": str(copy), "bytes": copy.stat().st_size, "removed": names})
        return
    click.echo(f"{copy}: {copy.stat().st_size / 1e6:.1f} MB")
    for path in removed:
        click.echo(f"removed {path}")
