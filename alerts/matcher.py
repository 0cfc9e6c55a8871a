"""The reader of the article log: it matches, judges and queues new texts."""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from alerts.alert import ArticleAlert, Decision, Reason, RuleRef
from alerts.counting import RuleWordings
from alerts.delivery.confirming import confirmed_by, read_again, wait_for_second_reading
from alerts.delivery.lane import Jobs
from alerts.delivery.owed_passages import Owing, owe
from alerts.delivery.queueing import Queueing
from alerts.document import document_of
from alerts.match import Match, Priority
from alerts.message import Cause
from alerts.policy.audience import Audience, HeardNews, audiences_of
from alerts.policy.placement import ChannelPlan
from alerts.policy.silences import Silence
from alerts.policy.source_rhythm import Habit, after_article
from alerts.policy.verdict import MatchedRecord, Told, alerts_of, decisions, is_backlog, may_be_told
from alerts.rules.book import RuleBook
from alerts.store.alert_store import AlertStore
from alerts.store.ledger import READER
from alerts.telling import (
    ReadText,
    Receiver,
    ReceiverNews,
    news_for,
    passages_of,
    read_text,
    sentences_of,
)
from alerts.wave_watch import WaveCrew, count_stories, end_waves, take_up_waves
from crawler.config import FirstRun
from crawler.errors import StoreError, bug_of
from crawler.frozen import dataclass
from crawler.model import Article, LogCursor, LogPage, LogRecord, Revision
from crawler.store import ArticleStore, Connection, FactStore

log = logging.getLogger(__name__)

# Records in one transaction. Chosen: a commit takes milliseconds, and other writers wait for it.
BATCH = 100


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """What one call found: how many articles match with a new text, and how many alerts it queued.

    `unmatched` is how many texts could not be matched because of a bug.
    """

    matches: int = 0
    queued: int = 0
    unmatched: int = 0

    def __add__(self, other: MatchCounts) -> MatchCounts:
        return MatchCounts(
            self.matches + other.matches,
            self.queued + other.queued,
            self.unmatched + other.unmatched,
        )


class ArticleLog(Protocol):
    """What alerts need of the log of the archive."""

    def committed_after(self, cursor: LogCursor, limit: int) -> LogPage:
        """The committed records that this cursor has not read, in order.

        A reader that goes on from each page's cursor reads each record once, even one that becomes
        visible after another with a higher number.
        """


@dataclass(frozen=True, slots=True)
class _Read:
    """The records between two cursors, with their matches."""

    before: LogCursor
    after: LogCursor
    readings: Sequence[MatchedRecord]


