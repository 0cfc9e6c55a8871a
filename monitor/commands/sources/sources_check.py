"""`nieuwswacht sources check`, `add` and `preview`: sources as they are at this moment."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from crawler.errors import SourceError
from crawler.faults import CrawlFault
from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.discovery import ListLook, Look
    from crawler.model import Source
    from monitor.views.looks_view import Addition

_REFUSED = (
    "the outlet refuses programs like this one (the wall `bot-block`). Try the address of the feed "
    "itself, which is often open; else ask the outlet. No other name is used to get past it"
)

_REFUSALS = (401, 402, 403, 406, 451)


@click.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@click.option("--page/--no-page", default=True, help="Also ask for the newest item's page.")
@click.option("--update", is_flag=True, help="Show the edit of sources.toml that follows.")
@json_option
@click.pass_context
def check(ctx: click.Context, source_ids: tuple[str, ...], *, page: bool, update: bool) -> None:
    """Ask each source now, or those named, without storing anything.

    Says what each answers, how many items it lists, how new they are, what stands before its pages,
    what robots.txt says, and what you might do. Exits with 1 when any of them cannot be read. With
    --update it writes to standard output which confidences change, as a patch of sources.toml.
    """
    from crawler.discovery import FailedLook
    from monitor.views import looks_view

    context: Context = ctx.obj
    chosen = context.named_sources(source_ids) or [each for each in context.sources if each.enabled]
    if not chosen:
        raise click.UsageError("no source is enabled: name one, or set enabled = true")
    from monitor.running.look_now import look_at

    looks = look_at(context, chosen, page=page)
    if context.json:
        context.emit_lines(looks_view.looks_as_json(looks, context.now()))
    elif update:
        catalogue = context.config_dir / "sources.toml"
        click.echo(looks_view.patch_of_catalogue(catalogue, looks), nl=False)
    else:
        looks_view.print_looks(context, looks)
    ctx.exit(1 if any(isinstance(look, FailedLook) for look in looks) else 0)


@click.command()
@click.argument("url")
@click.option("--id", "name", metavar="ID", help="Its id; by default made of the outlet's name.")
@click.option("--outlet", metavar="NAME", help="Its outlet; by default what the site calls itself.")
@click.option("--section", metavar="NAME", help="The section that all its articles belong to.")
@click.option("--every", metavar="TIME", default="15m", help="The shortest time between two polls.")
@click.option("--write", is_flag=True, help="Add the table to sources.toml; else it is printed.")
@json_option
@click.pass_context
def add(ctx: click.Context, /, url: str, *, write: bool, **wishes: str | None) -> None:
    """Find the feed of a site by its home page, and write its table for the catalogue.

    URL may also be the feed or news sitemap itself.
    """
    from monitor.views import looks_view

    context: Context = ctx.obj
    every = _duration(wishes["every"])
    _check_name(context, wishes["name"])
    from monitor.running.look_now import find

    try:
        looks = find(context, _web_address(url))
    except SourceError as error:
        if error.what in {CrawlFault.HTTP_STATUS(status=status) for status in _REFUSALS}:
            raise click.ClickException(f"{error}: {_REFUSED}") from error
        raise
    best = _chosen(context, looks)
    source = _as_wished(context, best, every, wishes) if best else None
    found = _addition(context, source, f"Added from {url}" if write else None)
    looks_view.tell_addition(context, looks, found)
    ctx.exit(0 if isinstance(found, looks_view.NewSource) else 1)


def _addition(context: Context, source: Source | None, note: str | None) -> Addition:
    """What was found; with a note, a new source is written into the catalogue."""
    from crawler.sources import append_sources
    from monitor.views.looks_view import HeldSource, NewSource, NothingFound

    if source is None:
        return NothingFound()
    held = next((each.id for each in context.sources if each.url == source.url), None)
    if held is not None:
        return HeldSource(source, held)
    if note is not None:
        append_sources(context.config_dir / "sources.toml", [source], note)
    return NewSource(source, written=note is not None)


@click.command()
@click.argument("source_id", metavar="[SOURCE]", required=False)
@click.option("--url", metavar="URL", help="A list page that is in no catalogue yet.")
@click.option("--item", metavar="CSS", help="What there is one of for each article.")
@click.option("--link", metavar="CSS", help="The link inside an item.")
@click.option("--title", metavar="CSS", help="The title inside an item.")
@click.option("--date", metavar="CSS", help="The date inside an item.")
@json_option
@click.pass_context
def preview(
    ctx: click.Context, /, source_id: str | None, url: str | None, **selectors: str | None
) -> None:
    """Show what a source lists, above all what the selectors of a list page find."""
    from crawler.discovery import FailedLook
    from monitor.views import looks_view

    context: Context = ctx.obj
    source = _previewed(context, source_id, url, {k: v for k, v in selectors.items() if v})
    from monitor.running.look_now import look_at

    for look in look_at(context, [source], page=False):
        if isinstance(look, FailedLook):
            raise click.ClickException(f"{look.source.url}: {look.fault}")
        if context.json:
            context.emit_lines(map(looks_view.entry_as_json, look.entries))
        else:
            looks_view.print_entries(context, look)
        ctx.exit(0 if look.entries else 1)


def _previewed(
    context: Context, source_id: str | None, url: str | None, selectors: dict[str, str]
) -> Source:
    from crawler.model import Selectors, Source, SourceKind

    if (source_id is None) == (url is None):
        raise click.UsageError("give the id of a source, or --url with --item")
    if source_id is not None:
        (source,) = context.named_sources([source_id])
    else:
        given = _web_address(url or "")
        kind = SourceKind.SECTION if selectors else SourceKind.FEED
        every = timedelta(hours=1)
        source = Source(id="preview", outlet=given, kind=kind, url=given, every=every)
    if not selectors:
        return source
    if source.selectors is None and "item" not in selectors:
        raise click.UsageError("--item is missing: what there is one of for each article")
    chosen = replace(source.selectors or Selectors(item=""), **selectors)
    return replace(source, kind=SourceKind.SECTION, selectors=chosen)


def _chosen(context: Context, looks: list[Look]) -> ListLook | None:
    """The feed with the news; where that cannot be known, the one that a person names.

    Raises:
        ClickException: it cannot be known, and nobody is there to ask.
    """
    from crawler.discovery import choice_of

    found = choice_of(looks)
    if not found.among:
        return found.look
    names = [f"{look.source.url}  {look.title}".rstrip() for look in found.among]
    if context.json or not sys.stdin.isatty():
        raise click.ClickException(
            "several feeds may have the news; give the address of one of them: " + ", ".join(names)
        )
    for number, name in enumerate(names, start=1):
        click.echo(f"{number}  {name}", err=True)
    number = click.prompt("Which one", type=click.IntRange(1, len(names)), err=True)
    return found.among[int(number) - 1]


def _as_wished(
    context: Context, look: ListLook, every: timedelta, wishes: dict[str, str | None]
) -> Source:
    from crawler.discovery import outlet_name
    from crawler.sources import free_id

    found = look.source
    if not (outlet := wishes["outlet"] or outlet_name(look)):
        raise click.UsageError(f"{found.url} does not say its name: give it with --outlet NAME")
    taken = [source.id for source in context.sources]
    name = wishes["name"] or free_id(" ".join(filter(None, (outlet, wishes["section"]))), taken)
    return replace(found, note="", id=name, outlet=outlet, section=wishes["section"], every=every)


def _check_name(context: Context, name: str | None) -> None:
    from crawler.config import is_identifier

    if name is None:
        return
    if not is_identifier(name):
        raise click.UsageError(f"{name!r} is not an id: use lower-case letters, digits, - and _")
    if name in [source.id for source in context.sources]:
        raise click.UsageError(f"there is a source {name!r} already: choose another id")


def _duration(text: str | None) -> timedelta:
    from crawler.config import duration_of

    span = duration_of(text or "")
    if span is None:
        raise click.UsageError(f'{text!r} is not a duration: write for example "15m" or "2h"')
    return span


def _web_address(url: str) -> str:
    from crawler.addresses import web_address

    given = url if "://" in url else f"https://{url}"
    if not (address := web_address(given)):
        raise click.UsageError(f"{url!r} is not a web address")
    return address
