"""Counts the stories of rules with a volume as they are found, and queues news of their waves."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from alerts.alert import EventKind, RuleRef, VolumeAlert, WaveStory, alert_id
from alerts.delivery.composing import story_articles
from alerts.delivery.queueing import Queueing, queue
from alerts.policy.placement import ChannelPlan
from alerts.policy.verdict import MatchedRecord
from alerts.rules.book import Rule, RuleBook
from alerts.store.alert_store import AlertStore
from alerts.wave_log import WaveStore
from alerts.waves import (
    CountedSpan,
    Usual,
    VolumeSetting,
    Wave,
    WavePhase,
    Window,
    after_window,
    all_hours,
    ended,
    is_timed,
    same_hours,
    usual_of,
)
from crawler.frozen import dataclass
from crawler.model import LogRecord

log = logging.getLogger(__name__)

# Stories in one message, and windows in its graph. Chosen: what people look through at once; a day
# of hours.
_MOST = 10
_GRAPH = 24


@dataclass(frozen=True, slots=True)
class WaveCrew:
    """The rules in force, the channels, and the silences of this moment."""

    rulebook: RuleBook
    plans: Sequence[ChannelPlan]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that have waves."""
        return self.rulebook.with_volume


def take_up_waves(store: AlertStore, crew: WaveCrew, now: datetime) -> None:
    """Begin with these rules: what they have found in the last weeks counts. A writer's job."""
    waves = WaveStore(store.db)
    waves.close([rule.id for rule in crew.rules], now)
    for rule in crew.rules:
        waves.fill(rule.id, _zone(crew), now)


def count_stories(
    store: AlertStore, crew: WaveCrew, reading: MatchedRecord, around: Queueing
) -> int:
    """Count what was found in a text; returns how many channels hear news of a wave.

    Belongs into the transaction in which the text is judged.
    """
    known = {match.rule for match in reading.before}
    found = [crew.rulebook[match.rule] for match in reading.matches if match.rule not in known]
    return sum(_counted(store, crew, rule, reading.record, around) for rule in found if rule.volume)


def _counted(
    store: AlertStore, crew: WaveCrew, rule: Rule, record: LogRecord, around: Queueing
) -> int:
    assert rule.volume is not None
    waves, zone = WaveStore(store.db), _zone(crew)
    backlog = around.summary.is_backlog
    at = _came(record, zone)
    if backlog and not is_timed(record.article.published, zone):
        return 0
    waves.count(rule.id, record.story.id, at, record.article.outlet)
    # What comes this late is no news, and begins no wave: the rest after an outage, say.
    if backlog or around.now - at > rule.volume.over:
        return 0
    return _judged(store, crew, rule, around.now)


def _came(record: LogRecord, zone: tzinfo) -> datetime:
    """When the news of a text came: at its publication, if that has a time, or when it was seen."""
    seen, published = record.revision.seen, record.article.published
    if record.previous is not None or not is_timed(published, zone):
        return seen
    return min(published, seen)


def _judged(store: AlertStore, crew: WaveCrew, rule: Rule, now: datetime) -> int:
    waves, setting = WaveStore(store.db), rule.volume
    assert setting is not None
    told = _end_if_over(store, crew, rule, waves.running().get(rule.id), now)
    before = waves.running().get(rule.id)
    at = waves.newest(rule.id) or now
    window = waves.window(rule.id, CountedSpan(at - setting.over, at))
    if window.stories < setting.at_least or window.outlets < setting.outlets:
        return told
    usual = _usual(waves, rule.id, setting, at, _zone(crew))
    if usual is None:
        log.info(
            "wave=unknown rule=%s stories=%d: less than a day is known", rule.id, window.stories
        )
        return told
    wave, phase = after_window(before, window, usual, setting)
    if wave is not None and wave != before:
        waves.put(rule.id, wave, _total(waves, rule.id, setting, wave, at).stories)
    if wave is None or phase is None:
        return told
    return told + _tell(store, crew, rule, _News(phase, wave, window), now)


def _usual(
    waves: WaveStore, rule: str, setting: VolumeSetting, at: datetime, zone: tzinfo
) -> Usual | None:
    known = waves.known_since(rule, at)
    whole = all_hours(at, setting.over, known)
    if whole is None:
        return None
    weekly = same_hours(at, setting.over, zone, known)
    counted = [(span, waves.stories_in(rule, span)) for span in weekly]
    return usual_of(setting.over, counted, (whole, waves.stories_in(rule, whole)))


