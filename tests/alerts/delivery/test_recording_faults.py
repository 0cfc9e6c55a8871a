"""When the database fails: the record is tried again, never the send."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from deliverydesk import CALIPHATE, Desk, ScriptedChannel

from alerts.alert import EventKind
from alerts.delivery.lane import Lane
from alerts.store.alert_store import AlertStore
from crawler.store import Connection

T = TypeVar("T")

BUSY, FULL, IOERR = sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR


def fault(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("planned")
    error.sqlite_errorcode = code
    return error


@dataclass
class FaultyWriter:
    """The real writer, of which chosen jobs fail: before, half-way, or after the commit."""

    desk: Desk
    faults: Iterator[tuple[int, str] | None]
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.desk.writer.path

    def run(self, job: Callable[[Connection], T]) -> T:
        planned = next(self.faults, None)
        if planned is None:
            return self.desk.writer.run(job)
        code, when = planned
        if when == "after":
            # A commit that failed can still be durable.
            self.desk.writer.run(job)
        elif when == "within":
            with pytest.raises(sqlite3.OperationalError):
                self.desk.writer.run(lambda db: (job(db), _raise(fault(code))))
        raise fault(code)


def _raise(error: Exception) -> None:
    raise error


@contextlib.contextmanager
def failing_at(desk: Desk, at: int, code: int) -> Iterator[None]:
    """Let one of the statements that change something fail: the one with this number."""
    count = 0

    def fail(statement: str, _: object) -> None:
        nonlocal count
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            count += 1
            if count == at:
                raise fault(code)

    desk.writer.run(lambda db: setattr(db, "_tracer", fail))
    yield
    desk.writer.run(lambda db: setattr(db, "_tracer", None))


@pytest.fixture
def channel(desk: Desk) -> ScriptedChannel:
    made = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE, priority="high")
    desk.publish()
    desk.match()
    return made


def lane(desk: Desk, *faults: tuple[int, str] | None) -> Lane:
    made = desk.lane(desk.channels[0])
    made.writer = FaultyWriter(desk, iter(faults))
    return made


@pytest.mark.parametrize("code", [BUSY, FULL, IOERR])
@pytest.mark.parametrize("when", ["before", "within", "after"])
def test_an_outcome_that_cannot_be_recorded_is_recorded_later_and_not_sent_again(
    desk: Desk, channel: ScriptedChannel, code: int, when: str
) -> None:
    lane(desk, None, (code, when), (code, when)).step()
    desk.send()

    (delivery,) = desk.deliveries()
    attempts = desk.store(lambda store: store.reading.attempts(delivery.id))
    assert len(channel.parcels) == 1
    assert delivery.state == "delivered"
    assert [attempt.outcome for attempt in attempts] == ["delivered"]


@pytest.mark.parametrize("code", [BUSY, FULL, IOERR])
@pytest.mark.parametrize("when", ["before", "within"])
def test_without_an_attempt_on_record_nothing_is_sent(
    desk: Desk, channel: ScriptedChannel, code: int, when: str
) -> None:
    with pytest.raises(sqlite3.OperationalError):
        lane(desk, (code, when)).step()
    assert channel.parcels == []

    desk.send()

    assert [parcel.attempt for parcel in channel.parcels] == [1]


def test_an_attempt_whose_commit_was_durable_after_all_goes_again_after_a_start(
    desk: Desk, channel: ScriptedChannel
) -> None:
    with pytest.raises(sqlite3.OperationalError):
        lane(desk, (IOERR, "after")).step()
    assert channel.parcels == []

    desk.restart()
    desk.send()

    assert len(channel.parcels) == 1


@pytest.mark.parametrize("code", [BUSY, FULL, IOERR])
@pytest.mark.parametrize("at", range(1, 8))
def test_recording_is_whole_whichever_statement_fails(
    desk: Desk, channel: ScriptedChannel, code: int, at: int
) -> None:
    one = lane(desk)
    with failing_at(desk, at, code):
        try:
            one.step()
        except sqlite3.OperationalError:
            assert channel.parcels == []
    desk.send()

    (delivery,) = desk.deliveries()
    attempts = desk.store(lambda store: store.reading.attempts(delivery.id))
    assert len(channel.parcels) == 1
    assert [attempt.outcome for attempt in attempts] == ["delivered"]


@pytest.mark.parametrize("at", range(1, 25))
def test_queueing_is_whole_or_not_at_all_whichever_statement_fails(desk: Desk, at: int) -> None:
    desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    with failing_at(desk, at, FULL):
        try:
            desk.match()
        except sqlite3.OperationalError:
            held = desk.store(everything)
            assert held == {"alerts": 0, "deliveries": 0, "matches": 0, "cursors": 0}

    desk.match()
    desk.send(flush=True)

    assert desk.store(everything) == {"alerts": 1, "deliveries": 1, "matches": 1, "cursors": 1}
    assert [parcel.message.kind for parcel in desk.channels[0].parcels] == [EventKind.STORY]


def everything(store: AlertStore) -> dict[str, int]:
    tables = ("alerts", "deliveries", "matches", "cursors")
    return {name: len(store.db.rows(f"SELECT 1 FROM {name}")) for name in tables}
