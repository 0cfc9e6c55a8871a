"""What is told is asked of the text: no sentence that matches is swallowed, none is told twice."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from deliverydesk import BAGHUZ, Desk, article, failing
from hearing import OPENING, breaches, heard, hour, rows, shown, stands, told_desk
from outbox_desk import AT_ONCE, silence

from alerts.alert import EventKind
from alerts.delivery.requests import Replay, carry_out
from alerts.outcome import Outcome
from crawler.config.files import FirstRun

DOINGS = (
    "bereikte een konvooi met water het plein van Baghuz",
    "werd de school van Baghuz als ziekenhuis ingericht",
    "meldde de commandant dat Baghuz omsingeld is",
    "verlieten veertig gezinnen Baghuz over de pontonbrug",
    "viel in heel Baghuz de stroom uit",
    "landde een helikopter met artsen naast Baghuz",
    "luidde de klok van Baghuz voor de doden",
    "sloot de laatste bakker van Baghuz zijn winkel",
    "kwam een onderhandelaar in Baghuz aan met een witte vlag",
    "dreef rook van een brandend depot over Baghuz",
)


def updates(count: int) -> list[str]:
    """So many paragraphs of a live blog, each with one hit."""
    return [
        f"Om {9 + n // 6}.{n % 6}0 uur {DOINGS[n % len(DOINGS)]}, aldus bericht {n + 1}."
        for n in range(count)
    ]


def blog(desk: Desk, *paragraphs: str, **more: object) -> None:
    desk.publish("Liveblog", "\n".join([OPENING, *paragraphs]), **more)


def test_each_update_of_a_live_blog_is_told_once(desk: Desk) -> None:
    channel = told_desk(desk)
    every = updates(41)
    for count in (0, 3, 9, 25, 41):
        blog(desk, *every[:count])
        hour(desk)

    told = heard(channel)
    assert set(every) <= set(told)
    assert len(told) == len(set(told)) == 42
    assert breaches(desk) == []


def test_a_page_that_shows_its_newest_updates_alone_tells_each_and_nothing_as_gone(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    every = updates(41)
    for count in range(1, 42):
        blog(desk, *every[max(0, count - 20) : count][::-1])
        desk.match()
        desk.send_over(timedelta(minutes=20))
    hour(desk)

    told = heard(channel)
    assert set(every) <= set(told)
    assert len(told) == len(set(told))


def test_the_outlets_own_report_in_its_live_blog_does_not_silence_the_live_blog(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    desk.publish()
    hour(desk)
    first = heard(channel)
    desk.publish("Liveblog", BAGHUZ, number=2)
    hour(desk)
    assert heard(channel) == first

    desk.publish("Liveblog", "\n".join([BAGHUZ, *updates(2)]), number=2)
    hour(desk)

    assert heard(channel) == [*first, *reversed(updates(2))]


def test_a_silence_decides_about_its_own_time(desk: Desk) -> None:
    channel = told_desk(desk)
    silence(desk, rule="baghuz")
    blog(desk, updates(1)[0])
    hour(desk)
    assert heard(channel) == []
    assert set(stands(desk)) == {"silenced"}

    desk.clock.forward(hours=1)
    blog(desk, *updates(2))
    hour(desk)

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY]
    assert heard(channel) == updates(2)[1:]

    desk.publish("Uit Baghuz", "\n".join([OPENING, *updates(2)]), outlet="AD")
    hour(desk)

    assert set(heard(channel)) >= set(updates(2))
    assert len(heard(channel)) == len(set(heard(channel)))
    assert set(stands(desk)) == {"told"}


def test_a_silent_first_run_decides_about_what_was_there(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.first_run = FirstRun.SILENT
    old = desk.clock() - timedelta(hours=3)
    found = article("Liveblog", "\n".join([OPENING, *updates(1)]), published=old)
    desk.poll("nos", found)
    desk.save(found)
    hour(desk)
    assert (heard(channel), set(stands(desk))) == ([], {"first-run"})

    desk.publish("Liveblog", "\n".join([OPENING, *updates(3)]), published=old)
    hour(desk)

    assert heard(channel) == updates(3)[1:]


def test_a_channel_or_an_address_that_is_added_later_hears_what_comes_afterwards(
    desk: Desk,
) -> None:
    desk.add_channel("desk", targets=("een@krant.example",), **AT_ONCE)
    desk.rules(baghuz="baghuz")
    blog(desk, updates(1)[0])
    hour(desk)

    (old,) = desk.channels
    desk.channels.clear()
    channel = desk.add_channel(
        "desk", targets=("een@krant.example", "twee@krant.example"), **AT_ONCE
    )
    blog(desk, *updates(2))
    hour(desk)

    assert len(heard(old, "een@krant.example")) == 2
    assert heard(channel, "een@krant.example") == updates(2)[1:]
    assert heard(channel, "twee@krant.example") == updates(2)[1:]
    assert [parcel.message.kind for parcel in channel.parcels] == [
        EventKind.UPDATE,
        EventKind.STORY,
    ]
    assert stands(desk)["old-news"] == 2


def test_a_rule_that_is_added_while_a_live_blog_runs_hears_what_comes_afterwards(
    desk: Desk,
) -> None:
    channel = desk.add_channel(**AT_ONCE)
    blog(desk, *updates(2))
    hour(desk)
    desk.rules(baghuz="baghuz")

    blog(desk, *updates(4))
    hour(desk)

    assert heard(channel) == updates(4)[2:]
    assert stands(desk)["old-news"] == 3


def test_a_text_that_matches_only_now_is_told_with_all_its_hits(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(gewond="baghuz AND gewonden")
    blog(desk, *updates(1))
    hour(desk)

    blog(desk, *updates(1), "Het ziekenhuis telt gewonden.")
    hour(desk)

    assert set(updates(1)) | {"Het ziekenhuis telt gewonden."} <= set(heard(channel))


def test_a_copy_with_a_paragraph_of_its_own_tells_that_paragraph_whenever_it_comes(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    desk.publish()
    hour(desk)
    first = len(heard(channel))
    own = [f"{name} zag in Baghuz een {sight}." for name, sight in SIGHTS]

    for outlet, sentence in zip(("AD", "Trouw", "NRC"), own, strict=True):
        desk.publish("Kop", f"{BAGHUZ}\n{sentence}", outlet=outlet)
        hour(desk)

    assert heard(channel)[first:] == own


def test_a_rule_that_asks_for_no_words_tells_each_article_once(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(bron="outlet:nos OR outlet:ad")
    desk.publish()
    hour(desk)
    desk.publish("Andere kop", outlet="AD")
    hour(desk)
    desk.publish("Nog een kop", BAGHUZ.replace("In het", "Bij het"))
    hour(desk)
    desk.publish("Wat anders", "De brug over de vaart is dicht.", number=2, lead="")
    hour(desk)

    assert [parcel.message.kind for parcel in channel.parcels] == [EventKind.STORY] * 2


SIGHTS = (
    ("Onze verslaggever", "lege moskee"),
    ("Hulpverlener Van Dam", "kudde schapen"),
    ("Een piloot", "brandende olieput"),
)


def test_thirty_copies_in_house_style_and_under_own_headlines_are_one_message(desk: Desk) -> None:
    channel = told_desk(desk)
    styles = (("melden", "zeggen"), ('"', "'"), ("dorp", "dorpje"), (" de ", " de  "))
    for number in range(30):
        old, new = styles[number % len(styles)]
        title = f"Baghuz gevallen, {number} reacties"
        desk.publish(title, BAGHUZ.replace(old, new), outlet=f"Krant {number}", number=number)
        desk.match()
        desk.send_over(timedelta(minutes=20))

    assert len(channel.parcels) == 1
    assert len(channel.parcels[0].message.entries[0].articles) >= 1


def test_the_full_text_of_a_stub_at_another_outlet_tells_what_is_new_in_it(desk: Desk) -> None:
    channel = told_desk(desk)
    start = BAGHUZ.split(". ")[0] + ". " + OPENING
    desk.publish(body=start)
    hour(desk, 12)
    desk.publish(body=f"{start}\n{BAGHUZ}\n{updates(1)[0]}", outlet="AD")
    hour(desk)

    assert updates(1)[0] in heard(channel)
    assert len(heard(channel)) == len(set(heard(channel)))


def test_what_expired_is_new_again_when_another_article_brings_it(desk: Desk) -> None:
    channel = told_desk(desk)
    channel.always = lambda _: failing(Outcome.NOT_SENT)
    desk.publish()
    desk.match()
    desk.send_over(timedelta(hours=30))
    assert set(stands(desk)) == {"expired"}

    channel.always = lambda _: None
    desk.clock.forward(hours=2)
    desk.publish("Kop", outlet="AD")
    hour(desk)

    assert "kalifaat" in heard(channel)[0]
    assert set(stands(desk)) == {"told"}


def test_what_was_hidden_can_be_replayed_and_is_told_then(desk: Desk) -> None:
    channel = told_desk(desk)
    silence(desk)
    desk.publish()
    hour(desk)
    desk.clock.forward(hours=2)
    (hidden,) = {row.delivery for row in rows(desk)}
    assert hidden

    plans = [channel.plan]
    done = desk.writer.run(lambda db: carry_out(db, Replay(hidden), plans, desk.clock()))
    hour(desk)

    assert done == [hidden]
    assert len(heard(channel)) == 1
    assert set(stands(desk)) == {"told"}


def test_updates_that_go_together_show_the_passages_of_all(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish()
    desk.match()
    desk.send()
    for count in (1, 3, 6):
        desk.clock.forward(minutes=3)
        desk.publish(body="\n".join([BAGHUZ, *updates(count)]))
        desk.match()
    hour(desk)

    assert len(channel.parcels) == 2
    assert sorted(shown(channel.parcels[1].message)) == sorted(updates(6))


def test_capitals_make_another_passage(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(staat="staat")
    desk.publish(body=f"Dat het IS staat vast voor de meesten in dit dal. {OPENING}")
    hour(desk)
    desk.publish(body=f"Dat het is staat vast voor de meesten in dit dal. {OPENING}")
    hour(desk)

    assert len(channel.parcels) == 2


def test_a_passage_goes_once_with_the_most_urgent_rule_and_names_all(desk: Desk) -> None:
    channel = desk.add_channel(digest=(time(17),), **AT_ONCE)
    desk.rules(baghuz="baghuz OR eufraat")
    desk.rules(val="kalifaat", priority="high")
    desk.publish()
    desk.match()
    desk.send_over(timedelta(hours=9))

    urgent, digest = [parcel.message for parcel in channel.parcels]
    assert {alert.rule.id for alert in urgent.alerts} == {"baghuz", "val"}
    assert [alert.rule.id for alert in digest.alerts] == ["baghuz"]
    assert not set(shown(urgent)) & set(shown(digest))
    assert len(heard(channel)) == 2


def test_a_silence_of_one_rule_meanwhile_leaves_untold_what_it_alone_found(desk: Desk) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(val="kalifaat", rivier="eufraat")
    desk.publish()
    desk.match()
    silence(desk, rule="rivier")
    hour(desk)

    assert len(heard(channel)) == 1
    assert stands(desk) == {"told": 1, "silenced": 1}


@pytest.mark.parametrize("size", [1, 5])
def test_a_message_of_a_digest_tells_what_is_new_in_each_story(desk: Desk, size: int) -> None:
    channel = told_desk(desk, digest=(time(17),))
    blog(desk, *updates(2))
    desk.match()
    desk.send_over(timedelta(hours=9))
    blog(desk, *updates(2 + size))
    desk.match()
    desk.send_over(timedelta(hours=24))

    assert shown(channel.parcels[-1].message) == updates(2 + size)[:1:-1]