def end_waves(store: AlertStore, crew: WaveCrew, now: datetime) -> int:
    """Tell of the waves that are over by now; returns how many channels hear it. A writer's job."""
    if not crew.rules:
        return 0
    running = WaveStore(store.db).running()
    return sum(
        _end_if_over(store, crew, rule, running.get(rule.id), now)
        for rule in crew.rules
        if rule.id in running
    )


def _end_if_over(
    store: AlertStore, crew: WaveCrew, rule: Rule, wave: Wave | None, now: datetime
) -> int:
    setting = rule.volume
    over = ended(wave, setting, now) if wave and setting else None
    if over is None or over.ended is None or setting is None:
        return 0
    waves = WaveStore(store.db)
    total = _total(waves, rule.id, setting, over, over.ended)
    waves.put(rule.id, over, total.stories)
    return _tell(store, crew, rule, _News(WavePhase.ENDS, over, total), now)


def _total(
    waves: WaveStore, rule: str, setting: VolumeSetting, wave: Wave, until: datetime
) -> Window:
    """All stories of a wave up to this moment."""
    return waves.window(rule, CountedSpan(wave.began - setting.over, until))


@dataclass(frozen=True, slots=True)
class _News:
    phase: WavePhase
    wave: Wave
    window: Window


def _tell(store: AlertStore, crew: WaveCrew, rule: Rule, news: _News, now: datetime) -> int:
    """Queue an alert about a wave in the channels of its rule."""
    alert = _alert(store, rule, news, now)
    plans = [plan for plan in crew.plans if plan.id in rule.channels]
    told = queue(store, alert, plans, Queueing(now=now, silences=store.ledger.silences(now)))
    if rule.volume and rule.volume.instead:
        for plan in plans:
            for target in plan.targets:
                _take_over(store, alert, plan, target, now)
    log.info(
        "alert=%s rule=%s event=wave-%s stories=%d outlets=%d expected=%.2f queued=%d",
        *(alert.id, rule.id, news.phase.value, news.window.stories, news.window.outlets),
        *(news.wave.usual.expected, told),
    )
    return told


def _alert(store: AlertStore, rule: Rule, news: _News, now: datetime) -> VolumeAlert:
    assert rule.volume is not None
    waves, over, wave = WaveStore(store.db), rule.volume.over, news.wave
    at, length = news.window.at, over
    if news.phase is WavePhase.ENDS:
        length = at - wave.began + over
    names = waves.stories(rule.id, CountedSpan(at - length, at))
    stories = tuple(_carried(store, rule.id, names))
    event = f"wave:{wave.began.isoformat()}:{news.phase.value}:{wave.told}"
    return VolumeAlert(
        id=alert_id(rule.id, "", event),
        kind=EventKind.VOLUME,
        rule=RuleRef(rule.id, rule.name, rule.priority),
        story="",
        event=event,
        created=now,
        phase=news.phase,
        wave=wave,
        window=news.window,
        over=over,
        graph=tuple(
            waves.stories_in(rule.id, CountedSpan(at - (step + 1) * over, at - step * over))
            for step in reversed(range(_GRAPH))
        ),
        stories=stories,
        left_out=len(names) - len(stories),
    )


def _carried(store: AlertStore, rule: str, names: Iterable[str]) -> list[WaveStory]:
    carried: list[WaveStory] = []
    for name in names:
        alert = store.ledger.first_alert(rule, name)
        if alert is not None:
            articles = story_articles(store, alert.article.id)
            carried.append(WaveStory(replace(alert, change=None), articles))
        if len(carried) == _MOST:
            break
    return carried


def _take_over(
    store: AlertStore, alert: VolumeAlert, plan: ChannelPlan, target: str, now: datetime
) -> None:
    """Let the message about a wave tell what waits for this receiver and is of its rule alone."""
    into = store.outbox.joinable(plan.id, target, alert.kind.value, alert.group)
    if into is None:
        return
    room = plan.capacity - store.outbox.size(into.id)
    _, waiting = store.outbox.mergeable(plan.id, target, now + timedelta(days=1), plan.capacity)
    for delivery in waiting:
        told = store.outbox.alerts(delivery.id)
        room -= len(told)
        fresh = not (delivery.attempts or delivery.uncertain)
        if fresh and room >= 0 and all(one.rule.id == alert.rule.id for one in told):
            store.outbox.absorb([delivery], into.id, now)


def _zone(crew: WaveCrew) -> tzinfo:
    """The zone of the channels, which is that of `[schedule] timezone`."""
    return next(iter(crew.plans)).zone if crew.plans else UTC
