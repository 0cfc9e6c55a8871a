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

Row = dict[str, Any]

ARTICLES = (
    "id", "outlet", "source", "published", "first_seen", "title", "lead", "body", "author",
    "url", "language", "section", "partial", "items",
)  # fmt: skip  # the columns in one glance
MATCHES = (
    "rule", "article", "revision", "story", "found", "outlet", "published", "title", "url", "words",
    "origin",
)  # fmt: skip  # the columns in one glance
REVISIONS = (
    "article", "outlet", "url", "revision", "seen", "until", "whole", "lost", "title", "lead",
    "body",
)  # fmt: skip  # the columns in one glance


STORIES = (
    "story", "created", "title", "articles", "outlets", "first_published", "last_published",
    "rules",
)  # fmt: skip  # the columns in one glance
ALERTS = (
    "alert", "kind", "rule", "story", "article", "outlet", "priority", "created", "title", "url",
    "deliveries", "delivered", "told",
)  # fmt: skip  # the columns in one glance
_KINDS = ("articles", "matches", "revisions", "stories", "alerts", "stix")
_BOM = "\ufeff"
# An empty list stands for all.
_OUTLETS = ":outlets = '[]' OR articles.outlet IN (SELECT value FROM json_each(:outlets))"
_RULED = "SELECT value FROM json_each(:rules)"
_FOUND_BY_THESE = f"""
    SELECT article FROM matches WHERE rule IN ({_RULED})
    UNION SELECT article FROM applied_matches WHERE rule IN ({_RULED})
"""  # noqa: S608 - our own clauses


@click.command()
@click.argument("what", type=click.Choice(_KINDS))
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl", "parquet"]),
    default="csv",
    show_default=True,
)
@click.option("--excel", is_flag=True, help="CSV as Excel opens it: with semicolons and a mark.")
@click.option("--rule", "rules", metavar="ID", multiple=True, help="What this rule has found.")
@click.option("--outlet", "outlets", metavar="NAME", multiple=True, help="Of this outlet.")
@click.option("--story", metavar="ID", help="With stix: the report of this story only.")
@click.option(
    "--since",
    type=MomentType(),
    help="Published since then; of alerts: made; with stix: stories with something found since.",
)
@click.option("--until", type=MomentType(), help="Published before then; of alerts: made.")
@click.option(
    "--latest/--revisions",
    default=False,
    help="Of matches: a row for each article, or for each text of it (the default).",
)
@click.pass_obj
def export(
    context: Context, /, *, what: str, form: str, excel: bool, story: str | None, **filters: Any
) -> None:
    """Write articles, matches, stories or alerts to standard output, oldest first.

    `revisions` are all texts that the articles have had; where one is not whole, only the sentences
    that matched are kept. `stix` is a bundle of STIX 2.1 with a report for each story in which
    something was found. --rule and --outlet may be given more than once.
    """
    if excel and (form != "csv" or what == "stix"):
        raise click.UsageError("--excel is for CSV")
    if what == "stix":
        _write_stix(context, story, **filters)
        return
    if story:
        raise click.UsageError("--story goes with stix only")
    columns, read = {
        "articles": (ARTICLES, _articles),
        "matches": (MATCHES, _matches),
        "revisions": (REVISIONS, _revisions),
        "stories": (STORIES, _stories),
        "alerts": (ALERTS, _alerts),
    }[what]
    rows = read(context.reader(), _asked(**filters))
    if form == "parquet":
        _write_parquet(columns, rows)
    elif form == "jsonl":
        context.emit_lines({name: row[name] for name in columns} for row in rows)
    else:
        _write_csv(columns, rows, excel=excel)


def _write_stix(
    context: Context, story: str | None, /, *, since: datetime | None, **others: Any
) -> None:
    if any(others.values()):
        raise click.UsageError("of the filters, stix takes --story and --since")
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


