"""The message that a delivery carries, put together from its alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alerts.alert import Alert, ArticleRef
from alerts.message import Delivery, Entry, Message, Thread

Articles = Mapping[str, tuple[ArticleRef, ...]]


def message_of(
    delivery: Delivery, alerts: Iterable[Alert], articles: Articles, thread: Thread | None
) -> Message:
    """What this delivery tells: one entry a story, in the order of its first alert.

    `articles` holds each story's articles in order of arrival.
    """
    by_story: dict[str, list[Alert]] = {}
    notices = []
    for alert in alerts:
        if alert.notice:
            notices.append(alert.notice)
        elif alert.article:
            by_story.setdefault(alert.story, []).append(alert)
    return Message(
        id=delivery.id,
        kind=delivery.kind,
        created=delivery.created,
        entries=tuple(
            Entry(story, articles.get(story, ()), tuple(told)) for story, told in by_story.items()
        ),
        notices=tuple(notices),
        cause=delivery.cause,
        thread=thread,
    )
