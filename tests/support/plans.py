"""Which tables SQLite means to read from one end to the other, for each statement of a program."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from new_databases import make_schemas
from statements import Site

# Others (schema, transactions, settings) have no plan.
PLANNED = re.compile(r"\s*(SELECT|WITH|INSERT|REPLACE|UPDATE|DELETE)\b", re.IGNORECASE)
# A virtual table is searched unless its index has neither a number nor a text.
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+)| VIRTUAL TABLE INDEX (\S+))?$")
AUTOMATIC = re.compile(r"SEARCH (\w+) USING AUTOMATIC\b")
# A statement that reads one of these from end to end is answered at once in any archive: they have
# a row for each source, site, channel or rule, a few for each file of a history, what waits for a
# quiet moment, or a single one.
SMALL = {
    "sqlite_master", "sources", "robots", "channels", "source_habits", "source_ailments",
    "refused_rules", "passages_kept", "terms_stored", "story_counts", "story_sketches",
    "unconfirmed", "restores", "forgotten", "totals", "habits", "local_time", "_sqlite_migrations",
    "rule_wordings", "stories_to_link", "history", "history_files", "history_counts",
    "evidence_room", "evidence_days", "evidence_to_forget",
}  # fmt: skip  # a row of names
# The same of tables that grow, by an index of those rows alone that are at work.
SHORT = {
    "alerts_of_waves",  # a few a week, and read when an article is forgotten
    "attempts_open",
    "deliveries_claimed",
    "deliveries_expires",  # those pending
    "pages_claimed",
    "pages_wanted",
    "story_articles_indexed",  # those of the days in which copies are looked for
    "waves_open",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement that was run, and the lines of the program that led to it, innermost first."""

    sql: str
    lines: tuple[tuple[Path, int], ...]


class Scan(NamedTuple):
    """A table that is read from end to end, or as much of it as the index has."""

    table: str
    by_index: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """The scans of each place; `unknown` are the places of which no statement was seen."""

    scans: list[tuple[str, Scan]]
    unknown: list[str]


def record(patch: pytest.MonkeyPatch, root: Path) -> list[Ran]:
    """What code below this folder runs from now on, over any connection opened from now on."""
    ran: list[Ran] = []
    connect = sqlite3.connect

    def note(sql: str) -> None:
        if not sql.startswith("--"):  # what a trigger or the full-text index does by itself
            ran.append(Ran(sql, tuple(_lines(root))))

    def noted(*args: Any, **more: Any) -> sqlite3.Connection:
        connection = connect(*args, **more)
        connection.set_trace_callback(note)
        return connection

    make_schemas(patch)
    patch.setattr(sqlite3, "connect", noted)
    return ran


def _lines(root: Path) -> Iterator[tuple[Path, int]]:
    frame = sys._getframe()
    while frame := frame.f_back:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(root):
            yield path.relative_to(root), frame.f_lineno


def explained(db: sqlite3.Connection, sites: Iterable[Site], ran: Iterable[Ran] = ()) -> Explained:
    """What is known of the statements at these sites, from the source or else from a run."""
    sites = list(sites)
    seen: dict[Site, set[str]] = {site: set(site.texts or ()) for site in sites}
    for each in ran:
        site = _site_of(each, sites)
        if site and site.texts is None:
            seen[site].add(each.sql)
    statements = {site: [one for text in seen[site] for one in _single(text)] for site in sites}
    for one in chain.from_iterable(statements.values()):
        if one.startswith("CREATE VIRTUAL TABLE IF NOT EXISTS temp."):
            db.execute(one)  # a connection's own table
    return Explained(
        sorted(
            (site.name, scan)
            for site in sites
            for scan in {scan for one in statements[site] for scan in scans(db, one)}
        ),
        [f"{site.name}, line {site.first}" for site in sites if not seen[site]],
    )


def _site_of(ran: Ran, sites: Iterable[Site]) -> Site | None:
    """The innermost site that led to a statement."""
    for path, line in ran.lines:
        for site in sites:
            if site.path == path and site.first <= line <= site.last:
                return site
    return None


def _single(script: str) -> Iterator[str]:
    """Yield the statements of a script."""
    statement = ""
    for part in re.split("(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement.strip()


def scans(db: sqlite3.Connection, sql: str) -> list[Scan]:
    """The tables that a statement reads from end to end, its parameters all NULL."""
    if not PLANNED.match(sql):
        return []
    places = sql.count("?")
    values = [None] * places if places else defaultdict[str, None](lambda: None)
    plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", values)
    tables = {
        name
        for place in ("sqlite_master", "sqlite_temp_master")
        for (name,) in db.execute(f"SELECT name FROM {place} WHERE type = 'table'")
    }
    return [
        scan._replace(table=table)
        for _, _, _, step in plan
        for scan in _scanned(step)
        if (table := _table(scan.table, sql, tables))
    ]


def _scanned(step: str) -> Iterator[Scan]:
    """Yield what a step of a plan reads from end to end, by the name it has in the statement."""
    if found := AUTOMATIC.match(step):  # the index is made for the occasion, of the whole table
        yield Scan(found[1])
    elif (found := SCAN.match(step)) and found[3] in (None, "0:"):
        yield Scan(found[1], found[2] or "")


def _table(name: str, sql: str, tables: set[str]) -> str | None:
    """The table that has this name in a statement; None for what the statement makes itself."""
    if name in tables:
        return name
    if alias := re.search(rf"\b(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?{name}\b", sql):
        return alias[1]
    made = rf"\)\s*(?:AS\s+)?{name}\b|\b{name}\s*(?:\([^()]*\)\s*)?AS\s*\("
    return None if re.search(made, sql) else name
