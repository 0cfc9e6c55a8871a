"""`nieuwswacht status`: sources, queues, last poll, last delivery, database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import click

from monitor.context import Context, json_option


@click.command()
@json_option
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say how it is; exit with 1 when something needs a person."""
    from monitor.views.status_view import status_of

    context: Context = ctx.obj
    found = status_of(context.reader(), context)
    if context.json:
        context.emit(found)
    else:
        _print(context, found)
    ctx.exit(0 if found["healthy"] else 1)


def _sources_line(sources: dict[str, int]) -> str:
    states = [f"{sources[name]} {name}" for name in ("slow", "silent", "degraded", "dead")]
    unwell = [words for words in states if not words.startswith("0 ")]
    return ", ".join([f"{sources['enabled']} enabled, {sources['failing']} failing", *unwell])


def _day_line(found: dict[str, Any]) -> str:
    counted = found["counters"]
    return (
        f"{counted['polled']} polls, {counted['new']} new entries, {counted['stored']} stored, "
        f"{found['missed']} missed, {found['gaps']} gaps"
    )


def _daemon_line(daemon: Mapping[str, Any], moment: Callable[[datetime | None], str]) -> str:
    """Whether a daemon runs, as people read it; `moment` is a time in their words."""
    since, tick = daemon["since"], daemon["last_tick"]
    if daemon["running"]:
        page = f", page {daemon['page']}" if daemon["page"] else ""
        return f"running since {moment(since)}, last at work {moment(tick)}{page}"
    return f"not running, last at work {moment(tick)}" if since else "not running"


def _print(context: Context, found: dict[str, Any]) -> None:
    from monitor.views.articles_view import local, safe
    from monitor.views.untold_view import standing_line

    def moment(time: datetime | None) -> str:
        return local(time, context.plain.timezone) if time else "never"

    queues, archive, database = found["queues"], found["archive"], found["database"]
    sources = found["sources"]
    for name, value in (
        ("daemon", _daemon_line(found["daemon"], moment)),
        ("sources", _sources_line(sources)),
        ("last day", _day_line(found)),
        ("archive", f"{archive['articles']} articles, {archive['stories']} stories"),
        ("to fetch", f"{queues['pages_wanted']} pages"),
        (
            "to send",
            f"{queues['deliveries_pending']} pending, {queues['deliveries_dead']} given up",
        ),
        ("passages", standing_line(found["passages"])),
        ("last poll", moment(found["last_poll"])),
        ("last sent", moment(found["last_delivery"])),
        *([("backup", moment(found["backup"]["at"]))] if found["backup"] else []),
        ("database", f"{database['path']}, {database['bytes'] / 1e6:.1f} MB"),
        ("sqlite", database["sqlite"]),
    ):
        context.console.print(f"{name:<10} {value}", markup=False)
    for note in found["notes"]:
        context.console.print(f"- {safe(note)}", markup=False, style="yellow")
    for problem in found["problems"]:
        context.console.print(f"! {safe(problem)}", markup=False, style="bold red")
    if found["healthy"]:
        context.console.print("all well", style="green")
