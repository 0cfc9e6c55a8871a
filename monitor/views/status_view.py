"""What `status` says about the state of things, from the archive and the ledger of alerts."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from alerts.faults import config_fault_in
from alerts.policy import RefusedRule, Silence
from crawler.faults import Fault, FileFault, worded
from crawler.frozen import dataclass
from crawler.sources import Diagnosis, Health
from crawler.store import WAL_LIMIT_BYTES, Holder, SourceState, StoredBackup, beside
from monitor.views.source_history import FAILURES, GRADES, is_failing

if TYPE_CHECKING:
    from crawler.store import Connection
    from monitor.context import Context
    from monitor.views.deliveries_view import FailingChannel
    from monitor.views.source_history import SourceBook

# A source with no pace of its own is polled at least hourly (crawler.sources.schedule). Without any
# poll for twice as long, while one has been due for half of that, polling has stopped.
QUIET = timedelta(hours=2)
# A copy is made each day. With none for twice as long, something keeps it from being made.
OLD_BACKUP = timedelta(days=2)
# Chosen: a daemon takes up work each second, and a busy machine may hold it up for some.
STUCK = timedelta(minutes=1)
# An alert that was given up is a problem for a day. Chosen; `alerts dead` lists all.
RECENT = timedelta(days=1)
# A text that could not be matched stays so. Chosen: within a week somebody looks at `status`.
WEEK = timedelta(days=7)
_NAMED = 3  # articles that a bug concerns, after the first; chosen: the problem stays one line


class Problem(NamedTuple):
    """Something for a person to look at: its name, its sentence, and what stands in that."""

    name: str
    words: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFacts:
    """What is known at one moment; `paused` are the channels whose receiver refuses them.

    `failing` are those for which messages wait since several tries in a row have failed, and
    `aside` the files of requests that could not be carried out.
    `health` is how each source does, by id. `not_matched` are the articles with a recent text that
    could not be matched because of a bug. `backups` are the daily copies, newest first, or None.
    `holder` says whether a daemon runs, `expected` that one should. `wal_readers` are the processes
    that read the database now. `history` says that it was filled from files, and nobody polls.
    """

    states: tuple[SourceState, ...]
    undelivered: int
    paused: tuple[str, ...]
    unread: int
    failing: tuple[FailingChannel, ...] = ()
    aside: tuple[Path, ...] = ()
    health: Mapping[str, Diagnosis] = field(default_factory=dict)
    refusals: tuple[RefusedRule, ...] = ()
    not_matched: tuple[str, ...] = ()
    backups: tuple[StoredBackup, ...] | None = None
    holder: Holder = field(default_factory=Holder)
    expected: bool = False
    wal_bytes: int = 0
    wal_readers: tuple[str, ...] = ()
    zone: str = "UTC"
    language: str = "en"
    history: bool = False

    def said(self, name: str, /, **values: object) -> str:
        """A sentence by its name, with what stands in it."""
        return _said(self.language, name, **values)

    def problem(self, name: str, /, **values: object) -> Problem:
        """A problem by its name, with what stands in its sentence."""
        return Problem(name, self.said(name, **values), values)

    def clock(self, moment: datetime) -> str:
        """A moment as people read it: in their zone, which is named."""
        from monitor.views.articles_view import local

        return local(moment, self.zone)

    @property
    def rules_faults(self) -> list[str]:
        """Every fault because of which rules are refused, in English, each on one line."""
        faults = (fault for refusal in self.refusals for fault in refusal.faults)
        return [" ".join(str(fault).splitlines()) for fault in faults]


def last_poll(states: tuple[SourceState, ...]) -> datetime | None:
    """When a source was last polled, whichever it was."""
    return max((state.last_poll for state in states if state.last_poll), default=None)


def problems(facts: StatusFacts, now: datetime) -> list[Problem]:
    """What a person should look at; empty when all is well."""
    if facts.history:
        return [*_store(facts), *_log(facts)]
    polled = last_poll(facts.states)
    found = [*_daemon(facts, now), *_store(facts), *_refused_configuration(facts)]
    found += [problem for state in facts.states for problem in _of_source(state, facts)]
    if polled is None:
        found.append(facts.problem("never_polled"))
    elif now - polled > QUIET and now - min(state.next_poll for state in facts.states) > QUIET / 2:
        found.append(facts.problem("not_polled_since", at=facts.clock(polled)))
    elif all(state.failures for state in facts.states if state.last_poll):
        found.append(facts.problem("all_failed"))
    found += [problem for refusal in facts.refusals for problem in _refused(facts, refusal)]
    if facts.undelivered:
        found.append(_counted(facts, "undelivered", facts.undelivered))
    found += [facts.problem("paused", channel=name) for name in facts.paused]
    found += [_failing(facts, channel) for channel in facts.failing]
    found += [facts.problem("aside", file=file.name, folder=file.parent) for file in facts.aside]
    if facts.unread:
        found.append(_counted(facts, "unread", facts.unread))
    if facts.not_matched:
        found.append(_not_matched(facts))
    return [*found, *_backup_problems(facts, now), *_log(facts)]


def daemon_as_json(facts: StatusFacts) -> dict[str, Any]:
    """Whether a daemon runs, or should: the part of `status --json` about it."""
    holder = facts.holder
    return {
        "running": holder.running,
        "expected": holder.missing or facts.expected,
        "since": holder.since,
        "last_tick": holder.tick,
        "page": holder.page or None,
    }


def notes(facts: StatusFacts) -> list[str]:
    """What is good to know about the page and the sources, but needs no action."""
    return [
        *([facts.said("history")] if facts.history else []),
        *(
            worded(config_fault_in(fault), facts.language)
            for fault in filter(None, [facts.holder.page_fault])
        ),
        *(
            facts.said(f"source_{diagnosis.health}", source=name, fault=diagnosis.reason)
            for name, diagnosis in facts.health.items()
            if diagnosis.passed or diagnosis.health in {Health.SILENT, Health.SLOW}
        ),
    ]


def _silence_note(silence: Silence, until: str, language: str) -> str:
    """The sentence about a silence in force; `until` is its end as people read it."""
    if silence.rule and silence.channel:
        what = _said(language, "rule_in_channel", rule=silence.rule, channel=silence.channel)
    elif name := silence.rule or silence.channel:
        what = _said(language, "rule" if silence.rule else "channel", name=name)
    else:
        what = _said(language, "everything")
    told = {"until": until, "reason": silence.reason, "id": silence.id}
    return _said(language, "silenced", what=what, **told)


def backup_as_json(copies: Sequence[StoredBackup] | None) -> dict[str, Any] | None:
    """The newest copy; None if none are made. Its `at` is None if there is none yet."""
    if copies is None:
        return None
    newest = copies[0] if copies else None
    return {
        "at": newest and newest.at,
        "path": newest and str(newest.path),
        "kept": len(copies),
    }


def _daemon(facts: StatusFacts, now: datetime) -> Iterator[Problem]:
    holder = facts.holder
    if holder.running:
        if holder.tick and now - holder.tick > STUCK:
            yield facts.problem("stuck", at=facts.clock(holder.tick))
    elif holder.missing:
        if holder.tick:
            yield facts.problem("killed_after", at=facts.clock(holder.tick))
        else:
            yield facts.problem("killed")
    elif facts.expected:
        yield facts.problem("expected")


def _refused_configuration(facts: StatusFacts) -> Iterator[Problem]:
    for fault in facts.holder.refused:
        yield facts.problem("configuration_refused", fault=config_fault_in(fault))


def _store(facts: StatusFacts) -> Iterator[Problem]:
    if fault := facts.holder.fault:
        error, others = FileFault.SYSTEM_SAYS(said=fault.error), len(fault.about) - 1
        told = {"at": facts.clock(fault.since), "what": fault.about[0], "error": error}
        yield facts.problem("unwritten_more" if others else "unwritten", n=others, **told)
    for name, fault in facts.holder.evidence.items():
        error = FileFault.SYSTEM_SAYS(said=fault.error)
        yield facts.problem(name, at=facts.clock(fault.since), error=error)


def _log(facts: StatusFacts) -> Iterator[Problem]:
    if facts.wal_bytes > WAL_LIMIT_BYTES:
        who = ", ".join(facts.wal_readers) or facts.said("a_program")
        yield facts.problem("wal", mb=f"{facts.wal_bytes / 1e6:.0f}", who=who)


def _counted(facts: StatusFacts, name: str, number: int) -> Problem:
    return facts.problem(f"{name}_{'one' if number == 1 else 'many'}", n=number)


def _failing(facts: StatusFacts, channel: FailingChannel) -> Problem:
    name = f"failing_{'one' if channel.waiting == 1 else 'many'}"
    return facts.problem(name, channel=channel.id, n=channel.failures, waiting=channel.waiting)


def _not_matched(facts: StatusFacts) -> Problem:
    first, *others = facts.not_matched
    if not others:
        return facts.problem("not_matched_one", first=first)
    named = ", ".join(others[:_NAMED])
    if len(others) > _NAMED:
        named = facts.said("not_matched_more", named=named)
    return facts.problem("not_matched_many", n=len(others) + 1, first=first, named=named)


def _backup_problems(facts: StatusFacts, now: datetime) -> Iterator[Problem]:
    """Yield that the newest copy is too old, or that there is none though there should be."""
    if facts.backups is None:
        return
    since = min((state.added for state in facts.states if state.added), default=now)
    if facts.backups and now - facts.backups[0].at > OLD_BACKUP:
        yield facts.problem("backup_old", at=facts.clock(facts.backups[0].at))
    elif not facts.backups and now - since > OLD_BACKUP:
        yield facts.problem("backup_none")


def _refused(facts: StatusFacts, refusal: RefusedRule) -> Iterator[Problem]:
    name, at = "rule_refused" if refusal.rule else "file_refused", facts.clock(refusal.since)
    for fault in refusal.faults:
        yield facts.problem(name, rule=refusal.rule, at=at, fault=fault)


def _of_source(state: SourceState, facts: StatusFacts) -> Iterator[Problem]:
    diagnosis = facts.health.get(state.id, Diagnosis(Health.OK))
    if state.failures >= FAILURES and diagnosis.health is not Health.DEAD:
        told = {"source": state.id, "n": state.failures, "fault": state.error}
        yield facts.problem("source_failed", **told)
    elif diagnosis.health in GRADES and not diagnosis.passed:
        name = f"source_{diagnosis.health}"
        yield facts.problem(name, source=state.id, fault=diagnosis.reason)


@cache
def _sentences(language: str) -> Mapping[str, str]:
    path = Path(__file__).with_name(f"status_{language}.toml")
    return tomllib.loads(path.read_text("utf-8"))


def _said(language: str, name: str, /, **values: object) -> str:
    shown = {
        key: " ".join(worded(value, language).splitlines()) if isinstance(value, Fault) else value
        for key, value in values.items()
    }
    return _sentences(language)[name].format(**shown)


def status_facts(
    db: Connection, book: SourceBook, context: Context, now: datetime, language: str
) -> StatusFacts:
    """What is known at this moment, in this language."""
    from alerts.delivery import aside
    from alerts.store import READER, AlertStore
    from crawler.history import is_history
    from crawler.store import ArticleStore, PollStore, holder_of
    from monitor.views.deliveries_view import failing_channels

    alerts = AlertStore(db)
    channels = alerts.channels.all()
    return StatusFacts(
        states=tuple(PollStore(db).states().values()),
        undelivered=alerts.reading.undelivered_since(now - RECENT),
        paused=tuple(state.id for state in channels if state.paused),
        failing=tuple(failing_channels(alerts, channels)),
        aside=tuple(aside(context.database)),
        unread=ArticleStore(db).last_seq() - alerts.ledger.cursor(READER).seq,
        health=book.health,
        refusals=tuple(alerts.watches.refusals()),
        not_matched=tuple(alerts.reading.not_matched_since(now - WEEK)),
        holder=holder_of(context.database),
        expected=context.plain.expects_daemon,
        zone=context.plain.timezone,
        language=language,
        backups=_backups(context),
        history=is_history(db),
        **_wal(context.database),
    )


def status_of(db: Connection, context: Context, language: str = "en") -> dict[str, Any]:
    """Everything that `status --json` says, with its sentences in this language."""
    from alerts.store import AlertStore
    from crawler.store import ArticleStore
    from monitor.views.ledger_view import silence_as_json
    from monitor.views.source_history import SourceBook
    from monitor.views.untold_view import standing

    now, alerts = context.now(), AlertStore(db)
    book = SourceBook(db, now)
    facts = status_facts(db, book, context, now, language)
    wrong = [problem.words for problem in problems(facts, now)]
    silences = alerts.ledger.silences(now)
    failing = sum(map(is_failing, facts.states))
    return {
        "healthy": not wrong,
        "history": facts.history,
        "problems": wrong,
        "notes": [*_silenced(silences, facts), *notes(facts)],
        "daemon": daemon_as_json(facts),
        "sources": {"enabled": len(facts.states), "failing": failing} | book.healths(),
        "counters": book.totals(),
        "gaps": len(book.gaps),
        "missed": len(book.missed),
        "queues": _queues(db, facts.unread),
        "passages": standing(alerts.passages.counts(now - RECENT)),
        "silences": [silence_as_json(silence) for silence in silences],
        "rules_refused": next(iter(facts.rules_faults), None),
        "rules_faults": facts.rules_faults,
        "not_matched": facts.not_matched,
        "last_poll": last_poll(facts.states),
        "last_delivery": alerts.reading.last_delivered(),
        "archive": ArticleStore(db).totals(),
        "database": _file(context),
        "backup": backup_as_json(facts.backups),
    }


def _queues(db: Connection, unread: int) -> dict[str, int]:
    from alerts.store import AlertStore
    from crawler.store import PollStore

    reading = AlertStore(db).reading
    return {
        "pages_wanted": PollStore(db).pages_wanted(),
        "texts_unread": unread,
        "deliveries_pending": sum(reading.pending_by_channel().values()),
        "deliveries_dead": reading.undelivered_since(None),
    }


def _wal(database: Path) -> dict[str, Any]:
    from crawler.store import WAL_LIMIT_BYTES, readers_of, wal_bytes

    size = wal_bytes(database)
    large = size > WAL_LIMIT_BYTES
    return {
        "wal_bytes": size,
        "wal_readers": tuple(readers_of(database)) if large else (),
    }


def _backups(context: Context) -> tuple[StoredBackup, ...] | None:
    """The daily copies, newest first; None if none are made."""
    from crawler.store import backups_in

    folder = context.plain.backups
    return tuple(backups_in(folder, context.database)) if folder else None


def _silenced(silences: list[Silence], facts: StatusFacts) -> list[str]:
    return [_silence_note(one, facts.clock(one.ends), facts.language) for one in silences]


def _file(context: Context) -> dict[str, Any]:
    files = (context.database, beside(context.database, "-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    return {"path": str(context.database), "bytes": size, "sqlite": sqlite3.sqlite_version}
