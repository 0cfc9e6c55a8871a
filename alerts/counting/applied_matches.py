"""Matches of a rule in articles that were there before it: to count with, never to tell.

They stand apart from `matches`, so that nothing that tells can take them for news.
"""

from __future__ import annotations

from datetime import datetime

from alerts.counting.data_views import renew_data_views
from crawler.frozen import dataclass
from crawler.store import Connection, as_text

_TABLES = (
    """
    CREATE TABLE applied_matches (
        rule TEXT NOT NULL,
        article TEXT NOT NULL,
        revision INTEGER NOT NULL,
        rule_hash TEXT NOT NULL,
        hits TEXT NOT NULL,
        found TEXT NOT NULL,
        PRIMARY KEY (rule, article)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX applied_matches_article ON applied_matches (article)",
    """
    CREATE TABLE rule_applications (
        rule TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        since TEXT NOT NULL,
        reached TEXT NOT NULL,
        ended TEXT
    ) STRICT, WITHOUT ROWID
    """,
    # Such rows as `matches` has. An article that the rule found as it came in is left to those.
    """
    CREATE VIEW matches_applied AS
    SELECT NULL AS id, applied.article, applied.revision,
           coalesce(story_articles.story, applied.article) AS story,
           applied.rule, applied.rule_hash, applied.hits, applied.found
    FROM applied_matches AS applied
    JOIN articles ON articles.id = applied.article
    LEFT JOIN story_articles ON story_articles.article = articles.number
    WHERE NOT EXISTS (
        SELECT 1 FROM matches
        WHERE matches.article = applied.article AND matches.rule = applied.rule
    )
    """,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedMatch:
    """An article in which a rule is found, by which of its texts, and the hits as they are kept."""

    article: str
    revision: int
    hits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedBatch:
    """What was found from one moment of publication down to another, `reached`.

    Times are as the archive writes them. `since` is where the whole application ends, and the last
    batch of it has `ended`.
    """

    rule: str
    rule_hash: str
    since: str
    reached: str
    found: tuple[AppliedMatch, ...] = ()
    ended: bool = False


def create_applied_matches(db: Connection) -> None:
    """Create the tables, which are empty until a rule is applied, and the views with them."""
    for statement in _TABLES:
        db.execute(statement)
    renew_data_views(db)


class AppliedMatches:
    """The matches of rules that were applied backwards, over a connection."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def reached(self, rule: str, rule_hash: str, since: str) -> str | None:
        """How far down an application of this wording came that has not ended; None without one."""
        rows = self._db.rows(
            "SELECT reached FROM rule_applications "
            "WHERE rule = ? AND hash = ? AND since = ? AND ended IS NULL",
            [rule, rule_hash, since],
        )
        return str(rows[0]["reached"]) if rows else None

    def count(self, rule: str) -> int:
        """How many articles of a rule are known in this way alone."""
        sql = "SELECT count(*) AS n FROM matches_applied WHERE rule = ?"
        return int(self._db.rows(sql, [rule])[0]["n"])

    def by_wording(self, rule: str) -> dict[str, int]:
        """The same by the hash of the wording."""
        rows = self._db.execute(
            "SELECT rule_hash, count(*) FROM matches_applied WHERE rule = ? GROUP BY rule_hash",
            [rule],
        )
        return dict(rows.fetchall())

    def keep(self, batch: AppliedBatch, now: datetime) -> None:
        """Keep a batch; a writer's job. The first of an application takes the place of the last.

        A batch may come again, since whoever carried it out was killed before it could say so.
        """
        if self.reached(batch.rule, batch.rule_hash, batch.since) is None:
            if batch.ended and self._has_ended(batch):
                return
            self.drop(batch.rule)
        self._db.replace(
            "rule_applications",
            {
                "rule": batch.rule,
                "hash": batch.rule_hash,
                "since": batch.since,
                "reached": batch.reached,
                "ended": as_text(now) if batch.ended else None,
            },
        )
        # An article may have been forgotten since it was read.
        self._db.executemany(
            "INSERT OR IGNORE INTO applied_matches "
            "(rule, article, revision, rule_hash, hits, found) "
            "SELECT ?, id, ?, ?, ?, ? FROM articles WHERE id = ?",
            [
                (batch.rule, one.revision, batch.rule_hash, one.hits, as_text(now), one.article)
                for one in batch.found
            ],
        )

    def _has_ended(self, last: AppliedBatch) -> bool:
        """Whether an application has ended with this batch."""
        rows = self._db.rows(
            "SELECT 1 FROM rule_applications WHERE rule = ? AND hash = ? AND since = ? "
            "AND reached = ? AND ended IS NOT NULL",
            [last.rule, last.rule_hash, last.since, last.reached],
        )
        return bool(rows)

    def drop(self, rule: str) -> int:
        """Take back what was found in this way; returns of how many articles. A writer's job."""
        self._db.execute("DELETE FROM rule_applications WHERE rule = ?", [rule])
        return self._db.execute("DELETE FROM applied_matches WHERE rule = ?", [rule]).rowcount
