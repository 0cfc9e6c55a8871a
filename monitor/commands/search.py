"""`nieuwswacht search`: the archive, in the rule language."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from monitor.desk import Desk, json_option
from monitor.moments import Moment

if TYPE_CHECKING:
    from sqlite_utils import Database

    from alerts.search import Result

# Hits shown of one article; `show` has them all.
_HITS = 3


@click.command()
@click.argument("query")
@click.option("--since", type=Moment(), help="Published since then: 2026-03-01, or 3d.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True)
@json_option
@click.pass_context
def search(context: click.Context, query: str, since: datetime | None, limit: int) -> None:
    """Search the archive with QUERY, newest first; exit with 1 when nothing is found."""
    from alerts import search as archive

    desk: Desk = context.obj
    db = desk.reader()
    found = archive.search(db, query, concepts=desk.concepts, since=since, limit=limit)
    if desk.json:
        desk.emit_lines(_as_json(db, result) for result in found)
    else:
        for result in found:
            _print(desk, result)
    if not found:
        desk.progress.print("nothing found")
    context.exit(0 if found else 1)


def _as_json(db: Database, result: Result) -> dict[str, Any]:
    """The article as `show --json` has it, with the hits of the query beside those of rules."""
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.shown import article_as_json, hits_as_json

    store, name = ArticleStore(db), result.found.document.id
    article = store.article(name)
    assert article is not None
    shown = article_as_json(
        article,
        story=store.story(name),
        revisions=store.revisions(name),
        matches=AlertStore(db).matches_of(name),
    )
    return shown | {"hits": hits_as_json(result.hits)}


def _print(desk: Desk, result: Result) -> None:
    from monitor.ruleshown import context_of
    from monitor.shown import highlighted, local, safe

    document, out = result.found.document, desk.console
    published = local(result.found.published, desk.settings.schedule.timezone)
    out.print(highlighted(document.title, "title", result.hits), style="bold")
    out.print(f"{safe(document.outlet)}, {published}  {document.id}", markup=False, style="dim")
    for hit in [hit for hit in result.hits if hit.field != "title"][:_HITS]:
        out.print("  ", context_of(document, hit), sep="")
    out.print()
