"""Items of a text are told each by itself: no word in another silences, alarms or takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from deliverydesk import AMSTERDAM, BAGHUZ, MORNING, Desk, article
from hearing import OPENING, breaches, heard, hour, told_desk
from outbox_desk import AT_ONCE

from alerts.message import Message
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from crawler.model import ArticleItem, Live

MINUTE = timedelta(minutes=1)
FIRST = "De klok van Baghuz luidt voor de doden, zegt de koster."
SECOND = "In Baghuz landt een helikopter met artsen en dekens aan boord."
THIRD = "Het voetbal in Deir Ezzor gaat vanavond gewoon door, zegt de bond."

Items = list[tuple[str, datetime | None, str]]


def publish(
    desk: Desk, items: Items, intro: str = OPENING, number: int = 1, **facts: object
) -> None:
    """A text of this introduction and these items, each with its key and its time."""
    body, places = intro, list[ArticleItem]()
    for key, at, text in items:
        places.append(ArticleItem(len(body) + 2, key, at))
        body = f"{body}\n\n{text}"
    found = article("Liveblog", body, number=number, now=desk.clock())
    desk.save(replace(found, items=tuple(places), **facts))  # type: ignore[arg-type]  # as given


def at(minutes: int) -> datetime:
    return MORNING + minutes * MINUTE


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("baghuz NOT voetbal", [SECOND, FIRST]),
        ("baghuz NOT helikopter", [FIRST]),
        ("baghuz NEAR/40 voetbal", []),
        ("helikopter AND klok", []),
        ("baghuz AND dekens NOT klok", [SECOND]),
    ],
)
def test_a_word_in_another_item_neither_silences_nor_alarms(
    desk: Desk, query: str, told: list[str]
) -> None:
    channel = desk.add_channel(**AT_ONCE)
    desk.rules(regel=query)
    items: Items = [("c", at(3), THIRD), ("b", at(2), SECOND), ("a", at(1), FIRST)]

    publish(desk, items, intro="Wat er vandaag gebeurt.")
    hour(desk)

    assert heard(channel) == told


def test_updates_are_told_newest_first_each_with_its_time(desk: Desk) -> None:
    channel = told_desk(desk)
    publish(desk, [("a", at(1), FIRST)])
    hour(desk)
    more = "Ook de brug van Baghuz is weer open voor karren en voetgangers."
    publish(desk, [("b", at(2), SECOND), ("a", at(1), FIRST), ("c", at(30), more)])
    hour(desk)

    assert heard(channel)[-2:] == [more, SECOND]
    assert _lines(channel.parcels[-1].message) == ["10:30", "10:02"]
    assert _quoted(channel.parcels[0].message)[-1].startswith("10:01 De klok")


def test_what_stood_in_another_item_is_no_older_form_of_a_new_sentence(desk: Desk) -> None:
    channel = told_desk(desk)
    publish(desk, [("a", at(1), "In Baghuz zijn 12 doden geteld, zegt de burgemeester.")])
    hour(desk)

    publish(desk, [("b", at(2), "In Baghuz zijn 21 gewonden geteld, zegt de burgemeester.")])
    hour(desk)
    hour(desk)

    changes = [alert.change for parcel in channel.parcels for alert in parcel.message.alerts]
    edits = [edit for change in changes if change for edit in change.edits]
    assert [(edit.before, edit.after[:24]) for edit in edits] == [("", "In Baghuz zijn 21 gewond")]
    assert breaches(desk) == []


def test_a_correction_within_an_item_is_told_with_its_difference(desk: Desk) -> None:
    channel = told_desk(desk)
    old, new = (f"In Baghuz zijn {n} doden geteld, zegt de burgemeester." for n in (12, 21))
    publish(desk, [("b", at(2), SECOND), ("a", at(1), old)])
    hour(desk)

    publish(desk, [("b", at(2), SECOND), ("a", at(1), new)])
    hour(desk)

    [alert] = channel.parcels[-1].message.alerts
    assert alert.change is not None
    assert [(edit.before, edit.after) for edit in alert.change.edits] == [(old, new)]


@pytest.mark.parametrize(
    ("times", "difference"),
    [((1, 1), True), ((1, 2), False), ((2, 2), False)],
    ids=["its time", "another time", "a time of two"],
)
def test_an_item_without_a_name_is_known_again_by_a_time_that_no_other_has(
    desk: Desk, times: tuple[int, int], *, difference: bool
) -> None:
    channel = told_desk(desk)
    old, new = (f"In Baghuz zijn {n} doden geteld, zegt de burgemeester." for n in (12, 21))
    publish(desk, [("b", at(2), SECOND), ("of 12", at(times[0]), old)])
    hour(desk)

    changed = SECOND.replace("artsen", "verplegers")
    publish(desk, [("of others", at(2), changed), ("of 21", at(times[1]), new)])
    hour(desk)

    edits = [
        edit
        for alert in channel.parcels[-1].message.alerts
        for edit in (alert.change.edits if alert.change else ())
    ]
    assert [edit.before for edit in edits if edit.after == new] == [old if difference else ""]


COUNTED = "In Baghuz zijn {} doden geteld, zegt de burgemeester."
# The keys of three items when they come again, and how much later their times are then.
RENUMBERED = [
    (("x", "y", "z"), 0),
    (("x", "y", "z"), None),
    (("x", "y", "z"), 60),
    (("c", "b", "a"), 0),
    (("c", "b", "a"), None),
    (("new", "c", "b"), 60),
]


def renumbered(keys: tuple[str, ...], later: int | None, counted: str) -> Items:
    texts = (SECOND, FIRST, counted)
    times = [None if later is None else at(3 - number + later) for number in range(3)]
    return list(zip(keys, times, texts, strict=True))


@pytest.mark.parametrize(("keys", "later"), RENUMBERED)
def test_items_that_are_numbered_anew_tell_nothing_again(
    desk: Desk, keys: tuple[str, ...], later: int | None
) -> None:
    channel = told_desk(desk)
    publish(desk, renumbered(("b", "c", "a"), 0, COUNTED.format(12)))
    hour(desk)
    told = heard(channel)

    publish(desk, renumbered(keys, later, COUNTED.format(12)))
    for _ in range(3):
        hour(desk)

    assert heard(channel) == told


@pytest.mark.parametrize(("keys", "later"), RENUMBERED)
def test_an_edit_in_items_that_are_numbered_anew_is_told_with_its_difference(
    desk: Desk, keys: tuple[str, ...], later: int | None
) -> None:
    channel = told_desk(desk)
    publish(desk, renumbered(("b", "c", "a"), 0, COUNTED.format(12)))
    hour(desk)

    for _ in range(3):
        publish(desk, renumbered(keys, later, COUNTED.format(21)))
        hour(desk)

    changes = [alert.change for parcel in channel.parcels for alert in parcel.message.alerts]
    edits = [edit for change in changes if change for edit in change.edits]
    assert [(one.before, one.after) for one in edits] == [(COUNTED.format(12), COUNTED.format(21))]


def test_a_wording_that_comes_back_in_an_item_keeps_its_time(desk: Desk) -> None:
    channel = told_desk(desk)
    old, new = (f"In Baghuz zijn {n} doden geteld, zegt de burgemeester." for n in (12, 21))
    for text in (old, new, old):
        publish(desk, [("b", at(2), SECOND), ("a", at(1), text)])
        hour(desk)

    [alert] = channel.parcels[-1].message.alerts

    assert alert.change is not None
    assert [(edit.before, edit.after, edit.time) for edit in alert.change.edits] == [
        (new, old, at(1))
    ]


@pytest.mark.parametrize("later", [[], [("c", THIRD)], [("c", THIRD), ("d", FIRST)]])
def test_what_is_taken_out_of_an_item_keeps_its_time_whatever_comes_after(
    desk: Desk, later: list[tuple[str, str]]
) -> None:
    channel = told_desk(desk)
    gone = "In Baghuz is de dijk gebroken, zegt de burgemeester."
    publish(desk, [("b", at(2), SECOND), ("a", at(1), f"De dag begint koud. {gone} Er is soep.")])
    hour(desk)

    items: Items = [("b", at(2), SECOND), ("a", at(1), "De dag begint koud. Er is soep.")]
    publish(desk, items)
    desk.match()
    for key, text in later:
        items = [(key, at(30), text), *items]
        publish(desk, items)
        desk.match()
    hour(desk)

    edits = [
        edit
        for parcel in channel.parcels
        for alert in parcel.message.alerts
        for edit in (alert.change.edits if alert.change else ())
        if not edit.after
    ]
    assert [(edit.before, edit.time) for edit in edits] == [(gone, at(1))]


def test_no_sentence_goes_on_in_the_next_item(desk: Desk) -> None:
    channel = told_desk(desk)
    first, second = "De klok van Baghuz luidt,", "in Baghuz landt een helikopter."
    publish(desk, [("b", at(2), first), ("a", at(1), second)])
    hour(desk)

    assert heard(channel)[-2:] == [first, second]
    assert [line[:5] for line in _quoted(channel.parcels[0].message)][-2:] == ["10:02", "10:01"]


def test_a_sentence_that_loses_its_hit_within_an_item_keeps_its_time(desk: Desk) -> None:
    channel = told_desk(desk)
    for place in ("Baghuz", "Susa"):
        said = f"In {place} is de dijk gebroken, zegt de burgemeester."
        publish(desk, [("b", at(2), SECOND), ("a", at(1), said)])
        hour(desk)

    assert _lines(channel.parcels[-1].message) == ["10:01"]


def test_an_item_that_left_its_list_was_not_taken_back(desk: Desk) -> None:
    channel = told_desk(desk)
    publish(desk, [("b", at(2), SECOND), ("a", at(1), FIRST)])
    hour(desk)
    told = heard(channel)

    publish(desk, [("c", at(3), THIRD), ("b", at(2), SECOND)])
    for _ in range(3):
        hour(desk)

    assert heard(channel) == told


def test_the_outlets_own_report_in_its_live_blog_silences_none_of_its_updates(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish()
    hour(desk)
    told = heard(channel)
    assert told

    publish(desk, [("r", at(0), BAGHUZ)], "Wij volgen de dag.", number=2)
    hour(desk)
    assert heard(channel) == told

    publish(
        desk,
        [("b", at(70), SECOND), ("a", at(65), FIRST), ("r", at(0), BAGHUZ)],
        "Wij volgen de dag.",
        number=2,
    )
    hour(desk)

    assert heard(channel) == [*told, SECOND, FIRST]


def test_a_live_blog_that_only_the_feed_gives_says_so(desk: Desk) -> None:
    channel = told_desk(desk)
    publish(desk, [("a", None, FIRST)], live=Live.FEED)
    hour(desk)

    view = view_of(channel.parcels[0].message, Style("nl", AMSTERDAM))

    assert "Liveblog: alleen wat de feed geeft." in view.tales[0].notes


def _lines(message: Message) -> list[str]:
    view = view_of(message, Style("nl", AMSTERDAM))
    return [heading for tale in view.tales for heading, _ in tale.edits]


def _quoted(message: Message) -> list[str]:
    view = view_of(message, Style("nl", AMSTERDAM))
    return ["".join(run.text for run in runs) for tale in view.tales for runs in tale.quotes]