class Matcher:
    """Reads the article log from its cursor on.

    Matches, alerts, deliveries, reasons and the cursor are committed together, so that each record
    is judged once, whenever the process ends. A record that cannot be judged because of a bug gets
    that as its reason, and does not stop the others.
    """

    def __init__(  # noqa: PLR0913 - parts and settings, each by name
        self,
        writer: Jobs,
        rulebook: RuleBook,
        plans: Sequence[ChannelPlan],
        *,
        first_run: FirstRun = FirstRun.SUMMARY,
        batch: int = BATCH,
        log_of: Callable[[Connection], ArticleLog] = ArticleStore,
    ) -> None:
        self._writer, self._batch, self._log = writer, batch, log_of
        self._noted = RuleBook.build([])
        self.use(rulebook, plans, first_run)
        self._rulebook, self._plans, self._first_run = self._wanted

    def use(self, rules: RuleBook, plans: Iterable[ChannelPlan], first_run: FirstRun) -> None:
        """Use these from the next batch of records on, all at once; may be called at any time."""
        self._wanted = rules, {plan.id: plan for plan in plans}, first_run

    def run_once(self, now: datetime) -> MatchCounts:
        """Judge everything that is new in the log, as of this time; see `catch_up`."""
        return self.catch_up(lambda: now)

    def catch_up(self, clock: Callable[[], datetime]) -> MatchCounts:
        """Judge everything that is new in the log; do not call it on the event loop, it blocks.

        The time is taken anew for each batch: a long catch-up takes minutes, and silences end or
        hours become quiet in them.
        """
        counts = MatchCounts()
        more = True
        while more:
            found, more = self._batch_judged(clock())
            counts += found
        return counts

    def _batch_judged(self, now: datetime) -> tuple[MatchCounts, bool]:
        """What the next batch came to, and whether there was one."""
        self._rulebook, self._plans, self._first_run = self._wanted
        cursor, page, confirmed = self._writer.run(lambda db: self._next_records(db, now))
        self._noted = self._rulebook
        if not page.records:
            return confirmed, False
        readings = readings_of(page.records, self._rulebook)
        read = _Read(cursor, page.cursor, readings)
        return self._writer.run(lambda db: self._judge(db, read, now)), True

    def _next_records(
        self, db: Connection, now: datetime
    ) -> tuple[LogCursor, LogPage, MatchCounts]:
        """The new records of the log; without any, judge the articles that were read again."""
        store = AlertStore(db)
        if self._noted is not self._rulebook:
            RuleWordings(db).take_up(self._rulebook.rules, now)
            take_up_waves(store, self._crew(), now)
        cursor = store.ledger.cursor(READER)
        page = self._log(db).committed_after(cursor, self._batch)
        counts = MatchCounts(0, end_waves(store, self._crew(), now))
        if not page.records:
            silences = store.ledger.silences(now)
            for record, read in read_again(store, now):
                counts += self._confirm(store, record, read, silences, now)
        return cursor, page, counts

    def _crew(self) -> WaveCrew:
        return WaveCrew(self._rulebook, [*self._plans.values()])

    def _confirm(
        self,
        store: AlertStore,
        record: LogRecord,
        read: datetime,
        silences: Sequence[Silence],
        now: datetime,
    ) -> MatchCounts:
        """Tell what this reading of an article has confirmed."""
        found = confirmed_by(store, record, read, self._plans, self._is_urgent)
        heard = [one for each in found.items() if (one := self._heard(*each))]
        if not heard:
            return MatchCounts()
        (alone,) = readings_of([replace(record, previous=None)], self._rulebook)
        reading = MatchedRecord(record, alone.matches, again=read)
        passages = {one.key: one for each in heard for one in each.news.new}
        gone = {one.old_key for each in heard for one in each.news.lost if one.field == "body"}
        times = _times_in(store, record, gone)
        text = ReadText(article=record.article.id, passages=passages, times=times)
        rules = self._refs(rule for each in heard for rule in each.audience.rules)
        alerts = alerts_of(reading, text, rules, heard, Told(rules, now))
        around = Queueing(now=now, silences=silences)
        return MatchCounts(0, len(self._owe(store, record, heard, alerts, around)))

    def _is_urgent(self, rule: str) -> bool:
        return rule in self._rulebook and self._rulebook[rule].priority is Priority.HIGH

    def _heard(self, receiver: Receiver, news: ReceiverNews) -> HeardNews | None:
        """This news with its audience; None if nobody hears it with today's rules and channels."""
        plan = self._plans.get(receiver.channel)
        rules = frozenset(
            rule
            for rule in news.rules
            if rule in self._rulebook and receiver.channel in self._rulebook[rule].channels
        )
        return HeardNews(Audience(receiver, plan, rules), news) if plan and rules else None

    def _judge(self, db: Connection, read: _Read, now: datetime) -> MatchCounts:
        store = AlertStore(db)
        if store.ledger.cursor(READER) != read.before:
            # Another call has judged these records in the meantime.
            return MatchCounts()
        silences = store.ledger.silences(now)
        counts = MatchCounts()
        _note_sources(store, [reading.record for reading in read.readings])
        for reading in read.readings:
            counts += self._judge_one(store, reading, silences, now)
            _make_room(store, reading.record)
        store.ledger.advance(READER, read.after, now)
        return counts

    def _judge_one(
        self, store: AlertStore, reading: MatchedRecord, silences: Sequence[Silence], now: datetime
    ) -> MatchCounts:
        record, bug = reading.record, reading.bug
        confirmed = self._confirm(store, record, record.revision.seen, silences, now)
        if not (bug or reading.matches or reading.before):
            return confirmed
        if not bug:
            try:
                with store.db.savepoint():
                    return confirmed + self._verdict(store, reading, silences, now)
            except (sqlite3.Error, StoreError):
                raise
            except Exception as error:  # noqa: BLE001 - a bug in one record must not stop the others
                bug = _logged(record, record.revision, error)
        store.ledger.add_decision(_not_matched(record, bug), record.revision.number, now)
        return confirmed + MatchCounts(unmatched=1)

    def _verdict(
        self, store: AlertStore, reading: MatchedRecord, silences: Sequence[Silence], now: datetime
    ) -> MatchCounts:
        record = reading.record
        text = read_text(record, reading.matches, reading.before)
        if store.ledger.has_moved(record):
            # The page has another text now, so its sentences are no changes of the old one.
            text = replace(text, changed={}, lost=(), denied=(), came=frozenset())
        matched = store.ledger.add_matches(record, reading.matches, now)
        news = self._news(store, reading, text)
        told = Told(store.ledger.told(record.story.id), now)
        alerts = alerts_of(reading, text, self._rules(reading), news, told)
        circumstances = self._circumstances(store, record, silences, now)
        queued = self._owe(store, record, news, alerts, circumstances)
        waves = count_stories(store, self._crew(), reading, circumstances)
        for heard in news:
            wait_for_second_reading(store, record, heard.audience.receiver, heard.news)
        for decision in decisions(reading, news, circumstances.hidden):
            store.ledger.add_decision(decision, record.revision.number, now)
        return MatchCounts(int(matched > 0), len(queued) + waves)

    def _owe(
        self,
        store: AlertStore,
        record: LogRecord,
        news: Iterable[HeardNews],
        alerts: Mapping[str, ArticleAlert],
        around: Queueing,
    ) -> set[str]:
        """Queue these alerts for their receivers; returns the ids of those that have a receiver."""
        for alert in alerts.values():
            store.ledger.add_alert(alert)
        names = record.article.id, record.story.id
        queued = {
            name for heard in news for name in owe(store, Owing(heard, alerts, *names, around))
        }
        for alert in alerts.values():
            log.info(
                "alert=%s rule=%s event=%s queued=%d",
                *(alert.id, alert.rule.id, alert.event, alert.id in queued),
            )
        return queued

    def _news(self, store: AlertStore, reading: MatchedRecord, text: ReadText) -> list[HeardNews]:
        """What is new for each receiver of a rule that matches this text or the one before."""
        record = reading.record
        channels = {rule: self._rulebook[rule].channels for rule in self._rules(reading)}
        known = store.passages.known(record.article.id, record.story, text.before)
        return [
            HeardNews(each, news_for(text, known.get(each.receiver, {}), each.rules))
            for each in audiences_of(channels, self._plans)
        ]

    def _circumstances(
        self, store: AlertStore, record: LogRecord, silences: Sequence[Silence], now: datetime
    ) -> Queueing:
        cause = self._backlog(store, record)
        silent = cause is Cause.FIRST_RUN and self._first_run is FirstRun.SILENT
        hidden = Reason.FIRST_RUN if silent else None
        return Queueing(now=now, silences=silences, summary=cause, hidden=hidden)

    def _backlog(self, store: AlertStore, record: LogRecord) -> Cause:
        """Why this record is no news, if it is none."""
        sight = FactStore(store.db).first_sight(record.article)
        if sight.restored and may_be_told(record, sight.listed, sight.round, sight.restored):
            return Cause.RESTORED
        first = not sight.restored and self._first_run is not FirstRun.ALERT
        is_old = first and is_backlog(record, sight.listed, sight.round)
        return Cause.FIRST_RUN if is_old else Cause.NONE

    def _rules(self, reading: MatchedRecord) -> Mapping[str, RuleRef]:
        return self._refs(reading.rules)

    def _refs(self, names: Iterable[str]) -> Mapping[str, RuleRef]:
        rules = (self._rulebook[name] for name in dict.fromkeys(names) if name in self._rulebook)
        return {rule.id: RuleRef(rule.id, rule.name, rule.priority) for rule in rules}


