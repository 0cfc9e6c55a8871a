"""The morning paper as a real mail server gets it, and as other receivers do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from deliverydesk import Desk, failing
from mailing_desk import mailing_desk, read_mails
from papers_desk import issue, paper, went

from alerts.alert import EventKind
from alerts.channels.slack.slack_blocks import MOST_BLOCKS, fitting_view, payload_of
from alerts.channels.webhook.webhook_body import body_of
from alerts.message import DeliveryState, Message
from alerts.outcome import Outcome
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of

SUNDAY = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
BY_MAIL = paper(channels=("post",))


def _filled(desk: Desk, stories: int = 2) -> None:
    desk.rules("elders", kalifaat="kalifa*", brug="brug*")
    desk.clock.now = SUNDAY
    issue(desk, BY_MAIL)
    desk.clock.now = MONDAY - timedelta(hours=1)
    for number in range(stories):
        desk.publish(
            f"Kalifaat {number} <script>alert(1)</script>",
            f"In plaats {number} is het kalifaat gevallen, zegt burgemeester {number * 7}.",
            number=number,
            lead="",
        )
    desk.match()
    desk.clock.now = MONDAY


def test_it_comes_as_text_and_html_with_its_date_in_the_subject(desk: Desk) -> None:
    with mailing_desk(desk) as mailbox:
        _filled(desk)
        issue(desk, BY_MAIL)
        desk.send(flush=True)
        [mail] = read_mails(mailbox)
    assert mail.subject == "[Nieuwswacht] Ochtendkrant, maandag 23 november 2026"
    assert mail.text.startswith("Ochtendkrant, maandag 23 november 2026\n2 verhalen uit 2 artikel")
    assert "- Syrië -" in mail.text
    assert "https://nos.example/artikel/1" in mail.text
    assert "<script>" not in mail.html
    assert '<strong style="background:#fff3b0">kalifaat</strong>' in mail.html


def test_a_server_that_refuses_for_a_while_gets_it_once_in_the_end(desk: Desk) -> None:
    with mailing_desk(desk) as mailbox:
        _filled(desk)
        mailbox.data = "451 later"
        issue(desk, BY_MAIL)
        desk.send(flush=True)
        desk.restart()
        assert issue(desk, BY_MAIL) == []
        mailbox.data = "250 OK"
        desk.clock.forward(hours=2)
        desk.send(flush=True)
        assert len(read_mails(mailbox)) == 1
    assert [one.state for one in desk.deliveries()] == [DeliveryState.DELIVERED]


def test_nothing_is_told_with_how_much_was_read(desk: Desk) -> None:
    with mailing_desk(desk) as mailbox:
        _filled(desk, stories=0)
        issue(desk, BY_MAIL)
        desk.send(flush=True)
        [mail] = read_mails(mailbox)
    assert "Niets gevonden in 0 artikelen van 0 media, sinds zo 22 nov, 07:00." in mail.text


def test_a_paper_that_was_given_up_is_told_over_another_channel(desk: Desk) -> None:
    channel, other = desk.add_channel("post"), desk.add_channel("elders")
    _filled(desk)
    channel.always = lambda _: failing(Outcome.RECIPIENT_REJECTED)
    issue(desk, BY_MAIL)
    desk.send(flush=True)
    desk.send(flush=True)
    notices = [one for parcel in other.parcels for one in parcel.message.notices]
    assert any("Ochtendkrant" in line for notice in notices for line in notice.lines)


def _message(desk: Desk, stories: int) -> Message:
    desk.add_channel("post")
    _filled(desk, stories)
    issue(desk, BY_MAIL)
    desk.send(flush=True)
    return desk.channels[0].parcels[-1].message


@pytest.mark.parametrize("plain", [False, True])
def test_slack_gets_what_fits_and_the_number_of_the_others(desk: Desk, plain: bool) -> None:  # noqa: FBT001 - both forms
    message = _message(desk, 60)
    style = Style("nl", desk.channels[0].plan.zone)
    view = fitting_view(view_of(message, style), style.words, plain=plain)
    payload = payload_of(view, style.words, plain=plain)
    assert len(payload.get("blocks", [])) <= MOST_BLOCKS
    assert 0 < len(view.tales) < 40
    assert "die hier niet passen" in json.dumps(payload)
    assert len(view.shown) == len(view.tales)


def test_a_webhook_gets_the_documented_fields(desk: Desk) -> None:
    message = _message(desk, 2)
    body = json.loads(body_of(message))
    assert body["type"] == EventKind.REVIEW.value
    review = body["data"]["review"]
    [edition] = went(desk, BY_MAIL)
    assert (review["id"], review["date"], review["at"]) == ("ochtend", "2026-11-23", "07:00")
    first = review["sections"][0]["stories"][0]
    assert first["url"] == edition.stories[0].url
    assert [first["quote"]["text"][slice(*hit)] for hit in first["quote"]["hits"]] == ["kalifaat"]


def test_a_webhook_that_refused_it_gets_ten_stories_and_their_number(desk: Desk) -> None:
    review = json.loads(body_of(_message(desk, 13), plain=True))["data"]["review"]
    assert len(review["sections"][0]["stories"]) == 10
    assert review["stories_left_out"] == 3
