"""One conversation for what outlets tell of one event in their own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.policy.placement import ChannelPlan, LastMessage
from alerts.store.alert_store import AlertStore
from alerts.store.threads import Conversation
from alerts.telling import Receiver
from crawler.store import ArticleStore

# Related stories may be three days apart. What was told longer ago than this a reader has not in
# mind any more. Chosen.
TOLD_WITHIN = timedelta(hours=24)


def last_of_conversation(  # noqa: PLR0913, PLR0917 - a story, its receiver, and what is known of both
    store: AlertStore,
    receiver: Receiver,
    story: str,
    own: LastMessage | None,
    plan: ChannelPlan,
    now: datetime,
) -> LastMessage | None:
    """The latest message of the conversation that this story is a part of for its receiver.

    `own` is the latest about the story itself. A story of which nothing is told or owed joins the
    conversation of a related one, and stays there. That is kept here: call it in the transaction
    that queues the story. A machine gets each story alone.
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
    """That of the likest story which this receiver has heard of lately."""
    for other in ArticleStore(store.db).related(story):
        if store.threads.is_heard(receiver, other, now - TOLD_WITHIN):
            held = store.threads.of(receiver, other)
            return Conversation(held.thread if held else other, other)
    return None
