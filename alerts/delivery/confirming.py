"""What another reading of an article says about changes that were read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from alerts.match import Priority
from alerts.policy.placement import GONE_FOR, ChannelPlan, back_for
from alerts.store.alert_store import AlertStore
from alerts.store.unconfirmed_changes import UnconfirmedChange
from alerts.telling import (
    ChangeKind,
    Receiver,
    ReceiverNews,
    TextSentences,
    confirmed_news,
    first_seen,
    is_refuted,
    is_to_come,
    plain,
    sentences_of,
)
from crawler.model import LogRecord
from crawler.store import ArticleStore, ReadingStore

# Chosen: a change does not wait longer than this for its article to be read again.
_FORGOTTEN = timedelta(days=14)

Plans = Mapping[str, ChannelPlan]
IsUrgent = Callable[[str], bool]


def wait_for_second_reading(
    store: AlertStore, record: LogRecord, receiver: Receiver, news: ReceiverNews
) -> None:
    """Store the changes that this text shows first, and that are told after another reading."""
    store.unconfirmed.put(
        UnconfirmedChange(record.story.id, record.article.id, receiver, change)
        for change in first_seen(news, record.revision.seen)
    )


def confirmed_by(
    store: AlertStore, record: LogRecord, read: datetime, plans: Plans, is_urgent: IsUrgent
) -> dict[Receiver, ReceiverNews]:
    """What a reading of this text, at the time `read`, has confirmed for each receiver.

    Changes that it refutes are removed. A partial text cannot show that a passage is gone.
    `is_urgent` says whether a rule has high priority.
    """
    waiting = store.unconfirmed.of_article(record.article.id)
    if record.revision.partial:
        waiting = [one for one in waiting if one.change.kind is ChangeKind.BACK]
    if not waiting:
        return {}
    standing = _sentences(record).placed(("title", "lead", "body"))
    refuted = [
        one for one in waiting if one.story != record.story.id or is_refuted(one.change, standing)
    ]
    store.unconfirmed.remove(refuted)
    found: defaultdict[Receiver, list[UnconfirmedChange]] = defaultdict(list)
    for one in waiting:
        if one not in refuted and read - one.change.since >= _wait(one, plans, is_urgent):
            found[one.receiver].append(one)
    return {receiver: _news(store, receiver, each, record) for receiver, each in found.items()}


def _sentences(record: LogRecord) -> TextSentences:
    return sentences_of(record.revision.title, record.revision.lead, record.revision.body)


def _wait(one: UnconfirmedChange, plans: Plans, is_urgent: IsUrgent) -> timedelta:
    """The least time between two readings that confirm this change."""
    plan = plans.get(one.receiver.channel)
    if one.change.kind is ChangeKind.GONE or plan is None:
        return GONE_FOR
    high = any(map(is_urgent, one.change.passage.rules))
    return back_for(Priority.HIGH if high else Priority.NORMAL, plan)


def _news(
    store: AlertStore, receiver: Receiver, changes: list[UnconfirmedChange], record: LogRecord
) -> ReceiverNews:
    """What to tell of these changes now; one whose passage is still owed waits on."""
    known = store.passages.of_receiver(receiver, changes[0].story)
    ready = [one for one in changes if not is_to_come(one.change, known)]
    store.unconfirmed.remove(ready)
    article = changes[0].article
    waiting = [one.change.passage.rules for one in store.unconfirmed.of_article(article)]
    settled = frozenset().union(*(one.change.passage.rules for one in ready))
    store.ledger.drop_read_once(article, sorted(settled.difference(*waiting)))
    headline = plain(record.revision.title)
    return confirmed_news([one.change for one in ready], known, headline)


def read_again(store: AlertStore, now: datetime) -> list[tuple[LogRecord, datetime]]:
    """The texts with a waiting change, and when each was last read; a 304 is a reading too.

    Use it only if the log has been read to its end: then each reading is of the text judged last.
    If the clock was set back since, what was seen after it counts as seen now.
    """
    store.unconfirmed.forget(now - _FORGOTTEN)
    archive, readings = ArticleStore(store.db), ReadingStore(store.db)
    if ahead := store.unconfirmed.set_back(now):
        readings.set_back(ahead, now)
    waiting = store.unconfirmed.since()
    return [
        (record, read)
        for article, read in readings.latest(waiting).items()
        if read > waiting[article] and (record := archive.latest(article))
    ]
