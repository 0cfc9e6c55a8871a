"""A catch-up that takes long: each batch is judged at the time when its turn comes."""

from __future__ import annotations

from datetime import timedelta

from deliverydesk import Desk

from alerts.matcher import Matcher
from alerts.policy.silences import Silence


def test_a_silence_that_ends_during_a_long_catch_up_does_not_hide_what_is_read_after_it(
    desk: Desk,
) -> None:
    # given three texts that nobody has read, and a silence of a minute
    channel = desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    begin = desk.clock()
    for number, outlet in enumerate(("AD", "Trouw", "NRC"), 1):
        desk.publish(
            f"Kalifaat {number}", f"Kalifaat {number} is gevallen.", outlet=outlet, number=number
        )
    silence = Silence(
        id="s1",
        rule="",
        channel="",
        starts=begin,
        ends=begin + timedelta(minutes=1),
        reason="proef",
    )
    desk.store(lambda store: store.ledger.add_silence(silence))

    # when each batch takes long: the silence ends before the third
    times = iter([begin, begin + timedelta(seconds=50), *[begin + timedelta(minutes=9)] * 3])
    matcher = Matcher(desk.writer, desk.rulebook, [channel.plan], first_run=desk.first_run, batch=1)
    matcher.catch_up(lambda: next(times))

    # then only the third is told
    desk.clock.now = begin + timedelta(minutes=9)
    desk.send(flush=True)
    told = [entry.articles[0].title for each in channel.parcels for entry in each.message.entries]
    assert told == ["Kalifaat 3"]
