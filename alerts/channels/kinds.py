"""All kinds of channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TextIO
from zoneinfo import ZoneInfo

from pydantic import Field

from alerts.channels.apprise.apprise_config import AppriseConfig
from alerts.channels.console.console_config import ConsoleConfig
from alerts.channels.discord.discord_config import DiscordConfig
from alerts.channels.email.email_config import EmailConfig
from alerts.channels.matrix.matrix_config import MatrixConfig
from alerts.channels.mattermost.mattermost_config import MattermostConfig
from alerts.channels.ntfy.ntfy_config import NtfyConfig
from alerts.channels.slack.slack_config import SlackConfig
from alerts.channels.teams.teams_config import TeamsConfig
from alerts.channels.telegram.telegram_config import TelegramConfig
from alerts.channels.webhook.webhook_config import WebhookConfig
from crawler.addresses import proxy_of
from crawler.config import Table

if TYPE_CHECKING:
    from alerts.channel import Channel
    from crawler.config import Network

ChannelConfig = Annotated[
    ConsoleConfig
    | SlackConfig
    | EmailConfig
    | WebhookConfig
    | NtfyConfig
    | MatrixConfig
    | MattermostConfig
    | TeamsConfig
    | DiscordConfig
    | TelegramConfig
    | AppriseConfig,
    Field(discriminator="kind"),
]


class ChannelsFile(Table):
    """`channels.toml`."""

    channel: tuple[ChannelConfig, ...] = ()


def channel_of(
    config: ChannelConfig,
    network_allow: Sequence[Network] = (),
    *,
    proxy: str = "",
    timezone: str = "Europe/Amsterdam",
    stream: TextIO | None = None,
) -> Channel:
    """The channel that this configuration describes; `stream` is where a console writes.

    `proxy` is the address of the proxy that leads to everything outside of `network_allow`.

    Raises:
        ConfigError: the channel could never deliver with this configuration.
    """
    from alerts.channel_config import Opening
    from alerts.rendering.tale import Style
    from alerts.transport.connection import Gate

    zone = ZoneInfo(timezone)
    return config.opened(
        Opening(
            plan=config.plan(zone),
            style=Style(config.language, zone),
            gate=Gate(tuple(network_allow), proxy=proxy_of(proxy) if proxy else None),
            stream=stream,
        )
    )
