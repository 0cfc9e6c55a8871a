"""What a history of lives and receivers must not show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flaky_receivers import Seen

from alerts.alert import ArticleAlert
from alerts.message import Attempt, Delivery, DeliveryState
from alerts.outcome import Outcome


@dataclass(frozen=True)
class History:
    """The ledger at the end, and what the receivers saw.

    `expected` are the events (rule, article) that the news called for; `gap` is the shortest real
    time between two messages at Slack; unless everything was `read_to_the_end`, nothing can be
    said of news without an alert.
    """

    expected: Sequence[tuple[str, str, str]]
    alerts: Sequence[ArticleAlert]
    deliveries: Sequence[Delivery]
    told: Mapping[str, Sequence[str]]
    attempts: Mapping[str, Sequence[Attempt]]
    seen: Sequence[Seen]
    inside: int
    gap: float
    read_to_the_end: bool


def violations(history: History) -> list[str]:
    """Every breach of the promise, by kind."""
    return [
        *_lost(history),
        *_surplus(history),
        *_ids(history),
        *_order(history),
        *_unaccounted(history),
        *_pace(history),
        *(["redirect: an inside server was reached"] if history.inside else []),
    ]


def _hooks(history: History) -> list[Delivery]:
    return [delivery for delivery in history.deliveries if delivery.channel != "slack"]


def _processed(history: History) -> Counter[str]:
    return Counter(seen.id for seen in history.seen if seen.processed and seen.id)


def _lost(history: History) -> Iterator[str]:
    """Delivered in the ledger, and the receiver never acted on it."""
    processed = _processed(history)
    for delivery in _hooks(history):
        if delivery.state is DeliveryState.DELIVERED and not processed[delivery.id]:
            yield f"lost: {delivery.id} is delivered and never arrived"


def _surplus(history: History) -> Iterator[str]:
    """Acted on more often than attempts with an unknown end explain."""
    processed = _processed(history)
    for delivery in _hooks(history):
        outcomes = [attempt.outcome for attempt in history.attempts[delivery.id]]
        allowed = sum(one in {Outcome.UNKNOWN, Outcome.DELIVERED, None} for one in outcomes)
        if processed[delivery.id] > allowed:
            yield f"surplus: {delivery.id} arrived {processed[delivery.id]} times, not {allowed}"


def _ids(history: History) -> Iterator[str]:
    known = {delivery.id for delivery in history.deliveries}
    for unknown in {seen.id for seen in history.seen if seen.id} - known:
        yield f"id: {unknown} stands in no ledger"


def _order(history: History) -> Iterator[str]:
    """Within a channel and story, what was begun first arrives first."""
    first: dict[str, float] = {}
    for seen in history.seen:
        if seen.processed:
            first.setdefault(seen.id, seen.at)
    lines: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for delivery in _hooks(history):
        lines[delivery.channel, delivery.group].append(delivery)
    for line in lines.values():
        for earlier, later in pairwise(line):
            if later.id in first and first.get(earlier.id, float("inf")) > first[later.id]:
                yield f"order: {later.id} arrived before {earlier.id}"


def _unaccounted(history: History) -> Iterator[str]:
    """Each event has its alert, each alert a delivery in each channel, pending or ended."""
    held = {(alert.rule.id, alert.story, alert.event): alert.id for alert in history.alerts}
    for event in history.expected:
        alert = held.get(event)
        if alert is None and history.read_to_the_end:
            yield f"match: nothing was queued for {event}"
        elif alert and not history.told.get(alert):
            yield f"match: {alert} has no delivery"
    events = Counter((alert.rule.id, alert.story, alert.event) for alert in history.alerts)
    yield from (f"twice: {event}" for event, count in events.items() if count > 1)


def _pace(history: History) -> Iterator[str]:
    times = sorted(seen.at for seen in history.seen if seen.channel == "slack")
    for earlier, later in pairwise(times):
        if later - earlier < history.gap:
            yield f"pace: {later - earlier:.4f} s between two messages at Slack"
