"""Mails about a story are one thread, and each says first what is new."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from deliverydesk import BAGHUZ, Desk
from hearing import hour
from mailing_desk import ReadMail, mailing_desk, read_mails

TWELVE = "In Baghuz zijn twaalf doden geteld."
MORE = "In Baghuz zijn eenentwintig doden geteld."
SCHOOL = "De school van Baghuz is dicht."


def mails_of_a_story(desk: Desk, **settings: object) -> list[ReadMail]:
    """An alert, a correction, an update, and a correction of the headline."""
    with mailing_desk(desk, **settings) as mailbox:
        desk.rules(baghuz="baghuz")
        for title, *sentences in (
            ("Strijd om Baghuz: één dorp over", TWELVE),
            ("Strijd om Baghuz: één dorp over", MORE),
            ("Strijd om Baghuz: één dorp over", MORE, SCHOOL),
            ("Baghuz gevallen", MORE, SCHOOL),
        ):
            desk.publish(title, "\n".join([BAGHUZ, *sentences]))
            hour(desk)
        return read_mails(mailbox)


def test_mails_about_a_story_have_the_subject_and_the_references_of_a_thread(desk: Desk) -> None:
    first, *later = mails_of_a_story(desk)

    assert first.subject == "[Nieuwswacht] Strijd om Baghuz: één dorp over"
    assert first.refers_to is None
    assert len(later) == 3
    assert {mail.subject for mail in later} == {f"Re: {first.subject}"}
    assert {mail.refers_to for mail in later} == {first.name}
    assert len({mail.name for mail in later}) == 3


def test_what_is_new_is_the_first_line_of_the_text_and_stands_unseen_in_the_html(
    desk: Desk,
) -> None:
    first, *later = mails_of_a_story(desk)

    assert first.first_line == "Strijd om Baghuz: één dorp over"
    news = [f"Nu: {MORE}", f"Nieuw: {SCHOOL}", "Nieuw: Baghuz gevallen"]
    assert [mail.first_line for mail in later] == news
    for mail, line in zip(later, news, strict=True):
        unseen = re.search(r'<div style="display:none[^>]*>([^<]*)</div>', mail.html)
        assert unseen
        assert unseen[1] == line
        assert mail.html.index(unseen[0]) < mail.html.index("<h2")


def test_each_mail_can_have_a_subject_that_says_what_is_new(desk: Desk) -> None:
    mails = mails_of_a_story(desk, subject="news")

    assert [mail.subject for mail in mails] == [
        "[Nieuwswacht] Strijd om Baghuz: één dorp over",
        f"[Nieuwswacht] Nu: {MORE}",
        f"[Nieuwswacht] Nieuw: {SCHOOL}",
        "[Nieuwswacht] Nieuw: Baghuz gevallen",
    ]
    assert {mail.refers_to for mail in mails} == {None}


def test_a_thread_keeps_its_name_when_the_channel_changes_its_sender_and_its_language(
    desk: Desk,
) -> None:
    with mailing_desk(desk) as mailbox:
        desk.rules(baghuz="baghuz", priority="high")
        desk.publish()
        hour(desk)
        (first,) = read_mails(mailbox)
    desk.channels.clear()
    with mailing_desk(desk, sender="desk@krant.example", language="en") as mailbox:
        desk.publish(body=f"{BAGHUZ}\n{SCHOOL}")
        hour(desk)
        (later,) = read_mails(mailbox)

    assert first.subject == "[Nieuwswacht] Spoed: Laatste bolwerk gevallen"
    assert (later.subject, later.refers_to) == (f"Re: {first.subject}", first.name)
    assert later.name.endswith("@krant.example>")
    assert later.first_line == f"New: {SCHOOL}"


@pytest.mark.parametrize("title", ["é" * 300, "a " * 300, "x" * 400, "‘Coördinator’ 😀 " * 30])
def test_long_subjects_are_those_of_the_thread_too(desk: Desk, title: str) -> None:
    with mailing_desk(desk) as mailbox:
        desk.rules(baghuz="baghuz")
        desk.publish(title)
        hour(desk)
        desk.publish(title, f"{BAGHUZ}\n{SCHOOL}")
        hour(desk)
        first, later = read_mails(mailbox)

    assert later.subject == f"Re: {first.subject}"


def test_a_message_shows_when_its_text_changed_and_not_when_it_was_published(desk: Desk) -> None:
    with mailing_desk(desk) as mailbox:
        desk.rules(baghuz="baghuz", nieuw="school")
        desk.publish()
        desk.match()
        desk.send()
        desk.clock.forward(hours=3)
        desk.publish(body=f"{BAGHUZ}\nZes bakkers in Baghuz bakken weer brood.")
        desk.match()
        desk.send()
        desk.clock.forward(hours=1)
        desk.publish(body=f"{BAGHUZ}\nDe school is dicht.", published=desk.clock() - timedelta(7))
        hour(desk)
        first, update, late = read_mails(mailbox)

    assert "NOS, ma 23 nov 2026, 09:55" in first.text
    assert "NOS, bijgewerkt ma 23 nov 2026, 13:00" in update.text
    assert "NOS, bijgewerkt ma 23 nov 2026, 13:00" in update.html
    assert "09:55" not in update.text
    assert "NOS, bijgewerkt ma 23 nov 2026, 14:00" in late.text
