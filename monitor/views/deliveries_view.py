"""Deliveries as the ledger's commands show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from alerts.alert import Alert, ArticleAlert, Reason
from alerts.message import AttemptEnd, Delivery
from alerts.policy import (
    ChannelPlan,
    ChannelState,
    Silence,
    Waiting,
    silence_over_all,
    silenced,
    waiting_for,
)
from alerts.store import AlertStore
from crawler.faults import said
from crawler.frozen import dataclass
from monitor.views.articles_view import local
from monitor.views.ledger_view import delivery_as_json, shown_text, title_of, waiting_as_json
from monitor.views.source_history import FAILURES

if TYPE_CHECKING:
    from monitor.context import Context


class FailingChannel(NamedTuple):
    """A channel whose last tries have failed: how many in a row, and how many messages wait."""

    id: str
    failures: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides how long pending deliveries wait."""

    now: datetime
    timezone: str
    plans: Mapping[str, ChannelPlan]
    states: Mapping[str, ChannelState]
    first: frozenset[str]
    silences: Sequence[Silence] = ()
    language: str = "en"

    def waiting(self, delivery: Delivery, alerts: Sequence[Alert]) -> Waiting | None:
        """What this delivery of these alerts waits for."""
        silence = silence_over_all(self.silences, alerts, delivery.channel, self.now)
        return silenced(delivery, silence) or waiting_for(
            delivery,
            self.plans.get(delivery.channel),
            self.states.get(delivery.channel, ChannelState(id=delivery.channel)),
            self.now,
            is_first=delivery.id in self.first,
        )


def circumstances_of(context: Context, store: AlertStore, language: str = "en") -> Circumstances:
    """The circumstances of all pending deliveries, as they are now, for readers of a language."""
    timezone = context.plain.timezone
    first: dict[tuple[str, str, str], str] = {}
    for delivery in store.reading.pending():
        first.setdefault((delivery.channel, delivery.target, delivery.group), delivery.id)
    return Circumstances(
        now=context.now(),
        timezone=timezone,
        plans={config.id: config.plan(ZoneInfo(timezone)) for config in context.channels},
        states=store.channels.by_id(),
        first=frozenset(first.values()),
        silences=store.ledger.silences(context.now()),
        language=language,
    )


def as_json(
    delivery: Delivery, store: AlertStore, waiting_in: Circumstances | None
) -> dict[str, Any]:
    """One delivery as JSON; with `waiting_in`, also what it waits for."""
    alerts, attempts = store.outbox.alerts(delivery.id), store.reading.attempts(delivery.id)
    language = waiting_in.language if waiting_in else "en"
    marks = store.reading.shown(delivery.id)
    shown = delivery_as_json(delivery, alerts, attempts, marks, language)
    if waiting_in is not None:
        shown["waiting"] = waiting_as_json(waiting_in.waiting(delivery, alerts))
    return shown


def as_lines(
    delivery: Delivery, store: AlertStore, around: Circumstances, *, waiting: bool
) -> Iterator[str]:
    """Yield one delivery for people: what it tells, where, and what happened to it."""
    target = f" to {delivery.target}" if delivery.target else ""
    state = delivery.state.value
    if delivery.reason and delivery.reason.value != state:
        state += f" ({delivery.reason.value})"
    created = local(delivery.created, around.timezone)
    yield f"{created}  {delivery.id}  {delivery.channel}{target}  {delivery.kind.value}  {state}"
    alerts = store.outbox.alerts(delivery.id)
    shown = {each.alert: each for each in store.reading.shown(delivery.id)}
    for alert in alerts:
        outlet = f" ({alert.article.outlet})" if isinstance(alert, ArticleAlert) else ""
        rule = f"{alert.rule.id}: " if alert.rule.id else ""
        yield f"    {rule}{title_of(alert)}{outlet}"
        each = shown.get(alert.id)
        if each and (words := shown_text(each.passages, each.announced)):
            yield f"      {words}"
    for attempt in store.reading.attempts(delivery.id):
        yield f"    attempt {attempt.number}: {_end_words(attempt.end)}"
    if waiting:
        yield f"    {_waiting_text(around.waiting(delivery, alerts), around.timezone)}"


def _end_words(end: AttemptEnd | None) -> str:
    if end is None:
        return "under way"
    detail = "" if end.detail in {None, said("ok")} else end.detail
    return f"{end.outcome.value} {detail}".rstrip()


def _waiting_text(found: Waiting | None, timezone: str) -> str:
    if found is None:
        return "goes now"
    until = f" until {local(found.until, timezone)}" if found.until else ""
    if found.reason is Reason.SILENCED:
        return f"silenced{until}: it is not sent, unless the silence ends before its turn"
    return f"waits{until}: {found.reason.words}"


def failing_channels(
    alerts: AlertStore, channels: Sequence[ChannelState]
) -> Iterator[FailingChannel]:
    """Yield the channels that fail while messages wait for them."""
    found = [one for one in channels if one.failures >= FAILURES and not one.paused]
    waiting = alerts.reading.pending_by_channel() if found else {}
    for one in found:
        if one.id in waiting:
            yield FailingChannel(one.id, one.failures, waiting[one.id])
