"""How alerts and deliveries are shown: as JSON, and as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.alert import Alert, ArticleAlert, Decision, EditionAlert, NoticeAlert, VolumeAlert
from alerts.message import Attempt, Delivery
from alerts.outcome import Shown
from alerts.policy import Silence, Waiting


def delivery_as_json(
    delivery: Delivery,
    alerts: Sequence[Alert],
    attempts: Sequence[Attempt],
    shown: Sequence[Shown] = (),
    language: str = "en",
) -> dict[str, Any]:
    """One delivery with what it tells, what its message showed of that, and each attempt."""
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "target": delivery.target,
        "kind": delivery.kind.value,
        "cause": delivery.cause.value,
        "priority": delivery.priority.value,
        "state": delivery.state.value,
        "reason": delivery.reason.value if delivery.reason else None,
        "detail": str(delivery.detail or ""),
        "created": delivery.created,
        "due": delivery.due,
        "expires": delivery.expires,
        "closed": delivery.closed,
        "merged_into": delivery.merged_into,
        "alerts": [alert_as_json(alert, language) for alert in alerts],
        "attempts": [attempt_as_json(attempt) for attempt in attempts],
        "shown": [
            {"alert": each.alert, "passages": each.passages, "announced": each.announced}
            for each in shown
        ],
    }


def shown_text(passages: int, announced: int) -> str:
    """What a message showed of an alert; nothing where it showed all there was."""
    if not announced:
        return ""
    return f"{passages} of {passages + announced} passages shown, the others announced"


def alert_as_json(alert: Alert, language: str = "en") -> dict[str, Any]:
    """One alert, in short form."""
    article = alert.article if isinstance(alert, ArticleAlert) else None
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "rule": alert.rule.id,
        "story": alert.story,
        "event": alert.event,
        "article": article.id if article else None,
        "outlet": article.outlet if article else None,
        "title": title_of(alert, language),
        "created": alert.created,
    }


def outcomes_as_json(
    alert: Alert, deliveries: Sequence[tuple[Delivery, Sequence[Shown]]]
) -> dict[str, Any]:
    """One alert about an article, with what happened to it in each channel.

    `shown` says how many of its passages the message showed, and how many it only announced.
    """
    return {
        "id": alert.id,
        "type": alert.kind.value,
        "rule": alert.rule.id,
        "event": alert.event,
        "created": alert.created,
        "channels": [
            {
                "channel": delivery.channel,
                "target": delivery.target,
                "delivery": delivery.id,
                "state": delivery.state.value,
                "reason": delivery.reason.value if delivery.reason else None,
                "shown": next(
                    (
                        {"passages": each.passages, "announced": each.announced}
                        for each in shown
                        if each.alert == alert.id
                    ),
                    None,
                ),
            }
            for delivery, shown in deliveries
        ],
    }


def attempt_as_json(attempt: Attempt) -> dict[str, Any]:
    """One attempt; `outcome` is null while it is under way."""
    end = attempt.end
    return {
        "number": attempt.number,
        "started": attempt.started,
        "ended": end.at if end else None,
        "outcome": end.outcome.value if end else None,
        "detail": str(end.detail or "") if end else "",
    }


def decision_as_json(decision: Decision, at: Any) -> dict[str, Any]:
    """One named "no"; `rule` is null where it is about all rules."""
    return {
        "rule": decision.rule or None,
        "channel": decision.channel or None,
        "reason": decision.reason.value,
        "words": decision.reason.words,
        "detail": decision.detail,
        "at": at,
    }


def waiting_as_json(waiting: Waiting | None) -> dict[str, Any] | None:
    """What a delivery waits for; null when it may go now."""
    if waiting is None:
        return None
    return {
        "reason": waiting.reason.value,
        "words": waiting.reason.words,
        "until": waiting.until,
    }


def silence_as_json(silence: Silence) -> dict[str, Any]:
    """One silence; an empty rule or channel means all of them."""
    return {
        "id": silence.id,
        "rule": silence.rule or None,
        "channel": silence.channel or None,
        "starts": silence.starts,
        "ends": silence.ends,
        "reason": silence.reason,
        "who": silence.who or None,
    }


def title_of(alert: Alert, language: str = "en") -> str:
    """The headline of an alert, or the subject of news about Nieuwswacht itself."""
    match alert:
        case ArticleAlert(article=article):
            return article.title
        case NoticeAlert(notice=notice):
            return notice.subject
        case VolumeAlert(rule=rule, phase=phase, window=window):
            from alerts.rendering import phrases_of  # a command says it in English

            if language == "en":
                return f"wave {phase.value}: {rule.name}, {window.stories} stories"
            return str(getattr(phrases_of(language), f"wave_{phase.value}")).format(rule.name)
        case EditionAlert(edition=edition):
            return f"{edition.name}, {edition.key.day}"
