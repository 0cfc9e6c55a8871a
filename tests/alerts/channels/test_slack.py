"""Slack: payloads within its limits, whatever is in the news; answers read to the letter."""

from __future__ import annotations

import json

import messages
import pytest
from deliverydesk import AMSTERDAM, plan
from hypothesis import given, settings, strategies as st
from pydantic import SecretStr
from slack_oracle import faults_of
from wild_messages import wild_messages

from alerts.channels.slack.slack_blocks import escaped, fitting, fitting_view, payload_of
from alerts.channels.slack.slack_channel import Slack, accepted_by_api, accepted_by_webhook
from alerts.channels.slack.slack_config import SlackConfig
from alerts.message import Message
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.rendering.phrases import phrases_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from alerts.transport.http import HttpAnswer, HttpSender

STYLE = Style("nl", AMSTERDAM)


def payload(told: Message, *, plain: bool = False) -> dict[str, object]:
    words = phrases_of("nl")
    return payload_of(fitting_view(view_of(told, STYLE), words, plain=plain), words, plain=plain)


def shown(told: Message) -> str:
    return json.dumps(payload(told), ensure_ascii=False)


@pytest.mark.parametrize("told", messages.every_kind(), ids=lambda told: told.kind.value)
@pytest.mark.parametrize("plain", [False, True])
def test_every_kind_of_message_is_within_slacks_rules(told: Message, *, plain: bool) -> None:
    assert faults_of(payload(told, plain=plain)) == []


def test_a_story_shows_what_a_journalist_wants_to_know() -> None:
    text = shown(messages.message())

    for part in (
        messages.TITLE,
        "NOS, ma 23 nov 2026, 09:48",
        "*Baghuz*",
        "*kalifaat*",
        "Ook bij <https://ad.example/artikel/1|AD>, <https://trouw.example/artikel/1|Trouw>",
        "Regel: Val van het kalifaat",
        "Waarom: Baghuz, kalifaat (in de tekst)",
        "<https://nos.example/artikel/1|Lees bij NOS>",
    ):
        assert part in text


def test_a_correction_shows_what_was_and_what_is() -> None:
    text = shown(messages.correction())

    assert "Kop - Was: IS verslagen" in text
    assert "Kop - Nu: IS [vrijwel] verslagen" in text
    assert "Was: In Baghuz [is] het kalifaat" in text


def test_a_headline_cannot_mention_link_or_format() -> None:
    title = "<!channel> & <https://kwaad.example|klik> <@U123> *vet*"
    told = messages.message(messages.alert(article=messages.alerted(title=title)))

    made = payload(told)

    assert faults_of(made) == []
    assert made["blocks"][0]["text"] == {"type": "plain_text", "text": title, "emoji": False}  # type: ignore[index]  # blocks
    assert made["text"] == (
        "&lt;!channel&gt; &amp; &lt;https://kwaad.example|klik&gt; &lt;@U123&gt; *vet*"
    )


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "", "https://", "http://[::1", "mailto:a@b.nl"],
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    told = messages.message(messages.alert(article=messages.alerted(url=url)))

    assert f"<{url}|" not in shown(told)
    assert faults_of(payload(told)) == []


def test_signs_that_end_a_link_are_encoded() -> None:
    url = "https://nos.example/a|b<c>d e?x=1&y=2"
    told = messages.message(messages.alert(article=messages.alerted(url=url)))

    assert "<https://nos.example/a%7Cb%3Cc%3Ede?x=1&amp;y=2|Lees bij NOS>" in shown(told)


@settings(max_examples=40)
@given(wild_messages(), st.booleans())
def test_no_news_makes_a_payload_that_slack_refuses(told: Message, plain: bool) -> None:  # noqa: FBT001 - drawn
    assert faults_of(payload(told, plain=plain)) == []


@given(st.text(), st.integers(1, 300))
def test_cutting_leaves_whole_entities_and_whole_characters(text: str, limit: int) -> None:
    cut = fitting(text, limit)

    assert len(cut) <= limit
    assert escaped(cut.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) == cut


@pytest.mark.parametrize("whole", ["👩‍👩‍👧", "é", "🇳🇱", "👍🏽", "❤️"])
def test_what_is_seen_as_one_character_is_not_divided(whole: str) -> None:
    text = "ab" + whole * 20

    for limit in range(3, 60):
        kept = fitting(text, limit).removesuffix("…").removeprefix("ab")
        assert kept.replace(whole, "") == ""


