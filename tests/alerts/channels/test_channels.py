"""`[[channel]]` tables: what they mean, what is refused, and that secrets stay secret."""

from __future__ import annotations

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from datetime import time, timedelta
from ipaddress import ip_network
from typing import Any

import messages
import pytest
from deliverydesk import AMSTERDAM
from pydantic import TypeAdapter, ValidationError

from alerts.channels.kinds import ChannelConfig, channel_of
from alerts.outcome import DeliveryError, Outcome
from alerts.policy.quiet_hours import QuietHours
from alerts.policy.retry import Schedule
from crawler.errors import ConfigError

# Apprise imports a module that Python 3.13 has dropped; it brings its own where it is gone.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
LOOPBACK = [ip_network("127.0.0.0/8")]
ADAPTER: TypeAdapter[ChannelConfig] = TypeAdapter(ChannelConfig)

CONSOLE = {"id": "scherm", "kind": "console"}
SLACK = {"id": "slack", "kind": "slack", "webhook_url": "https://hooks.slack.com/services/geheim"}
BOT = {"id": "bot", "kind": "slack", "token": "xoxb-geheim", "channel": "C1"}
MAIL = {
    "id": "mail",
    "kind": "email",
    "host": "smtp.example.org",
    "username": "wie",
    "password": "geheim",
    "sender": "Nieuwswacht <wacht@example.org>",
    "to": ["an@example.org", "ben@example.org"],
}
WEBHOOK = {"id": "soc", "kind": "webhook", "url": "https://soc.example/geheim", "secret": SECRET}
APPRISE = {"id": "ntfy", "kind": "apprise", "url": "json://127.0.0.1:9/geheim"}
ALL = [CONSOLE, SLACK, BOT, MAIL, WEBHOOK, APPRISE]


def config(table: dict[str, Any], **more: Any) -> Any:
    return ADAPTER.validate_python(table | more)


def plan(table: dict[str, Any], **more: Any) -> Any:
    return config(table, **more).plan(AMSTERDAM)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table["id"])
def test_every_kind_becomes_a_channel_whose_text_holds_no_secret(table: dict[str, Any]) -> None:
    channel = channel_of(config(table), LOOPBACK)

    assert channel.plan.id == table["id"]
    assert "geheim" not in repr(channel)
    assert SECRET not in repr(channel)


def test_the_plan_of_each_kind_follows_its_receivers() -> None:
    assert plan(SLACK).rate == 1.0
    assert plan(MAIL).targets == ("an@example.org", "ben@example.org")
    assert [plan(table).schedule for table in (SLACK, MAIL, WEBHOOK)] == [
        Schedule.CHAT,
        Schedule.MAIL,
        Schedule.WEBHOOK,
    ]
    assert not plan(WEBHOOK).people


def test_times_and_rates_are_read_as_people_write_them() -> None:
    made = plan(
        SLACK,
        digest=["07:30", "17:00"],
        quiet_hours="22:00-07:00",
        group_wait="0s",
        group_interval="1h",
        urgent_group_interval="30s",
        rate="30/m",
        heartbeat="08:00",
        language="en",
    )

    assert made.digest == (time(7, 30), time(17))
    assert made.quiet == QuietHours(time(22), time(7))
    assert (made.group_wait, made.group_interval) == (timedelta(), timedelta(hours=1))
    assert made.urgent_group_interval == timedelta(seconds=30)
    assert (made.related, plan(MAIL | {"related": "apart"}).related) == (True, False)
    assert (made.rate, made.heartbeat, made.language) == (0.5, time(8), "en")


