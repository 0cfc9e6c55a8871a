"""What a delivery shows: of each alert, the passages that are owed to its receiver by now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.alert import Alert, Edit, EventKind, Reason
from alerts.message import Cause, Delivery
from alerts.store.alert_store import AlertStore
from alerts.telling import Receiver, key_of, sentences_of
from crawler.store import ArticleStore


def shown_in(
    store: AlertStore, delivery: Delivery, audible: Sequence[Alert], silenced: Sequence[Alert]
) -> list[Alert]:
    """The alerts with what this delivery tells of them now; none if nothing of it stands.

    What only silenced alerts tell, and what has changed back meanwhile, is left out for good.
    """
    if delivery.cause is Cause.CONTINUED:
        # What it tells was settled with the message before it.
        return list(audible)
    owed, gone = store.passages.owed_by(delivery.id), store.passages.gone_by(delivery.id)
    if not (owed or gone):
        # It was queued before passages were kept, or its passages were told by another.
        return list(audible)
    rules = {alert.rule.id for alert in audible}
    unheard = [key for key, found in (owed | gone).items() if silenced and not found & rules]
    store.passages.leave_out(delivery.id, unheard, Reason.SILENCED)
    undone = _undone(store, delivery, audible, gone)
    store.passages.leave_out(delivery.id, undone, Reason.HITS_UNCHANGED)
    keys = (owed.keys() | gone.keys()) - {*unheard, *undone}
    shown = (_shown(alert, keys, delivery.kind) for alert in audible)
    return [alert for alert in shown if alert]


def _shown(alert: Alert, keys: Collection[str], kind: EventKind) -> Alert | None:
    quotes = tuple(one for one in alert.quotes if not one.passage or one.passage in keys)
    edits = _edits(alert, keys)
    if not (quotes or edits) and (alert.quotes or alert.change):
        return None
    change = None
    if alert.change and kind is not EventKind.STORY:
        change = replace(alert.change, edits=edits)
    return replace(alert, quotes=quotes, change=change)


def _edits(alert: Alert, keys: Collection[str]) -> tuple[Edit, ...]:
    edits = alert.change.edits if alert.change else ()
    return tuple(edit for edit in edits if not edit.passage or edit.passage in keys)


def _undone(
    store: AlertStore, delivery: Delivery, alerts: Sequence[Alert], gone: Collection[str]
) -> list[str]:
    """What is gone but stands again, and what had come back but was changed once more."""
    undone = []
    told = store.passages.told_before(delivery.id)
    for alert in alerts:
        back = [edit for edit in _edits(alert, told) if edit.passage not in gone]
        lost = _edits(alert, gone)
        if (back or lost) and alert.article:
            standing = _standing(store, alert.article.id)
            undone += [edit.passage for edit in lost if edit.passage in standing]
            undone += [
                edit.passage
                for edit in back
                if edit.passage not in standing
                # The receiver has not heard of what it would replace.
                or (_heard(store, delivery, alert, edit) or told[edit.passage])
                <= told[edit.passage]
            ]
    return undone


def _heard(store: AlertStore, delivery: Delivery, alert: Alert, edit: Edit) -> datetime | None:
    receiver = Receiver(delivery.channel, delivery.target)
    return store.passages.told(receiver, alert.story, key_of(edit.before))


def _standing(store: AlertStore, article: str) -> Collection[str]:
    found = ArticleStore(store.db).article(article)
    if found is None:
        return ()
    text = sentences_of(found.title, found.lead, found.body)
    return text.placed(("title", "lead", "body")).keys()
