"""How looks at sources are shown: as JSON, and as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.discovery import confidence_today, suggestion, twins
from crawler.sources import catalogue_of, with_confidences
from monitor.program import as_started, command
from monitor.views.sources_view import moment, print_table, spoken

if TYPE_CHECKING:
    from crawler.discovery import Look
    from crawler.model import FeedEntry, Source
from monitor.context import Context

_HEADINGS = ("id", "answer", "items", "newest", "wall", "robots", "seconds", "suggestion")


def look_as_json(look: Look, now: datetime, same: Sequence[str] = ()) -> dict[str, Any]:
    """One look at a source; `same` are sources whose answers came from the same address."""
    source, page = look.source, look.page
    return {
        "id": source.id,
        "outlet": source.outlet,
        "kind": source.kind.value,
        "enabled": source.enabled,
        "url": source.url,
        "answered_from": look.url if look.status else None,
        "ok": not look.fault,
        "status": look.status or None,
        "error": spoken(look.fault),
        "note": spoken(look.note) or "",
        "items": len(look.entries),
        "dropped": look.dropped,
        "merged": look.merged,
        "unread_dates": look.unread_dates,
        "newest": look.newest,
        "wall": look.wall or None,
        "robots": look.robots.value,
        "seconds": round(look.took.total_seconds(), 3) if look.took else None,
        "page": {"url": page.url, "words": page.words, "error": spoken(page.fault)}
        if page
        else None,
        "moved": look.moved or None,
        "same_address": list(same),
        "suggestion": suggestion(look, now, same),
    }


def patch_of_catalogue(path: Path, looks: Sequence[Look]) -> str:
    """A patch (unified diff) that sets the confidences of the catalogue to what was seen."""
    today = {look.source.id: confidence_today(look) for look in looks}
    held = {look.source.id: look.source.confidence for look in looks}
    changed = {name: grade for name, grade in today.items() if grade and grade != held[name]}
    before = path.read_text(encoding="utf-8")
    after = with_confidences(before, changed)
    edits = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        fromfile=f"a/{path.name}",
        tofile=f"b/{path.name}",
    )
    return "".join(edits)


def looks_as_json(looks: Sequence[Look], now: datetime) -> list[dict[str, Any]]:
    """The looks at all sources, each with the sources that gave the same answer."""
    same = twins(looks)
    return [look_as_json(look, now, same.get(look.source.id, ())) for look in looks]


def print_looks(context: Context, looks: Sequence[Look]) -> None:
    """Print each look on a line, and how many sources could be read."""
    now, same = context.now(), twins(looks)
    rows = [
        (
            look.source.id,
            look.answer,
            str(len(look.entries)) if not look.fault else "",
            moment(context, look.newest),
            look.wall,
            look.robots.value,
            f"{look.took.total_seconds():.1f}" if look.took else "",
            as_started(suggestion(look, now, same.get(look.source.id, ()))),
        )
        for look in looks
    ]
    print_table(context, _HEADINGS, rows)
    read = sum(not look.fault for look in looks)
    context.progress.print(f"{read} of {len(looks)} sources can be read")


def entry_as_json(entry: FeedEntry) -> dict[str, Any]:
    """One item of a list."""
    return {
        "url": entry.url,
        "title": entry.title,
        "published": entry.published or entry.modified,
        "lead": entry.lead,
        "text": len(entry.body),
    }


def print_entries(context: Context, look: Look) -> None:
    """Print the items of a list, in its order, and what they lack."""
    rows = [
        (moment(context, entry.published or entry.modified), entry.title, entry.url)
        for entry in look.entries
    ]
    print_table(context, ("date", "title", "address"), rows)
    untitled = sum(not entry.title for entry in look.entries)
    notes = [f"{len(look.entries)} items", spoken(look.note)]
    notes += [f"{untitled} without a title"] if untitled else []
    notes += [f"{look.dropped} without an address, left out"] if look.dropped else []
    if look.unread_dates:
        written = look.unread_dates[0]
        notes += [f"{len(look.unread_dates)} with a date that cannot be read, as in: {written}"]
    notes += [f"{look.merged} listed twice, taken once"] if look.merged else []
    context.progress.print("; ".join(filter(None, notes)), markup=False)


@dataclass(frozen=True, slots=True)
class Addition:
    """What was found at an address. `held` is the id if the catalogue has the source already."""

    looks: Sequence[Look]
    source: Source | None
    held: str | None
    written: bool


def tell_addition(context: Context, found: Addition) -> None:
    """Write the table for the catalogue to standard output, and the rest to standard error."""
    if context.json:
        context.emit(_addition_as_json(context, found))
        return
    for look in found.looks:
        newest = f", newest {moment(context, look.newest)}" if look.newest else ""
        said = look.fault or f"{len(look.entries)} items{newest}"
        context.progress.print(f"{look.source.url}: {said}", markup=False)
    _tell_result(context, found)


def _tell_result(context: Context, found: Addition) -> None:
    source = found.source
    if source is None:
        click.echo(
            "no feed was found: if the site has a news sitemap, give its address; if it has none, "
            f"try its list page with `{command()} sources preview --url URL --item CSS`",
            err=True,
        )
    elif found.held:
        click.echo(f'already there as "{found.held}"', err=True)
    elif found.written:
        context.console.print(f'added "{source.id}" to {context.config_dir / "sources.toml"}')
    else:
        click.echo(catalogue_of([source]), nl=False)


def _addition_as_json(context: Context, found: Addition) -> dict[str, Any]:
    source = found.source
    return {
        "id": source.id if source else None,
        "url": source.url if source else None,
        "kind": source.kind.value if source else None,
        "outlet": source.outlet if source else None,
        "held": found.held,
        "written": found.written,
        "toml": catalogue_of([source]) if source else None,
        "candidates": [look_as_json(look, context.now()) for look in found.looks],
    }