def test_quiet_hours_may_hold_urgent_alerts_too() -> None:
    made = plan(SLACK, quiet_hours={"from": "22:00", "to": "07:00", "high": "hold"})

    assert made.quiet == QuietHours(time(22), time(7), hold_high=True)


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        (SLACK, {"colour": "red"}, "Extra inputs"),
        (SLACK, {"kind": "fax"}, "does not match any of the expected tags"),
        (SLACK, {"webhook_url": "hooks.slack.com/x"}, "not a web address"),
        (SLACK, {"webhook_url": "https://hooks.example:0/x"}, "not a web address"),
        (SLACK, {"webhook_url": "https://hooks.example:99999/x"}, "not a web address"),
        (SLACK, {"webhook_url": "https://[::1/x"}, "not a web address"),
        (SLACK, {"webhook_url": "https://hooks.example/x y"}, "not a web address"),
        (SLACK, {"webhook_url": "https://wie:wat@hooks.example"}, "carries a password"),
        (SLACK, {"token": "xoxb-1"}, "one of webhook_url and token"),
        (BOT, {"channel": None}, "token and channel belong together"),
        (SLACK, {"quiet_hours": "laat"}, "not a span of time"),
        (SLACK, {"digest": "half acht"}, "not a time of day"),
        (SLACK, {"digest": "25:00"}, "not a time of day"),
        (SLACK, {"rate": "0/s"}, "not a rate"),
        (SLACK, {"related": "never"}, "'together' or 'apart'"),
        (SLACK, {"urgent_group_interval": "soon"}, "not a"),
        (SLACK, {"language": "fr"}, "'nl' or 'en'"),
        (SLACK, {"group_wait": "kort"}, "not a duration"),
        (MAIL, {"security": "none"}, "in the clear"),
        (MAIL, {"to": []}, "at least 1"),
        (MAIL, {"to": ["geen adres"]}, "not a mail address"),
        (MAIL, {"to": ["a@b.nl\nBcc: c@d.nl"]}, "not a mail address"),
        (MAIL, {"sender": "x"}, "not a mail address"),
        (MAIL, {"subject": "thread"}, "'story' or 'news'"),
        (MAIL, {"password": None}, "belong together"),
        (MAIL, {"port": 0}, "greater than or equal to 1"),
        (WEBHOOK, {"secret": "whsec_kort"}, "not a webhook secret"),
        (WEBHOOK, {"secret": SECRET.removeprefix("whsec_")}, "not a webhook secret"),
        (WEBHOOK, {"secret": [SECRET] * 3}, "at most 2"),
    ],
)
def test_a_channel_that_cannot_work_is_refused_without_showing_secrets(
    table: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        config(table, **change)

    faults = caught.value.errors(include_input=False, include_url=False)
    assert words in str(faults)
    assert "geheim" not in str(faults)


@pytest.mark.parametrize(
    "table", [WEBHOOK | {"url": "http://soc/x"}, SLACK | {"webhook_url": "http://slack/x"}]
)
def test_http_needs_a_range_that_was_opened(table: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="in the clear"):
        channel_of(config(table))

    assert channel_of(config(table), LOOPBACK)


def test_a_local_mail_server_may_do_without_tls() -> None:
    assert config(MAIL, host="127.0.0.1", security="none").security == "none"


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it is posted."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append(json.loads(body))  # type: ignore[attr-defined]  # ours
        self.send_response(self.server.status)  # type: ignore[attr-defined]  # ours
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    server.posts, server.status = [], 200  # type: ignore[attr-defined]  # ours
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def apprise(receiver: Any) -> Any:
    return channel_of(config(APPRISE, url=f"json://127.0.0.1:{receiver.server_port}/geheim"))


def test_apprise_gets_short_text(receiver: Any) -> None:
    told = messages.message(messages.alert(article=messages.alerted(title="t" * 5000)))

    receipt = apprise(receiver).prepared(messages.parcel(told))()

    (post,) = receiver.posts
    assert receipt.detail == "apprise says yes"
    assert len(post["title"]) <= 200
    assert len(post["message"]) <= 1800


def test_a_no_of_apprise_may_mean_anything(receiver: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.status = 500

    with pytest.raises(DeliveryError) as caught:
        apprise(receiver).prepared(messages.parcel())()

    assert caught.value.outcome is Outcome.UNKNOWN
    assert "geheim" not in caplog.text


def test_a_service_that_apprise_does_not_know_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match="knows no such service"):
        channel_of(config(APPRISE, url="onbekend://geheim"))
