"""What was found and told about one article, erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.alert import ArticleAlert, EditionAlert, Reason, VolumeAlert, alert_id
from alerts.editions import EditionStore
from alerts.message import Delivery, DeliveryState
from alerts.policy.settling import closed
from alerts.policy.verdict import told_by_another
from alerts.store.alert_store import AlertStore
from alerts.store.rows import alert_from_row, alert_to_row, delivery_from_row
from alerts.trends import MatchDays
from crawler.frozen import dataclass
from crawler.store import ArticleStore, Connection

# A message also names the copies of its story, and a story to which it is related.
_STORIES = """
    SELECT story FROM alerts WHERE article = :article
    UNION SELECT story FROM matches WHERE article = :article
"""
_TOLD_IN = f"""
    {_STORIES} UNION SELECT story_articles.story FROM articles
    JOIN story_articles ON story_articles.article = articles.number WHERE articles.id = :article
"""  # noqa: S608 - our own clauses
_MESSAGES = f"""
    SELECT DISTINCT deliveries.* FROM alerts
    JOIN delivery_alerts ON delivery_alerts.alert = alerts.id
    JOIN deliveries ON deliveries.id = delivery_alerts.delivery
    WHERE alerts.story IN (
        {_STORIES}
        UNION SELECT others.story FROM ({_STORIES}) AS mine
        JOIN threads AS own ON own.story = mine.story
        JOIN threads AS others ON others.thread = own.thread
    )
