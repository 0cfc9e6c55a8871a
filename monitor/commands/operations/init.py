"""`nieuwswacht init`: the commented configuration in a folder of one's own."""

from __future__ import annotations

import shlex
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from monitor.context import Context, json_option
from monitor.program import program

FILES = ("nieuwswacht.toml", "sources.toml", "rules.toml", "channels.toml", "reviews.toml")


def shipped(name: str) -> Traversable:
    """A file of the default configuration: inside an installed package, or in a checkout."""
    installed = files("monitor").joinpath("defaults", name)
    if installed.is_file():
        return installed
    return Path(__file__).parents[3] / "config" / name


@click.command()
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False)
)
@json_option
@click.pass_obj
def init(context: Context, folder: Path | None) -> None:
    """Write the commented configuration into DIR (by default ./config); overwrite nothing."""
    folder = folder or context.config_dir
    written, kept = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            try:
                with (folder / name).open("x", encoding="utf-8") as file:
                    file.write(shipped(name).read_text("utf-8"))
                written.append(name)
            except FileExistsError:
                kept.append(name)
    except OSError as error:
        raise click.ClickException(f"cannot write into {folder}: {error.strerror}") from error
    if context.json:
        context.emit({"folder": str(folder), "written": written, "kept": kept})
        return
    for name in written:
        click.echo(f"wrote {folder / name}")
    for name in kept:
        click.echo(f"kept  {folder / name} as it was")
    click.echo(f"Next: {program()} --config {shlex.quote(str(folder))} check")
