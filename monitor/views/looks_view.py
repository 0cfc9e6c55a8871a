"""How looks at sources are shown: as JSON, and as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.discovery import (
    ArticlePage,
    FailedLook,
    FaultyPage,
    ListLook,
    confidence_today,
    suggestion,
    twins,
)
from crawler.frozen import dataclass
from crawler.sources import catalogue_of, with_confidences
from monitor.program import as_started, command
from monitor.views.sources_view import moment, print_table, spoken

if TYPE_CHECKING:
    from crawler.discovery import Look, PageLook
    from crawler.model import FeedEntry, Source
from monitor.context import Context

_HEADINGS = ("id", "answer", "items", "newest", "wall", "robots", "seconds", "suggestion")


def look_as_json(look: Look, now: datetime, same: Sequence[str] = ()) -> dict[str, Any]:
    """One look at a source; `same` are sources whose answers came from the same address."""
    source, answered = look.source, look.answered
    took = _took(look)
    page = look.page if isinstance(look, ListLook) else None
    return {
        "id": source.id,
        "outlet": source.outlet,
        "kind": source.kind.value,
        "enabled": source.enabled,
        "url": source.url,
        "answered_from": answered.url if answered else None,
        "ok": isinstance(look, ListLook),
        "status": answered.status if answered else None,
        **_found_as_json(look),
        "wall": look.wall or None,
        "robots": look.robots.value,
        "seconds": round(took.total_seconds(), 3) if took else None,
        "page": _page_as_json(page) if page else None,
        "moved": (answered.moved or None) if answered else None,
        "same_address": list(same),
        "suggestion": suggestion(look, now, same),
    }


def _took(look: Look) -> timedelta | None:
    return look.answered.took if look.answered else None


def _found_as_json(look: Look) -> dict[str, Any]:
    match look:
        case FailedLook(fault=fault):
            nothing = {"items": 0, "dropped": 0, "merged": 0, "unread_dates": (), "newest": None}
            return {"error": str(fault), "note": "", **nothing}
        case ListLook():
            return {
                "error": None,
                "note": spoken(look.note) or "",
                "items": len(look.entries),
                "dropped": look.dropped,
                "merged": look.merged,
                "unread_dates": look.unread_dates,
                "newest": look.newest,
            }


def _page_as_json(page: PageLook) -> dict[str, Any]:
    match page:
        case ArticlePage(words=words, mild=mild):
            return {"url": page.url, "words": words, "error": None, "mild": mild}
        case FaultyPage(fault=fault):
            return {"url": page.url, "words": 0, "error": str(fault), "mild": False}


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
            *_answer_words(context, look),
            look.wall,
            look.robots.value,
            f"{took.total_seconds():.1f}" if (took := _took(look)) else "",
            as_started(suggestion(look, now, same.get(look.source.id, ()))),
        )
        for look in looks
    ]
    print_table(context, _HEADINGS, rows)
    read = sum(isinstance(look, ListLook) for look in looks)
    context.progress.print(f"{read} of {len(looks)} sources can be read")


def _answer_words(context: Context, look: Look) -> tuple[str, str, str]:
    """The answer in a few words, how many items it lists, and the date of the newest."""
    match look:
        case FailedLook(fault=fault):
            return str(fault), "", ""
        case ListLook(answered=answered, entries=entries):
            return str(answered.status), str(len(entries)), moment(context, look.newest)


def entry_as_json(entry: FeedEntry) -> dict[str, Any]:
    """One item of a list."""
    return {
        "url": entry.url,
        "title": entry.title,
        "published": entry.published or entry.modified,
        "lead": entry.lead,
        "text": len(entry.body),
    }


def print_entries(context: Context, look: ListLook) -> None:
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
class NothingFound:
    """No feed was found at an address."""


@dataclass(frozen=True, slots=True)
class HeldSource:
    """A source was found that the catalogue has already, under the id `held`."""

    source: Source
    held: str


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source was found that is new; `written` says that it is in the catalogue now."""

    source: Source
    written: bool


Addition = NothingFound | HeldSource | NewSource


def tell_addition(context: Context, looks: Sequence[Look], found: Addition) -> None:
    """Write the table for the catalogue to standard output, and the rest to standard error."""
    if context.json:
        candidates = [look_as_json(look, context.now()) for look in looks]
        context.emit(_addition_as_json(found) | {"candidates": candidates})
        return
    for look in looks:
        context.progress.print(f"{look.source.url}: {_found_words(context, look)}", markup=False)
    _tell_result(context, found)


def _found_words(context: Context, look: Look) -> str:
    match look:
        case FailedLook(fault=fault):
            return str(fault)
        case ListLook(entries=entries, newest=newest):
            since = f", newest {moment(context, newest)}" if newest else ""
            return f"{len(entries)} items{since}"


def _tell_result(context: Context, found: Addition) -> None:
    match found:
        case NothingFound():
            click.echo(
                "no feed was found: if the site has a news sitemap, give its address; if it has "
                f"none, try its list page with `{command()} sources preview --url URL --item CSS`",
                err=True,
            )
        case HeldSource(held=held):
            click.echo(f'already there as "{held}"', err=True)
        case NewSource(source=source, written=True):
            context.console.print(f'added "{source.id}" to {context.config_dir / "sources.toml"}')
        case NewSource(source=source):
            click.echo(catalogue_of([source]), nl=False)


def _addition_as_json(found: Addition) -> dict[str, Any]:
    source = None if isinstance(found, NothingFound) else found.source
    return {
        "id": source.id if source else None,
        "url": source.url if source else None,
        "kind": source.kind.value if source else None,
        "outlet": source.outlet if source else None,
        "held": found.held if isinstance(found, HeldSource) else None,
        "written": isinstance(found, NewSource) and found.written,
        "toml": catalogue_of([source]) if source else None,
    }
