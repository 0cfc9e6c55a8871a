"""The ledger of passages: what each receiver of a story is owed, was told, or was not told."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from alerts.alert import Reason
from alerts.message import Delivery, DeliveryState
from alerts.store.rows import Row, optional_time, passage_from_row, passage_to_row
from alerts.telling import KnownPassage, MatchedPassage, Receiver, TellingState
from crawler.frozen import dataclass
from crawler.model import Story
from crawler.store import Connection, as_text, as_time

# A passage, named by its story and its key.
StoryPassage = tuple[str, str]

# Chosen: a message names at most this many copies with their headlines; the next names others.
_MOST_NAMED = 5

# Stands in `gone`, before the delivery that told so, for what has come back since.
_RESTATED = "restated:"
_GIVEN_UP = (DeliveryState.DEAD, DeliveryState.EXPIRED, DeliveryState.SILENCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPassage:
    """One passage of a story for one receiver, and where it stands.

    `article` is the article that brought it. `reason` says why it was not told. `delivery` owes or
    told it, or would tell it if it were sent again. `decided` is when it was told, or when it was
    decided that it is not told; None while it is owed. A rule without a channel has no receiver:
    both names of the receiver are empty. All wordings of one sentence have the same `line`.
    """

    story: str
    receiver: Receiver
    passage: MatchedPassage
    article: str
    state: TellingState
    matched: datetime
    reason: Reason | None = None
    delivery: str | None = None
    told: datetime | None = None
    decided: datetime | None = None
    line: str | None = None


class PassageLedger:
    """What each receiver of a story has heard; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def known(
        self, article: str, story: Story, before: Container[str]
    ) -> dict[Receiver, dict[str, KnownPassage]]:
        """What the ledger holds for each receiver of this article's story, oldest first.

        If the article has left another story, what was told there counts here too. If the article
        began this story, only passages that are also in `before`, the text before, count.
        """
        joined = story.articles[:1] != (article,)
        left = self._db.rows(
            "SELECT DISTINCT story FROM matches WHERE article = ? AND story <> ?",
            [article, story.id],
        )
        found: defaultdict[Receiver, dict[str, KnownPassage]] = defaultdict(dict)
        for name in (*(row["story"] for row in left), story.id):
            for row in self._db.rows(
                "SELECT * FROM passages WHERE story = ? ORDER BY matched", [name]
            ):
                if joined or name == story.id or row["passage"] in before:
                    receiver = Receiver(row["channel"], row["target"])
                    found[receiver][row["passage"]] = _known(row)
        return found

    def put(self, passages: Iterable[LedgerPassage]) -> None:
        """Store where these passages stand now; the time at which one was told before is kept."""
        self._db.executemany(
            """
            INSERT INTO passages (story, channel, target, passage, line, article, field, text,
                hits, rules, state, reason, delivery, matched, told, decided)
            VALUES (:story, :channel, :target, :passage, :line, :article, :field, :text,
                :hits, :rules, :state, :reason, :delivery, :matched, :told, :decided)
            ON CONFLICT (story, channel, target, passage) DO UPDATE SET
                article = excluded.article, field = excluded.field, text = excluded.text,
                hits = excluded.hits, rules = excluded.rules, state = excluded.state,
                reason = excluded.reason, delivery = excluded.delivery,
                gone = iif(gone GLOB :restated || '*', gone, :restated || gone),
                matched = excluded.matched, told = coalesce(told, excluded.told),
                line = coalesce(excluded.line, line), decided = excluded.decided
            """,
            [_to_row(one) | {"restated": _RESTATED} for one in passages],
        )

    def note_gone(self, receiver: Receiver, story: str, keys: Iterable[str], delivery: str) -> None:
        """Record that this delivery tells the receiver that these passages are gone."""
        self._db.executemany(
            "UPDATE passages SET gone = ? "
            "WHERE story = ? AND channel = ? AND target = ? AND passage = ?",
            [(delivery, story, receiver.channel, receiver.target, key) for key in keys],
        )

    def settle(self, delivery: Delivery) -> None:
        """Mark the passages of a closed delivery as told, or as not told.

        A passage that was told before stays told, even if its repeat fails.
        """
        closed = _closing(delivery)
        if delivery.state is DeliveryState.DELIVERED:
            self._db.execute(
                "UPDATE passages SET state = 'told', reason = NULL, told = ?, decided = ? "
                "WHERE delivery = ? AND state <> 'by link'",
                [closed, closed, delivery.id],
            )
        elif delivery.state in _GIVEN_UP:
            reason = delivery.reason.value if delivery.reason else delivery.state.value
            self._db.execute(
                "UPDATE passages SET state = CASE WHEN told IS NULL THEN 'untold' ELSE 'told' END, "
                "reason = CASE WHEN told IS NULL THEN ? END, decided = coalesce(told, ?) "
                "WHERE delivery = ? AND state = 'owed'",
                [reason, closed, delivery.id],
            )
            self._db.execute(
                "UPDATE passages SET gone = NULL WHERE gone IN (?, ?)",
                [delivery.id, _RESTATED + delivery.id],
            )

    def tell_in_paper(self, delivery: Delivery, shown: Iterable[StoryPassage]) -> None:
        """Record what a morning paper showed of what its receiver would otherwise not be told.

        What is owed stays owed, so that a paper takes no alert's place.
        """
        closed = _closing(delivery)
        self._db.executemany(
            "UPDATE passages SET state = 'told', reason = NULL, delivery = ?, "
            "told = coalesce(told, ?), decided = ? WHERE story = ? AND channel = ? AND target = ? "
            "AND passage = ? AND state IN ('untold', 'by link')",
            [
                (delivery.id, closed, closed, story, delivery.channel, delivery.target, key)
                for story, key in shown
            ],
        )

    def tell_by_link(self, delivery: str, shown: Iterable[StoryPassage]) -> None:
        """Record that this delivery showed only these of its passages.

        For the others it gave their number and a link.
        """
        told = {f"{story} {key}" for story, key in shown}
        self._db.execute(
            "UPDATE passages SET state = 'by link' WHERE delivery = ? AND state = 'told' "
            "AND story || ' ' || passage NOT IN (SELECT value FROM json_each(?))",
            [delivery, json.dumps(sorted(told))],
        )

    def unnamed(self, receiver: Receiver, story: str) -> tuple[str, ...]:
        """The first few articles with nothing new but a headline that no message has named."""
        rows = self._db.rows(
            "SELECT article FROM passages WHERE story = ? AND channel = ? AND target = ? "
            "AND state = 'untold' AND reason = ? GROUP BY article ORDER BY min(matched) LIMIT ?",
            [
                *(story, receiver.channel, receiver.target),
                *(Reason.JOINED_SILENTLY.value, _MOST_NAMED),
            ],
        )
        return tuple(row["article"] for row in rows)

    def tell_named(self, delivery: Delivery, story: str, headlines: Mapping[str, str]) -> None:
        """Record that this delivery named these articles, by the keys of their headlines.

        A headline that this one had replaced by then is told by no message.
        """
        closed = _closing(delivery)
        unnamed = (
            "WHERE story = :story AND channel = :channel AND target = :target "
            "AND article = :article AND state = 'untold' AND reason = :joined"
        )
        for article, key in headlines.items():
            values = {
                "story": story,
                "channel": delivery.channel,
                "target": delivery.target,
                "article": article,
                "joined": Reason.JOINED_SILENTLY.value,
                "headline": key,
                "closed": closed,
            }
            self._db.execute(
                f"UPDATE passages SET reason = :replaced, decided = :closed {unnamed} "  # noqa: S608 - our own clause
                "AND passage <> :headline AND matched <= coalesce(("
                f"SELECT matched FROM passages {unnamed} AND passage = :headline), :closed)",
                values | {"replaced": Reason.REPLACED.value},
            )
            self._db.execute(
                "UPDATE passages SET state = 'told', reason = NULL, delivery = :delivery, "  # noqa: S608 - our own clause
                f"told = :closed, decided = :closed {unnamed} AND passage = :headline",
                values | {"delivery": delivery.id},
            )

    def owe_again(self, delivery: str) -> None:
        """Mark what this delivery did not tell as owed again."""
        self._db.execute(
            "UPDATE passages SET state = 'owed', reason = NULL, decided = NULL "
            "WHERE delivery = ? AND state = 'untold'",
            [delivery],
        )

    def hand_over(self, delivery: str, other: str) -> None:
        """Let another delivery tell what this one would have told."""
        self._db.execute("UPDATE passages SET delivery = ? WHERE delivery = ?", [other, delivery])
        for mark in ("", _RESTATED):
            self._db.execute(
                "UPDATE passages SET gone = ? WHERE gone = ?", [mark + other, mark + delivery]
            )

    def hand_on(self, delivery: str, other: str, passages: Iterable[StoryPassage]) -> None:
        """Let another delivery owe these passages, for which this one had no place."""
        self._db.executemany(
            "UPDATE passages SET state = 'owed', told = NULL, decided = NULL, delivery = ? "
            "WHERE delivery = ? AND story = ? AND passage = ?",
            [(other, delivery, *one) for one in passages],
        )

    def leave_out(
        self, delivery: str, passages: Iterable[StoryPassage], reason: Reason, now: datetime
    ) -> None:
        """Record that this delivery will not tell these of its passages."""
        left = list(passages)
        self._db.executemany(
            "UPDATE passages SET state = CASE WHEN told IS NULL THEN 'untold' ELSE 'told' END, "
            "reason = CASE WHEN told IS NULL THEN ? END, decided = coalesce(told, ?), "
            "delivery = NULL "
            "WHERE delivery = ? AND story = ? AND passage = ? AND state = 'owed'",
            [(reason.value, as_text(now), delivery, *one) for one in left],
        )
        self._db.executemany(
            "UPDATE passages SET gone = NULL WHERE gone IN (?, ?) AND story = ? AND passage = ?",
            [(delivery, _RESTATED + delivery, *one) for one in left],
        )

    def owed_by(self, delivery: str) -> dict[StoryPassage, frozenset[str]]:
        """The passages that this delivery owes, each with its rules."""
        rows = self._db.rows(
            "SELECT story, passage, rules FROM passages WHERE delivery = ? AND state = 'owed'",
            [delivery],
        )
        return {_place(row): frozenset(json.loads(row["rules"])) for row in rows}

    def gone_by(self, delivery: str) -> dict[StoryPassage, frozenset[str]]:
        """The passages that this delivery reports as gone, each with its rules."""
        rows = self._db.rows(
            "SELECT story, passage, rules FROM passages WHERE gone = ?", [delivery]
        )
        return {_place(row): frozenset(json.loads(row["rules"])) for row in rows}

    def back_before_gone(self, delivery: str) -> frozenset[StoryPassage]:
        """The passages that this delivery owes as back, and would have told as gone first."""
        rows = self._db.rows(
            "SELECT story, passage FROM passages WHERE gone = ? AND delivery = ?",
            [_RESTATED + delivery, delivery],
        )
        return frozenset(map(_place, rows))

    def told_before(self, delivery: str) -> frozenset[StoryPassage]:
        """The passages that this delivery owes although they were told before."""
        rows = self._db.rows(
            "SELECT story, passage FROM passages "
            "WHERE delivery = ? AND state = 'owed' AND told IS NOT NULL",
            [delivery],
        )
        return frozenset(map(_place, rows))

    def of_receiver(self, receiver: Receiver, story: str) -> dict[str, KnownPassage]:
        """What the ledger holds for this receiver in this story, oldest first."""
        rows = self._db.rows(
            "SELECT * FROM passages WHERE story = ? AND channel = ? AND target = ? "
            "ORDER BY matched",
            [story, receiver.channel, receiver.target],
        )
        return {row["passage"]: _known(row) for row in rows}

    def of_article(self, article: str) -> list[LedgerPassage]:
        """The passages that this article brought, by receiver, in the order of their arrival."""
        rows = self._db.rows(
            "SELECT * FROM passages WHERE article = ? ORDER BY channel, target, matched", [article]
        )
        return [ledger_passage_from_row(row) for row in rows]

    def untold(self, since: datetime, limit: int) -> list[LedgerPassage]:
        """What it was decided not to tell since then, the latest decision first."""
        rows = self._db.rows(
            "SELECT * FROM passages WHERE state = 'untold' AND decided >= ? "
            "ORDER BY decided DESC LIMIT ?",
            [as_text(since), limit],
        )
        return [ledger_passage_from_row(row) for row in rows]

    def counts(self, since: datetime) -> dict[str, int]:
        """How many passages are `owed`, or since then became `told`, or untold by reason."""
        rows = self._db.rows(
            "SELECT coalesce(reason, state) AS stand, count(*) AS n FROM passages "
            "WHERE decided >= ? OR decided IS NULL GROUP BY stand ORDER BY stand",
            [as_text(since)],
        )
        return {row["stand"]: row["n"] for row in rows}

    def untold_count(self, since: datetime) -> int:
        """How many passages it was decided since then not to tell although they were news.

        Old news, the headlines of copies and wordings that were replaced do not count.
        """
        expected = (Reason.OLD_NEWS, Reason.JOINED_SILENTLY, Reason.REPLACED)
        rows = self._db.rows(
            "SELECT count(*) AS n FROM passages "
            "WHERE state = 'untold' AND decided >= ? AND reason NOT IN (?, ?, ?)",
            [as_text(since), *(reason.value for reason in expected)],
        )
        return int(rows[0]["n"])

    def kept_since(self) -> datetime | None:
        """Since when this ledger exists; None if the archive had it from its beginning."""
        rows = self._db.rows("SELECT at FROM passages_kept", [])
        return as_time(rows[0]["at"]) if rows else None


