"""Heartbeats at a fixed hour, and notices about sources that fail, fall silent or recover."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from alerts.alert import Notice
from alerts.delivery.queueing import Queueing, queue
from alerts.policy.placement import ChannelPlan
from alerts.policy.quiet_hours import last_instant
from alerts.policy.source_notices import Ailment, LastNotice, RefusedRule, recovered, to_tell
from alerts.policy.source_rhythm import Habit, is_silent, usual_gap
from alerts.rendering.notices import health_alert
from alerts.rendering.phrases import Phrases, clock_text, phrases_of, span_text
from alerts.store.alert_store import AlertStore
from alerts.store.ledger import READER
from crawler.faults import Fault, worded
from crawler.frozen import dataclass
from crawler.store import Connection, PollStore

log = logging.getLogger(__name__)

# Faults or names in one message. Chosen: enough for a first look; `status` shows all.
_MOST = 10


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a heartbeat says: what happened since the last one, and how many sources do well."""

    matches: int
    items: int
    sources_well: int
    sources: int
    untold: int = 0


def watch(db: Connection, plans: Sequence[ChannelPlan], now: datetime) -> int:
    """Queue due heartbeats and notices about sources; returns how many. A writer's job."""
    store = AlertStore(db)
    beats = sum(_beat(store, plan, plan.heartbeat, now) for plan in plans if plan.heartbeat)
    return beats + _report_sources(store, plans, now)


def _beat(store: AlertStore, plan: ChannelPlan, beat: time, now: datetime) -> int:
    instant = last_instant(beat, plan.zone, now)
    seq = store.ledger.cursor(READER).seq
    before = store.watches.heartbeat(plan.id)
    if before is None:
        # Before the first heartbeat there is nothing to report yet.
        store.watches.set_heartbeat(plan.id, now, seq)
        return 0
    told, read = before
    if told > now:  # the clock was set back
        store.watches.set_heartbeat(plan.id, now, read)
    if told >= instant:
        return 0
    store.watches.set_heartbeat(plan.id, now, seq)
    pulse = pulse_since(store, told, max(0, seq - read))
    words = phrases_of(plan.language)
    notice = Notice(words.heartbeat, tuple(_pulse_lines(pulse, words)))
    alert = health_alert(f"heartbeat:{plan.id}:{instant.isoformat()}", notice, now)
    return queue(store, alert, [plan], Queueing(now=now))


def pulse_since(store: AlertStore, since: datetime, items: int) -> Pulse:
    """What has happened since that moment; `items` is how many texts were read."""
    states = PollStore(store.db).states().values()
    well = sum(state.last_success is not None and not state.failures for state in states)
    untold = store.passages.untold_count(since)
    return Pulse(store.reading.match_count(since), items, well, len(states), untold)


def _pulse_lines(pulse: Pulse, words: Phrases) -> Iterator[str]:
    yield words.heartbeat_line.format(
        matches=words.matches.of(pulse.matches),
        items=words.items.of(pulse.items),
        ok=pulse.sources_well,
        total=words.sources.of(pulse.sources),
    )
    if pulse.untold:
        yield words.untold.of(pulse.untold)


def watch_health(
    db: Connection, plans: Sequence[ChannelPlan], ailments: Mapping[str, Ailment], now: datetime
) -> int:
    """Queue notices about sources with problems and about recovered ones. A writer's job."""
    store, tellers = AlertStore(db), _tellers(plans)
    configured, told, queued = PollStore(db).states(), store.watches.told(), 0
    for ailment in to_tell(ailments, told, now):
        store.watches.tell(LastNotice(source=ailment.source, grade=ailment.grade, at=now))
        notices = {plan: _ailing_notice(ailment, plan) for plan in tellers}
        queued += _tell(store, f"ailing:{ailment.grade}:{ailment.source}", notices, now)
    for before in recovered(ailments, told):
        store.watches.tell(replace(before, grade=0, at=now))
        if before.source in configured:
            notices = {plan: _well_notice(before, plan) for plan in tellers}
            queued += _tell(store, f"well:{before.source}", notices, now)
    return queued


def watch_rules(
    db: Connection,
    plans: Sequence[ChannelPlan],
    refused: Mapping[str, Sequence[Fault]],
    now: datetime,
) -> int:
    """Store which changed rules are refused, with their faults, and queue notices about them.

    People hear of a rule once when it is refused, and once when it is accepted again. The rule ""
    stands for the whole file. A writer's job.
    """
    store, tellers = AlertStore(db), _tellers(plans)
    before = {refusal.rule: refusal for refusal in store.watches.refusals()}
    held = [
        RefusedRule(rule, before[rule].since if rule in before else now, tuple(faults))
        for rule, faults in refused.items()
    ]
    store.watches.set_refusals(held)
    queued = 0
    if new := [refusal for refusal in held if refusal.rule not in before]:
        notices = {plan: _refused_notice(new, plan) for plan in tellers}
        queued += _tell(store, "rules-refused", notices, now)
    if mended := [refusal for rule, refusal in before.items() if rule not in refused]:
        log.info("rules_mended what=%s", ",".join(map(_named, mended)))
        notices = {plan: _mended_notice(mended, plan) for plan in tellers}
        queued += _tell(store, "rules-mended", notices, now)
    return queued


