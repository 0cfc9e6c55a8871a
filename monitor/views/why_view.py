"""Why an article was told or not, by the ledger and by each rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from alerts.alert import Alert, Reason
from alerts.document import Document, document_of
from alerts.match import Match
from alerts.message import Delivery
from alerts.rules import Part, Rule, RulesRead, explain, said_in
from alerts.store import AlertStore
from alerts.telling import Receiver
from crawler.errors import bug_of
from crawler.model import Article
from monitor.context import rule_in
from monitor.views.articles_view import local, match_as_json
from monitor.views.ledger_view import (
    alert_as_json,
    decision_as_json,
    delivery_as_json,
    shown_text,
)
from monitor.views.untold_view import passage_as_json

_SINCE = {
    None: "",
    "changed": " (the rule has been changed since)",
    "gone": " (there is no such rule any more)",
    "unknown": " (the rule cannot be read now)",
}


def account_of(
    store: AlertStore, article: Article, read: RulesRead, rule_id: str | None
) -> dict[str, Any]:
    """Everything the ledger has about this article, and why each rule, or one, matches it or not.

    `rules_now` are the rules that match it today, as far as rules can be read. `rules_faults` says
    why the others cannot be read, and `bug` why the article cannot be matched at all.
    """
    document = document_of(article)
    now, bug = _matched(read, document)
    alerts = [
        {
            **alert_as_json(alert),
            "deliveries": [
                _delivery_as_json(store, delivery, alert)
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
        "matches": [
            {**match_as_json(match), "hash": match.rule_hash, "since": _since(match, read)}
            for match in store.matches_of(article.id)
        ],
        "rules_now": now,
        "bug": bug,
        "rules_faults": [str(fault) for fault in read.every_fault],
        "alerts": alerts,
        "passages": [passage_as_json(one) for one in store.passages.of_article(article.id)],
        "decisions": [
            decision_as_json(decision, at) for at, decision in store.reading.decisions(article.id)
        ],
        "rules": [_rule_as_json(rule, document) for rule in _rules(read, rule_id)],
    }


def _delivery_as_json(store: AlertStore, delivery: Delivery, alert: Alert) -> dict[str, Any]:
    attempts = store.reading.attempts(delivery.id)
    shown = [each for each in store.reading.shown(delivery.id) if each.alert == alert.id]
    told = delivery_as_json(delivery, [], attempts, shown)
    return told | {"conversation": _conversation(store, delivery, alert.story)}


def _conversation(store: AlertStore, delivery: Delivery, story: str) -> dict[str, str] | None:
    """The story that began the conversation which this one joined; None if it began its own."""
    receiver = Receiver(delivery.channel, delivery.target)
    held = store.threads.of(receiver, story)
    began = store.threads.earlier(receiver, held.thread) if held else None
    return {"story": began.story, "title": began.title} if began else None


def _matched(read: RulesRead, document: Document) -> tuple[list[str], str | None]:
    """The rules that match today, or the bug that stopped the matching."""
    try:
        return [match.rule for match in read.book.match(document)], None
    except Exception as error:  # noqa: BLE001 - what the ledger holds is shown all the same
        return [], bug_of(error)


def _rules(read: RulesRead, rule_id: str | None) -> Sequence[Rule]:
    """The rules that can be read, or the rule with this id.

    An unknown id is an error, unless faults in the file may hide the rule.
    """
    if rule_id is None:
        return read.book.rules
    return () if read.hides(rule_id) else [rule_in(read.book, rule_id)]


def _since(match: Match, read: RulesRead) -> str | None:
    """What happened to the rule since it matched: `changed`, `gone`, `unknown`, or None."""
    if read.hides(match.rule):
        return "unknown"
    if match.rule not in read.book:
        return "gone"
    return None if read.book[match.rule].hash == match.rule_hash else "changed"


def _rule_as_json(rule: Rule, document: Document) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "name": rule.name,
        "hash": rule.hash,
        **part_as_json(explained(rule, document)),
    }


def explained(rule: Rule, document: Document, language: str = "en") -> Part:
    """Why a rule matches a document or does not, part by part; a bug in that costs no more."""
    try:
        return explain(rule, document, language)
    except Exception as error:  # noqa: BLE001 - the other rules are explained all the same
        return Part(fits=False, words=said_in(language)("bug", bug=bug_of(error)))


def part_as_json(part: Part) -> dict[str, Any]:
    """One part of a query, with the parts inside it."""
    return {
        "fits": part.fits,
        "words": part.words,
        "parts": [part_as_json(each) for each in part.parts],
    }


def lines_of(account: dict[str, Any], timezone: str) -> Iterator[str]:
    """Yield the account for people."""
    yield f"{account['title']} ({account['outlet']})"
    for match in account["matches"]:
        found = dict.fromkeys(" ".join(hit["text"].split()) for hit in match["hits"])
        yield f"  matched {match['rule']}: {', '.join(found)}{_SINCE[match['since']]}"
    if not account["matches"]:
        yield f"  {_without_match(account)}"
    for alert in account["alerts"]:
        at = _at(alert["created"], timezone)
        yield f"  {_told(alert)} ({alert['kind']}, rule {alert['rule']}, {at})"
        for delivery in alert["deliveries"]:
            yield f"    {_fate(delivery)}"
    for passage in account["passages"]:
        if passage["state"] != "told":
            yield f"  {_stand(passage)}: {passage['text']}"
    for decision in account["decisions"]:
        channel = f" in {decision['channel']}" if decision["channel"] else ""
        detail = f" ({decision['detail']})" if decision["detail"] else ""
        yield f"  not told for {decision['rule'] or 'any rule'}{channel}: {decision['reason']}"
        yield f"    {decision['words']}{detail}"
    if account["rules"]:
        yield "the rules as they are today, part by part (+ holds, - does not):"
    for rule in account["rules"]:
        name = f" ({rule['name']})" if rule["name"] != rule["rule"] else ""
        yield f"  {rule['rule']}{name} {'matches' if rule['fits'] else 'does not match'}"
        yield from part_lines(rule, 2)


def _without_match(account: dict[str, Any]) -> str:
    then = "matched nothing when it came in"
    if any(decision["reason"] == Reason.NOT_MATCHED for decision in account["decisions"]):
        then = "could not be matched when it came in"
    elif not (account["rules_now"] or account["rules_faults"] or account["bug"]):
        return "matches no rule"
    if account["bug"]:
        return f"{then}, and cannot be today, for a bug, please report it: {account['bug']}"
    now = ", ".join(account["rules_now"])
    return f"{then}; today {now} would match" if now else then


def part_lines(part: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """Yield a line for this part and for each below it, indented."""
    yield f"{'  ' * depth}{'+' if part['fits'] else '-'} {part['words']}"
    for each in part["parts"]:
        yield from part_lines(each, depth + 1)


def _told(alert: dict[str, Any]) -> str:
    """Whether anybody was told of an alert."""
    states = {delivery["state"] for delivery in alert["deliveries"]}
    if "delivered" in states:
        return "told"
    return "owed" if "pending" in states else "not told"


def _stand(passage: dict[str, Any]) -> str:
    """Where a passage stands that no message has shown, in words."""
    target = f" to {passage['target']}" if passage["target"] else ""
    receiver = f"{passage['channel'] or 'any channel'}{target}"
    if passage["state"] == "owed":
        return f"owed in {receiver}"
    if passage["state"] == "by link":
        return f"told by its link alone in {receiver}"
    return f"not told in {receiver} ({passage['reason']})"


def _fate(delivery: dict[str, Any]) -> str:
    target = f" to {delivery['target']}" if delivery["target"] else ""
    named = delivery["reason"] not in {None, delivery["state"]}
    reason = f" ({delivery['reason']})" if named else ""
    tries = len(delivery["attempts"])
    plural = "" if tries == 1 else "s"
    fate = f"{delivery['channel']}{target}: {delivery['state']}{reason}, {tries} attempt{plural}"
    said = [shown_text(each["passages"], each["announced"]) for each in delivery["shown"]]
    if talk := delivery["conversation"]:
        said.append(f"in the conversation that began with {talk['title']!r}")
    return "; ".join(filter(None, [fate, *said]))


def _at(time: datetime, timezone: str) -> str:
    return local(time, timezone)
