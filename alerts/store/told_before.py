"""What an older version told, so that an archive can be upgraded to the ledger of passages."""

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
from crawler.store import ArticleStore, Connection, as_text, as_time

# As long as `LOOK_BACK` of the stories: no new article joins an older one.
_REMEMBERED = timedelta(days=14)

# Who was told about which story; those who have received it come first.
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
# The matches in these stories.
_MATCHES = """
    SELECT story, article, revision, rule, rule_hash, hits, found FROM matches
    WHERE story IN (SELECT value FROM json_each(?)) ORDER BY article, revision
"""


def fill_from_deliveries(db: Database) -> None:
    """Mark the passages of stories as told to those who heard them in the last 14 days.

    Without it, an upgraded archive would tell them again.
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
    """Yield the passages of each text that matched and is still stored, with a row of `matches`."""
    archive = ArticleStore(Connection(db.conn))
    found = db.query(_MATCHES, [json.dumps(stories)])
    for article, rows in groupby(found, key=itemgetter("article")):
        held = {each.number: each for each in archive.revisions(article)}
        for number, same in groupby(rows, key=itemgetter("revision")):
            matched, revision = list(same), held.get(number)
            if revision is None:
                continue
            text = sentences_of(revision.title, revision.lead, revision.body)
            for passage in passages_of(text, map(_match, matched)).values():
                yield matched[0], passage


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
