"""How the types of alerts are stored in their tables: one pair of functions for each type."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from alerts.alert import Alert, ArticleAlert, EventKind, Reason
from alerts.faults.delivery_fault import delivery_fault_in, delivery_note
from alerts.match import Hit, Match, Priority
from alerts.message import Attempt, AttemptEnd, Cause, Delivery, DeliveryState, Message
from alerts.outcome import Outcome
from alerts.policy.channel_state import ChannelState
from alerts.policy.silences import Silence
from crawler.store import as_text, as_time

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from alerts.telling import MatchedPassage

Row = dict[str, Any]


# Adapters are built, and pydantic loaded, when they are first asked for: all together take a start
# 100 ms, and a command such as `status` needs none.


@cache
def _alerts() -> TypeAdapter[Alert]:
    from pydantic import TypeAdapter

    return TypeAdapter(Alert)


@cache
def _article_alerts() -> TypeAdapter[ArticleAlert]:
    from pydantic import TypeAdapter

    return TypeAdapter(ArticleAlert)


@cache
def _messages() -> TypeAdapter[Message]:
    from pydantic import TypeAdapter

    return TypeAdapter(Message)


@cache
def _hits() -> TypeAdapter[tuple[Hit, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Hit, ...])


def optional_time(text: str | None) -> datetime | None:
    """The time in this text; None if there is no text."""
    return as_time(text) if text else None


def optional_text(time: datetime | None) -> str | None:
    """The text for this time; None if there is no time."""
    return as_text(time) if time else None


def _json(adapter: TypeAdapter[Any], value: Any) -> str:
    return adapter.dump_json(value, exclude_defaults=True).decode()


def alert_to_row(alert: Alert) -> Row:
    """A row of `alerts`."""
    article = alert.article if isinstance(alert, ArticleAlert) else None
    return {
        "id": alert.id,
        "rule": alert.rule.id,
        "story": alert.story,
        "event": alert.event,
        "kind": alert.kind.value,
        "priority": alert.rule.priority.value,
        "article": article.id if article else None,
        "outlet": article.outlet if article else None,
        "created": as_text(alert.created),
        "body": _json(_alerts(), alert),
    }


def alert_from_row(row: Row) -> Alert:
    """The alert in a row of `alerts`."""
    return _alerts().validate_json(row["body"])


def article_alert_from_row(row: Row) -> ArticleAlert:
    """The alert in a row of `alerts` that names an article."""
    return _article_alerts().validate_json(row["body"])


def message_to_text(message: Message) -> str:
    """The message as JSON."""
    return _json(_messages(), message)


def message_from_text(text: str) -> Message:
    """The message written by `message_to_text`."""
    return _messages().validate_json(text)


def match_to_row(match: Match) -> Row:
    """The columns of `matches` that come from the match itself."""
    return {
        "rule": match.rule,
        "rule_hash": match.rule_hash,
        "hits": _json(_hits(), match.hits),
    }


def match_from_row(row: Row) -> Match:
    """The match in a row of `matches`."""
    return Match(row["rule"], row["rule_hash"], _hits().validate_json(row["hits"]))


def delivery_to_row(delivery: Delivery) -> Row:
    """A row of `deliveries`, without its message."""
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "target": delivery.target,
        "kind": delivery.kind.value,
        "group": delivery.group,
        "high": delivery.priority is Priority.HIGH,
        "priority": delivery.priority.value,
        "state": delivery.state.value,
        "created": as_text(delivery.created),
        "due": as_text(delivery.due),
        "grouped_until": as_text(delivery.grouped_until),
        "expires": as_text(delivery.expires),
        "attempts": delivery.attempts,
        "plain": delivery.plain,
        "uncertain": delivery.uncertain,
        "cause": delivery.cause.value,
        "reason": delivery.reason.value if delivery.reason else None,
        "detail": delivery_note(delivery.detail),
        "merged_into": delivery.merged_into,
        "closed": optional_text(delivery.closed),
    }


def delivery_from_row(row: Row) -> Delivery:
    """The delivery in a row of `deliveries`."""
    return Delivery(
        id=row["id"],
        channel=row["channel"],
        target=row["target"],
        kind=EventKind(row["kind"]),
        group=row["group"],
        priority=Priority(row["priority"]),
        state=DeliveryState(row["state"]),
        created=as_time(row["created"]),
        due=as_time(row["due"]),
        grouped_until=as_time(row["grouped_until"]),
        expires=as_time(row["expires"]),
        attempts=row["attempts"],
        plain=bool(row["plain"]),
        uncertain=bool(row["uncertain"]),
        cause=Cause(row["cause"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        detail=delivery_fault_in(row["detail"]),
        merged_into=row["merged_into"],
        closed=optional_time(row["closed"]),
    )


def attempt_from_row(row: Row) -> Attempt:
    """The attempt in a row of `attempts`."""
    ended, end = optional_time(row["ended"]), None
    if ended is not None:
        end = AttemptEnd(ended, Outcome(row["outcome"]), delivery_fault_in(row["detail"]))
    return Attempt(
        id=row["id"],
        delivery=row["delivery"],
        number=row["number"],
        started=as_time(row["started"]),
        end=end,
    )


def channel_state_to_row(state: ChannelState) -> Row:
    """A row of `channels`."""
    return {
        "id": state.id,
        "gate": optional_text(state.gate),
        "failures": state.failures,
        "trips": state.trips,
        "rest": optional_text(state.rest),
        "tokens": state.tokens,
        "counted": optional_text(state.counted),
        "paused": optional_text(state.paused),
        "paused_for": delivery_note(state.paused_for),
        "probes": state.probes,
        "probe": optional_text(state.probe),
        "delivered": optional_text(state.delivered),
    }


def channel_state_from_row(row: Row) -> ChannelState:
    """The state of the channel in a row of `channels`."""
    return ChannelState(
        id=row["id"],
        gate=optional_time(row["gate"]),
        failures=row["failures"],
        trips=row["trips"],
        rest=optional_time(row["rest"]),
        tokens=row["tokens"],
        counted=optional_time(row["counted"]),
        paused=optional_time(row["paused"]),
        paused_for=delivery_fault_in(row["paused_for"]),
        probes=row["probes"],
        probe=optional_time(row["probe"]),
        delivered=optional_time(row["delivered"]),
    )


def silence_to_row(silence: Silence) -> Row:
    """A row of `silences`."""
    return {
        "id": silence.id,
        "rule": silence.rule,
        "channel": silence.channel,
        "starts": as_text(silence.starts),
        "ends": as_text(silence.ends),
        "reason": silence.reason,
        "who": silence.who,
    }


def silence_from_row(row: Row) -> Silence:
    """The silence in a row of `silences`."""
    return Silence(
        id=row["id"],
        rule=row["rule"],
        channel=row["channel"],
        starts=as_time(row["starts"]),
        ends=as_time(row["ends"]),
        reason=row["reason"],
        who=row.get("who", ""),
    )


def passage_from_row(row: Row) -> MatchedPassage:
    """The passage in a row of a table of passages."""
    from alerts.telling import MatchedPassage

    return MatchedPassage(
        key=row["passage"],
        field=row["field"],
        text=row["text"],
        hits=frozenset(json.loads(row["hits"])),
        rules=frozenset(json.loads(row["rules"])),
    )


def passage_to_row(passage: MatchedPassage) -> Row:
    """The columns of a passage."""
    return {
        "passage": passage.key,
        "field": passage.field,
        "text": passage.text,
        "hits": json.dumps(sorted(passage.hits), ensure_ascii=False),
        "rules": json.dumps(sorted(passage.rules), ensure_ascii=False),
    }
