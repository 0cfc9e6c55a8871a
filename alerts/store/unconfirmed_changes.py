"""Changes that were read once: they are told, or forgotten, when their article is read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts.store.rows import Row, passage_from_row, passage_to_row
from alerts.telling import ChangeKind, Receiver, Unconfirmed
from crawler.store import Connection, as_text, as_time


@dataclass(frozen=True, slots=True)
class UnconfirmedChange:
    """A change that a receiver is to hear of when it was read twice."""

    story: str
    article: str
    receiver: Receiver
    change: Unconfirmed


class UnconfirmedChanges:
    """What waits for a second reading; methods that write belong into a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def put(self, changes: Iterable[UnconfirmedChange]) -> None:
        """Keep these changes; what waits already keeps its first reading."""
        self._db.executemany(
            "INSERT OR IGNORE INTO unconfirmed "
            "(story, channel, target, passage, kind, article, since, field, text, hits, rules) "
            "VALUES (:story, :channel, :target, :passage, :kind, :article, :since, :field, :text, "
            ":hits, :rules)",
            [_to_row(one) for one in changes],
        )

    def since(self) -> dict[str, datetime]:
        """The articles that have a change waiting, each with when the first of them was seen."""
        rows = self._db.rows(
            "SELECT article, min(since) AS since FROM unconfirmed GROUP BY article", []
        )
        return {row["article"]: as_time(row["since"]) for row in rows}

    def forget(self, before: datetime) -> None:
        """Wait no longer for what was first seen before this time."""
        self._db.execute("DELETE FROM unconfirmed WHERE since < ?", [as_text(before)])

    def of_article(self, article: str) -> list[UnconfirmedChange]:
        """What waits for this article to be read again, in the order in which it was seen."""
        rows = self._db.rows(
            "SELECT * FROM unconfirmed WHERE article = ? ORDER BY since, passage", [article]
        )
        return [_from_row(row) for row in rows]

    def remove(self, changes: Iterable[UnconfirmedChange]) -> None:
        """Forget these changes: they were told, or did not stand."""
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
