"""Signed webhooks: the body that was promised, signatures that others verify, answers read."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import messages
import pytest
from hypothesis import given, strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.channels.webhook.webhook_body import body_of
from alerts.channels.webhook.webhook_channel import accepted
from alerts.channels.webhook.webhook_signature import signed_headers
from alerts.message import Message
from alerts.outcome import DeliveryError, Outcome
from alerts.transport.http import HttpAnswer

OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 64).decode()


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def test_the_test_vector_of_the_specification() -> None:
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), st.text(), st.sampled_from(messages.every_kind()))
def test_the_library_of_the_standard_verifies_what_is_signed(
    key: bytes, title: str, told: Message
) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    body = body_of(messages.message(messages.alert(article=messages.alerted(title=title))))
    headers = signed_headers([secret], told.id, now(), body)

    Webhook(secret).verify(body, headers, json_parse=False)


def test_during_rotation_both_secrets_verify() -> None:
    body = body_of(messages.message())
    headers = signed_headers([NEW, OLD], "dlv_1", now(), body)

    for secret in (OLD, NEW):
        Webhook(secret).verify(body, headers)


@pytest.mark.parametrize("seconds", [-600, 600])
def test_a_receiver_whose_clock_is_wrong_refuses_the_time_and_not_the_signature(
    seconds: int,
) -> None:
    body = body_of(messages.message())
    headers = signed_headers([NEW], "dlv_1", now() + seconds, body)

    with pytest.raises(WebhookVerificationError, match="timestamp"):
        Webhook(NEW).verify(body, headers)


def test_no_id_has_a_dot() -> None:
    assert all("." not in told.id for told in messages.every_kind())


def test_the_body_of_a_story_has_the_fields_of_version_1() -> None:
    body = json.loads(body_of(messages.message()))

    data = body["data"]
    assert (body["type"], body["timestamp"]) == ("alert.story", "2026-11-23T09:00:00+00:00")
    assert data["version"] == 1
    assert data["id"].startswith("alr_")
    assert data["rule"] == {
        "id": "kalifaat",
        "name": "Val van het kalifaat",
        "priority": "normal",
    }
    assert data["rules"] == ["kalifaat"]
    assert data["story"]["id"] == "sty_1"
    assert [list(article) for article in data["story"]["articles"]] == [
        ["id", "outlet", "title", "url", "published"]
    ] * 3
    assert set(data["article"]) == {
        *("id", "outlet", "source", "title", "lead", "url", "author", "published"),
        *("first_seen", "partial", "live"),
    }
    assert [set(hit) for hit in data["hits"]] == [
        {"field", "start", "end", "text", "context", "time"}
    ] * 2
    assert data["change"] is None


def test_an_update_holds_the_difference() -> None:
    body = json.loads(body_of(messages.correction()))

    assert body["type"] == "alert.update"
    assert body["data"]["change"]["edits"][0] == {
        "field": "title",
        "before": "IS verslagen",
        "after": "IS vrijwel verslagen",
        "time": None,
    }


@pytest.mark.parametrize("told", messages.every_kind(), ids=lambda told: told.kind.value)
def test_every_kind_has_every_key(told: Message) -> None:
    data = json.loads(body_of(told))["data"]

    keys = {"version", "id", "rule", "rules", "story", "article", "hits", "change"}
    assert keys <= set(data)


def test_a_digest_lists_every_story_in_full() -> None:
    data = json.loads(body_of(messages.digest(5)))["data"]

    assert len(data["alerts"]) == 5
    assert {"rule", "story", "article", "hits", "change", "id"} <= set(data["alerts"][0])


def test_the_bytes_are_the_same_at_every_attempt() -> None:
    assert body_of(messages.message()) == body_of(messages.message())


def test_the_plain_form_is_short_and_keeps_addresses_whole() -> None:
    url = "https://nos.example/" + "a" * 900
    long = messages.alert(article=messages.alerted(lead="l" * 5000, url=url))

    data = json.loads(body_of(messages.message(long), plain=True))["data"]

    assert len(data["article"]["lead"]) == 300
    assert data["article"]["url"] == url


def test_any_text_is_json_in_ascii() -> None:
    told = messages.alert(article=messages.alerted(title="\ud800 \x00 \u202e Ω 😀"))

    body = body_of(messages.message(told))

    assert body.isascii()
    assert json.loads(body)["data"]["article"]["title"] == "\ud800 \x00 \u202e Ω 😀"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_status_of_the_200s_is_delivered(status: int) -> None:
    assert accepted(HttpAnswer(status, "", {}), messages.NOW).detail == str(status)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, Outcome.NOT_SENT) for status in (301, 302, 303, 307, 308, 408, 425, 429)),
        *((status, Outcome.UNKNOWN) for status in (500, 502, 503, 504, 599)),
        *((status, Outcome.MESSAGE_REJECTED) for status in (400, 413, 415, 422)),
        *((status, Outcome.CHANNEL_REJECTED) for status in (401, 403, 404, 405, 410)),
    ],
)
def test_what_every_other_status_means(status: int, outcome: Outcome) -> None:
    with pytest.raises(DeliveryError) as caught:
        accepted(HttpAnswer(status, "", {"Retry-After": "60"}), messages.NOW)

    assert caught.value.outcome is outcome
    retried = outcome in {Outcome.NOT_SENT, Outcome.UNKNOWN}
    assert (caught.value.retry_after is not None) == retried


def test_a_late_match_says_so() -> None:
    told = replace(messages.message(), entries=messages.message(messages.alert(late=True)).entries)

    assert json.loads(body_of(told))["data"]["late"] is True
