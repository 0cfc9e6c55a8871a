"""`nieuwswacht check`: every fault of the configuration, each with its place and remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from crawler.errors import ConfigError, ConfigFaults
from monitor.context import Context, json_option
from monitor.program import as_started
from monitor.settled import Beginning

EXIT_FAULTS = 2
EXIT_DAMAGED = 1


def faults_of(context: Context) -> list[ConfigError]:
    """The faults of all files; rules are checked even if channels have faults."""
    parts: tuple[Callable[[], object], ...] = (
        lambda: context.settings,
        lambda: _any_source(context),
        lambda: context.channels,
        lambda: context.rulebook,
        lambda: context.papers,
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


def _any_source(context: Context) -> None:
    if not any(source.enabled for source in context.sources):
        path = str(context.config_dir / "sources.toml")
        remedy = "add one with `nieuwswacht sources add URL`"
        raise ConfigError("no source in it is enabled", path=path, remedy=remedy)


def notes_of(context: Context) -> list[str]:
    """What is no fault, but may not be intended."""
    notes = []
    if not context.rulebook.rules:
        notes.append(
            f"{context.config_dir / 'rules.toml'} holds no rule, so there will be no alert"
        )
    if "example.org" in context.settings.crawl.user_agent:
        notes.append(
            "[crawl] user_agent still names example.org: "
            "name an address where an outlet can reach you"
        )
    return notes


@click.command()
@click.option("--db", "database", is_flag=True, help="Check the database too: every page of it.")
@json_option
@click.pass_context
def check(ctx: click.Context, *, database: bool) -> None:
    """Check all configuration and run each rule's examples; exit with 1 for a damaged database."""
    context: Context = ctx.obj
    context.beginning = Beginning.unknown(context.config_dir)
    faults = faults_of(context)
    notes = [] if faults else notes_of(context)
    damages = _damages(context) if database else []
    if context.json:
        shown = [_as_json(fault) for fault in faults]
        found: dict[str, Any] = {"ok": not faults, "faults": shown, "notes": notes}
        if database:
            found |= {"database": {"path": str(context.database), "damages": damages}}
        context.emit(found)
    else:
        _print(context, faults, notes)
        if database:
            _print_database(context, damages)
    ctx.exit(EXIT_FAULTS if faults else EXIT_DAMAGED if damages else 0)


def _damages(context: Context) -> list[str]:
    """What is wrong with the database, as SQLite says it, or that its version is a newer one."""
    from alerts.store import migrations as alerts_migrations
    from crawler.errors import StoreError
    from crawler.store import damages_of, is_empty, migrations, open_reader, refuse_newer

    db = open_reader(context.database)
    try:
        refuse_newer(db, context.database, [migrations, alerts_migrations])
        return ["it is empty"] if is_empty(db) else damages_of(db, thorough=True)
    except StoreError as error:
        return [str(error)]
    finally:
        db.close()


def _print_database(context: Context, damages: list[str]) -> None:
    for damage in damages:
        click.echo(f"{context.database}: {damage}", err=True)
    if damages:
        click.echo(as_started("put a backup back: `nieuwswacht restore FILE`"), err=True)
    else:
        click.echo(f"{context.database}: the database is sound")


def _print(context: Context, faults: list[ConfigError], notes: list[str]) -> None:
    if faults:
        for fault in faults:
            click.echo(as_started(str(fault)), err=True)
    else:
        enabled = sum(source.enabled for source in context.sources)
        click.echo(
            f"{context.config_dir}: {_many(enabled, 'source')} "
            f"({len(context.sources) - enabled} not enabled), "
            f"{_many(len(context.rulebook.rules), 'rule')}, "
            f"{_many(len(context.channels), 'channel')}: all well"
        )
        for note in notes:
            click.echo(f"note: {note}")


def _many(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _as_json(fault: ConfigError) -> dict[str, object]:
    return {
        "path": fault.path,
        "line": fault.line,
        "what": fault.what,
        "remedy": as_started(fault.remedy),
    }
