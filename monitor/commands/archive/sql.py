"""`nieuwswacht sql`: a question of one's own to the file, which is only read."""

from __future__ import annotations

import csv
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from crawler.errors import NieuwswachtError
from monitor.context import Context, json_option

if TYPE_CHECKING:
    from crawler.store import Connection

# SQLite looks at the time after this many of its steps: some times in a millisecond.
_STEPS = 10_000
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
# What tells the columns of a table, and what the full-text index asks for.
_PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "data_version"}


class SqlError(NieuwswachtError):
    """A query that cannot be run: mend it, or give it more time."""


@click.command()
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Every row, for a spreadsheet.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Rows shown.")
@click.option(
    "--seconds",
    type=click.IntRange(1, 86_400),
    default=60,
    show_default=True,
    help="Give up then.",
)
@json_option
@click.pass_obj
def sql(context: Context, *, query: str, as_csv: bool, limit: int, seconds: int) -> None:
    """Answer a SELECT over the file; nothing in it can be changed.

    `docs/data.md` describes the views v_articles, v_matches, v_stories and v_alerts. With --csv or
    --json there are all rows, one a line.
    """
    if as_csv and context.json:
        raise click.UsageError("give --csv or --json, not both")
    db, end = context.reader(), context.now() + timedelta(seconds=seconds)
    _restrict(db)
    db.raw.set_progress_handler(lambda: context.now() > end, _STEPS)
    try:
        columns, rows = _answer(db, query)
        if context.json:
            context.emit_lines(dict(zip(columns, map(_plain, row), strict=True)) for row in rows)
        elif as_csv:
            _write_csv(columns, rows)
        else:
            _print_table(context, columns, rows, limit)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise SqlError(_fault(error, seconds)) from error


def _restrict(db: Connection) -> None:
    """Let the connection run SELECTs alone."""
    # A full-text index is declared at its first use, which no SELECT may do.
    db.execute("SELECT 1 FROM articles_fts WHERE rowid = 0")
    db.execute("SELECT 1 FROM past_words WHERE rowid = 0")
    db.raw.set_authorizer(_allowed)


def _allowed(action: int, name: str | None, *_: str | None) -> int:
    may = action in _READING or (action == sqlite3.SQLITE_PRAGMA and name in _PRAGMAS)
    return sqlite3.SQLITE_OK if may else sqlite3.SQLITE_DENY


def _answer(db: Connection, query: str) -> tuple[list[str], Iterator[Sequence[Any]]]:
    cursor = db.execute(query)
    return [column[0] for column in cursor.description or ()], cursor


def _fault(error: Exception, seconds: int) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_INTERRUPT:
            return f"no answer within {seconds} seconds: --seconds gives more time"
        case sqlite3.SQLITE_AUTH:
            return "the file is only read here: write a SELECT"
        case _:
            return f"the query cannot be run: {error}"


def _write_csv(columns: list[str], rows: Iterator[Sequence[Any]]) -> None:
    from monitor.views import inert

    out = csv.writer(sys.stdout)
    out.writerow(columns)
    for row in rows:
        out.writerow([inert(_plain(value)) for value in row])


def _print_table(
    context: Context, columns: list[str], rows: Iterator[Sequence[Any]], limit: int
) -> None:
    from rich.table import Table
    from rich.text import Text

    from monitor.views.articles_view import safe

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(Text(safe(column)))
    for row in islice(rows, limit):
        table.add_row(*(Text("" if value is None else safe(str(_plain(value)))) for value in row))
    context.console.print(table)
    if next(rows, None) is not None:
        told = f"the first {limit:,} rows; there are more: raise --limit, or take --csv"
        context.progress.print(told, markup=False)


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value
