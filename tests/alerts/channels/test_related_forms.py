"""What people read of one event in several outlets' own words, channel by channel."""

from __future__ import annotations

import json
from dataclasses import replace

import messages
import pytest
from deliverydesk import AMSTERDAM, Desk
from hearing import hour
from mailing_desk import mailing_desk, read_mails

from alerts.channels.slack.slack_blocks import fitting_view, payload_of
from alerts.channels.webhook.webhook_body import body_of
from alerts.message import Message, Thread
from alerts.rendering.phrases import phrases_of
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

FIRST = (
    "Grote brand verwoest kaaspakhuis van Doornbosch in Woerden",
    "Een uitslaande brand heeft in Woerden het kaaspakhuis van Doornbosch verwoest.",
)
SECOND = (
    "Woerden ruikt naar gesmolten kaas na brand bij Doornbosch",
    "Het pakhuis van kaashandel Doornbosch aan de Singel in Woerden is afgebrand.",
)
BELONGS = f"Hoort bij: {messages.TITLE} (ma 23 nov 2026, 09:00)"


def slack_text(told: Message) -> str:
    words = phrases_of("nl")
    view = fitting_view(view_of(told, Style("nl", AMSTERDAM)), words, plain=False)
    blocks = payload_of(view, words, plain=False)["blocks"]
    return "\n".join(
        part["text"]
        for block in blocks
        for part in (block.get("text"), *block.get("elements", ()))
        if part
    )


def test_a_mail_about_a_related_story_stands_in_the_thread_and_says_so_first(desk: Desk) -> None:
    with mailing_desk(desk) as mailbox:
        desk.rules(brand="doornbosch")
        for outlet, (title, lead) in (("NOS", FIRST), ("NRC", SECOND)):
            desk.publish(title, "", outlet=outlet, lead=lead)
            hour(desk)
        first, second = read_mails(mailbox)

    assert second.subject == f"Re: {first.subject}"
    assert second.refers_to == first.name
    assert second.first_line == f"Ook, in eigen woorden: NRC - {SECOND[0]}"
    assert "Hoort bij" not in second.text + second.html
    assert "> Het pakhuis van kaashandel *Doornbosch* aan" in second.text
    assert "https://nrc.example/artikel/1" in second.text
    assert second.html.index("Ook, in eigen woorden: NRC</p>") < second.html.index("<h2")


def test_a_related_story_is_a_line_of_the_message_with_its_own_sentence_and_link() -> None:
    text = text_of(view_of(messages.related(), Style("nl", AMSTERDAM)), phrases_of("nl"))

    main, nrc, trouw = text.strip().split("\n\n")
    assert main.startswith(messages.TITLE)
    for lines, name in ((nrc.splitlines(), "NRC"), (trouw.splitlines(), "Trouw")):
        assert lines[:2] == [f"Ook, in eigen woorden: {name}", f"{name} over het kalifaat"]
        assert lines[-1] == f"https://{name.lower()}.example/artikel/1"
        assert any(line.startswith("> In *Baghuz* is") for line in lines)


@pytest.mark.parametrize(("reference", "says_so"), [("", True), ("1764000000.000100", False)])
def test_slack_says_in_words_to_which_message_it_belongs_where_it_cannot_thread(
    reference: str, *, says_so: bool
) -> None:
    told = replace(messages.related(alone=True), thread=Thread("dlv_root", reference))

    text = slack_text(told)

    assert text.startswith("NRC over het kalifaat")
    assert (BELONGS in text) == says_so
    assert "Ook, in eigen woorden: NRC" in text
    assert text.index("Ook, in eigen woorden: Trouw") < text.index("|Trouw over het kalifaat>")


def test_slack_needs_no_words_where_the_other_story_is_in_the_message() -> None:
    assert "Hoort bij" not in slack_text(messages.related())


def test_a_digest_says_which_story_tells_what_was_told_before_in_other_words() -> None:
    entries = messages.related(alone=True).entries
    told = replace(messages.digest(), entries=(*messages.digest().entries[2:], *entries[:1]))

    text = slack_text(told)

    assert "Ook, in eigen woorden: NRC" in text
    assert BELONGS in text


def test_english_has_words_for_it() -> None:
    view = view_of(messages.related(alone=True), Style("en", AMSTERDAM))

    assert view.tales[0].relation == (
        "Also, in its own words: NRC",
        f"Belongs to: {messages.TITLE} (Mon 23 Nov 2026, 09:00)",
    )


def test_a_webhook_names_the_conversation_and_the_related_story() -> None:
    alone = json.loads(body_of(messages.related(alone=True)))["data"]
    own = json.loads(body_of(messages.message()))["data"]

    assert (alone["thread"], alone["related_to"], alone["version"]) == ("sty_1", "sty_1", 1)
    assert (own["thread"], own["related_to"]) == (own["story"]["id"], None)
