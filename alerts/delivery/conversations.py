"""Stories about one event, each outlet in its own words, become one conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.policy.placement import ChannelPlan, LastMessage
from alerts.store.alert_store import AlertStore
from alerts.store.threads import Conversation
from alerts.telling import Receiver
from crawler.store import ArticleStore

# Chosen: related stories may be three days apart, but after this time a reader no longer has the
# first message in mind.
TOLD_WITHIN = timedelta(hours=24)


def last_of_conversation(  # noqa: PLR0913, PLR0917 - a story, its receiver, and what is known of both
    store: AlertStore,
    receiver: Receiver,
    story: str,
    own: LastMessage | None,
    plan: ChannelPlan,
    now: datetime,
) -> LastMessage | None:
    """The latest message of the conversation to which this story belongs for its receiver.

    `own` is the latest message about the story itself. A story without one joins the conversation
    of a related story, and stays there. This is stored here, so call it in the transaction that
    queues the story. A machine gets each story alone.
    """
    if not plan.related:
        return own
    held = store.threads.of(receiver, story)
    if own is None:
        begun = _conversation(store, receiver, story, now)
        if begun != held:
            store.threads.put(receiver, story, begun, now)
        held = begun
    if not plan.people:
        return own
    thread = held.thread if held else story
    stories = store.threads.stories(receiver, thread)
    last = store.outbox.last_message(receiver.channel, receiver.target, *stories)
    return replace(last, thread=held.thread) if last and held else last


def _conversation(
    store: AlertStore, receiver: Receiver, story: str, now: datetime
) -> Conversation | None:
    """The conversation of the most similar story that this receiver heard of lately."""
    for other in ArticleStore(store.db).one_event(story):
        if store.threads.is_heard(receiver, other, now - TOLD_WITHIN):
            held = store.threads.of(receiver, other)
            return Conversation(held.thread if held else other, other)
    return None
