"""What one message had no place for comes in the next: once, in its thread, whatever happens."""

from __future__ import annotations

import pytest
from deliverydesk import AMSTERDAM, Desk, ScriptedChannel, failing
from messages import alert, alerted, quote
from outbox_desk import AT_ONCE, HOUR, MINUTE, queue_story, silence, states

from alerts.alert import ArticleAlert, RuleRef
from alerts.channels.apprise.apprise_channel import fitting_view
from alerts.delivery.requests import Replay, carry_out
from alerts.match import Priority
from alerts.message import Cause, Parcel
from alerts.outcome import Outcome, Shown
from alerts.rendering.phrases import phrases_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.store.alert_store import AlertStore

URGENT = RuleRef("is", "Islamitische Staat", Priority.HIGH)
TWENTY = tuple(f"Zin {n:02} over het kalifaat gaat nog een heel eind door." * 3 for n in range(20))


def small(parcel: Parcel) -> View:
    """The message in a form that holds 1,800 characters."""
    return fitting_view(view_of(parcel.message, Style("nl", AMSTERDAM)), phrases_of("nl"))


def urgent(desk: Desk, story: str = "sty_1") -> ArticleAlert:
    quotes = tuple(quote("kalifaat", text) for text in TWENTY)
    return alert(story=story, rule=URGENT, quotes=quotes, now=desk.clock())


def queued(desk: Desk, *alerts: ArticleAlert, **plan: object) -> ScriptedChannel:
    channel = desk.add_channel(**(AT_ONCE | plan))
    channel.view = small
    more(desk, channel, *alerts)
    return channel


def digest_of_many(desk: Desk) -> ScriptedChannel:
    """A channel whose next digest has more stories than a message holds."""
    stories = [
        alert(
            story=f"sty_{n:02}",
            article=alerted(title=f"Verhaal {n:02}"),
            quotes=tuple(quote("kalifaat", text) for text in TWENTY[n : n + 2]),
            now=desk.clock(),
        )
        for n in range(18)
    ]
    channel = desk.add_channel(digest=(desk.clock().time(),), **AT_ONCE)
    channel.view = small
    more(desk, channel, *stories)
    return channel


def more(desk: Desk, channel: ScriptedChannel, *alerts: ArticleAlert) -> None:
    def fill(store: AlertStore) -> None:
        for told in alerts:
            queue_story(store, told, channel.plan)

    desk.store(fill)


def sentences(channel: ScriptedChannel) -> list[str]:
    """The sentences that receivers were shown, in order."""
    return [
        "".join(run.text for run in runs)[:6]
        for parcel in channel.parcels
        for tale in small(parcel).tales
        for runs in tale.quotes
    ]


def shown(desk: Desk) -> list[list[Shown]]:
    deliveries = desk.deliveries()
    return desk.store(lambda store: [store.reading.shown(each.id) for each in deliveries])


def test_urgent_news_goes_on_in_the_next_message_until_all_is_told(desk: Desk) -> None:
    channel = queued(desk, urgent(desk))

    desk.send()

    assert sentences(channel) == [text[:6] for text in TWENTY]
    assert {state for state, _ in states(desk)} == {"delivered"}
    assert len(channel.parcels) == len(desk.deliveries()) > 1
    counts = [(each.passages, each.announced) for (each,) in shown(desk)]
    assert sum(passages for passages, _ in counts) == 20
    assert counts[-1][1] == 0


def test_what_goes_on_is_an_update_in_the_thread_of_the_story(desk: Desk) -> None:
    channel = queued(desk, urgent(desk))

    desk.send()

    first, *following = [parcel.message for parcel in channel.parcels]
    assert first.thread is None
    for message in following:
        assert message.kind.value == "alert.update"
        assert message.thread is not None
        assert (message.thread.root, message.thread.reference) == (first.id, "ts-1")
    assert [each.cause for each in desk.deliveries()[1:]] == [Cause.CONTINUED] * len(following)


def test_after_an_unknown_outcome_the_message_is_repeated_and_its_rest_comes_once(
    desk: Desk,
) -> None:
    channel = queued(desk, urgent(desk))
    channel.script = [failing(Outcome.UNKNOWN), failing(Outcome.UNKNOWN)]

    desk.send_over(HOUR)

    repeated = [parcel.message.id for parcel in channel.parcels[:3]]
    assert len(set(repeated)) == 1
    assert len(set(channel.accepted)) == len(channel.accepted) == len(desk.deliveries())
    assert sentences(channel)[-20:] == [text[:6] for text in TWENTY]


def test_a_message_that_is_replayed_does_not_queue_its_rest_again(desk: Desk) -> None:
    queued(desk, urgent(desk))
    desk.send()
    count = len(desk.deliveries())
    first = desk.deliveries()[0]

    plans = [channel.plan for channel in desk.channels]
    desk.writer.run(lambda db: carry_out(db, Replay(first.id), plans, desk.clock()))
    desk.send()

    assert len(desk.deliveries()) == count


