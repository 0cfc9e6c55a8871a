"""Puts the passages of a text into deliveries: each receiver gets what is new to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from alerts.alert import ArticleAlert, EventKind, Reason
from alerts.delivery.conversations import last_of_conversation
from alerts.delivery.queueing import Queueing, begun, join_or_begin, keep_closed
from alerts.match import Priority
from alerts.policy.audience import Audience, HeardNews
from alerts.policy.placement import (
    ChannelPlan,
    LastMessage,
    Placement,
    placement,
    summary_placement,
)
from alerts.policy.silences import silence_over
from alerts.store.alert_store import AlertStore
from alerts.store.passage_ledger import LedgerPassage
from alerts.telling import Changed, MatchedPassage, TellingState
from crawler.frozen import dataclass

_RANKS = (Priority.HIGH, Priority.NORMAL, Priority.LOW)


@dataclass(frozen=True, slots=True)
class Owing:
    """What one text has for one receiver, with the alerts about it by rule."""

    heard: HeardNews
    alerts: Mapping[str, ArticleAlert]
    article: str
    story: str
    circumstances: Queueing

    @property
    def audience(self) -> Audience:
        """Who hears of the text."""
        return self.heard.audience


def owe(store: AlertStore, owing: Owing) -> set[str]:
    """Queue what is new to a receiver, and record the state of each passage.

    Belongs in a writer's job. Returns the ids of the queued alerts.
    """
    news, plan = owing.heard.news, owing.audience.plan
    _keep(store, owing, news.older, _untold(Reason.OLD_NEWS))
    _keep(store, owing, news.named, _untold(Reason.JOINED_SILENTLY))
    if plan is None:
        _keep(store, owing, news.new, _untold(Reason.NO_CHANNEL))
        return set()
    audible = _audible(owing, plan)
    receiver, now = owing.audience.receiver, owing.circumstances.now
    last = store.outbox.last_message(plan.id, receiver.target, owing.story)
    _hide(store, owing, plan, [one for one in news.new if not one.rules & audible])
    queued: set[str] = set()
    if not (audible and (news.new or news.lost)):
        return queued
    talk = last_of_conversation(store, receiver, owing.story, last, plan, now)
    for kind, passages in _grouped(owing, news.new, audible, last):
        alerts = _alerts(owing, passages, audible, kind)
        place = _place(owing, plan, alerts[0], talk)
        delivery = join_or_begin(store, alerts, plan, receiver.target, place)
        _keep(store, owing, passages, _owed(delivery))
        queued |= {alert.id for alert in alerts}
    if last is not None:
        queued |= _deliver_lost(store, owing, plan, audible, talk)
    return queued


def _audible(owing: Owing, plan: ChannelPlan) -> frozenset[str]:
    """The rules of this receiver that are not held back or silenced now."""
    if owing.circumstances.hidden:
        return frozenset()
    silences, now = owing.circumstances.silences, owing.circumstances.now
    return frozenset(
        rule
        for rule, alert in owing.alerts.items()
        if rule in owing.audience.rules and not silence_over(silences, alert, plan.id, now)
    )


def _grouped(
    owing: Owing,
    passages: Iterable[MatchedPassage],
    audible: frozenset[str],
    last: LastMessage | None,
) -> Iterator[tuple[EventKind, list[MatchedPassage]]]:
    """Yield groups of passages that go in the same way, as their most urgent rule says.

    The first passage of a rule in a story makes an alert of its own, and so does the first passage
    of a story that a receiver hears.
    """
    groups: defaultdict[tuple[EventKind, bool], list[MatchedPassage]] = defaultdict(list)
    for passage in passages:
        alerts = [owing.alerts[rule] for rule in sorted(passage.rules & audible)]
        if alerts:
            first = last is None or any(alert.kind is EventKind.STORY for alert in alerts)
            urgent = any(alert.rule.priority is Priority.HIGH for alert in alerts)
            groups[EventKind.STORY if first else EventKind.UPDATE, urgent].append(passage)
    for (kind, _), group in sorted(groups.items(), key=lambda item: not item[0][1]):
        yield kind, group


def _alerts(
    owing: Owing,
    passages: Iterable[MatchedPassage | Changed],
    rules: frozenset[str],
    kind: EventKind,
) -> list[ArticleAlert]:
    """The alerts about these passages; the first one decides how they go."""
    names = {rule for passage in passages for rule in passage.rules & rules}
    found = [alert for rule, alert in owing.alerts.items() if rule in names]
    first, *others = sorted(
        found, key=lambda one: (one.kind is not kind, _RANKS.index(one.rule.priority))
    )
    urgent = min((one.rule.priority for one in found), key=_RANKS.index)
    leading = replace(first, kind=kind, rule=replace(first.rule, priority=urgent))
    return [leading, *others]


def _place(
    owing: Owing, plan: ChannelPlan, leading: ArticleAlert, last: LastMessage | None
) -> Placement:
    around = owing.circumstances
    if around.summary and plan.people:
        return summary_placement(leading, plan, around.now, around.summary)
    return placement(leading, plan, last, around.now)


def _deliver_lost(
    store: AlertStore,
    owing: Owing,
    plan: ChannelPlan,
    audible: frozenset[str],
    last: LastMessage | None,
) -> set[str]:
    """Queue news about passages that have lost their hits or are gone."""
    lost = [one for one in owing.heard.news.lost if one.rules & audible]
    if not lost:
        return set()
    receiver = owing.audience.receiver
    alerts = _alerts(owing, lost, audible, EventKind.UPDATE)
    place = _place(owing, plan, alerts[0], last)
    delivery = join_or_begin(store, alerts, plan, receiver.target, place)
    store.passages.note_gone(receiver, owing.story, [one.old_key for one in lost], delivery)
    return {alert.id for alert in alerts}


def _hide(
    store: AlertStore, owing: Owing, plan: ChannelPlan, passages: Sequence[MatchedPassage]
) -> None:
    """Store what is not told now as a closed delivery, which people can send again later."""
    if not passages:
        return
    now, reason = owing.circumstances.now, owing.circumstances.hidden or Reason.SILENCED
    alerts = _alerts(owing, passages, owing.audience.rules, EventKind.STORY)
    place = placement(alerts[0], plan, None, now)
    delivery = begun(alerts[0], plan.id, owing.audience.receiver.target, place, now)
    keep_closed(store, delivery, alerts, reason)
    _keep(store, owing, passages, _untold(reason, delivery.id))


@dataclass(frozen=True, slots=True)
class _Stand:
    """The state of passages, with its reason or its delivery."""

    state: TellingState
    reason: Reason | None = None
    delivery: str | None = None


def _owed(delivery: str) -> _Stand:
    return _Stand(TellingState.OWED, delivery=delivery)


def _untold(reason: Reason, delivery: str | None = None) -> _Stand:
    return _Stand(TellingState.UNTOLD, reason, delivery)


def _keep(
    store: AlertStore, owing: Owing, passages: Iterable[MatchedPassage], stand: _Stand
) -> None:
    store.passages.put(
        LedgerPassage(
            story=owing.story,
            receiver=owing.audience.receiver,
            passage=passage,
            article=owing.article,
            state=stand.state,
            matched=owing.circumstances.now,
            reason=stand.reason,
            delivery=stand.delivery,
            decided=None if stand.state is TellingState.OWED else owing.circumstances.now,
            line=owing.heard.news.lines.get(passage.key),
        )
        for passage in passages
    )
