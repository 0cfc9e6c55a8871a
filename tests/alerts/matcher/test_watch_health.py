"""Sources that do badly, and people being told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from deliverydesk import AMSTERDAM, Desk, ScriptedChannel
from hypothesis import given, strategies as st

from alerts.policy.source_notices import LEAST_BETWEEN, Ailment, LastNotice, recovered, to_tell
from alerts.watch import watch_health
from crawler.faults import HealthFault
from crawler.model import Source, SourceKind
from crawler.sources import status_fault
from crawler.sources.health import SourceFacts
from crawler.store import PollStore
from monitor.views.source_history import ailments

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)
DEGRADED, DEAD = 1, 2


@pytest.fixture
def channel(desk: Desk) -> ScriptedChannel:
    desk.clock.now = NOW
    nos = Source(
        id="nos",
        outlet="NOS",
        kind=SourceKind.FEED,
        url="https://nos.example/rss",
        every=timedelta(minutes=5),
    )
    desk.writer.run(lambda db: PollStore(db).sync_sources([nos], desk.clock()))
    return desk.add_channel(group_wait=timedelta())


FAILED = HealthFault.FAILED_IN_A_ROW(times=3, cause=status_fault(403))


def ill(grade: int = DEGRADED, source: str = "nos") -> dict[str, Ailment]:
    return {source: Ailment(source=source, grade=grade, reason=FAILED)}


def look(desk: Desk, found: dict[str, Ailment]) -> int:
    plans = [channel.plan for channel in desk.channels]
    queued = desk.writer.run(lambda db: watch_health(db, plans, found, desk.clock()))
    desk.send()
    return queued


def told(channel: ScriptedChannel) -> list[tuple[str, str]]:
    notices = [notice for parcel in channel.parcels for notice in parcel.message.notices]
    return [(notice.subject, notice.lines[0]) for notice in notices]


def test_a_source_that_does_badly_is_told_once_and_its_recovery_too(
    desk: Desk, channel: ScriptedChannel
) -> None:
    assert [look(desk, ill()) for _ in range(3)] == [1, 0, 0]
    desk.clock.forward(hours=1)
    assert [look(desk, {}) for _ in range(3)] == [1, 0, 0]

    assert told(channel) == [
        ("Bron nos doet het niet goed", "hapert: 3 keer achter elkaar mislukt: HTTP 403"),
        ("Bron nos doet het weer", "Er was iets mis sinds ma 23 nov 2026, 09:00."),
    ]
    assert {parcel.message.kind for parcel in channel.parcels} == {"alert.health"}


@pytest.mark.usefixtures("channel")
def test_a_source_that_gets_worse_is_told_again_and_one_that_comes_and_goes_is_not(
    desk: Desk,
) -> None:
    assert (look(desk, ill()), look(desk, ill(DEAD)), look(desk, ill())) == (1, 1, 0)
    assert (look(desk, {}), look(desk, ill()), look(desk, {})) == (1, 0, 0)

    desk.clock.forward(hours=7)
    assert look(desk, ill()) == 1


@pytest.mark.usefixtures("channel")
def test_a_source_that_was_taken_out_is_not_said_to_be_well(desk: Desk) -> None:
    look(desk, ill(source="weg"))

    assert look(desk, {}) == 0


def facts(failures: int = 0, status: int = 200) -> SourceFacts:
    return SourceFacts(
        since=NOW - timedelta(days=9),
        failures=failures,
        status=status,
        error=status_fault(status) if failures else None,
        last_success=NOW - timedelta(hours=1),
        last_new=NOW - timedelta(hours=1),
    )


def test_who_is_degraded_or_dead_does_badly() -> None:
    found = ailments({"a": facts(), "b": facts(3, 403), "c": facts(1, 410), "d": facts(2)}, NOW)

    assert {name: (each.grade, str(each.reason)) for name, each in (found or {}).items()} == {
        "b": (DEGRADED, "failed 3 times in a row: HTTP 403"),
        "c": (DEAD, "the outlet says it is gone (410)"),
    }


@pytest.mark.parametrize(
    "sick",
    [
        {"failures": 3},
        {"failures": 1, "status": 410},
        {"failures": 3, "last_success": None},
        {"failures": 3, "last_success": None, "status": 403},
        {"failures": 9, "last_success": NOW - timedelta(days=3)},
        {"failures": 9, "last_success": NOW - timedelta(hours=30)},
        {"polled": 5, "empty": 5},
        {"polled": 5, "incomplete": 4},
        {"polled": 5, "pages": 5, "walled": 4},
        {"polled": 5, "pages": 5, "pages_failed": 4},
    ],
)
def test_each_reason_why_a_source_does_badly_is_told_in_dutch(
    desk: Desk, channel: ScriptedChannel, sick: dict[str, object]
) -> None:
    found = ailments({"nos": replace(facts(), error=status_fault(403), **sick)}, NOW)  # type: ignore[arg-type]  # as given
    assert found

    look(desk, found)

    ((_, line),) = told(channel)
    assert line.startswith(("hapert: ", "geeft niet thuis: "))
    assert str(found["nos"].reason) not in line


def test_an_english_channel_is_told_in_english(desk: Desk) -> None:
    channel = desk.add_channel(group_wait=timedelta(), language="en")

    look(desk, ill(DEAD))

    ((_, line),) = told(channel)
    assert line == "dead: failed 3 times in a row: HTTP 403"


def test_a_new_source_that_was_never_read_is_told_of_when_it_has_failed_three_times() -> None:
    def new(failures: int, status: int = 403) -> SourceFacts:
        return replace(facts(failures, status), last_success=None, last_new=None, since=NOW)

    found = ailments({"a": facts(), "b": new(1), "c": new(2), "d": new(3), "e": new(1, 410)}, NOW)

    assert {name: str(each.reason) for name, each in (found or {}).items()} == {
        "d": "never read: HTTP 403",
        "e": "the outlet says it is gone (410)",
    }


def test_where_all_fail_at_once_nothing_is_known_of_any() -> None:
    assert ailments({"a": facts(3, 403), "b": facts(4, 403)}, NOW) is None
    assert ailments({"a": facts(3, 403)}, NOW)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 200)), max_size=60))
def test_however_a_source_comes_and_goes_it_is_told_in_turn_and_not_too_often(
    looks: list[tuple[int, int]],
) -> None:
    held: dict[str, LastNotice] = {}
    spells: list[datetime] = []
    now = NOW
    for grade, minutes in looks:
        now += timedelta(minutes=minutes)
        found = ill(grade) if grade else {}
        news, well = to_tell(found, held, now), recovered(found, held)
        before = held["nos"].grade if held else 0
        assert not (news and well)
        assert not news or grade > before
        assert not well or before
        if news or well:
            spells += [now] if news and not before else []
            held = {"nos": LastNotice(source="nos", grade=grade, at=now)}
    pauses = [later - first for first, later in pairwise(spells)]
    assert all(pause >= LEAST_BETWEEN for pause in pauses)
