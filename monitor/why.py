"""Why an article was told, or was not: the account of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from alerts.document import document_of
from alerts.rules import RuleBook
from alerts.store import AlertStore
from crawler.article import Article
from monitor.ledger import alert_as_json, decision_as_json, delivery_as_json
from monitor.shown import local, match_as_json


def account_of(store: AlertStore, rulebook: RuleBook, article: Article) -> dict[str, Any]:
    """Everything the ledger holds on this article; `rules_now` are those that match it today."""
    alerts = [
        {
            **alert_as_json(alert),
            "deliveries": [
                delivery_as_json(delivery, [], store.reading.attempts(delivery.id))
                for delivery in store.reading.deliveries_of(alert.id)
            ],
        }
        for alert in store.reading.alerts_about(article.id)
    ]
    return {
        "article": article.id,
        "outlet": article.outlet,
        "title": article.title,
        "url": article.url,
        "matches": [match_as_json(match) for match in store.matches_of(article.id)],
        "rules_now": [match.rule for match in rulebook.match(document_of(article))],
        "alerts": alerts,
        "decisions": [
            decision_as_json(decision, at) for at, decision in store.reading.decisions(article.id)
        ],
    }


def lines_of(account: dict[str, Any], timezone: str) -> Iterator[str]:
    """Yield the account for people."""
    yield f"{account['title']} ({account['outlet']})"
    for match in account["matches"]:
        words = ", ".join(dict.fromkeys(hit["text"] for hit in match["hits"]))
        yield f"  matched {match['rule']}: {words}"
    if not account["matches"]:
        now = ", ".join(account["rules_now"])
        yield (
            f"  matched nothing when it came in; today {now} would match"
            if now
            else ("  matches no rule")
        )
    for alert in account["alerts"]:
        yield f"  told ({alert['kind']}, rule {alert['rule']}, {_at(alert['created'], timezone)})"
        for delivery in alert["deliveries"]:
            yield f"    {_fate(delivery)}"
    for decision in account["decisions"]:
        channel = f" in {decision['channel']}" if decision["channel"] else ""
        yield f"  not told for {decision['rule']}{channel}: {decision['reason']}"
        yield f"    {decision['words']}"


def _fate(delivery: dict[str, Any]) -> str:
    target = f" to {delivery['target']}" if delivery["target"] else ""
    reason = f" ({delivery['reason']})" if delivery["reason"] else ""
    tries = len(delivery["attempts"])
    plural = "" if tries == 1 else "s"
    return f"{delivery['channel']}{target}: {delivery['state']}{reason}, {tries} attempt{plural}"


def _at(time: datetime, timezone: str) -> str:
    return local(time, timezone)