REFUSALS = {
    Outcome.MESSAGE_REJECTED: [
        "invalid_payload",
        "no_text",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "too_many_attachments",
    ],
    Outcome.CHANNEL_REJECTED: [
        "no_service",
        "no_active_hooks",
        "channel_not_found",
        "channel_is_archived",
        "action_prohibited",
        "invalid_token",
        "team_disabled",
    ],
}


@pytest.mark.parametrize("status", [400, 403, 404, 410])
@pytest.mark.parametrize(
    ("body", "outcome"), [(body, outcome) for outcome in REFUSALS for body in REFUSALS[outcome]]
)
def test_slacks_words_say_what_was_refused(status: int, body: str, outcome: Outcome) -> None:
    assert refusal(HttpAnswer(status, body, {})).outcome is outcome


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, "", Outcome.NOT_SENT),
        (200, "OK", Outcome.NOT_SENT),
        (200, "<html>Welkom op dit netwerk</html>", Outcome.NOT_SENT),
        (204, "", Outcome.NOT_SENT),
        (302, "", Outcome.NOT_SENT),
        (429, "rate_limited", Outcome.NOT_SENT),
        (400, "iets nieuws", Outcome.MESSAGE_REJECTED),
        (403, "", Outcome.CHANNEL_REJECTED),
        (404, "", Outcome.CHANNEL_REJECTED),
        (410, "", Outcome.CHANNEL_REJECTED),
        (418, "", Outcome.NOT_SENT),
        (500, "rollup_error", Outcome.NOT_SENT),
        (500, "", Outcome.UNKNOWN),
        (503, "", Outcome.UNKNOWN),
    ],
)
def test_other_answers_are_read_by_their_status(status: int, body: str, outcome: Outcome) -> None:
    assert refusal(HttpAnswer(status, body, {})).outcome is outcome


def test_only_the_word_ok_is_acceptance() -> None:
    assert accepted_by_webhook(HttpAnswer(200, "ok", {}), messages.NOW) == Receipt("ok")


def test_an_acceptance_that_breaks_off_is_unknown() -> None:
    assert refusal(HttpAnswer(200, "", {}, complete=False)).outcome is Outcome.UNKNOWN


def test_too_many_requests_ask_for_their_pause() -> None:
    error = refusal(HttpAnswer(429, "rate_limited", {"Retry-After": "30"}))

    assert error.retry_after is not None
    assert error.retry_after.total_seconds() == 30


def refusal(answer: HttpAnswer) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        accepted_by_webhook(answer, messages.NOW)
    return caught.value


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('{"ok": false, "error": "invalid_blocks"}', Outcome.MESSAGE_REJECTED),
        ('{"ok": false, "error": "not_in_channel"}', Outcome.CHANNEL_REJECTED),
        ('{"ok": false, "error": "token_revoked"}', Outcome.CHANNEL_REJECTED),
        ('{"ok": false, "error": "ratelimited"}', Outcome.NOT_SENT),
        ("<html>", Outcome.NOT_SENT),
        ("[]", Outcome.NOT_SENT),
    ],
)
def test_the_api_says_in_its_body_what_was_refused(body: str, outcome: Outcome) -> None:
    with pytest.raises(DeliveryError) as caught:
        accepted_by_api(HttpAnswer(200, body, {}), messages.NOW)

    assert caught.value.outcome is outcome


def test_the_api_gives_the_name_of_the_message_also_when_its_answer_is_long() -> None:
    whole = '{"ok":true,"channel":"C1","ts":"1764.01","message":{}}'
    long = '{"ok":true,"channel":"C1","ts":"1764.01","message":{"text":"' + "a" * 4000

    for text in (whole, long):
        receipt = accepted_by_api(HttpAnswer(200, text, {}), messages.NOW)
        assert receipt == Receipt("ok", "1764.01")


class Recorder(HttpSender):
    """A sender that keeps what it is given."""

    def post(self, post: object) -> HttpAnswer:
        object.__setattr__(self, "seconds", post)
        return HttpAnswer(200, '{"ok":true,"ts":"1.2"}', {})


def test_a_bot_answers_in_the_thread_of_the_story() -> None:
    config = SlackConfig(id="s", kind="slack", token=SecretStr("xoxb-1"), channel="C1")
    recorder = Recorder()
    slack = Slack(plan("s"), STYLE, config, recorder)

    receipt = slack.prepared(messages.parcel(messages.correction()))()

    post = recorder.seconds
    body = json.loads(post.body)  # type: ignore[attr-defined]  # what was posted
    assert (body["channel"], body["thread_ts"]) == ("C1", "1764000000.000100")
    assert post.headers["Authorization"] == "Bearer xoxb-1"  # type: ignore[attr-defined]  # what was posted
    assert receipt.reference == "1.2"