def _make_room(store: AlertStore, record: LogRecord) -> None:
    """If an article has too many texts, keep only the sentences of the oldest that matched."""

    def matched(old: Revision) -> Mapping[str, list[str]]:
        text = sentences_of(old.title, old.lead, old.body)
        found = defaultdict[str, list[str]](list)
        for one in passages_of(text, store.ledger.matches_then(old.article, old.number)).values():
            found[one.field].append(one.text)
        return found

    ArticleStore(store.db).make_room(record, matched)


def _times_in(store: AlertStore, record: LogRecord, gone: set[str]) -> dict[str, datetime]:
    """When the outlet wrote each sentence of a text, and those that are gone from it."""
    now = record.revision
    times = sentences_of("", "", now.body, now.items).times()
    earlier = ArticleStore(store.db).revisions(record.article.id) if gone and now.items else []
    while gone and earlier:
        old = earlier.pop()
        text = sentences_of("", "", old.body, old.items)
        gone = gone - text.placed(("body",)).keys()
        times = text.times() | times
    return times


def _note_sources(store: AlertStore, records: Iterable[LogRecord]) -> None:
    """Record that the sources of these records brought something."""
    habits: dict[str, Habit] = {}
    for record in records:
        article, seen = record.article, record.revision.seen
        habit = habits.get(article.source) or store.watches.habit(article.source)
        if habit is None:
            habit = Habit(source=article.source, outlet=article.outlet, started=seen, latest=seen)
        elif record.previous is None:
            habit = after_article(habit, seen)
        habits[article.source] = habit
    for habit in habits.values():
        store.watches.put(habit)


