"""`nieuwswacht export`: the archive for a spreadsheet or another program."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.errors import ConfigError
from monitor.commands.options import MomentType
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
REVISIONS = (
    "article", "outlet", "url", "revision", "seen", "until", "whole", "lost", "title", "lead",
    "body",
)  # fmt: skip  # the columns in one glance


@click.command()
@click.argument("what", type=click.Choice(["articles", "matches", "revisions", "stix"]))
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True
)
@click.option("--story", metavar="ID", help="With stix: the report of this story only.")
@click.option("--since", type=MomentType(), help="With stix: stories with something found since.")
@click.pass_obj
def export(
    context: Context, what: str, form: str, story: str | None, since: datetime | None
) -> None:
    """Write all articles or matches to standard output, oldest first.

    `revisions` are all texts that the articles have had; where one is not whole, only the sentences
    that matched are kept. `stix` is a bundle of STIX 2.1 with a report for each story in which
    something was found.
    """
    if what == "stix":
        _write_stix(context, story, since)
        return
    if story or since:
        raise click.UsageError("--story and --since go with stix only")
    columns, read = {
        "articles": (ARTICLES, _articles),
        "matches": (MATCHES, _matches),
        "revisions": (REVISIONS, _revisions),
    }[what]
    rows = read(context.reader())
    if form == "jsonl":
        context.emit_lines({name: row[name] for name in columns} for row in rows)
    else:
        _write_csv(columns, rows)


def _write_stix(context: Context, story: str | None, since: datetime | None) -> None:
    if importlib.util.find_spec("stix2") is None:
        remedy = "install it: pip install 'nieuwswacht[cti]'"
        raise ConfigError("STIX needs the library stix2", remedy=remedy)
    from monitor.commands.archive.stix_bundle import bundle_of, stories_found

    db = context.reader()
    found = list(stories_found(db, story=story, since=since))
    if story and not found:
        remedy = "`show ARTICLE` and `search --json` name stories"
        raise click.ClickException(f'nothing was found in a story "{story}": {remedy}')
    click.echo(bundle_of(db, found))


def _write_csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    from monitor.views import inert

    out = csv.writer(sys.stdout)
    out.writerow(columns)
    for row in rows:
        out.writerow([inert(row[name]) for name in columns])


def _articles(db: Connection) -> Iterator[dict[str, Any]]:
    for row in db.stream("SELECT * FROM articles ORDER BY number"):
        yield row | {"partial": bool(row["partial"]), "items": _starts(row["items"])}


def _revisions(db: Connection) -> Iterator[dict[str, Any]]:
    from crawler.store import ArticleStore, as_text
    from monitor.views.diffs_view import stood_as_json, stood_texts

    store = ArticleStore(db)
    for row in _articles(db):
        for text in stood_texts(store.revisions(row["id"])):
            held = text.revision
            texts = {"title": held.title, "lead": held.lead, "body": held.body}
            until = as_text(text.until) if text.until else None
            times = {"seen": as_text(held.seen), "until": until}
            yield row | texts | stood_as_json(text) | times | {"article": row["id"]}


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
