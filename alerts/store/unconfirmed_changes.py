"""Changes that were read once; the next reading of the article decides if they are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from alerts.store.rows import Row, passage_from_row, passage_to_row
from alerts.telling import ChangeKind, Receiver, Unconfirmed
from crawler.frozen import dataclass
from crawler.store import Connection, as_text, as_time

# The step of the schema that made them has shipped: they are never edited.
UNCONFIRMED_TABLES = (
    """
    CREATE TABLE unconfirmed (
        story TEXT NOT NULL,
        channel TEXT NOT NULL,
        target TEXT NOT NULL,
        passage TEXT NOT NULL,
        kind TEXT NOT NULL,
        article TEXT NOT NULL,
        since TEXT NOT NULL,
        field TEXT NOT NULL,
        text TEXT NOT NULL,
        hits TEXT NOT NULL,
        rules TEXT NOT NULL,
        PRIMARY KEY (story, channel, target, passage)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX unconfirmed_article ON unconfirmed (article)",
)


@dataclass(frozen=True, slots=True)
class UnconfirmedChange:
    """A change that a receiver hears of once it was read twice."""

    story: str
    article: str
    receiver: Receiver
    change: Unconfirmed


class UnconfirmedChanges:
    """Changes that wait for a second reading; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def put(self, changes: Iterable[UnconfirmedChange]) -> None:
        """Store these changes; one that waits already keeps the time of its first reading."""
        self._db.executemany(
            "INSERT OR IGNORE INTO unconfirmed "
            "(story, channel, target, passage, kind, article, since, field, text, hits, rules) "
            "VALUES (:story, :channel, :target, :passage, :kind, :article, :since, :field, :text, "
            ":hits, :rules)",
            [_to_row(one) for one in changes],
        )

    def since(self) -> dict[str, datetime]:
        """The articles with waiting changes, and when the first change of each was seen."""
        rows = self._db.rows(
            "SELECT article, min(since) AS since FROM unconfirmed GROUP BY article", []
        )
        return {row["article"]: as_time(row["since"]) for row in rows}

    def set_back(self, now: datetime) -> list[str]:
        """Let no change be seen after now; returns the articles of those that were."""
        rows = self._db.rows(
            "UPDATE unconfirmed SET since = :now WHERE since > :now RETURNING article",
            {"now": as_text(now)},
        )
        return [row["article"] for row in rows]

    def forget(self, before: datetime) -> None:
        """Remove the changes that were first seen before this time."""
        self._db.execute("DELETE FROM unconfirmed WHERE since < ?", [as_text(before)])

    def of_article(self, article: str) -> list[UnconfirmedChange]:
        """The changes that wait for the next reading of this article, in the order of seeing."""
        rows = self._db.rows(
            "SELECT * FROM unconfirmed WHERE article = ? ORDER BY since, passage", [article]
        )
        return [_from_row(row) for row in rows]

    def remove(self, changes: Iterable[UnconfirmedChange]) -> None:
        """Remove these changes: they were told, or were not confirmed."""
        self._db.executemany(
            "DELETE FROM unconfirmed "
            "WHERE story = :story AND channel = :channel AND target = :target "
            "AND passage = :passage",
            [_to_row(one) for one in changes],
        )


def _to_row(one: UnconfirmedChange) -> Row:
    return {
        "story": one.story,
        "channel": one.receiver.channel,
        "target": one.receiver.target,
        "kind": one.change.kind.value,
        "article": one.article,
        "since": as_text(one.change.since),
        **passage_to_row(one.change.passage),
    }


def _from_row(row: Row) -> UnconfirmedChange:
    return UnconfirmedChange(
        row["story"],
        row["article"],
        Receiver(row["channel"], row["target"]),
        Unconfirmed(ChangeKind(row["kind"]), passage_from_row(row), as_time(row["since"])),
    )
