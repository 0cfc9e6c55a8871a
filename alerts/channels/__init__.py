"""Ways to people: each kind has transport and form together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO, assert_never
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alerts.channels.config import (
    AppriseConfig,
    ChannelConfig,
    ConsoleConfig,
    EmailConfig,
    SlackConfig,
    WebhookConfig,
)
from alerts.policy.placement import ChannelPlan
from alerts.policy.retry import Schedule
from crawler.errors import ConfigError

if TYPE_CHECKING:
    from alerts.channels.base import Channel
    from alerts.rendering.view import Style
    from alerts.transport.connection import Gate
    from crawler.config.files import Network

__all__ = ["ChannelConfig", "channel_of", "plan_of"]

# Stories that one digest can hold in the form of each kind.
_CAPACITY = {"console": 200, "slack": 15, "email": 200, "webhook": 100, "apprise": 8}
_SCHEDULES = {"email": Schedule.MAIL, "webhook": Schedule.WEBHOOK}


def plan_of(config: ChannelConfig, zone: ZoneInfo) -> ChannelPlan:
    """What the deciders know of a channel."""
    return ChannelPlan(
        id=config.id,
        zone=zone,
        targets=config.to if isinstance(config, EmailConfig) else ("",),
        schedule=_SCHEDULES.get(config.kind, Schedule.CHAT),
        digest=config.digest,
        quiet=config.quiet,
        group_wait=config.group_wait,
        group_interval=config.group_interval,
        rate=config.rate,
        capacity=_CAPACITY[config.kind],
        people=config.kind != "webhook",
        heartbeat=config.heartbeat,
        language=config.language,
    )


def channel_of(
    config: ChannelConfig,
    network_allow: Sequence[Network] = (),
    *,
    timezone: str = "Europe/Amsterdam",
    stream: TextIO | None = None,
) -> Channel:
    """The channel that this configuration describes; `stream` is where a console writes.

    Raises:
        ConfigError: it could never deliver as configured.
    """
    from alerts.rendering.view import Style
    from alerts.transport.connection import Gate

    zone = ZoneInfo(timezone)
    plan, style = plan_of(config, zone), Style(config.language, zone)
    gate = Gate(tuple(network_allow))
    match config:
        case ConsoleConfig():
            from alerts.channels.console.console_channel import Console

            return Console(plan, style, stream)
        case SlackConfig():
            return _slack(config, plan, style, gate)
        case EmailConfig():
            return _email(config, plan, style, gate)
        case WebhookConfig():
            return _webhook(config, plan, gate)
        case AppriseConfig():
            from alerts.channels.apprise.apprise_channel import Apprise, require_apprise

            require_apprise(config)
            return Apprise(plan, style, config)
        case _:
            assert_never(config)


def _slack(config: SlackConfig, plan: ChannelPlan, style: Style, gate: Gate) -> Channel:
    from alerts.channels.slack.slack_channel import Slack
    from alerts.transport.http import HttpSender

    address = config.webhook_url or config.api_url
    _require_tls(config.id, address.get_secret_value(), gate)
    return Slack(plan, style, config, HttpSender(gate))


def _webhook(config: WebhookConfig, plan: ChannelPlan, gate: Gate) -> Channel:
    from alerts.channels.webhook.webhook_channel import Webhook
    from alerts.transport.http import HttpSender

    _require_tls(config.id, config.url.get_secret_value(), gate)
    return Webhook(plan, config, HttpSender(gate))


def _email(config: EmailConfig, plan: ChannelPlan, style: Style, gate: Gate) -> Channel:
    from alerts.channels.email.email_channel import Email
    from alerts.transport.smtp import SmtpServer

    server = SmtpServer(
        host=config.host,
        port=config.port,
        security=config.security,
        username=config.username,
        password=config.password.get_secret_value() if config.password else None,
        gate=gate,
    )
    return Email(plan, style, config, server)


def _require_tls(channel: str, url: str, gate: Gate) -> None:
    if urlsplit(url).scheme == "http" and not gate.allow:
        raise ConfigError(
            f'channel "{channel}": http:// would send in the clear',
            remedy="use https://, or open a range of your own with [network] allow",
        )
