"""`nieuwswacht export`: the archive for a spreadsheet or another program."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from monitor.context import Context

if TYPE_CHECKING:
    from crawler.store import Connection

ARTICLES = (
    "id", "outlet", "source", "published", "first_seen", "title", "lead", "body", "author",
    "url", "language", "section", "partial", "items",
)  # fmt: skip  # the columns in one glance
MATCHES = (
    "rule", "article", "revision", "story", "found", "outlet", "published", "title", "url", "words",
)  # fmt: skip  # the columns in one glance

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(value: object) -> object:
    """The value as a cell that no spreadsheet executes."""
    if isinstance(value, str) and value.lstrip(" \ufeff").startswith(_FORMULA):
        return f"'{value}"
    return value


@click.command()
@click.argument("what", type=click.Choice(["articles", "matches"]))
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True
)
@click.pass_obj
def export(context: Context, what: str, form: str) -> None:
    """Write all articles or matches to standard output, oldest first."""
    db = context.reader()
    rows = _articles(db) if what == "articles" else _matches(db)
    columns = ARTICLES if what == "articles" else MATCHES
    if form == "jsonl":
        context.emit_lines({name: row[name] for name in columns} for row in rows)
    else:
        _write_csv(columns, rows)


def _write_csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(columns)
    for row in rows:
        out.writerow([inert(row[name]) for name in columns])


def _articles(db: Connection) -> Iterator[dict[str, Any]]:
    for row in db.stream("SELECT * FROM articles ORDER BY number"):
        yield row | {"partial": bool(row["partial"]), "items": _starts(row["items"])}


def _starts(items: str | None) -> list[int]:
    """Where the items begin in the body, as `rules test` takes them."""
    return [start for start, *_ in json.loads(items or "[]")]


def _matches(db: Connection) -> Iterator[dict[str, Any]]:
    sql = """
        SELECT matches.*, articles.outlet, articles.published, articles.title, articles.url
        FROM matches JOIN articles ON articles.id = matches.article ORDER BY matches.id
    """
    for row in db.stream(sql):
        words = dict.fromkeys(hit["text"] for hit in json.loads(row["hits"]))
        yield row | {"words": ", ".join(words)}
