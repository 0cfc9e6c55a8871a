"""`nieuwswacht review`: a morning paper as it went, or as it would go now."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from alerts.edition import Edition
    from alerts.papers import MorningPaper, Turn
    from crawler.store import Connection


@click.command()
@click.argument("paper_id", metavar="ID")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the edition; else today, or the next one with --preview.",
)
@click.option("--at", "wall", metavar="HH:MM", help="Which one of that day; else the last.")
@click.option("--preview", is_flag=True, help="The edition as it would go now.")
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it as the HTML of its mail.",
)
@json_option
@click.pass_obj
def review(  # noqa: PLR0913 - one argument an option
    context: Context,
    /,
    *,
    paper_id: str,
    day: datetime | None,
    wall: str | None,
    preview: bool,
    page: Path | None,
) -> None:
    """Show an edition of a morning paper (a [[review]] of reviews.toml); sends nothing."""
    paper, db = _paper(context, paper_id), context.reader()
    try:
        edition = _edition(context, db, paper, day.date() if day else None, wall, preview=preview)
    finally:
        db.close()
    if page is not None:
        _write_html(context, edition, page)
    elif context.json:
        context.emit(_as_json(edition))
    else:
        _print(context, edition)


def _paper(context: Context, paper_id: str) -> MorningPaper:
    for paper in context.papers:
        if paper.id == paper_id:
            return paper
    there = ", ".join(paper.id for paper in context.papers) or "none"
    raise click.UsageError(
        f'there is no review "{paper_id}" in {context.config_dir / "reviews.toml"}; '
        f"there are: {there}"
    )


def _edition(  # noqa: PLR0913 - what names an edition
    context: Context,
    db: Connection,
    paper: MorningPaper,
    day: date | None,
    wall: str | None,
    *,
    preview: bool,
) -> Edition:
    from alerts.editions import EditionStore
    from alerts.papers import edition_of

    turns = _turns(context, paper, day, preview=preview)
    turns = [turn for turn in turns if wall in {None, turn.key.at}]
    if not turns:
        raise click.UsageError(f'"{paper.id}" has no edition then: see days and at of its table')
    if preview:
        room = context.press_room(context.rulebook, ())
        return edition_of(db, paper, turns[0], room, context.now())
    went = (EditionStore(db).edition(turn.key) for turn in reversed(turns))
    found = next((edition for edition in went if edition), None)
    if found is None:
        raise click.ClickException("it did not go (yet): --preview shows it as it would go now")
    return found


def _turns(context: Context, paper: MorningPaper, day: date | None, *, preview: bool) -> list[Turn]:
    from alerts.papers import turn_to_come, turns_of

    now, zone = context.now(), context.zone
    if day is None and preview:
        coming = turn_to_come(paper, zone, now)
        return [coming] if coming else []
    asked = day or now.astimezone(zone).date()
    return list(turns_of(paper, asked.isoformat(), zone))


def _print(context: Context, edition: Edition) -> None:
    from alerts.rendering import Style, phrases_of, text_of, view_of_edition

    style = Style(edition.language, context.zone)
    text = text_of(view_of_edition(edition, style), phrases_of(edition.language))
    click.echo(text, nl=False)


def _write_html(context: Context, edition: Edition, page: Path) -> None:
    from alerts.channels import html_of
    from alerts.rendering import Style, view_of_edition

    style = Style(edition.language, context.zone)
    page.write_text(html_of(view_of_edition(edition, style), style), "utf-8")
    context.progress.print(f"wrote {page}", markup=False)


def _as_json(edition: Edition) -> dict[str, Any]:
    from alerts.rendering import review_body

    return review_body(edition)