def _tellers(plans: Sequence[ChannelPlan]) -> list[ChannelPlan]:
    return [plan for plan in plans if plan.heartbeat] or [plan for plan in plans if plan.people][:1]


def _report_sources(store: AlertStore, plans: Sequence[ChannelPlan], now: datetime) -> int:
    """Queue a notice when a source falls silent, and one when it is back; returns how many.

    A source with problems is left out, because people know about it already.
    """
    tellers, configured = _tellers(plans), PollStore(store.db).states()
    ailing = {told.source for told in store.watches.told().values() if told.grade}
    queued = 0
    for habit in store.watches.habits():
        if habit.source not in configured or habit.source in ailing:
            continue
        if habit.silent is None and is_silent(habit, now):
            store.watches.put(replace(habit, silent=habit.latest))
            notices = {plan: _silent_notice(habit, plan) for plan in tellers}
            queued += _tell(store, f"silent:{habit.source}", notices, now)
        elif habit.silent and habit.latest > habit.silent:
            store.watches.put(replace(habit, silent=None))
            notices = {plan: _back_notice(habit, plan) for plan in tellers}
            queued += _tell(store, f"back:{habit.source}", notices, now)
    return queued


def _tell(
    store: AlertStore, event: str, notices: Mapping[ChannelPlan, Notice], now: datetime
) -> int:
    return sum(
        queue(
            store,
            health_alert(f"{event}:{plan.id}:{now.isoformat()}", notice, now),
            [plan],
            Queueing(now=now),
        )
        for plan, notice in notices.items()
    )


def _silent_notice(habit: Habit, plan: ChannelPlan) -> Notice:
    words, gap = phrases_of(plan.language), usual_gap(habit)
    since = clock_text(habit.latest, plan.zone, words)
    usual = span_text(gap.total_seconds(), words) if gap else "?"
    return Notice(
        words.silent.format(habit.source), (words.silent_line.format(since=since, usual=usual),)
    )


def _back_notice(habit: Habit, plan: ChannelPlan) -> Notice:
    words = phrases_of(plan.language)
    since = clock_text(habit.silent or habit.latest, plan.zone, words)
    return Notice(words.back.format(habit.source), (words.back_line.format(since=since),))


def _refused_notice(refusals: Sequence[RefusedRule], plan: ChannelPlan) -> Notice:
    words = phrases_of(plan.language)
    faults = _the_first(
        [
            " ".join(worded(fault, plan.language).splitlines())
            for each in refusals
            for fault in each.faults
        ],
        words,
    )
    if not all(refusal.rule for refusal in refusals):
        return Notice(words.rules_refused, (*faults, words.rules_refused_line))
    names = ", ".join(_the_first(list(map(_named, refusals)), words))
    return Notice(words.rule_refused.format(names), (*faults, words.rule_refused_line))


def _mended_notice(refusals: Sequence[RefusedRule], plan: ChannelPlan) -> Notice:
    words = phrases_of(plan.language)
    names = ", ".join(_the_first(list(map(_named, refusals)), words))
    since = clock_text(min(refusal.since for refusal in refusals), plan.zone, words)
    return Notice(words.rules_mended.format(names), (words.well_line.format(since=since),))


def _named(refusal: RefusedRule) -> str:
    return refusal.rule or "rules.toml"


def _the_first(texts: Sequence[str], words: Phrases) -> list[str]:
    """As many texts as fit into a message, and a line that counts the others."""
    more = [words.more.format(len(texts) - _MOST)] if len(texts) > _MOST else []
    return [*texts[:_MOST], *more]


def _ailing_notice(ailment: Ailment, plan: ChannelPlan) -> Notice:
    words = phrases_of(plan.language)
    grade = words.grades[min(ailment.grade, len(words.grades)) - 1]
    line = f"{grade}: {worded(ailment.reason, plan.language)}"
    return Notice(words.ailing.format(ailment.source), (line,))


def _well_notice(before: LastNotice, plan: ChannelPlan) -> Notice:
    words = phrases_of(plan.language)
    since = clock_text(before.at, plan.zone, words)
    return Notice(words.well.format(before.source), (words.well_line.format(since=since),))