def readings_of(records: Sequence[LogRecord], rulebook: RuleBook) -> list[MatchedRecord]:
    """The records with the matches of their texts, and of the texts before them.

    If the text before cannot be matched, nobody was told about it, so it counts as without matches.
    """
    found = rulebook.match_many(document_of(text) for one in records for text in _texts(one))
    return [_reading(record, found) for record in records]


def _texts(record: LogRecord) -> Iterator[Article]:
    yield record.article
    if old := record.previous:
        article, items = record.article, old.items
        yield replace(article, title=old.title, lead=old.lead, body=old.body, items=items)


def _reading(record: LogRecord, found: Iterator[list[Match] | Exception]) -> MatchedRecord:
    matches, bug = _matched(record, record.revision, next(found))
    if record.previous is None:
        return MatchedRecord(record, matches, bug=bug)
    before, _ = _matched(record, record.previous, next(found))
    return MatchedRecord(record, matches, before, bug=bug)


def _matched(
    record: LogRecord, revision: Revision, found: list[Match] | Exception
) -> tuple[tuple[Match, ...], str]:
    """The matches of an article at this revision, or none and the bug that is the reason."""
    if isinstance(found, Exception):
        return (), _logged(record, revision, found)
    return tuple(found), ""


def _logged(record: LogRecord, revision: Revision, error: Exception) -> str:
    where = record.article.id, revision.number
    log.error("matching_failed article=%s revision=%d", *where, exc_info=error)
    return bug_of(error)


def _not_matched(record: LogRecord, bug: str) -> Decision:
    article, story = record.article.id, record.story.id
    return Decision(article=article, story=story, rule="", reason=Reason.NOT_MATCHED, detail=bug)