def test_a_silence_that_begins_in_between_holds_for_the_rest(desk: Desk) -> None:
    channel = queued(desk, urgent(desk))
    desk.lane(channel).step()

    silence(desk, rule=URGENT.id)
    desk.send()

    assert states(desk) == [("delivered", None), ("silenced", "silenced")]
    assert len(channel.parcels) == 1


def test_a_silence_over_one_rule_leaves_the_rest_of_another(desk: Desk) -> None:
    other = RuleRef("syrie", "Syrië", Priority.HIGH)
    quotes = tuple(quote("kalifaat", f"Ook {text}") for text in TWENTY)
    both = urgent(desk), alert(rule=other, quotes=quotes, now=desk.clock())
    channel = queued(desk, *both)
    desk.lane(channel).step()

    silence(desk, rule=URGENT.id)
    desk.send()

    following = [parcel.message for parcel in channel.parcels[1:]]
    assert following
    assert {told.rule for message in following for told in message.alerts} == {other}


def test_an_update_joins_no_rest_of_an_earlier_message(desk: Desk) -> None:
    channel = queued(desk, urgent(desk))
    desk.lane(channel).step()

    copy = alert(event="copy:art_ad", article=alerted("AD"), rule=URGENT, now=desk.clock())
    more(desk, channel, copy)
    desk.send_over(16 * MINUTE)

    assert sentences(channel) == [text[:6] for text in TWENTY]
    assert channel.parcels[-1].message.alerts == (copy,)


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.UNKNOWN])
def test_what_comes_later_about_a_story_waits_for_the_rest_of_the_message_before(
    desk: Desk, outcome: Outcome
) -> None:
    channel = queued(desk, urgent(desk))
    later = alert(event="copy:art_ad", article=alerted("AD"), rule=URGENT, now=desk.clock())
    more(desk, channel, later)
    desk.lane(channel).step()
    assert len(channel.accepted) == 1

    channel.script = [failing(outcome)] * 3
    desk.send_over(2 * HOUR)

    rest = [delivery.id for delivery in desk.deliveries() if delivery.cause is Cause.CONTINUED]
    assert channel.accepted[1:-1] == rest
    assert channel.parcels[-1].message.alerts == (later,)


def test_nothing_waits_for_a_rest_that_was_given_up(desk: Desk) -> None:
    channel = queued(desk, urgent(desk))
    later = alert(event="copy:art_ad", article=alerted("AD"), rule=URGENT, now=desk.clock())
    desk.lane(channel).step()
    more(desk, channel, later)
    channel.always = lambda parcel: (
        None if parcel.message.alerts == (later,) else failing(Outcome.MESSAGE_REJECTED)
    )

    desk.send_over(HOUR)

    assert "dead" in [state for state, _ in states(desk)]
    assert channel.parcels[-1].message.alerts == (later,)


def test_what_is_urgent_waits_for_no_rest_that_is_not(desk: Desk) -> None:
    channel = digest_of_many(desk)
    desk.clock.forward(days=1)
    desk.lane(channel).step()
    channel.always = lambda parcel: (
        failing(Outcome.NOT_SENT) if len(parcel.message.entries) > 1 else None
    )

    more(desk, channel, urgent(desk, "sty_17"))
    desk.send_over(MINUTE)

    stories = {parcel.message.id: parcel.message.entries[0].story for parcel in channel.parcels}
    assert [stories[name] for name in channel.accepted[1:]] == ["sty_17"] * 3


def test_after_an_outage_a_rest_is_told_as_it_was(desk: Desk) -> None:
    channel = queued(desk, urgent(desk))
    desk.lane(channel).step()
    more(desk, channel, *(alert(story=f"sty_{n}", now=desk.clock()) for n in range(2, 40)))
    desk.clock.forward(hours=1)

    desk.send_over(HOUR)

    assert [text for text in sentences(channel) if text.startswith("Zin")] == [
        text[:6] for text in TWENTY
    ]


def test_a_digest_leaves_its_last_stories_to_the_next_message(desk: Desk) -> None:
    channel = digest_of_many(desk)

    desk.send_over(25 * HOUR)

    told = [tale.title for parcel in channel.parcels for tale in small(parcel).tales]
    assert told == [f"Verhaal {n:02}" for n in range(18)]
    assert len(channel.parcels) > 1
    assert all(len(each) for each in shown(desk))
    assert sum(len(each) for each in shown(desk)) == 18
    deliveries = desk.deliveries()
    kept = desk.store(lambda store: [store.outbox.size(each.id) for each in deliveries])
    assert kept == [len(each) for each in shown(desk)]
