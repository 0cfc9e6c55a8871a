"""Editions over a real archive: once a day, over restarts, of what is new, and told as shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from deliverydesk import BAGHUZ, Desk
from papers_desk import BRIDGE, MONDAY, SUNDAY, issue, paper, room, went

from alerts.alert import EventKind
from alerts.message import DeliveryState
from alerts.papers import edition_of, issue_due, turn_to_come
from alerts.policy.silences import Silence
from alerts.policy.source_rhythm import Habit
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from alerts.wave_log.wave_store import WaveStore
from alerts.waves.wave import Usual, Wave
from crawler.store import Connection


def _stories(desk: Desk) -> list[str]:
    return [one.title for one in went(desk)[-1].stories]


def test_an_edition_goes_when_it_is_due_and_never_again(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(minutes=40)
    paper_desk.publish("Kalifaat gevallen")
    paper_desk.match()
    paper_desk.clock.now = MONDAY - timedelta(seconds=1)
    assert not issue(paper_desk)
    paper_desk.clock.now = MONDAY
    assert [key.day for key in issue(paper_desk)] == ["2026-11-23"]
    for _ in range(3):
        paper_desk.restart()
        assert issue(paper_desk) == []
    paper_desk.send(flush=True)
    kinds = [parcel.message.kind for parcel in paper_desk.channels[0].parcels]
    assert kinds.count(EventKind.REVIEW) == 1


def test_what_a_crash_took_back_goes_after_the_restart(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY

    def killed() -> None:
        def job(db: object) -> None:
            issue_due(db, [paper()], room(paper_desk), MONDAY)  # type: ignore[arg-type]  # a connection
            raise InterruptedError

        paper_desk.writer.run(job)

    with pytest.raises(InterruptedError):
        killed()
    paper_desk.restart()
    assert len(issue(paper_desk)) == 1


def test_a_story_has_its_sentence_its_outlets_and_its_link(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Laatste bolwerk gevallen", outlet="NOS")
    paper_desk.publish("Laatste bolwerk gevallen", outlet="AD", number=2)
    paper_desk.publish("Linge onbereikbaar", BRIDGE, lead="", outlet="NRC", number=3)
    paper_desk.match()
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    edition = went(paper_desk)[0]
    assert [section.title for section in edition.sections] == ["Syrië", "Verkeer"]
    first, second = edition.stories
    assert (first.outlet, [other.outlet for other in first.also]) == ("NOS", ["AD"])
    assert first.quote is not None
    assert first.quote.text == BAGHUZ[: len(first.quote.text)]
    assert [first.quote.text[slice(*hit)] for hit in first.quote.hits] == ["kalifaat"]
    assert second.url == "https://nrc.example/artikel/3"
    assert (edition.read, edition.outlets) == (3, 3)


def test_what_stood_in_the_last_edition_comes_back_only_with_news(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Kalifaat gevallen")
    paper_desk.publish("Linge onbereikbaar", BRIDGE, lead="", number=2)
    paper_desk.match()
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    paper_desk.clock.forward(hours=3)
    changed = BRIDGE.replace("dicht.", "weer open.")
    paper_desk.publish("Linge onbereikbaar", changed, lead="", number=2)
    paper_desk.match()
    paper_desk.clock.now = MONDAY + timedelta(days=1)
    issue(paper_desk)
    assert _stories(paper_desk) == ["Linge onbereikbaar"]
    story = went(paper_desk)[-1].stories[0]
    assert story.since == MONDAY - timedelta(hours=2)
    assert [(one.before, one.after) for one in story.changes] == [
        ("De brug over de Linge is dicht.", "De brug over de Linge is weer open.")
    ]


def test_a_sentence_that_an_outlet_took_back_is_said(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Linge onbereikbaar", BRIDGE, lead="", number=2)
    paper_desk.match()
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    paper_desk.clock.forward(hours=3)
    calm = BRIDGE.replace(
        "De brug over de Linge is dicht.", "Er is bij de Linge niets aan de hand."
    )
    paper_desk.publish("Linge onbereikbaar", calm, lead="", number=2)
    paper_desk.match()
    paper_desk.clock.now = MONDAY + timedelta(days=1)
    issue(paper_desk)
    [story] = went(paper_desk)[-1].stories
    assert story.changes[0].before == "De brug over de Linge is dicht."


def test_nothing_is_said_too_with_how_much_was_read(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Iets anders", "Het regent.", lead="")
    paper_desk.match()
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    paper_desk.send(flush=True)
    message = paper_desk.channels[0].parcels[-1].message
    assert message.edition is not None
    assert not message.edition.stories
    assert message.edition.read == 1


def test_a_program_that_was_off_makes_up_for_the_last_edition_and_says_so(
    paper_desk: Desk,
) -> None:
    paper_desk.clock.now = MONDAY + timedelta(days=2, hours=2)
    paper_desk.restart()
    assert [key.day for key in issue(paper_desk)] == ["2026-11-25"]
    assert went(paper_desk)[-1].late
    assert issue(paper_desk) == []


@pytest.mark.parametrize(
    "first", [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)]
)
def test_each_local_day_brings_one_edition_over_a_change_of_the_clock_and_restarts(
    desk: Desk, first: datetime
) -> None:
    desk.add_channel()
    desk.rules("desk", kalifaat="kalifa*")
    desk.clock.now = first
    issue(desk)
    for hour in range(24 * 5):
        desk.clock.now = first + timedelta(hours=hour, minutes=20)
        if hour % 7 == 0:
            desk.restart()
        issue(desk)
        desk.send(flush=True)
    told = [parcel.message.edition for parcel in desk.channels[0].parcels]
    days = [edition.key.day for edition in told if edition]
    assert len(days) == len(set(days)) == 5


def test_a_passage_that_only_the_paper_shows_counts_as_told_and_what_is_owed_stays_owed(
    paper_desk: Desk,
) -> None:
    silence = Silence(
        id="sil_1",
        rule="kalifaat",
        channel="desk",
        starts=SUNDAY,
        ends=MONDAY - timedelta(hours=1),
        reason="nacht",
    )
    paper_desk.store(lambda store: store.ledger.add_silence(silence))
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Laatste bolwerk gevallen")
    paper_desk.match()
    paper_desk.send(flush=True)
    paper_desk.clock.now = MONDAY
    paper_desk.publish("Linge onbereikbaar", BRIDGE, lead="", number=2)
    paper_desk.match()
    before = paper_desk.store(lambda store: store.passages.counts(SUNDAY))
    paper_desk.clock.forward(seconds=1)
    issue(paper_desk)
    channel = paper_desk.channels[0]
    channel.view = lambda parcel: view_of(parcel.message, Style("nl", channel.plan.zone))
    owed = before["owed"]
    lane = paper_desk.lane(channel)
    while lane.step() is None:
        pass
    after = paper_desk.store(lambda store: store.passages.counts(SUNDAY))
    assert sum(before.values()) == sum(after.values())
    assert after["owed"] == owed > 0
    assert after["told"] == 1
    paper_desk.clock.forward(minutes=5)
    paper_desk.send()
    alerts = [one for one in channel.parcels if one.message.kind is EventKind.STORY]
    assert [one.message.alerts[0].rule.id for one in alerts] == ["brug"]


def test_a_silenced_rule_has_no_story_in_the_paper(paper_desk: Desk) -> None:
    silence = Silence(
        id="sil_1",
        rule="brug",
        channel="",
        starts=SUNDAY,
        ends=MONDAY + timedelta(hours=1),
        reason="bekend",
    )
    paper_desk.store(lambda store: store.ledger.add_silence(silence))
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Linge onbereikbaar", BRIDGE, lead="", number=2)
    paper_desk.match()
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    assert _stories(paper_desk) == []


def test_an_outlet_that_is_silent_is_named(paper_desk: Desk) -> None:
    paper_desk.clock.now = SUNDAY
    paper_desk.poll("nos")
    habit = Habit(
        source="nos",
        outlet="NOS",
        started=SUNDAY - timedelta(days=9),
        latest=SUNDAY,
        gaps=(timedelta(minutes=30),) * 20,
    )
    paper_desk.store(lambda store: store.watches.put(habit))
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    assert [one.outlet for one in went(paper_desk)[0].silent] == ["NOS"]


def test_the_preview_is_what_goes(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY - timedelta(hours=2)
    paper_desk.publish("Kalifaat gevallen")
    paper_desk.match()
    turn = turn_to_come(paper(), room(paper_desk).zone, paper_desk.clock())
    assert turn is not None
    paper_desk.clock.now = MONDAY
    shown = paper_desk.writer.run(
        lambda db: edition_of(db, paper(), turn, room(paper_desk), MONDAY)
    )
    issue(paper_desk)
    assert went(paper_desk) == [shown]


def test_an_edition_without_a_channel_is_kept_and_the_next_one_goes(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY
    issue(paper_desk, paper(channels=("gone",)))
    assert paper_desk.deliveries() == []
    paper_desk.clock.forward(days=1)
    issue(paper_desk)
    assert [one.state for one in paper_desk.deliveries()] == [DeliveryState.PENDING]


def test_the_waves_of_the_night_stand_in_the_paper(paper_desk: Desk) -> None:
    paper_desk.clock.now = MONDAY
    began = MONDAY - timedelta(hours=4)
    wave = Wave(began=began, high=began, told=8, peak=9, usual=Usual(1.0, 4))
    paper_desk.writer.run(lambda db: _put_waves(db, wave))

    issue(paper_desk)

    [edition] = went(paper_desk)
    [shown] = edition.waves
    assert (shown.began, shown.stories) == (began, 11)


def _put_waves(db: Connection, wave: Wave) -> None:
    WaveStore(db).put("kalifaat", wave, 11)
    WaveStore(db).put("van-anderen", wave, 11)


def test_a_wave_that_is_found_after_an_edition_and_began_before_it_stands_in_the_next(
    paper_desk: Desk,
) -> None:
    paper_desk.clock.now = MONDAY
    issue(paper_desk)
    paper_desk.publish("Kalifaat gevallen")
    paper_desk.match()
    began = MONDAY - timedelta(minutes=5)
    wave = Wave(began=began, high=began, told=8, peak=9, usual=Usual(1.0, 4))
    paper_desk.writer.run(lambda db: _put_waves(db, wave))

    for day in (1, 2):
        paper_desk.clock.now = MONDAY + timedelta(days=day)
        issue(paper_desk)

    assert [len(each.waves) for each in went(paper_desk)] == [0, 1, 0]


@pytest.mark.parametrize("behind", [timedelta(seconds=1), timedelta(hours=1)])
@pytest.mark.parametrize("read_before", [True, False])
@pytest.mark.parametrize("span", [None, timedelta(days=1)])
def test_what_is_stored_after_an_edition_with_an_earlier_time_stands_in_the_next(
    paper_desk: Desk, behind: timedelta, *, read_before: bool, span: timedelta | None
) -> None:
    # given an edition that goes while a text is judged, or before a clock is set back
    shown = paper(span=span)
    paper_desk.clock.now = MONDAY - behind
    if read_before:
        paper_desk.publish("Kalifaat gevallen")
    paper_desk.clock.now = MONDAY
    issue(paper_desk, shown)
    paper_desk.clock.now = MONDAY - behind
    if not read_before:
        paper_desk.publish("Kalifaat gevallen")
    paper_desk.match()

    for day in (1, 2):
        paper_desk.clock.now = MONDAY + timedelta(days=day)
        issue(paper_desk, shown)

    told = [[one.title for one in edition.stories] for edition in went(paper_desk)]
    assert told == [[], ["Kalifaat gevallen"], []]
