"""`nieuwswacht sources import` and `export`: feeds in the form that feed readers exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.sources import OpmlEntry


@click.command("import")
@click.argument("opml", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would be added, and add nothing.")
@json_option
@click.pass_context
def import_list(ctx: click.Context, opml: BinaryIO, *, dry_run: bool) -> None:
    """Add the feeds of an OPML list to sources.toml; what is there stays unchanged.

    Says for each entry whether it is added, already there, or refused, and why.
    """
    from crawler.errors import ConfigError
    from crawler.sources import MAX_BYTES, NewFeed, RefusedFeed, entries_of_opml

    context: Context = ctx.obj
    try:
        entries = entries_of_opml(opml.read(MAX_BYTES + 1), known=context.sources)
    except ConfigError as error:
        raise ConfigError(error.what, path=opml.name, remedy=error.remedy) from error
    fresh = [entry.source for entry in entries if isinstance(entry, NewFeed)]
    if fresh and not dry_run:
        from crawler.sources import append_sources

        append_sources(context.config_dir / "sources.toml", fresh, "Imported from an OPML list")
    _tell(context, entries, dry_run=dry_run)
    refused = any(isinstance(entry, RefusedFeed) for entry in entries)
    ctx.exit(1 if refused or not entries else 0)


@click.command("export")
@click.option("--all", "everything", is_flag=True, help="Also the sources that are not enabled.")
@json_option
@click.pass_obj
def export_list(context: Context, *, everything: bool) -> None:
    """Write the feeds of the catalogue to standard output, as OPML for a feed reader."""
    from crawler.model import SourceKind
    from crawler.sources import opml_of

    chosen = [source for source in context.sources if source.enabled or everything]
    left_out = [source.id for source in chosen if source.kind is not SourceKind.FEED]
    opml = opml_of(chosen)
    if context.json:
        feeds = len(chosen) - len(left_out)
        context.emit({"feeds": feeds, "left_out": left_out, "opml": opml.decode()})
        return
    click.echo(opml, nl=False)
    if left_out:
        context.progress.print(
            f"left out, since no feed reader could use them: {', '.join(left_out)}", markup=False
        )


def _tell(context: Context, entries: Sequence[OpmlEntry], *, dry_run: bool) -> None:
    if context.json:
        context.emit_lines(_as_json(entry, dry_run=dry_run) for entry in entries)
        return
    from crawler.sources import HeldFeed, NewFeed
    from monitor.views.sources_view import print_table

    added = "would be added" if dry_run else "added"
    rows = [
        (
            entry.source.id if isinstance(entry, NewFeed) else "",
            *(entry.title, entry.url),
            _refusal(entry) or added,
        )
        for entry in entries
    ]
    print_table(context, ("id", "title", "address", "result"), rows)
    fresh = sum(isinstance(entry, NewFeed) for entry in entries)
    held = sum(isinstance(entry, HeldFeed) for entry in entries)
    refused = len(entries) - fresh - held
    context.progress.print(f"{fresh} {added}, {held} there already, {refused} refused")


def _refusal(entry: OpmlEntry) -> str | None:
    """Why this feed is not added; None if it is."""
    from crawler.sources import HeldFeed, NewFeed, RefusedFeed

    match entry:
        case NewFeed():
            return None
        case HeldFeed(held=held):
            return f'already there as "{held}"'
        case RefusedFeed(fault=fault):
            return fault


def _id(entry: OpmlEntry) -> str | None:
    from crawler.sources import HeldFeed, NewFeed, RefusedFeed

    match entry:
        case NewFeed(source=source):
            return source.id
        case HeldFeed(held=held):
            return held
        case RefusedFeed():
            return None


def _as_json(entry: OpmlEntry, *, dry_run: bool) -> dict[str, Any]:
    refusal = _refusal(entry)
    return {
        "title": entry.title,
        "url": entry.url,
        "id": _id(entry),
        "added": refusal is None and not dry_run,
        "error": refusal,
    }
