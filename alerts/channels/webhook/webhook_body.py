"""The body of a webhook, version 1: fields are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from alerts.alert import Alert, AlertedArticle, ArticleRef, Change, EventKind
from alerts.message import Entry, Message
from alerts.rendering.clean import cut

VERSION = 1

# The receiver refused the full body: what is long is cut.
_PLAIN_TEXT = 300
_PLAIN_ITEMS = 10


def body_of(message: Message, *, plain: bool = False) -> bytes:
    """The JSON of this message, the same bytes at every attempt (of the same plainness)."""
    data = _data(message, _PLAIN_ITEMS if plain else None)
    body = {"type": message.kind.value, "timestamp": _time(message.created), "data": data}
    if plain:
        body = _shortened(body)
    # ASCII: whatever a receiver takes the encoding for, and lone surrogates stay JSON.
    return json.dumps(body, ensure_ascii=True).encode("ascii")


def _data(message: Message, most: int | None) -> dict[str, Any]:
    first = message.entries[0] if message.entries else None
    single = message.kind in {EventKind.STORY, EventKind.UPDATE} and first is not None
    alerts = message.alerts
    identifier = alerts[0].id if alerts else message.id
    data: dict[str, Any] = {"version": VERSION, "id": identifier}
    data |= _facts(first, most) if single and first else _NO_FACTS
    if not single:
        data["id"] = message.id
        data["rules"] = _rule_ids(alerts)
    if message.kind is EventKind.DIGEST:
        data["cause"] = message.cause.value
        data["alerts"] = [
            {"id": entry.alerts[0].id, **_facts(entry, most)} for entry in message.entries
        ]
    if message.notices:
        data["notices"] = [asdict(notice) for notice in message.notices]
    return data


_NO_FACTS: dict[str, Any] = {
    "rule": None,
    "rules": [],
    "story": None,
    "article": None,
    "hits": [],
    "change": None,
}


def _facts(entry: Entry, most: int | None) -> dict[str, Any]:
    """What there is to know of one story in a message."""
    corrected = [alert for alert in entry.alerts if alert.change]
    subject = (corrected or entry.alerts)[0]
    assert subject.article is not None
    rule = subject.rule
    return {
        "rule": {"id": rule.id, "name": rule.name, "priority": rule.priority.value},
        "rules": _rule_ids(entry.alerts),
        "story": {"id": entry.story, "articles": _story(entry, most)},
        "article": _article(subject.article),
        "hits": _hits(entry.alerts, subject.article.id)[:most],
        "change": _change(corrected[0].change) if corrected else None,
        "late": any(alert.late for alert in entry.alerts),
    }


def _rule_ids(alerts: Iterable[Alert]) -> list[str]:
    return list(dict.fromkeys(alert.rule.id for alert in alerts if alert.rule.id))


def _story(entry: Entry, most: int | None) -> list[dict[str, Any]]:
    told = [alert.article for alert in entry.alerts if alert.article]
    held: Sequence[ArticleRef | AlertedArticle] = entry.articles or told
    return [
        {
            "id": article.id,
            "outlet": article.outlet,
            "title": article.title,
            "url": article.url,
            "published": _time(article.published),
        }
        for article in held[:most]
    ]


def _article(article: AlertedArticle) -> dict[str, Any]:
    fields = asdict(article)
    return fields | {name: _time(fields[name]) for name in ("published", "first_seen")}


def _hits(alerts: Iterable[Alert], article: str) -> list[dict[str, Any]]:
    """The hits in the article that the body names, each once whichever rules they belong to."""
    quotes = [
        quote
        for alert in alerts
        if alert.article and alert.article.id == article
        for quote in alert.quotes
    ]
    return [
        {
            "field": quote.field,
            "start": quote.start,
            "end": quote.end,
            "text": quote.text,
            "context": quote.context,
        }
        for quote in dict.fromkeys(quotes)
    ]


def _change(change: Change | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "revision": change.revision,
        "edits": [
            {"field": edit.field, "before": edit.before, "after": edit.after}
            for edit in change.edits
        ],
    }


def _time(moment: datetime) -> str:
    return moment.isoformat()


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        # Half an address is none.
        return {key: value[key] if key == "url" else _shortened(value[key]) for key in value}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value[:_PLAIN_ITEMS]]
    return cut(value, _PLAIN_TEXT) if isinstance(value, str) else value
