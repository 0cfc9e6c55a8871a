"""A text of which a part was read first: its completion corrects nothing, and tells what is new."""

from __future__ import annotations

from dataclasses import replace

from deliverydesk import Desk, article
from hearing import OPENING, heard, hour, told_desk

from alerts.rendering.phrases import phrases_of
from alerts.rendering.view import Style, view_of
from crawler.text import comparable

START = "Bij het ongeluk in Baghuz vielen zeker 12 gewonden"
WHOLE = f"{START}, van wie er negen in het ziekenhuis van de hoofdstad liggen, zegt de politie."
MORE = "De burgemeester van Baghuz noemt het een zwarte dag voor de hele streek."


def comes(desk: Desk, body: str, *, partial: bool, **more: object) -> None:
    desk.save(replace(article(body=body, now=desk.clock(), **more), partial=partial))
    hour(desk)


def edits(channel: object) -> list[tuple[str, str]]:
    return [
        (edit.before, edit.after)
        for parcel in channel.parcels[1:]  # type: ignore[attr-defined]  # a scripted channel
        for alert in parcel.message.alerts
        if alert.change
        for edit in alert.change.edits
    ]


def test_a_stub_that_is_completed_tells_what_is_new_and_corrects_nothing(desk: Desk) -> None:
    channel = told_desk(desk)
    desk.publish(body=f"{OPENING} {START}…")
    hour(desk)
    desk.publish(body=f"{OPENING}\n{WHOLE}\n{MORE}")
    hour(desk)

    assert sorted(edits(channel)) == sorted([("", WHOLE), ("", MORE)])
    (tale,) = view_of(channel.parcels[1].message, Style("nl", channel.plan.zone)).tales
    assert tale.notes == (phrases_of("nl").more_at.format("NOS"),)


def test_a_summary_whose_page_comes_later_corrects_nothing_though_its_words_are_others(
    desk: Desk,
) -> None:
    channel = told_desk(desk)
    comes(desk, f"{OPENING} Bij een ongeluk in Baghuz vielen 12 gewonden.", partial=True)
    comes(desk, f"{OPENING}\nBij een ongeluk in Baghuz vielen 15 gewonden.\n{MORE}", partial=False)

    assert {before for before, _ in edits(channel)} == {""}
    assert {after for _, after in edits(channel)} >= {MORE}
    assert [one for one in heard(channel) if one.startswith("- ")] == []


def test_a_summary_that_changes_while_its_page_stays_away_is_corrected(desk: Desk) -> None:
    channel = told_desk(desk)
    for number in ("12", "15", "12"):
        comes(desk, f"{OPENING} Bij een ongeluk vielen in Baghuz {number} doden.", partial=True)

    said = [f"Bij een ongeluk vielen in Baghuz {number} doden." for number in ("12", "15")]
    assert edits(channel) == [tuple(said), tuple(reversed(said))]


def test_a_headline_given_cut_off_and_whole_by_turns_is_told_once_in_each_form(desk: Desk) -> None:
    channel = told_desk(desk)
    whole = "Zeker 12 gewonden in Baghuz na aanrijding met bus op 3 mei"
    for turn in range(6):
        desk.publish((f"{whole[:30]}...", whole)[turn % 2], OPENING)
        hour(desk)

    titles = [one for one in heard(channel) if comparable(one).startswith("Zeker 12")]
    assert len(titles) == len(set(titles)) == 2
