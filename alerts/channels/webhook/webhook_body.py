"""The body of a webhook, version 1: fields may be added, but none is changed or removed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from alerts.alert import (
    AlertedArticle,
    ArticleAlert,
    ArticleRef,
    Change,
    EventKind,
    Quote,
    RuleRef,
    VolumeAlert,
)
from alerts.message import Entry, Message
from alerts.outcome import Shown
from alerts.rendering.clean import ELLIPSIS, cut
from alerts.rendering.edition_json import review_body
from alerts.rendering.passages import Passage, edits_of, passages_of, title_of, uncounted
from crawler.text import quote_span

VERSION = 1

# Limits of a body after the receiver has refused the full one. Chosen: ten stories then take 15 kB.
_PLAIN_TEXT = 300
_PLAIN_ITEMS = 10


def body_of(message: Message, *, plain: bool = False) -> bytes:
    """The JSON of this message: the same bytes at every attempt with the same `plain`."""
    data = _data(message, _most(plain=plain))
    body = {"type": message.kind.value, "timestamp": _time(message.created), "data": data}
    if plain:
        body = _shortened(body)
    # ASCII can be read in any encoding that a receiver assumes, and keeps lone surrogates valid.
    return json.dumps(body, ensure_ascii=True).encode("ascii")


def shown_in(message: Message, *, plain: bool = False) -> tuple[Shown, ...]:
    """What the body shows of each alert; alerts without a place in it come in the next body."""
    most = _most(plain=plain)
    if message.edition:
        return tuple(
            Shown(story.story, len(keys), story.more, keys)
            for story in message.edition.stories[:most]
            if (keys := story.keys)
        )
    return tuple(shown for entry in message.entries[:most] for shown in _shown(entry, most))


def _most(*, plain: bool) -> int | None:
    return _PLAIN_ITEMS if plain else None


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
    if message.kind in {EventKind.DIGEST, EventKind.VOLUME}:
        entries = message.entries[:most]
        data["cause"] = message.cause.value
        data["alerts"] = [{"id": entry.alerts[0].id, **_facts(entry, most)} for entry in entries]
        data["alerts_left_out"] = len(message.entries) - len(entries)
    if message.waves:
        news = message.waves[-1]
        data["rule"], data["rules"] = _rule(news.rule), [news.rule.id]
        data["wave"] = _wave(news, most)
    if message.edition:
        data["review"] = review_body(message.edition, most)
    if message.notices:
        notices = message.notices[:most]
        data["notices"] = [asdict(notice) for notice in notices]
        data["notices_left_out"] = len(message.notices) - len(notices)
    return data


_NO_FACTS: dict[str, Any] = {
    "rule": None,
    "rules": [],
    "story": None,
    "article": None,
    "hits": [],
    "change": None,
    "changes": [],
    "passages_left_out": 0,
    "thread": None,
    "related_to": None,
}


def _facts(entry: Entry, most: int | None) -> dict[str, Any]:
    """The fields of one story in a message."""
    subject = _subject(entry)
    rule = subject.rule
    changes = [
        _change(alert, alert.change, most) for alert in reversed(entry.alerts) if alert.change
    ]
    return {
        "rule": _rule(rule),
        "rules": _rule_ids(entry.alerts),
        "story": _story(entry, most),
        "article": _article(subject.article),
        "hits": [_hit(quote, most) for quote in _quotes(entry)[:most]],
        "change": changes[-1] if changes else None,
        "changes": changes,
        "passages_left_out": _left_out(entry, most),
        "late": any(alert.late for alert in entry.alerts),
        "thread": entry.thread or entry.story,
        "related_to": entry.earlier.story if entry.earlier else None,
    }


def _rule(rule: RuleRef) -> dict[str, Any]:
    return {"id": rule.id, "name": rule.name, "priority": rule.priority.value}


def _wave(news: VolumeAlert, most: int | None) -> dict[str, Any]:
    """The fields of a wave; its stories are told by their own messages, or stand in `alerts`."""
    wave, usual = news.wave, news.wave.usual
    entries = [Entry(one.alert.story, one.articles, (one.alert,)) for one in news.stories[:most]]
    return {
        "id": news.group,
        "phase": news.phase.value,
        "began": _time(wave.began),
        "ended": _optional_time(wave.ended),
        "at": _time(news.window.at),
        "over_seconds": news.over.total_seconds(),
        "stories": news.window.stories,
        "outlets": news.window.outlets,
        "peak": wave.peak,
        "expected": round(usual.expected, 2),
        "weeks": usual.weeks,
        "graph": list(news.graph),
        "carried": [{"id": entry.alerts[0].id, **_facts(entry, most)} for entry in entries],
        "left_out": news.left_out + len(news.stories) - len(entries),
    }


def _subject(entry: Entry) -> ArticleAlert:
    """The alert whose article the body names: the first correction, or else the first alert."""
    return next((alert for alert in entry.alerts if alert.change), entry.alerts[0])


def _shown(entry: Entry, most: int | None) -> Iterator[Shown]:
    told, held = _told(entry, most), _held(entry)
    for alert in entry.alerts:
        keys = tuple(passage.key for passage in told if alert.id in passage.alerts)
        there = sum(alert.id in passage.alerts for passage in held)
        cut = tuple(one.key for one in held if alert.id in one.alerts and _is_cut(one, most))
        yield Shown(alert.id, len(keys), there - len(keys) + uncounted(alert), keys, cut)


def _left_out(entry: Entry, most: int | None) -> int:
    beyond = max(uncounted(alert) for alert in entry.alerts)
    return beyond + len(_held(entry)) - len(_told(entry, most))


def _held(entry: Entry) -> tuple[Passage, ...]:
    return passages_of(entry, title_of(_subject(entry)))


def _told(entry: Entry, most: int | None) -> list[Passage]:
    """The passages that the body contains, as hits, as edits or as the headline."""
    quotes = set(_quotes(entry)[:most])
    edits = {edit for alert in entry.alerts for edit in edits_of(alert)[:most]}
    return [
        passage
        for passage in _held(entry)
        if passage.headline or passage.edit in edits or not quotes.isdisjoint(passage.quotes)
        if not _is_cut(passage, most)
    ]


def _is_cut(passage: Passage, most: int | None) -> bool:
    """Whether a body that was refused has no room for the whole of this correction."""
    edit = passage.edit
    return (
        most is not None
        and edit is not None
        and max(len(edit.before), len(edit.after)) > _PLAIN_TEXT
    )


def _rule_ids(alerts: Iterable[ArticleAlert]) -> list[str]:
    return list(dict.fromkeys(alert.rule.id for alert in alerts if alert.rule.id))


def _story(entry: Entry, most: int | None) -> dict[str, Any]:
    told = [alert.article for alert in entry.alerts]
    held: Sequence[ArticleRef | AlertedArticle] = entry.articles or told
    articles = [
        {
            "id": article.id,
            "outlet": article.outlet,
            "title": article.title,
            "url": article.url,
            "published": _time(article.published),
        }
        for article in held[:most]
    ]
    left_out = len(held) - len(articles)
    return {"id": entry.story, "articles": articles, "articles_left_out": left_out}


def _article(article: AlertedArticle) -> dict[str, Any]:
    fields = asdict(article)
    return fields | {name: _time(fields[name]) for name in ("published", "first_seen")}


def _quotes(entry: Entry) -> list[Quote]:
    """The hits in the article that the body names; one that several rules found comes once."""
    article = _subject(entry).article
    quotes = (
        quote for alert in entry.alerts if alert.article.id == article.id for quote in alert.quotes
    )
    return list(dict.fromkeys(quotes))


def _hit(quote: Quote, most: int | None) -> dict[str, Any]:
    fields = asdict(quote) | ({} if most is None else {"context": _around(quote)})
    kept = {name: fields[name] for name in ("field", "start", "end", "text", "context")}
    return kept | {"time": _optional_time(quote.time)}


def _around(quote: Quote) -> str:
    """The sentence, cut around the hit if it is too long for a body that was refused."""
    text, end = quote.context, quote.at + quote.end - quote.start
    longest = _PLAIN_TEXT - 2 * len(ELLIPSIS)
    start, end = quote_span(text, [(0, len(text))], quote.at, end, longest=longest)
    return ELLIPSIS * (start > 0) + text[start:end] + ELLIPSIS * (end < len(text))


def _change(alert: ArticleAlert, change: Change, most: int | None) -> dict[str, Any]:
    return {
        "revision": change.revision,
        "edits": [
            {
                "field": edit.field,
                "before": edit.before,
                "after": edit.after,
                "time": _optional_time(edit.time),
            }
            for edit in change.edits[:most]
        ],
        "article": alert.article.id,
        "at": _time(alert.changed or alert.article.published),
    }


def _optional_time(moment: datetime | None) -> str | None:
    return None if moment is None else _time(moment)


def _time(moment: datetime) -> str:
    return moment.isoformat()


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        # A shortened address would not work.
        return {key: value[key] if key == "url" else _shortened(value[key]) for key in value}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    return cut(value, _PLAIN_TEXT) if isinstance(value, str) else value
