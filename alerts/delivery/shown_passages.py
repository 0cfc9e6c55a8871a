"""What a delivery shows: of each alert, the passages that its receiver is owed now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.alert import Alert, ArticleAlert, Edit, EventKind, Reason
from alerts.message import Cause, Delivery
from alerts.store.alert_store import AlertStore
from alerts.store.passage_ledger import StoryPassage
from alerts.telling import Receiver, outdated_wordings, sentences_of, wording_before
from crawler.store import ArticleStore


def shown_in(
    store: AlertStore,
    delivery: Delivery,
    audible: Sequence[Alert],
    silenced: Sequence[Alert],
    now: datetime,
) -> list[Alert]:
    """The alerts, reduced to what this delivery tells now; none if nothing is left to tell.

    Passages that only silenced alerts tell are left out for good, and so are changes that have been
    undone meanwhile, and wordings that were replaced before anybody heard them.
    """
    if delivery.cause is Cause.CONTINUED:
        # The message before it has settled what this one tells.
        return list(audible)
    owed, gone = store.passages.owed_by(delivery.id), store.passages.gone_by(delivery.id)
    if not (owed or gone):
        # An older version queued it, or another delivery told its passages.
        return list(audible)
    rules = {alert.rule.id for alert in audible}
    unheard = [key for key, found in (owed | gone).items() if silenced and not found & rules]
    store.passages.leave_out(delivery.id, unheard, Reason.SILENCED, now)
    told = [alert for alert in audible if isinstance(alert, ArticleAlert)]
    beside = [alert for alert in audible if not isinstance(alert, ArticleAlert)]
    undone = _undone(store, delivery, told, gone)
    store.passages.leave_out(delivery.id, undone, Reason.HITS_UNCHANGED, now)
    outdated = _outdated(store, delivery, told, owed)
    store.passages.leave_out(delivery.id, outdated, Reason.REPLACED, now)
    keys = (owed.keys() | gone.keys()) - {*unheard, *undone, *outdated}
    shown = (_shown(alert, keys, delivery.kind) for alert in told)
    return [*beside, *(_as_heard(store, delivery, alert, gone) for alert in shown if alert)]


def _shown(
    alert: ArticleAlert, keys: Collection[StoryPassage], kind: EventKind
) -> ArticleAlert | None:
    quotes = tuple(
        one for one in alert.quotes if not one.passage or (alert.story, one.passage) in keys
    )
    edits = _edits(alert, keys)
    if not (quotes or edits) and (alert.quotes or alert.change):
        return None
    change = None
    if alert.change and kind is not EventKind.STORY:
        change = replace(alert.change, edits=edits)
    return replace(alert, quotes=quotes, change=change)


def _edits(alert: ArticleAlert, keys: Collection[StoryPassage]) -> tuple[Edit, ...]:
    story = alert.story
    return tuple(one for one in alert.edits if not one.passage or (story, one.passage) in keys)


def _as_heard(
    store: AlertStore, delivery: Delivery, alert: ArticleAlert, gone: Collection[StoryPassage]
) -> ArticleAlert:
    """The alert, whose edits begin from the wording that this receiver has heard last."""
    if alert.change is None:
        return alert
    receiver = Receiver(delivery.channel, delivery.target)
    known = store.passages.of_receiver(receiver, alert.story)
    edits = []
    for edit in alert.change.edits:
        if (alert.story, edit.passage) in gone or edit.passage not in known:
            edits.append(edit)
            continue
        before = wording_before(known, edit.passage, delivery.id)
        single = known[edit.passage].line == edit.passage
        edits.append(replace(edit, before=before or (edit.before if single else "")))
    return replace(alert, change=replace(alert.change, edits=tuple(edits)))


def _undone(
    store: AlertStore,
    delivery: Delivery,
    alerts: Sequence[ArticleAlert],
    gone: Collection[StoryPassage],
) -> list[StoryPassage]:
    """The changes that were undone: gone passages that are back, and the other way round."""
    undone = list(store.passages.back_before_gone(delivery.id))
    back = store.passages.told_before(delivery.id) - set(gone)
    for alert in alerts:
        returned, lost = _edits(alert, back), _edits(alert, gone)
        if returned or lost:
            standing = _standing(store, alert.article.id)
            changed = [edit.passage for edit in lost if edit.passage in standing]
            changed += [edit.passage for edit in returned if edit.passage not in standing]
            undone += [(alert.story, key) for key in changed]
    return undone


def _outdated(
    store: AlertStore,
    delivery: Delivery,
    alerts: Sequence[ArticleAlert],
    owed: Collection[StoryPassage],
) -> list[StoryPassage]:
    """Earlier wordings of what is told now that no article of this delivery has any more."""
    receiver = Receiver(delivery.channel, delivery.target)
    held = {
        story: store.passages.of_receiver(receiver, story)
        for story in sorted({story for story, _ in owed})
    }
    if not any(outdated_wordings(known, delivery.id) for known in held.values()):
        return []
    articles = {alert.article.id for alert in alerts}
    standing = {key for article in articles for key in _standing(store, article)}
    return [
        (story, key)
        for story, known in held.items()
        for key in outdated_wordings(known, delivery.id, standing)
        if key not in standing
    ]


def _standing(store: AlertStore, article: str) -> Collection[str]:
    found = ArticleStore(store.db).article(article)
    if found is None:
        return ()
    text = sentences_of(found.title, found.lead, found.body)
    return text.placed(("title", "lead", "body")).keys()
