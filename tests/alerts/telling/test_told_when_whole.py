"""A text of which a part was read first: its completion corrects nothing, and tells what is new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deliverydesk import Desk, article
from hearing import OPENING, breaches, heard, hour, told_desk

from alerts.rendering.phrases import phrases_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from crawler.store import Connection
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


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("word", ["Correctie", "Rectificatie (14.20 uur)"])
def test_what_corrects_an_article_that_alerted_is_told_wherever_it_stands(
    desk: Desk, word: str, *, above: bool
) -> None:
    # given an alert
    channel = told_desk(desk)
    desk.publish(body=f"{OPENING}\n{WHOLE}")
    hour(desk)
    # when its outlet corrects it in words that no rule asks for
    said = f"{word}: eerder stond hier dat de bus van rechts kwam."
    then = "Hij kwam van links."
    paragraphs = (f"{said} {then}", WHOLE) if above else (WHOLE, f"{said} {then}")
    desk.publish(body="\n".join((OPENING, *paragraphs)))
    hour(desk)

    assert edits(channel) == [("", said), ("", then)]
    assert breaches(desk) == []


@pytest.mark.parametrize("place", ["title", "body"])
def test_a_retraction_that_leaves_nothing_to_match_is_told_all_the_same(
    desk: Desk, place: str
) -> None:
    channel = told_desk(desk)
    desk.publish(body=f"{OPENING}\n{WHOLE}")
    hour(desk)

    said = "Rectificatie: er is geen bus verongelukt."
    if place == "title":
        desk.publish(said.rstrip("."), "Eerder stond hier een bericht dat niet klopte.")
    else:
        desk.publish("Bericht vervallen", said)
    hour(desk)

    headlines = [one.articles[0].title for each in channel.parcels for one in each.message.entries]
    assert any(one.startswith(said.rstrip(".")) for one in (*heard(channel), *headlines))
    assert breaches(desk) == []


def test_a_correction_of_an_article_that_no_rule_matches_is_not_told(desk: Desk) -> None:
    channel = told_desk(desk)
    for more in ("", "Correctie: de bus kwam van links."):
        desk.publish("Bus te water", f"Bij Homs reed een bus het water in. {more}")
        hour(desk)
    assert heard(channel) == []


@pytest.mark.parametrize(
    "summary", [OPENING, f"{OPENING.split('.')[0]}. Lees verder op onze site."]
)
def test_a_copy_whose_page_fails_for_half_an_hour_joins_when_it_comes_and_is_told_once(
    desk: Desk, summary: str
) -> None:
    # given a report that was told, and a copy of which only the feed's summary could be read
    channel = told_desk(desk)
    whole = f"{OPENING}\n{WHOLE}\n{MORE}"
    desk.publish(body=whole)
    hour(desk)
    told = heard(channel)
    copy = {"title": "Nacht aan de rivier", "outlet": "Regiopost", "number": 2}
    desk.save(replace(article(body=summary, now=desk.clock(), **copy), partial=True))
    hour(desk, 2)
    # when its page comes, 31 minutes later and more
    desk.save(article(body=whole, now=desk.clock(), **copy))
    hour(desk)

    assert len(stories(desk)) == 1
    assert len(heard(channel)) == len(set(heard(channel)))
    assert [one for one in heard(channel) if one not in told and one != copy["title"]] == []
    assert edits(channel) == []


def stories(desk: Desk) -> set[str]:
    def held(db: Connection) -> set[str]:
        return {row["story"] for row in db.rows("SELECT story FROM story_articles", [])}

    return desk.writer.run(held)
