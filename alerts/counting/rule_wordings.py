"""Each wording of each rule, kept from when on it was in force until it no longer was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from alerts.counting.applied_matches import AppliedMatches
from alerts.counting.wording import Worded, Wording, WordingHistory, concept_hash
from crawler.store import Connection, as_text, as_time

Row = dict[str, Any]

_TABLES = (
    """
    CREATE TABLE rule_wordings (
        rule TEXT NOT NULL,
        since TEXT NOT NULL,
        until TEXT,
        hash TEXT NOT NULL,
        query TEXT NOT NULL,
        outlets TEXT NOT NULL,
        concepts TEXT NOT NULL,
        PRIMARY KEY (rule, since)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE concept_wordings (
        hash TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        texts TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


def create_rule_wordings(db: Connection) -> None:
    """Create the tables, which are empty until rules are taken up."""
    for statement in _TABLES:
        db.execute(statement)


class RuleWordings:
    """The history of the rules over a connection."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def take_up(self, rules: Iterable[Worded], now: datetime) -> None:
        """Note that these rules are in force from now on, and no others; a writer's job."""
        held = dict(
            self._db.execute("SELECT rule, hash FROM rule_wordings WHERE until IS NULL").fetchall()
        )
        new = {rule.id: rule for rule in rules}
        for name in [name for name, known in held.items() if _hash(new.get(name)) != known]:
            self._db.execute(
                "UPDATE rule_wordings SET until = ? WHERE rule = ? AND until IS NULL",
                [as_text(now), name],
            )
        for rule in new.values():
            if held.get(rule.id) != rule.hash:
                self._begin(rule.wording, now)

    def _begin(self, wording: Wording, now: datetime) -> None:
        concepts = {concept_hash(*each): each for each in wording.concepts.items()}
        for key, (name, texts) in concepts.items():
            concept = {"hash": key, "name": name, "texts": json.dumps(texts, ensure_ascii=False)}
            self._db.replace("concept_wordings", concept)
        row: Row = {
            "rule": wording.rule,
            "since": as_text(now),
            "until": None,
            "hash": wording.hash,
            "query": wording.query,
            "outlets": json.dumps(wording.outlets, ensure_ascii=False),
            "concepts": json.dumps(list(concepts)),
        }
        self._db.replace("rule_wordings", row)

    def history(self, rule: str) -> list[WordingHistory]:
        """All wordings of a rule, in the order in which they came."""
        spans: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._db.rows(
            "SELECT * FROM rule_wordings WHERE rule = ? ORDER BY since", [rule]
        ):
            spans[row["hash"]].append(row)
        articles, applied = self._articles(rule), AppliedMatches(self._db).by_wording(rule)
        older = [name for name in (articles | applied) if name not in spans]
        return [
            WordingHistory(
                rule=rule,
                hash=name,
                wording=self._wording(spans[name][-1]) if name in spans else None,
                spans=tuple(map(_span, spans.get(name, ()))),
                articles=articles.get(name, 0),
                applied=applied.get(name, 0),
            )
            for name in (*older, *spans)
        ]

    def _articles(self, rule: str) -> dict[str, int]:
        """How many articles each wording of a rule has found, the oldest first."""
        rows = self._db.execute(
            "SELECT rule_hash, count(DISTINCT article) FROM matches WHERE rule = ? "
            "GROUP BY rule_hash ORDER BY min(found)",
            [rule],
        )
        return dict(rows.fetchall())

    def named(self, prefix: str) -> list[Wording]:
        """The wordings whose hash begins so, the newest of each rule first."""
        rows = self._db.rows(
            "SELECT * FROM rule_wordings WHERE substr(hash, 1, ?) = ? ORDER BY since DESC",
            [len(prefix), prefix],
        )
        return [self._wording(row) for row in {row["hash"]: row for row in rows}.values()]

    def _wording(self, row: Row) -> Wording:
        concepts = self._db.rows(
            "SELECT name, texts FROM json_each(?) AS asked "
            "JOIN concept_wordings ON concept_wordings.hash = asked.value",
            [row["concepts"]],
        )
        return Wording(
            rule=row["rule"],
            hash=row["hash"],
            query=row["query"],
            outlets=tuple(json.loads(row["outlets"])),
            concepts={each["name"]: tuple(json.loads(each["texts"])) for each in concepts},
        )


def _hash(rule: Worded | None) -> str:
    return rule.hash if rule else ""


def _span(row: Row) -> tuple[datetime, datetime | None]:
    return as_time(row["since"]), as_time(row["until"]) if row["until"] else None
