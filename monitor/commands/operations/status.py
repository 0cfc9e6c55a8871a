"""`nieuwswacht status`: sources, queues, last poll, last delivery, database."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context, json_option

if TYPE_CHECKING:
    from pathlib import Path

    from alerts.policy import Silence
    from crawler.store import Connection, StoredBackup
    from monitor.views.source_history import SourceBook
    from monitor.views.status_view import StatusFacts

# An alert that was given up is a problem for a day. Chosen; `alerts dead` lists all.
RECENT = timedelta(days=1)
# A text that could not be matched stays so. Chosen: within a week somebody looks at `status`.
WEEK = timedelta(days=7)


@click.command()
@json_option
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say how it is; exit with 1 when something needs a person."""
    context: Context = ctx.obj
    found = _status(context.reader(), context)
    if context.json:
        context.emit(found)
    else:
        _print(context, found)
    ctx.exit(0 if found["healthy"] else 1)


def _facts(db: Connection, book: SourceBook, context: Context, now: datetime) -> StatusFacts:
    from alerts.store import READER, AlertStore
    from crawler.store import ArticleStore, PollStore, holder_of
    from monitor.views.status_view import StatusFacts

    alerts = AlertStore(db)
    return StatusFacts(
        states=tuple(PollStore(db).states().values()),
        undelivered=alerts.reading.undelivered_since(now - RECENT),
        paused=tuple(state.id for state in alerts.channels.all() if state.paused),
        unread=ArticleStore(db).last_seq() - alerts.ledger.cursor(READER).seq,
        health=book.health,
        refusals=tuple(alerts.watches.refusals()),
        not_matched=tuple(alerts.reading.not_matched_since(now - WEEK)),
        holder=holder_of(context.database),
        expected=context.settings.daemon.expected,
    )


def _status(db: Connection, context: Context) -> dict[str, Any]:
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.views import status_view
    from monitor.views.ledger_view import silence_as_json
    from monitor.views.source_history import SourceBook
    from monitor.views.untold_view import standing

    now, alerts = context.now(), AlertStore(db)
    book = SourceBook(db, now)
    facts = replace(
        _facts(db, book, context, now), backups=_backups(context), **_wal(context.database)
    )
    wrong = status_view.problems(facts, now)
    silences = alerts.ledger.silences(now)
    failing = sum(map(status_view.is_failing, facts.states))
    return {
        "healthy": not wrong,
        "problems": wrong,
        "notes": [*_silenced(silences, context), *status_view.notes(facts)],
        "daemon": status_view.daemon_as_json(facts),
        "sources": {"enabled": len(facts.states), "failing": failing} | book.healths(),
        "counters": book.totals(),
        "gaps": len(book.gaps),
        "missed": len(book.missed),
        "queues": _queues(db, facts.unread),
        "passages": standing(alerts.passages.counts(now - RECENT)),
        "silences": [silence_as_json(silence) for silence in silences],
        "rules_refused": next(iter(facts.rules_faults), None),
        "rules_faults": facts.rules_faults,
        "not_matched": facts.not_matched,
        "last_poll": status_view.last_poll(facts.states),
        "last_delivery": alerts.reading.last_delivered(),
        "archive": ArticleStore(db).totals(),
        "database": _file(context),
        "backup": status_view.backup_as_json(facts.backups),
    }


def _queues(db: Connection, unread: int) -> dict[str, int]:
    from alerts.store import AlertStore
    from crawler.store import PollStore

    counts = AlertStore(db).reading.counts()
    return {
        "pages_wanted": PollStore(db).pages_wanted(),
        "texts_unread": unread,
        "deliveries_pending": counts["pending"],
        "deliveries_dead": counts["dead"] + counts["expired"],
    }


def _wal(database: Path) -> dict[str, Any]:
    from crawler.store import WAL_LIMIT_BYTES, readers_of, wal_bytes

    size = wal_bytes(database)
    large = size > WAL_LIMIT_BYTES
    return {
        "wal_bytes": size,
        "wal_readers": tuple(readers_of(database)) if large else (),
    }


def _backups(context: Context) -> tuple[StoredBackup, ...] | None:
    """The daily copies, newest first; None if none are made."""
    from crawler.store import backups_in

    settings = context.settings.store.backup
    return tuple(backups_in(settings.to, context.database)) if settings else None


def _silenced(silences: list[Silence], context: Context) -> list[str]:
    from monitor.views.articles_view import local
    from monitor.views.status_view import silence_note

    zone = context.settings.schedule.timezone
    return [silence_note(silence, local(silence.ends, zone)) for silence in silences]


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


def _file(context: Context) -> dict[str, Any]:
    files = (context.database, context.database.with_name(context.database.name + "-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    return {"path": str(context.database), "bytes": size, "sqlite": sqlite3.sqlite_version}


def _print(context: Context, found: dict[str, Any]) -> None:
    from monitor.views.articles_view import local, safe
    from monitor.views.status_view import daemon_line
    from monitor.views.untold_view import standing_line

    def moment(time: datetime | None) -> str:
        return local(time, context.settings.schedule.timezone) if time else "never"

    queues, archive, database = found["queues"], found["archive"], found["database"]
    sources = found["sources"]
    for name, value in (
        ("daemon", daemon_line(found["daemon"], moment)),
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
