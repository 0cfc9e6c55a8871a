"""`nieuwswacht sources`: the catalogue and each source's health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitor.desk import Desk, json_option

if TYPE_CHECKING:
    from crawler.article import Source
    from crawler.store import SourceState


@click.group()
def sources() -> None:
    """The catalogue and each source's health."""


@sources.command("list")
@json_option
@click.pass_obj
def list_sources(desk: Desk) -> None:
    """Every source of the catalogue, with what is known from its polls."""
    states = _states(desk)
    if desk.json:
        desk.emit_lines(_as_json(source, states.get(source.id)) for source in desk.sources)
    else:
        _print(desk, states)


def _states(desk: Desk) -> dict[str, SourceState]:
    """What the database knows; nothing where there is none yet."""
    from crawler.store import PollStore

    return PollStore(desk.reader()).states() if desk.database.exists() else {}


def _as_json(source: Source, state: SourceState | None) -> dict[str, Any]:
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
        "last_poll": state.last_poll if state else None,
        "last_success": state.last_success if state else None,
        "last_new": state.last_new if state else None,
        "next_poll": state.next_poll if state else None,
        "failures": state.failures if state else 0,
        "status": state.status if state else None,
        "error": state.error if state else None,
    }


def _print(desk: Desk, states: dict[str, SourceState]) -> None:
    from rich.table import Table
    from rich.text import Text

    from monitor.shown import local, safe

    zone = desk.settings.schedule.timezone
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "outlet", "kind", "last poll", "last news", "state"):
        table.add_column(heading, overflow="fold")
    for source in desk.sources:
        state = states.get(source.id)
        polled, news = (state.last_poll, state.last_new) if state else (None, None)
        cells = (
            source.id,
            source.outlet,
            source.kind.value,
            local(polled, zone) if polled else "never",
            local(news, zone) if news else "",
            _state(source, state),
        )
        table.add_row(*(Text(safe(cell)) for cell in cells))
    desk.console.print(table)


def _state(source: Source, state: SourceState | None) -> str:
    if not source.enabled:
        return f"not enabled: {source.note}" if source.note else "not enabled"
    if state is None or state.last_poll is None:
        return "not polled yet"
    if state.failures:
        return f"failed {state.failures} times: {state.error}"
    return "ok"
