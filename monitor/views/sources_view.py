"""How sources are shown: as JSON, and as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from crawler.faults import Fault
    from crawler.model import Source
    from crawler.store import Gap, MissedPage
    from monitor.context import Context
    from monitor.views.source_history import SourceBook

NEVER_ASKED = "not polled yet"


def source_as_json(source: Source, book: SourceBook | None) -> dict[str, Any]:
    """A source as the catalogue describes it, with what its polls stored."""
    return _catalogued(source) | _polled(source, book) | _counted(source, book)


def _catalogued(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "outlet": source.outlet,
        "kind": source.kind.value,
        "url": source.url,
        "every": source.every.total_seconds(),
        "fetch": source.fetch.value,
        "enabled": source.enabled,
        "confidence": source.confidence,
        "note": source.note,
    }


def _polled(source: Source, book: SourceBook | None) -> dict[str, Any]:
    state = book.states.get(source.id) if book else None
    names = ("last_poll", "last_success", "last_new", "next_poll", "status")
    health, reason = _health(source, book)
    return {name: getattr(state, name, None) for name in names} | {
        "error": spoken(state.error) if state else None,
        "failures": state.failures if state else 0,
        "took": state.took.total_seconds() if state and state.took else None,
        "interval": state.interval.total_seconds() if state and state.interval else None,
        "health": health,
        "reason": reason,
    }


def _counted(source: Source, book: SourceBook | None) -> dict[str, Any]:
    from monitor.views.source_history import counted, walls

    counts = book.counters.get(source.id, {}) if book else {}
    gaps = [gap for gap in book.gaps if gap.source == source.id] if book else []
    missed = [page for page in book.missed if page.source == source.id] if book else []
    return {
        "counters": counted(counts),
        "walls": walls(counts),
        "gaps": [_gap_times(gap) for gap in gaps],
        "missed": len(missed),
    }


def _gap_times(gap: Gap) -> dict[str, Any]:
    from crawler.store import FilledGap, OpenGap

    match gap:
        case FilledGap(read=read, found=found):
            archive = {"archive_read": read, "found": found, "error": None}
        case OpenGap(error=error):
            archive = {"archive_read": None, "found": 0, "error": spoken(error)}
    return {"since": gap.since, "at": gap.at, **archive}


def spoken(fault: Fault | None) -> str | None:
    """The sentence of a fault; None where there is none."""
    return str(fault) if fault else None


def _health(source: Source, book: SourceBook | None) -> tuple[str | None, str]:
    """The health of a source and its reason; None for a source that was never asked."""
    if not source.enabled:
        return None, f"not enabled: {source.note}" if source.note else "not enabled"
    state = book.states.get(source.id) if book else None
    if book is None or state is None or state.last_poll is None:
        return None, NEVER_ASKED
    diagnosis = book.health[source.id]
    return diagnosis.health.value, spoken(diagnosis.reason) or ""


def print_sources(context: Context, book: SourceBook | None) -> None:
    """Print every source on a line."""
    rows = []
    for source in context.sources:
        shown = source_as_json(source, book)
        words = [shown["health"], "; ".join(filter(None, (shown["reason"], _by_feed(shown))))]
        rows.append(
            (
                source.id,
                source.outlet,
                source.kind.value,
                moment(context, shown["last_poll"]) or "never",
                moment(context, shown["last_new"]),
                ": ".join(filter(None, words)),
            )
        )
    print_table(context, ("id", "outlet", "kind", "last poll", "last news", "state"), rows)


def _by_feed(shown: dict[str, Any]) -> str:
    """How many live blogs began lately of which only the feed is read."""
    count = shown["counters"].get("live_by_feed", 0)
    return f"live blogs read by their feed alone: {count}" if count else ""


def missed_as_json(page: MissedPage) -> dict[str, Any]:
    """A page that was given up."""
    return {
        "what": "page",
        "source": page.source,
        "url": page.url,
        "title": page.title,
        "at": page.at,
        "reason": str(page.reason),
        "stored": page.stored,
    }


def gap_as_json(gap: Gap) -> dict[str, Any]:
    """A time in which a source may have published more than it showed."""
    return {"what": "gap", "source": gap.source} | _gap_times(gap)


def print_missed(context: Context, pages: Sequence[MissedPage], gaps: Sequence[Gap]) -> None:
    """Print what was missed, pages first."""
    rows = [
        (
            page.source,
            moment(context, page.at),
            str(page.reason) + (" (what the feed gave is stored)" if page.stored else ""),
            page.title or page.url,
        )
        for page in pages
    ]
    rows += [(gap.source, moment(context, gap.at), _gap_words(context, gap), "") for gap in gaps]
    print_table(context, ("source", "when", "why", "what"), rows)


def _gap_words(context: Context, gap: Gap) -> str:
    from crawler.store import FilledGap, OpenGap

    words = f"may have published more since {moment(context, gap.since)} than it showed"
    match gap:
        case FilledGap(found=found):
            return f"{words}; its archive gave {found} more"
        case OpenGap(error=None):
            return words
        case OpenGap(error=error):
            return f"{words}; its archive could not be read: {error}"


def moment(context: Context, time: datetime | None) -> str:
    """Day and minute in the reader's timezone; "" for None."""
    from monitor.views.articles_view import local

    return local(time, context.plain.timezone) if time else ""


def print_table(context: Context, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of foreign text, without commands to the terminal; ids and URLs stay whole."""
    from rich.table import Table
    from rich.text import Text

    from monitor.views.articles_view import safe

    cells = [[safe(cell) for cell in row] for row in rows]
    table = Table(box=None, pad_edge=False)
    for number, heading in enumerate(headings):
        whole = not any(" " in row[number] for row in cells)
        table.add_column(heading, overflow="fold", no_wrap=whole)
    for row in cells:
        table.add_row(*map(Text, row))
    _print_whole(context.console, table, _least_width([headings, *cells]))


def _least_width(rows: Sequence[Sequence[str]]) -> int:
    """How wide a table is at least: the longest word of each column, with two spaces between.

    Rich says the same, and takes a quarter of the time of the whole command for it.
    """
    from rich.cells import cell_len

    columns = [
        max(cell_len(word) for cell in column for word in cell.split() or [""])
        for column in zip(*rows, strict=True)
    ]
    return sum(columns) + 2 * (len(columns) - 1)


def _print_whole(out: Console, table: Table, least: int) -> None:
    """Print a table as wide as its words need, even on a narrow terminal; no trailing spaces."""
    screen = out.width
    out.width = max(screen, least)
    with out.capture() as captured:
        out.print(table)
    out.width = screen
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