def _place(row: Row) -> StoryPassage:
    return row["story"], row["passage"]


def _closing(delivery: Delivery) -> str:
    return as_text(delivery.closed or delivery.created)


def _known(row: Row) -> KnownPassage:
    return KnownPassage(
        key=row["passage"],
        line=row.get("line") or row["passage"],
        article=row["article"],
        field=row["field"],
        text=row["text"],
        hits=frozenset(json.loads(row["hits"])),
        state=TellingState(row["state"]),
        matched=as_time(row["matched"]),
        delivery=row["delivery"],
        told=optional_time(row["told"]),
        gone=bool(row["gone"]) and not row["gone"].startswith(_RESTATED),
        restated=bool(row["gone"]) and row["gone"].startswith(_RESTATED),
    )


def _to_row(one: LedgerPassage) -> Row:
    return {
        "story": one.story,
        "channel": one.receiver.channel,
        "target": one.receiver.target,
        **passage_to_row(one.passage),
        "line": one.line,
        "article": one.article,
        "state": one.state.value,
        "reason": one.reason.value if one.reason else None,
        "delivery": one.delivery,
        "matched": as_text(one.matched),
        "told": as_text(one.told) if one.told else None,
        "decided": as_text(one.decided) if one.decided else None,
    }


def ledger_passage_from_row(row: Row) -> LedgerPassage:
    """The passage in a row of `passages`."""
    return LedgerPassage(
        story=row["story"],
        receiver=Receiver(row["channel"], row["target"]),
        passage=passage_from_row(row),
        article=row["article"],
        state=TellingState(row["state"]),
        matched=as_time(row["matched"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        delivery=row["delivery"],
        told=optional_time(row["told"]),
        decided=optional_time(row["decided"]),
        line=row.get("line"),
    )
