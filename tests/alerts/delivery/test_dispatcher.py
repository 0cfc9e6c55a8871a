"""The daemon's sender: threads that do not wait for each other, stops, starts, requests."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from deliverydesk import CALIPHATE, Desk, ScriptedChannel, failing, open_desk
from messages import alert
from outbox_desk import queue_story

from alerts.delivery.claims import Scope
from alerts.delivery.dispatcher import DeliveryCounts, Dispatcher, carry_out_left, deliver_due
from alerts.delivery.requests import (
    BeginSilence,
    EndSilence,
    Replay,
    SendTest,
    aside,
    carry_out,
    folder_of,
    leave,
    left,
)
from alerts.message import DeliveryState, Parcel
from alerts.outcome import Outcome
from alerts.policy.silences import Silence
from alerts.store.alert_store import AlertStore
from crawler.clock import utc_now
from crawler.errors import StoreBusyError
from crawler.store import Writer, migrations

WAIT = 30


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Desk]:
    """A desk by the real clock."""
    desk = open_desk(tmp_path / "nieuws.db")
    desk.clock = utc_now  # type: ignore[assignment]  # the real one
    yield desk
    desk.writer.close()


def queue_for(desk: Desk, *channels: ScriptedChannel, stories: int = 1) -> None:
    now = utc_now()
    plans = [channel.plan for channel in channels]

    def fill(store: AlertStore) -> None:
        for number in range(stories):
            queue_story(store, alert(story=f"sty_{number}", now=now), *plans)

    desk.store(fill)


def hanging(channel: ScriptedChannel) -> tuple[threading.Event, threading.Event]:
    """An event that is set when the channel has been asked, and the one that lets it go on."""
    held, release = threading.Event(), threading.Event()

    def hang(_: Parcel) -> None:
        held.set()
        release.wait(WAIT)

    channel.always = hang
    return held, release


def accepting(channel: ScriptedChannel, count: int) -> threading.Event:
    """An event that is set when the channel has been asked so often."""
    reached = threading.Event()

    def tell(_: Parcel) -> None:
        if len(channel.parcels) >= count:
            reached.set()

    channel.always = tell
    return reached


def test_a_channel_that_hangs_delays_no_other(live: Desk) -> None:
    stuck, quick = live.add_channel("stuck"), live.add_channel("quick")
    release, held = threading.Event(), threading.Event()

    def hang(_: Parcel) -> None:
        held.set()
        release.wait(WAIT)

    stuck.always = hang
    done = accepting(quick, 5)
    live.channels[:] = [stuck, quick]
    queue_for(live, *at_once(stuck, quick), stories=5)
    dispatcher = Dispatcher(live.writer, live.channels)
    dispatcher.start()

    assert held.wait(WAIT)
    assert done.wait(WAIT)
    assert len(stuck.parcels) == 1

    release.set()
    assert dispatcher.stop(WAIT)


def at_once(*channels: ScriptedChannel) -> tuple[ScriptedChannel, ...]:
    for channel in channels:
        channel.plan = replace(channel.plan, group_wait=timedelta())
    return channels


def test_what_is_queued_later_goes_when_the_dispatcher_is_woken(live: Desk) -> None:
    channel = live.add_channel()
    at_once(channel)
    done = accepting(channel, 1)
    dispatcher = Dispatcher(live.writer, live.channels)
    dispatcher.start()

    queue_for(live, channel)
    dispatcher.wake()

    assert done.wait(WAIT)
    assert dispatcher.stop(WAIT)
    assert [delivery.state for delivery in live.deliveries()] == [DeliveryState.DELIVERED]


def test_a_stop_does_not_wait_for_ever_and_the_message_goes_again_at_the_next_start(
    live: Desk,
) -> None:
    channel = live.add_channel()
    at_once(channel)
    held, release = hanging(channel)
    queue_for(live, channel)
    dispatcher = Dispatcher(live.writer, live.channels)
    dispatcher.start()
    assert held.wait(WAIT)

    assert not dispatcher.stop(0.1)

    live.channels = []
    live.restart()
    again = live.add_channel()
    done = accepting(again, 1)
    following = Dispatcher(live.writer, live.channels)
    following.start()
    assert done.wait(WAIT)
    assert following.stop(WAIT)
    release.set()
    (delivery,) = live.deliveries()
    first = live.store(lambda store: store.reading.attempts(delivery.id))[0]
    assert first.outcome is Outcome.UNKNOWN
    assert {parcel.message.id for parcel in (*channel.parcels, *again.parcels)} == {delivery.id}


def test_what_one_sender_has_under_way_is_not_sent_by_another_that_begins(live: Desk) -> None:
    channel = live.add_channel()
    at_once(channel)
    held, release = hanging(channel)
    queue_for(live, channel)
    dispatcher = Dispatcher(live.writer, live.channels)
    dispatcher.start()
    assert held.wait(WAIT)

    other = replace(channel, always=lambda _: None, parcels=[])
    counts = deliver_due(live.writer, [other])

    release.set()
    assert dispatcher.stop(WAIT)
    assert (counts.sent, counts.pending, other.parcels) == (0, 1, [])
    (delivery,) = live.deliveries()
    (attempt,) = live.store(lambda store: store.reading.attempts(delivery.id))
    assert attempt.outcome is Outcome.DELIVERED


def test_a_second_program_on_one_database_says_so_and_stops(desk: Desk) -> None:
    with pytest.raises(StoreBusyError, match="another Nieuwswacht"):
        Writer(desk.writer.path, migrations=[migrations])


def test_a_command_sends_what_is_due_in_all_channels_and_counts(desk: Desk) -> None:
    well, ill, refused = (desk.add_channel(name) for name in ("well", "ill", "refused"))
    ill.always = lambda _: failing(Outcome.NOT_SENT)
    refused.always = lambda _: failing(Outcome.MESSAGE_REJECTED)
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()

    counts = deliver_due(desk.writer, desk.channels, clock=desk.clock)

    # The refused one is told over a channel that works, and in vain over its own.
    assert counts == DeliveryCounts(sent=2, pending=1, dead=2)
    assert len(well.accepted) == 2
    assert deliver_due(desk.writer, desk.channels, clock=desk.clock) == DeliveryCounts(0, 1, 0)


def test_without_channels_a_command_sends_nothing(desk: Desk) -> None:
    assert deliver_due(desk.writer, [], clock=desk.clock) == DeliveryCounts(0, 0, 0)


def test_a_test_message_goes_alone_and_at_once(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE)
    desk.publish()
    desk.match()
    plans = [channel.plan]
    ids = desk.writer.run(lambda db: carry_out(db, SendTest("desk"), plans, desk.clock()))

    deliver_due(
        desk.writer, desk.channels, clock=desk.clock, scope=Scope(flush=True, only=tuple(ids))
    )

    assert [parcel.message.kind for parcel in channel.parcels] == ["alert.test"]


def test_a_replay_sends_what_was_given_up_once_more_under_the_same_id(desk: Desk) -> None:
    channel = desk.add_channel()
    desk.rules(kalifaat=CALIPHATE, priority="high")
    desk.publish()
    desk.match()
    channel.script = [failing(Outcome.MESSAGE_REJECTED)] * 2
    desk.send()
    delivery = desk.deliveries()[0]
    assert delivery.state is DeliveryState.DEAD
    told = desk.store(lambda store: store.outbox.alerts(delivery.id))[0]

    done = desk.writer.run(lambda db: carry_out(db, Replay(told.id), [], desk.clock()))
    desk.send()

    assert done == [delivery.id]
    assert channel.accepted[-1] == delivery.id


def silence(desk: Desk) -> Silence:
    now = desk.clock()
    return Silence(
        id="sil_1", rule="", channel="", starts=now, ends=now + timedelta(hours=1), reason="x"
    )


def test_requests_that_are_left_are_read_in_order(desk: Desk) -> None:
    asked = [BeginSilence(silence(desk)), EndSilence("sil_1"), Replay("alr_1"), SendTest("desk")]
    for request in asked:
        leave(desk.writer.path, request, desk.clock.forward(seconds=1))
    (folder_of(desk.writer.path) / "a.Replay.json").write_text("{")
    (folder_of(desk.writer.path) / "b.Unlink.json").write_text("{}")

    assert [request for _, request in left(desk.writer.path)] == asked
    assert [file.name for file in aside(desk.writer.path)] == ["a.Replay.failed", "b.Unlink.failed"]


def test_a_request_that_is_left_is_on_the_disk_under_its_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, synced = folder_of(desk.writer.path), list[tuple[bool, int]]()

    def fsync(handle: int) -> None:
        of_folder = os.path.samestat(os.fstat(handle), folder.stat())
        synced.append((of_folder, len([*folder.glob("*.json")])))

    monkeypatch.setattr(os, "fsync", fsync)
    leave(desk.writer.path, SendTest("desk"), desk.clock())

    assert synced == [(False, 0), (True, 1)]


def test_a_request_that_cannot_be_carried_out_is_set_aside_and_keeps_no_other_waiting(
    desk: Desk,
) -> None:
    desk.add_channel()
    desk.rules(kalifaat=CALIPHATE, priority="high")
    desk.publish()
    desk.match()
    desk.send()
    (told,) = desk.deliveries()
    for request in (Replay(told.id, timedelta.max), BeginSilence(silence(desk))):
        leave(desk.writer.path, request, desk.clock.forward(seconds=1))

    assert carry_out_left(desk.writer, [], desk.clock) == 2

    now = desk.clock()
    assert [each.id for each in desk.store(lambda store: store.ledger.silences(now))] == ["sil_1"]
    (aside,) = folder_of(desk.writer.path).iterdir()
    assert aside.name.endswith(".Replay.failed")
    assert left(desk.writer.path) == []


def test_a_silence_that_was_left_covers_what_waits_when_the_sender_starts(live: Desk) -> None:
    channel = live.add_channel(group_wait=timedelta())
    live.rules(kalifaat=CALIPHATE)
    live.publish()
    live.match()
    leave(live.writer.path, BeginSilence(silence(live)), utc_now())
    dispatcher = Dispatcher(live.writer, live.channels)

    dispatcher.start()

    deadline, tick = time.monotonic() + WAIT, threading.Event()
    while live.deliveries()[0].state is DeliveryState.PENDING and time.monotonic() < deadline:
        tick.wait(0.05)
    assert dispatcher.stop(WAIT)
    assert (live.deliveries()[0].state, channel.accepted) == (DeliveryState.SILENCED, [])


def test_a_running_dispatcher_carries_out_what_is_left_for_it(live: Desk) -> None:
    channel = live.add_channel()
    done = accepting(channel, 1)
    dispatcher = Dispatcher(live.writer, live.channels)
    dispatcher.start()

    leave(live.writer.path, SendTest("desk"), utc_now())

    assert done.wait(WAIT)
    assert dispatcher.stop(WAIT)
    assert left(live.writer.path) == []