"""  # noqa: S608 - our own clauses


def forget_told(db: Connection, article: str, now: datetime) -> list[str]:
    """Erase matches, alerts, passages and messages about an article; part of a writer's job.

    A message that waits and is about this article alone is not sent any more. What it was to tell
    of other articles too, which joined it silently, it tells of one of those. Returns the ids of
    the messages that were sent, which nobody can take back.
    """
    messages = _messages_about(db, article)
    handed_on = _handed_on(db, messages)
    for one in messages:
        _forget_message(db, one, handed_on, now)
    _forget_quotes(db, article)
    # A note may quote the article.
    db.execute(f"DELETE FROM story_marks WHERE story IN ({_STORIES})", {"article": article})  # noqa: S608 - our own clause
    stories = db.execute("SELECT DISTINCT story FROM matches WHERE article = ?", [article])
    with MatchDays(db).kept(article, [story for (story,) in stories]):
        db.execute("DELETE FROM matches WHERE article = ?", [article])
    for statement in (
        "DELETE FROM applied_matches WHERE article = ?",
        "DELETE FROM alerts WHERE article = ?",
        "DELETE FROM decisions WHERE article = ?",
        "DELETE FROM passages WHERE article = ?",
        "DELETE FROM unconfirmed WHERE article = ?",
    ):
        db.execute(statement, [article])
    sent = (one for one in messages if one.delivery.state is DeliveryState.DELIVERED)
    return [one.delivery.id for one in sent if one.own]


@dataclass(frozen=True, slots=True)
class _Message:
    """A message about the story of an article: how much it tells, and its `own` alerts about it."""

    delivery: Delivery
    alerts: int
    own: Sequence[ArticleAlert]

    @property
    def waits(self) -> bool:
        return self.delivery.state is DeliveryState.PENDING


def _messages_about(db: Connection, article: str) -> list[_Message]:
    found, outbox = list[_Message](), AlertStore(db).outbox
    for row in db.rows(_MESSAGES, {"article": article}):
        delivery = delivery_from_row(row)
        told = outbox.alerts(delivery.id)
        about = [one for one in told if isinstance(one, ArticleAlert)]
        own = [one for one in about if one.article.id == article]
        found.append(_Message(delivery, len(told), own))
    return found


def _forget_message(db: Connection, one: _Message, kept: Container[str], now: datetime) -> None:
    """Take the article out of a message, but for the alerts that are `kept` for another one."""
    outbox, name = AlertStore(db).outbox, one.delivery.id
    gone = [alert.id for alert in one.own if not (one.waits and alert.id in kept)]
    if one.waits and gone and len(gone) == one.alerts:
        outbox.take_back(name)
        outbox.update(closed(one.delivery, DeliveryState.SILENCED, Reason.FORGOTTEN, now))
    outbox.remove_alerts(name, gone)
    db.execute(
        "UPDATE deliveries SET message = NULL, "
        "reference = CASE WHEN ? THEN '' ELSE reference END WHERE id = ?",
        [bool(one.own), name],
    )


def _handed_on(db: Connection, messages: Iterable[_Message]) -> set[str]:
    """Let alerts that wait be about another article of their story; returns the ids of those.

    Each goes to the first article that has most of its passages.
    """
    passages, done = AlertStore(db).passages, set[str]()
    waiting, owed = dict[str, ArticleAlert](), defaultdict[str, set[str]](set)
    for one in messages:
        owes = passages.owed_by(one.delivery.id) if one.waits and one.own else {}
        for alert in one.own if one.waits else ():
            waiting[alert.id] = alert
            owed[alert.id] |= {
                key
                for (story, key), rules in owes.items()
                if story == alert.story and alert.rule.id in rules
            }
    for alert in waiting.values():
        if others := list(_told_by_others(db, alert, owed[alert.id])):
            _hand_on(db, alert, max(others, key=lambda told: len(told.quotes)))
            done.add(alert.id)
    return done


def _told_by_others(db: Connection, alert: ArticleAlert, keys: set[str]) -> Iterator[ArticleAlert]:
    archive, ledger = ArticleStore(db), AlertStore(db).ledger
    for other in archive.of_story(alert.story):
        record = archive.latest(other.id)
        if record and other.id != alert.article.id:
            matches = ledger.matches_then(other.id, record.revision.number)
            if told := told_by_another(alert, record, matches, keys):
                yield told


def _hand_on(db: Connection, before: ArticleAlert, told: ArticleAlert) -> None:
    row = alert_to_row(told)
    db.execute(
        "UPDATE alerts SET article = ?, body = ? WHERE id = ?",
        [told.article.id, row["body"], told.id],
    )
    db.executemany(
        "UPDATE passages SET article = ? "
        "WHERE article = ? AND story = ? AND passage = ? AND state = 'owed'",
        [
            (told.article.id, before.article.id, told.story, passage)
            for passage in {quote.passage for quote in told.quotes}
        ],
    )
    db.execute(
        "DELETE FROM decisions WHERE article = ? AND story = ? AND rule = ? AND reason = ?",
        [told.article.id, told.story, told.rule.id, Reason.JOINED_SILENTLY.value],
    )


def _forget_quotes(db: Connection, article: str) -> None:
    """Take an article out of what is told of many at once."""
    _forget_in_waves(db, article)
    _forget_in_editions(db, article)


def _forget_in_editions(db: Connection, article: str) -> None:
    """Take the stories of an article out of morning papers, which quote it or link to it."""
    rows = db.execute(_TOLD_IN, {"article": article})
    for less in EditionStore(db).forget({story for (story,) in rows}):
        name = alert_id("", "", less.key.event)
        for row in db.rows("SELECT * FROM alerts WHERE id = ?", [name]):
            alert = alert_from_row(row)
            if isinstance(alert, EditionAlert):
                body = alert_to_row(replace(alert, edition=less))["body"]
                db.execute("UPDATE alerts SET body = ? WHERE id = ?", [body, name])
        _forget_messages(db, name)


def _forget_messages(db: Connection, alert: str) -> None:
    db.execute(
        "UPDATE deliveries SET message = NULL WHERE id IN "
        "(SELECT delivery FROM delivery_alerts WHERE alert = ?)",
        [alert],
    )


def _forget_in_waves(db: Connection, article: str) -> None:
    """Take an article out of what was told of waves, which quote it."""
    for row in db.rows(
        "SELECT * FROM alerts WHERE kind = 'alert.volume' AND instr(body, ?)", [article]
    ):
        alert = alert_from_row(row)
        if not isinstance(alert, VolumeAlert):
            continue
        kept = tuple(one for one in alert.stories if one.alert.article.id != article)
        kept = tuple(
            replace(one, articles=tuple(other for other in one.articles if other.id != article))
            for one in kept
        )
        left_out = alert.left_out + len(alert.stories) - len(kept)
        less = replace(alert, stories=kept, left_out=left_out)
        db.execute(
            "UPDATE alerts SET body = ? WHERE id = ?", [alert_to_row(less)["body"], alert.id]
        )
        _forget_messages(db, alert.id)
