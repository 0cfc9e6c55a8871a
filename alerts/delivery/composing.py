"""How the message of a delivery is put together."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from alerts.alert import Alert, ArticleRef, EventKind
from alerts.message import Delivery, Entry, Message, entries_of, message_of
from alerts.policy.placement import ChannelPlan
from alerts.store.alert_store import AlertStore
from alerts.telling import Receiver
from crawler.store import ArticleStore


def composed(
    store: AlertStore, delivery: Delivery, alerts: Sequence[Alert], plan: ChannelPlan
) -> Message:
    """The message of this delivery, with the conversation that it belongs to."""
    found = entries_of(alerts)
    here = {entry.story for entry in found}
    entries = [_complete(store, delivery, entry, here, plan) for entry in found]
    single = delivery.kind in {EventKind.STORY, EventKind.UPDATE}
    thread = store.outbox.thread(delivery) if single else None
    message = message_of(delivery, alerts, entries, thread)
    if message.kind is EventKind.DIGEST:
        message = replace(message, following=store.reading.stories_beside(delivery))
    if message.kind is EventKind.UPDATE and thread is None and _begins(message.entries[0]):
        # The related story was not told in the end.
        return replace(message, kind=EventKind.STORY)
    return message


def _begins(entry: Entry) -> bool:
    return entry.earlier is None and entry.alerts[0].kind is EventKind.STORY


def _complete(
    store: AlertStore, delivery: Delivery, entry: Entry, here: Container[str], plan: ChannelPlan
) -> Entry:
    """The story with its articles, and with the earlier story about the same event."""
    article = entry.alerts[0].article
    receiver = Receiver(delivery.channel, delivery.target)
    entry = replace(
        entry,
        articles=story_articles(store, article.id),
        named=store.passages.unnamed(receiver, entry.story),
        before=store.reading.known_before(delivery, entry.story),
    )
    held = store.threads.of(receiver, entry.story) if plan.related else None
    if held is None:
        return entry
    # If the related story was silenced meanwhile, another one may have been told.
    for other in (held.related, *store.threads.stories(receiver, held.thread)):
        earlier = store.threads.earlier(receiver, other) if other != entry.story else None
        if earlier and (earlier.told or (other == held.related and other in here)):
            return replace(entry, thread=held.thread, earlier=earlier)
    return entry


def story_articles(store: AlertStore, article: str) -> tuple[ArticleRef, ...]:
    """The articles of the story that this article belongs to, in order of arrival."""
    archive = ArticleStore(store.db)
    if archive.article(article) is None:
        return ()
    held = (archive.article(other) for other in archive.story(article).articles)
    return tuple(
        ArticleRef(
            id=found.id,
            outlet=found.outlet,
            title=found.title,
            url=found.url,
            published=found.published,
        )
        for found in held
        if found
    )
