"""What was told before there was a ledger of passages, for archives that are brought up to date."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from alerts.match import Hit, Match
from alerts.telling import MatchedPassage, passages_of, sentences_of
from crawler.clock import utc_now
from crawler.store import as_text, as_time

# What was told longer ago is no story any more that new articles join.
_REMEMBERED = timedelta(days=14)

# Who was told of which story, those first that have it.
_HEARD = """
    SELECT DISTINCT alerts.story, deliveries.id, deliveries.channel, deliveries.target,
           deliveries.state, deliveries.closed
    FROM deliveries
    JOIN delivery_alerts ON delivery_alerts.delivery = deliveries.id
    JOIN alerts ON alerts.id = delivery_alerts.alert
    WHERE deliveries.state IN ('delivered', 'pending') AND deliveries.created >= ?
      AND alerts.article IS NOT NULL
    ORDER BY deliveries.state, deliveries.seq
"""
# Each text that matched as a part of these stories and is still held.
_TEXTS = """
    SELECT matches.story, matches.article, matches.revision, matches.rule, matches.rule_hash,
           matches.hits, matches.found,
           coalesce(revisions.title, articles.title) AS title,
           coalesce(revisions.lead, articles.lead) AS lead,
           coalesce(revisions.body, articles.body) AS body
    FROM matches
    JOIN revisions ON revisions.article = matches.article
                  AND revisions.number = matches.revision
    JOIN articles ON articles.id = matches.article
    WHERE matches.story IN (SELECT value FROM json_each(?))
    ORDER BY matches.article, matches.revision
"""


def fill_from_deliveries(db: Database) -> None:
    """Let the passages of stories told within a fortnight count as told to those who heard them.

    An archive that is brought up to date then tells nothing again.
    """
    latest = db.execute("SELECT max(created) FROM deliveries").fetchone()[0]
    if latest is None:
        return
    db.execute("INSERT INTO passages_kept VALUES (?)", [as_text(utc_now())])
    heard: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for row in db.query(_HEARD, [as_text(as_time(latest) - _REMEMBERED)]):
        heard[row["story"]].setdefault((row["channel"], row["target"]), row)
    for row, passage in _passages(db, list(heard)):
        for receiver, delivery in heard[row["story"]].items():
            _note(db, row, passage, receiver, delivery)


def _passages(db: Database, stories: list[str]) -> Iterator[tuple[dict[str, Any], MatchedPassage]]:
    found = db.query(_TEXTS, [json.dumps(stories)])
    for _, rows in groupby(found, key=itemgetter("article", "revision")):
        matched = list(rows)
        first = matched[0]
        text = sentences_of(first["title"], first["lead"], first["body"])
        for passage in passages_of(text, map(_match, matched)).values():
            yield first, passage


def _match(row: dict[str, Any]) -> Match:
    return Match(
        row["rule"], row["rule_hash"], tuple(Hit(**hit) for hit in json.loads(row["hits"]))
    )


def _note(
    db: Database,
    row: dict[str, Any],
    passage: MatchedPassage,
    receiver: tuple[str, str],
    delivery: dict[str, Any],
) -> None:
    told = delivery["state"] == "delivered"
    db.execute(
        "INSERT OR IGNORE INTO passages (story, channel, target, passage, article, field, text, "
        "hits, rules, state, delivery, matched, told) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(row["story"], *receiver, passage.key, row["article"], passage.field, passage.text),
            json.dumps(sorted(passage.hits), ensure_ascii=False),
            json.dumps(sorted(passage.rules), ensure_ascii=False),
            *("told" if told else "owed", delivery["id"], row["found"]),
            delivery["closed"] if told else None,
        ],
    )
