"""What was found and told about one article, erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.alert import ArticleAlert, EditionAlert, Reason, VolumeAlert, alert_id
from alerts.editions import EditionStore
from alerts.message import DeliveryState
from alerts.policy.settling import closed
from alerts.store.alert_store import AlertStore
from alerts.store.rows import alert_from_row, alert_to_row, delivery_from_row
from alerts.trends import MatchDays
from crawler.store import Connection

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

    A message that waits and is about this article alone is not sent any more. Returns the ids of
    the messages that were sent, which nobody can take back.
    """
    store, sent = AlertStore(db), list[str]()
    for row in db.rows(_MESSAGES, {"article": article}):
        delivery = delivery_from_row(row)
        told = store.outbox.alerts(delivery.id)
        own = [
            one.id for one in told if isinstance(one, ArticleAlert) and one.article.id == article
        ]
        if own and delivery.state is DeliveryState.DELIVERED:
            sent.append(delivery.id)
        if own and len(own) == len(told) and delivery.state is DeliveryState.PENDING:
            store.outbox.take_back(delivery.id)
            store.outbox.update(closed(delivery, DeliveryState.SILENCED, Reason.FORGOTTEN, now))
        store.outbox.remove_alerts(delivery.id, own)
        db.execute(
            "UPDATE deliveries SET message = NULL, "
            "reference = CASE WHEN ? THEN '' ELSE reference END WHERE id = ?",
            [bool(own), delivery.id],
        )
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
    return sent


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
