"""`nieuwswacht sources`: the catalogue and each source's health."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from monitor.commands.options import MomentType
from monitor.commands.sources import sources_check as looks, sources_opml as lists
from monitor.context import Context, json_option
from monitor.views import sources_view

if TYPE_CHECKING:
    from monitor.views.source_history import SourceBook


@click.group()
def sources() -> None:
    """The catalogue and each source's health."""


for command in (looks.check, looks.add, looks.preview, lists.import_list, lists.export_list):
    sources.add_command(command)


@sources.command("list")
@click.option(
    "--since", metavar="WHEN", type=MomentType(), help="Count from then: 2026-03-01, or 7d."
)
@json_option
@click.pass_obj
def list_sources(context: Context, since: datetime | None) -> None:
    """Every source of the catalogue, with how it does and what is known from its polls."""
    book = _book(context, since)
    if context.json:
        context.emit_lines(sources_view.source_as_json(source, book) for source in context.sources)
    else:
        sources_view.print_sources(context, book)


@sources.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@click.option("--since", metavar="WHEN", type=MomentType(), help="From then on: 2026-03-01, or 7d.")
@json_option
@click.pass_obj
def missed(context: Context, source_ids: tuple[str, ...], since: datetime | None) -> None:
    """What was not read, with the reason: pages given up, and times in which more was published."""
    chosen = {source.id for source in context.named_sources(source_ids) or context.sources}
    book = _book(context, since)
    pages = [page for page in book.missed if page.source in chosen] if book else []
    gaps = [gap for gap in book.gaps if gap.source in chosen] if book else []
    if context.json:
        context.emit_lines(map(sources_view.missed_as_json, pages))
        context.emit_lines(map(sources_view.gap_as_json, gaps))
    elif pages or gaps:
        sources_view.print_missed(context, pages, gaps)
    else:
        context.progress.print("nothing was missed")


def _book(context: Context, since: datetime | None) -> SourceBook | None:
    """What the database knows; None if there is no database yet."""
    if not context.database.exists():
        return None
    from monitor.views.source_history import SourceBook

    return SourceBook(context.reader(), context.now(), since)
