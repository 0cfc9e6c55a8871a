"""Signs of life: heartbeats, sources that fall silent, and their return."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from deliverydesk import AMSTERDAM, BAGHUZ, Desk, ScriptedChannel
from hypothesis import given, strategies as st

from alerts.policy.source_rhythm import Habit, after_article, is_silent, usual_gap
from alerts.watch import watch
from crawler.model import Source, SourceKind
from crawler.store import PollStore

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)


def source(name: str) -> Source:
    return Source(
        id=name,
        outlet=name.upper(),
        kind=SourceKind.FEED,
        url=f"https://{name}.example/rss",
        every=timedelta(minutes=5),
    )


def look(desk: Desk) -> int:
    plans = [channel.plan for channel in desk.channels]
    queued = desk.writer.run(lambda db: watch(db, plans, desk.clock()))
    desk.send()
    return queued


def subjects(channel: ScriptedChannel) -> list[str]:
    return [notice.subject for parcel in channel.parcels for notice in parcel.message.notices]


def test_a_heartbeat_comes_once_a_day_at_its_hour_with_what_happened(desk: Desk) -> None:
    channel = desk.add_channel(heartbeat=time(8), group_wait=timedelta())
    desk.rules(kalifaat="kalifa*")
    desk.writer.run(lambda db: PollStore(db).sync_sources([source("nos")], desk.clock()))
    desk.clock.now = START
    assert look(desk) == 0
    desk.publish()
    desk.match()

    for _ in range(47):
        desk.clock.forward(hours=1)
        look(desk)

    notices = [notice for parcel in channel.parcels for notice in parcel.message.notices]
    lines = [notice.lines[0] for notice in notices]
    assert lines == [
        "1 treffer in 1 artikel van 0 van de 1 bron",
        "0 treffers in 0 artikelen van 0 van de 1 bron",
    ]


def test_heartbeats_go_on_the_next_day_when_the_clock_was_a_year_ahead(desk: Desk) -> None:
    channel = desk.add_channel(heartbeat=time(8), group_wait=timedelta())
    desk.clock.now = START + timedelta(days=365)
    look(desk)

    desk.clock.now = START
    for _ in range(24):
        look(desk)
        desk.clock.forward(hours=1)

    assert len(subjects(channel)) == 1


def test_a_heartbeat_missed_while_the_machine_was_off_comes_once(desk: Desk) -> None:
    desk.add_channel(heartbeat=time(8), group_wait=timedelta())
    desk.clock.now = START
    look(desk)

    desk.clock.forward(days=5)

    assert (look(desk), look(desk)) == (1, 0)


def test_a_source_silent_beyond_its_habit_is_reported_once_and_again_when_it_is_back(
    desk: Desk,
) -> None:
    channel = desk.add_channel(group_wait=timedelta())
    desk.writer.run(lambda db: PollStore(db).sync_sources([source("nos")], desk.clock()))
    for number in range(20):
        desk.publish(f"Stuk {number}", f"Tekst {number}. {BAGHUZ}", number=number)
        desk.match()
        desk.clock.forward(hours=1)

    desk.clock.forward(hours=10)
    assert look(desk) == 0
    desk.clock.forward(hours=3)
    assert (look(desk), look(desk)) == (1, 0)
    desk.clock.forward(hours=30)
    assert look(desk) == 0
    desk.publish("Daar zijn we weer", number=99)
    desk.match()
    assert (look(desk), look(desk)) == (1, 0)

    assert subjects(channel) == ["Bron nos is stil", "Bron nos is terug"]


def test_a_source_that_was_taken_out_is_not_missed(desk: Desk) -> None:
    desk.add_channel()
    for number in range(20):
        desk.publish(f"Stuk {number}", f"Tekst {number}. {BAGHUZ}", number=number)
        desk.match()
        desk.clock.forward(hours=1)

    desk.clock.forward(days=3)

    assert look(desk) == 0


def habit(*gaps: timedelta) -> Habit:
    made = Habit(source="nos", outlet="NOS", started=START, latest=START)
    now = START + HOUR
    made = after_article(made, now)
    for gap in gaps:
        now += gap
        made = after_article(made, now)
    return made


def test_a_backlog_makes_no_habit() -> None:
    made = Habit(source="nos", outlet="NOS", started=START, latest=START)
    for minute in range(30):
        made = after_article(made, START + timedelta(minutes=minute))

    assert usual_gap(made) is None
    assert not is_silent(made, START + timedelta(days=300))


def test_a_weekly_source_is_given_its_week() -> None:
    weekly = habit(*[timedelta(days=7)] * 12)

    assert not is_silent(weekly, weekly.latest + timedelta(days=7))
    assert is_silent(weekly, weekly.latest + timedelta(days=8))


@given(st.lists(st.timedeltas(timedelta(), timedelta(days=30)), max_size=80))
def test_a_source_within_its_longest_gap_is_never_silent(gaps: list[timedelta]) -> None:
    made = habit(*gaps)
    gap = usual_gap(made)

    if gap is not None and gap <= timedelta(days=7):
        assert not is_silent(made, made.latest + gap)
