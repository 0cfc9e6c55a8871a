"""ntfy, Matrix, Mattermost, Rocket.Chat, Teams, Discord, Telegram: each against its own rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import messages
import pytest
from chat_services import SERVICES, TOKEN, ChatService, Said, as_json, serving_chat
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from pydantic import TypeAdapter, ValidationError
from wild_messages import wild_messages

from alerts.alert import RuleRef
from alerts.channel import Channel
from alerts.channels.kinds import ChannelConfig, channel_of
from alerts.match import Priority
from alerts.message import Message, Thread
from alerts.outcome import DeliveryError, Outcome
from crawler.errors import ConfigError

ADAPTER: TypeAdapter[ChannelConfig] = TypeAdapter(ChannelConfig)
LOOPBACK = [ip_network("127.0.0.0/8")]
HTTPS = "https://dienst.example"


def table(kind: str, url: str = HTTPS) -> dict[str, Any]:
    """The settings of a channel of this kind, at this address."""
    own: dict[str, dict[str, Any]] = {
        "telegram": {"token": TOKEN, "chat": -1001, "api_url": url},
        "discord": {"webhook_url": f"{url}/api/webhooks/11/geheim"},
        "matrix": {"server": url, "room": "!zaal:voorbeeld.example", "token": "geheim"},
        "ntfy": {"server": url, "topic": "geheim-onderwerp", "token": "tk_geheim"},
        "mattermost": {"webhook_url": f"{url}/hooks/geheim"},
        "rocketchat": {"webhook_url": f"{url}/hooks/geheim"},
        "teams": {"webhook_url": f"{url}/workflows/1?api-version=1&sig=geheim"},
    }
    return {"id": "kanaal", "kind": kind} | own[kind]


def channel(kind: str, service: ChatService, **more: Any) -> Channel:
    return channel_of(ADAPTER.validate_python(table(kind, service.url) | more), LOOPBACK)


@pytest.fixture(params=SERVICES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def service(kind: str) -> Iterator[ChatService]:
    with serving_chat(kind) as made:
        yield made


@pytest.mark.parametrize("told", messages.every_kind(), ids=lambda told: told.kind.value)
@pytest.mark.parametrize("plain", [False, True])
def test_every_kind_of_message_is_taken(
    kind: str, service: ChatService, told: Message, *, plain: bool
) -> None:
    channel(kind, service).prepared(messages.parcel(told, plain=plain))()

    assert len(service.taken) == 1


@settings(
    max_examples=3,
    # A message is too large to be shrunk in a reasonable time.
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=wild_messages(), plain=st.booleans())
def test_no_news_makes_a_message_that_is_refused(
    kind: str,
    service: ChatService,
    told: Message,
    plain: bool,  # noqa: FBT001 - drawn
) -> None:
    channel(kind, service).prepared(messages.parcel(told, plain=plain))()

    assert not service.taken[-1].get("attached")


def test_a_message_says_what_a_journalist_wants_to_know(kind: str, service: ChatService) -> None:
    channel(kind, service).prepared(messages.parcel(messages.message()))()

    said = json.dumps(service.taken, ensure_ascii=False)
    for part in (
        messages.TITLE,
        "NOS, ma 23 nov 2026, 09:48",
        "Ook bij",
        "Trouw",
        "Regel: Val van het kalifaat",
        "https://nos.example/artikel/1",
    ):
        assert part in said


HOSTILE = "@here <@123> <!channel> [klik](https://kwaad.example) **vet** `x` <b>y</b> :bom: #tag"


def test_a_headline_calls_nobody_and_forms_nothing() -> None:
    told = messages.message(messages.alert(article=messages.alerted(title=HOSTILE)))
    said: dict[str, str] = {}
    for kind in SERVICES:
        with serving_chat(kind) as service:
            channel(kind, service).prepared(messages.parcel(told))()
            said[kind] = json.dumps(service.taken, ensure_ascii=False)

    assert rb"@\u200bhere".decode("unicode_escape") in said["mattermost"]
    for kind in ("mattermost", "rocketchat", "discord"):
        text = json.loads(said[kind])[0]
        text = text.get("text") or text["embeds"][0]["description"]
        for sign in (r"\<", r"\[klik\]", r"\*\*vet\*\*", r"\`x\`", ":\u200bbom:", r"\#tag"):
            assert sign in text
        assert "@here" not in text
    for kind, part in (("telegram", "text"), ("matrix", "formatted_body")):
        text = json.loads(said[kind])[0][part]
        assert "&lt;b&gt;y&lt;/b&gt;" in text
        assert "@here" not in text
    assert json.loads(said["matrix"])[0]["m.mentions"] == {}
    # Nothing in a card of Teams or a text of ntfy is read as markup.
    assert HOSTILE in json.loads(said["ntfy"])[0]["message"]
    assert HOSTILE in said["teams"]


def test_urgent_news_stands_out(kind: str, service: ChatService) -> None:
    rule = RuleRef("is", "Islamitische Staat", Priority.HIGH)
    calm = messages.message()
    urgent = messages.message(messages.alert(rule=rule), id="dlv_urgent")
    for told in (calm, urgent):
        channel(kind, service).prepared(messages.parcel(told))()

    before, after = (json.dumps(each) for each in service.taken)
    assert "Spoed" not in before
    assert "Spoed" in after
    if kind == "ntfy":
        assert [each["priority"] for each in service.taken] == [3, 4]


def test_updates_answer_the_first_message_where_the_service_has_threads(
    kind: str, service: ChatService
) -> None:
    sender = channel(kind, service)
    first = sender.prepared(messages.parcel(messages.message()))()
    root = Thread("dlv_root", first.reference)
    told = messages.correction()
    update = messages.message(*told.alerts, kind=told.kind, thread=root, id="dlv_next")
    sender.prepared(messages.parcel(update))()

    sent = service.taken[-1]
    assert bool(first.reference) == (kind in {"telegram", "matrix"})
    if kind == "telegram":
        assert sent["reply_parameters"]["message_id"] == 1
    if kind == "matrix":
        assert sent["m.relates_to"]["event_id"] == "$e1"


def test_matrix_shows_a_repeat_once() -> None:
    with serving_chat("matrix") as service:
        send = channel("matrix", service).prepared(messages.parcel(messages.message()))
        receipts = [send(), send()]

    assert len(service.taken) == 1
    assert receipts[0] == receipts[1]


def test_telegram_writes_into_a_topic() -> None:
    with serving_chat("telegram") as service:
        sender = channel("telegram", service, chat="@nieuws", topic=7)
        sender.prepared(messages.parcel(messages.message()))()

    assert service.taken[0]["message_thread_id"] == 7


def _said(kind: str, answer: Said) -> DeliveryError:
    with serving_chat(kind) as service:
        service.script.append(answer)
        with pytest.raises(DeliveryError) as caught:
            channel(kind, service).prepared(messages.parcel(messages.message()))()
    return caught.value


PORTAL: Said = (200, {"Content-Type": "text/html"}, "<html>Hotel</html>")
PLAIN = {"Content-Type": "text/plain"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (PORTAL, Outcome.NOT_SENT),
        ((302, {"Location": "https://elders.example/"}, ""), Outcome.NOT_SENT),
        ((429, {"Retry-After": "7"}, ""), Outcome.NOT_SENT),
        ((400, PLAIN, "nee"), Outcome.MESSAGE_REJECTED),
        ((413, PLAIN, ""), Outcome.MESSAGE_REJECTED),
        ((401, PLAIN, ""), Outcome.CHANNEL_REJECTED),
        ((403, PLAIN, ""), Outcome.CHANNEL_REJECTED),
        ((404, PLAIN, ""), Outcome.CHANNEL_REJECTED),
        ((410, PLAIN, ""), Outcome.CHANNEL_REJECTED),
        ((500, PLAIN, ""), Outcome.UNKNOWN),
        ((503, PLAIN, ""), Outcome.UNKNOWN),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else str(value),
)
def test_what_a_status_means_where_the_service_says_no_more(
    kind: str, answer: Said, outcome: Outcome
) -> None:
    error = _said(kind, answer)

    assert error.outcome is outcome
    assert error.retry_after == (timedelta(seconds=7) if answer[0] == 429 else None)


@pytest.mark.parametrize(
    ("kind", "status", "value", "outcome", "seconds"),
    [
        (
            "telegram",
            429,
            {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 12}},
            Outcome.NOT_SENT,
            12,
        ),
        (
            "telegram",
            400,
            {"ok": False, "description": "Bad Request: chat not found"},
            Outcome.CHANNEL_REJECTED,
            None,
        ),
        (
            "telegram",
            400,
            {"ok": False, "description": "Bad Request: can't parse entities"},
            Outcome.MESSAGE_REJECTED,
            None,
        ),
        (
            "telegram",
            403,
            {"ok": False, "description": "Forbidden: bot was kicked from the group chat"},
            Outcome.CHANNEL_REJECTED,
            None,
        ),
        ("discord", 429, {"message": "slow", "retry_after": 1.5}, Outcome.NOT_SENT, 1.5),
        ("discord", 400, {"code": 50035, "message": "x"}, Outcome.MESSAGE_REJECTED, None),
        ("discord", 400, {"code": 10015, "message": "x"}, Outcome.CHANNEL_REJECTED, None),
        (
            "matrix",
            429,
            {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500},
            Outcome.NOT_SENT,
            2.5,
        ),
        ("matrix", 413, {"errcode": "M_TOO_LARGE"}, Outcome.MESSAGE_REJECTED, None),
        ("matrix", 400, {"errcode": "M_GUEST_ACCESS_FORBIDDEN"}, Outcome.CHANNEL_REJECTED, None),
        ("ntfy", 400, {"code": 40040, "error": "too large"}, Outcome.MESSAGE_REJECTED, None),
        ("ntfy", 507, {"code": 50701, "error": "cluster full"}, Outcome.UNKNOWN, None),
        ("rocketchat", 400, {"success": False, "error": "x"}, Outcome.MESSAGE_REJECTED, None),
        ("teams", 401, {"error": {"code": "x", "message": "y"}}, Outcome.CHANNEL_REJECTED, None),
    ],
)
def test_what_each_service_says_of_its_own(
    kind: str, status: int, value: dict[str, Any], outcome: Outcome, seconds: float | None
) -> None:
    error = _said(kind, as_json(status, value))

    assert error.outcome is outcome
    assert error.retry_after == (timedelta(seconds=seconds) if seconds else None)


def test_a_refusal_shows_no_secret(kind: str) -> None:
    secret = {"telegram": TOKEN, "ntfy": "geheim-onderwerp"}.get(kind, "geheim")
    error = _said(kind, as_json(400, {"error": secret, "message": secret, "description": secret}))

    assert "geheim" not in str(error)


def test_no_text_about_a_channel_holds_its_secret(kind: str) -> None:
    assert "geheim" not in repr(channel_of(ADAPTER.validate_python(table(kind))))


def test_a_service_without_tls_has_to_be_opened(kind: str) -> None:
    with pytest.raises(ConfigError, match="in the clear"):
        channel_of(ADAPTER.validate_python(table(kind, "http://dienst.example")))


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("telegram", {"token": "geheim"}, "not the token of a bot"),
        ("telegram", {"chat": "nieuws"}, "not a chat"),
        ("telegram", {"topic": 0}, "greater than or equal to 1"),
        ("discord", {"webhook_url": "https://discord.com/geheim"}, "not a webhook of Discord"),
        ("matrix", {"room": "#zaal:voorbeeld.example"}, "not the id of a room"),
        ("ntfy", {"topic": "geheim onderwerp"}, "not a topic"),
        ("ntfy", {"topic": "geheim" * 20}, "not a topic"),
        ("teams", {"webhook_url": "geheim"}, "not a web address"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_showing_secrets(
    kind: str, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(table(kind) | change)

    faults = str(caught.value.errors(include_input=False, include_url=False))
    assert words in faults
    assert "geheim" not in faults