def _write_parquet(columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    if importlib.util.find_spec("pyarrow") is None:
        remedy = "install it: pip install 'nieuwswacht[research]'"
        raise ConfigError("Parquet needs the library pyarrow", remedy=remedy)
    if sys.stdout.isatty():
        raise click.UsageError("Parquet is for a file: end the command with `> FILE.parquet`")
    from monitor.commands.archive.parquet import write_parquet

    write_parquet(columns, rows)


def _asked(
    *,
    rules: tuple[str, ...],
    outlets: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    latest: bool,
) -> Row:
    """The filters as the statements take them."""
    from crawler.store import as_text

    return {
        "rules": json.dumps(rules),
        "outlets": json.dumps(outlets),
        "since": as_text(since) if since else "",
        "until": as_text(until) if until else "~",  # sorts after every time
        "latest": latest,
    }


def _write_csv(columns: tuple[str, ...], rows: Iterable[Row], *, excel: bool) -> None:
    from monitor.views import inert

    if excel:
        sys.stdout.write(_BOM)
    out = csv.writer(sys.stdout, delimiter=";" if excel else ",")
    out.writerow(columns)
    for row in rows:
        out.writerow([inert(row[name]) for name in columns])


def _articles(db: Connection, asked: Row) -> Iterator[Row]:
    sql = f"""
        SELECT * FROM articles
        WHERE +published >= :since AND +published < :until AND ({_OUTLETS})
        AND (:rules = '[]' OR id IN ({_FOUND_BY_THESE}))
        ORDER BY number
    """  # noqa: S608 - our own clauses
    for row in db.stream(sql, asked):
        yield row | {"partial": bool(row["partial"]), "items": _starts(row["items"])}


def _revisions(db: Connection, asked: Row) -> Iterator[Row]:
    from crawler.store import ArticleStore, as_text
    from monitor.views.diffs_view import stood_as_json, stood_texts

    store = ArticleStore(db)
    for row in _articles(db, asked):
        for text in stood_texts(store.revisions(row["id"])):
            held = text.revision
            texts = {"title": held.title, "lead": held.lead, "body": held.body}
            until = as_text(text.until) if text.until else None
            times = {"seen": as_text(held.seen), "until": until}
            yield row | texts | stood_as_json(text) | times | {"article": row["id"]}


def _starts(items: str | None) -> list[int]:
    """Where the items begin in the body, as `rules test` takes them."""
    return [start for start, *_ in json.loads(items or "[]")]


_MATCHING = f"""
    SELECT matches.*, articles.outlet, articles.published, articles.title, articles.url,
           articles.revision AS newest
    FROM matches JOIN articles ON articles.id = matches.article
    WHERE +articles.published >= :since AND +articles.published < :until AND ({_OUTLETS})
    AND (:rules = '[]' OR +matches.rule IN ({_RULED}))
    AND NOT (:latest AND EXISTS (
        SELECT 1 FROM matches AS later
        WHERE later.article = matches.article AND later.revision > matches.revision
        AND later.rule = matches.rule
    ))
    ORDER BY matches.id
"""  # noqa: S608 - our own clauses
_APPLIED = f"""
    SELECT applied.*, articles.outlet, articles.published, articles.title, articles.url,
           articles.revision AS newest
    FROM matches_applied AS applied JOIN articles ON articles.id = applied.article
    WHERE +articles.published >= :since AND +articles.published < :until AND ({_OUTLETS})
    AND (:rules = '[]' OR +applied.rule IN ({_RULED}))
    ORDER BY applied.found, articles.number
"""  # noqa: S608 - our own clauses


def _matches(db: Connection, asked: Row) -> Iterator[Row]:
    titles = _Titles(db)
    for origin, rows in (
        ("found", db.stream(_MATCHING, asked)),
        ("applied", db.stream(_APPLIED, asked)),
    ):
        for row in rows:
            words = dict.fromkeys(hit["text"] for hit in json.loads(row["hits"]))
            yield row | {"words": ", ".join(words), "title": titles.of(row), "origin": origin}


class _Titles:
    """The titles that articles had when they matched."""

    def __init__(self, db: Connection) -> None:
        from crawler.store import ArticleStore

        self._store = ArticleStore(db)

    def of(self, row: Row) -> str:
        """The title of the revision that matched."""
        if row["revision"] == row["newest"]:
            return str(row["title"])
        held = {text.number: text.title for text in self._store.revisions(row["article"])}
        return held.get(row["revision"]) or str(row["title"])


def _stories(db: Connection, asked: Row) -> Iterator[Row]:
    sql = f"""
        SELECT * FROM v_stories
        WHERE first_published >= :since AND first_published < :until
        AND (:rules = '[]' OR story IN (
            SELECT story FROM matches WHERE rule IN ({_RULED})
            UNION SELECT story FROM matches_applied WHERE rule IN ({_RULED})
        ))
        AND (:outlets = '[]' OR story IN (
            SELECT story FROM story_articles JOIN articles ON articles.number = article
            WHERE {_OUTLETS}
        ))
        ORDER BY first_published, story
    """  # noqa: S608 - our own clauses
    return db.stream(sql, asked)


def _alerts(db: Connection, asked: Row) -> Iterator[Row]:
    sql = f"""
        SELECT * FROM v_alerts
        WHERE created >= :since AND created < :until
        AND (:rules = '[]' OR rule IN ({_RULED}))
        AND (:outlets = '[]' OR outlet IN (SELECT value FROM json_each(:outlets)))
        ORDER BY created, alert
    """  # noqa: S608 - our own clauses
    return db.stream(sql, asked)
