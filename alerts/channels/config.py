"""`[[channel]]` tables as types: one model a kind, secrets kept out of every text."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import time, timedelta
from email.utils import parseaddr
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from alerts.policy.quiet_hours import QuietHours
from crawler.config.files import Duration, Identifier
from crawler.config.toml import Table, fault

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*([smh])")
_RATE_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# Standard Webhooks 1.0.0: a symmetric secret has between 24 and 64 bytes.
_SECRET_BYTES = range(24, 65)
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")
_MOST_SECRETS = 2


def _clock(value: object) -> object:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise fault(f"{value!r} is not a time of day", 'write for example "07:30"')
    return time(int(found[1]), int(found[2]))


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _rate(value: object) -> object:
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not float(found[1]):
        raise fault(f"{value!r} is not a rate", 'write for example "1/s" or "30/m"')
    return float(found[1]) / _RATE_UNITS[found[2]]


def _web_address(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise fault("this is not a web address", "begin it with https://")
    if parts.username is not None:
        raise fault("this address carries a password", "use the secret part of the path instead")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    remedy = 'write "whsec_" and the base64 of 24 to 64 random bytes'
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise fault("this is not a webhook secret", remedy) from None
    if not text.startswith("whsec_") or len(key) not in _SECRET_BYTES:
        raise fault("this is not a webhook secret", remedy)
    return value


def _mail_address(value: str) -> str:
    _, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    plain = address.isascii() and address.isprintable() and " " not in address
    if not local or not domain or not plain or not value.isprintable():
        raise fault(f"{value!r} is not a mail address", 'write for example "desk@example.org"')
    return value


Clock = Annotated[time, BeforeValidator(_clock)]
Clocks = Annotated[tuple[Clock, ...], BeforeValidator(_listed)]
Rate = Annotated[float, BeforeValidator(_rate)]
SecretAddress = Annotated[SecretStr, AfterValidator(_web_address)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]


class QuietTable(Table):
    """`quiet_hours`: `"22:00-07:00"`, or a table that says what urgent alerts do."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    high: Literal["send", "hold"] = "send"


def _quiet(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _SPAN.fullmatch(value)
    if found is None:
        raise fault(f"{value!r} is not a span of time", 'write for example "22:00-07:00"')
    return {"from": found[1], "to": found[2]}


class CommonConfig(Table):
    """What every channel takes."""

    id: Identifier
    language: Literal["nl", "en"] = "nl"
    digest: Clocks = ()
    quiet_hours: Annotated[QuietTable | None, BeforeValidator(_quiet)] = None
    group_wait: Duration = timedelta(seconds=20)
    group_interval: Duration = timedelta(minutes=15)
    rate: Rate = 0.0
    heartbeat: Clock | None = None

    @property
    def quiet(self) -> QuietHours | None:
        """The quiet hours as the deciders know them."""
        table = self.quiet_hours
        if table is None:
            return None
        return QuietHours(table.start, table.end, hold_high=table.high == "hold")


class ConsoleConfig(CommonConfig):
    """`kind = "console"`: alerts as text on standard output."""

    kind: Literal["console"]


class SlackConfig(CommonConfig):
    """`kind = "slack"`: an incoming webhook, or a bot's token and channel (that one threads)."""

    kind: Literal["slack"]
    webhook_url: SecretAddress | None = None
    token: SecretStr | None = None
    channel: str | None = None
    api_url: SecretAddress = SecretStr("https://slack.com/api/chat.postMessage")
    rate: Rate = 1.0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.webhook_url is None) == (self.token is None):
            raise fault("one of webhook_url and token is needed", "keep one of the two")
        if (self.token is None) != (self.channel is None):
            raise fault("token and channel belong together", 'add channel = "C…" or drop it')
        return self


class EmailConfig(CommonConfig):
    """`kind = "email"`: one message to each recipient over SMTP."""

    kind: Literal["email"]
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str | None = None
    password: SecretStr | None = None
    sender: MailAddress
    to: Annotated[tuple[MailAddress, ...], BeforeValidator(_listed), Field(min_length=1)]

    @model_validator(mode="after")
    def _never_clear_text(self) -> Self:
        if self.security == "none" and not _LOOPBACK.fullmatch(self.host):
            remedy = 'use "tls" or "starttls"; "none" is for a server on this machine'
            raise fault(f"security none to {self.host} would send everything in the clear", remedy)
        if (self.username is None) != (self.password is None):
            raise fault("username and password belong together", "add the other one")
        return self


class WebhookConfig(CommonConfig):
    """`kind = "webhook"`: signed JSON; two secrets sign both while one replaces the other."""

    kind: Literal["webhook"]
    url: SecretAddress
    secret: Annotated[
        tuple[WebhookSecret, ...],
        BeforeValidator(_listed),
        Field(min_length=1, max_length=_MOST_SECRETS),
    ]


class AppriseConfig(CommonConfig):
    """`kind = "apprise"`: any service that the library Apprise knows, best effort."""

    kind: Literal["apprise"]
    url: SecretStr
    rate: Rate = 1.0


ChannelConfig = Annotated[
    ConsoleConfig | SlackConfig | EmailConfig | WebhookConfig | AppriseConfig,
    Field(discriminator="kind"),
]


class ChannelsFile(Table):
    """`channels.toml`."""

    channel: tuple[ChannelConfig, ...] = ()
