"""`nieuwswacht check`: every fault of the configuration, each with its place and remedy."""

from __future__ import annotations

from collections.abc import Callable

import click

from crawler.errors import ConfigError, ConfigFaults
from monitor.desk import Desk, json_option

EXIT_FAULTS = 2


def faults_of(desk: Desk) -> list[ConfigError]:
    """The faults of all four files; rules are looked at even where channels have faults."""
    parts: tuple[Callable[[], object], ...] = (
        lambda: desk.settings,
        lambda: desk.sources,
        lambda: desk.channels,
        lambda: desk.rulebook,
    )
    found: dict[str, ConfigError] = {}
    for part in parts:
        try:
            part()
        except ConfigFaults as faults:
            found |= {str(fault): fault for fault in faults.faults}
        except ConfigError as fault:
            found[str(fault)] = fault
    return list(found.values())


@click.command()
@json_option
@click.pass_context
def check(context: click.Context) -> None:
    """Check all configuration and run each rule's examples."""
    desk: Desk = context.obj
    faults = faults_of(desk)
    notes = [] if faults else _notes(desk)
    if desk.json:
        shown = [_as_json(fault) for fault in faults]
        desk.emit({"ok": not faults, "faults": shown, "notes": notes})
    elif faults:
        for fault in faults:
            click.echo(str(fault), err=True)
    else:
        enabled = sum(source.enabled for source in desk.sources)
        click.echo(
            f"{desk.config_dir}: {enabled} sources ({len(desk.sources) - enabled} not enabled), "
            f"{len(desk.rulebook.rules)} rules, {len(desk.channels)} channels: all well"
        )
    for note in [] if desk.json else notes:
        click.echo(f"note: {note}", err=True)
    context.exit(EXIT_FAULTS if faults else 0)


def _notes(desk: Desk) -> list[str]:
    """What is no fault and yet should not stay so."""
    if "example.org" not in desk.settings.crawl.user_agent:
        return []
    return [
        "[crawl] user_agent still names example.org: name an address where an outlet can reach you"
    ]


def _as_json(fault: ConfigError) -> dict[str, object]:
    return {"path": fault.path, "line": fault.line, "what": fault.what, "remedy": fault.remedy}
