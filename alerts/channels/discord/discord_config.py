"""`kind = "discord"` as a type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls
from alerts.faults import SettingFault
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening

_WEBHOOK = re.compile(r"/api(?:/v\d+)?/webhooks/\d+/[\w-]+")


def _webhook(value: SecretStr) -> SecretStr:
    if not _WEBHOOK.fullmatch(urlsplit(value.get_secret_value()).path):
        raise fault(SettingFault.NO_DISCORD())
    return value


class DiscordConfig(CommonConfig):
    """`kind = "discord"`: a webhook of a channel."""

    capacity: ClassVar[int] = 10  # of 400 characters each, within MOST_DESCRIPTION

    kind: Literal["discord"]
    webhook_url: Annotated[SecretAddress, AfterValidator(_webhook)]
    rate: Rate = 0.5  # Discord takes thirty a minute

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.discord.discord_channel import Discord
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.webhook_url.get_secret_value(), opening.gate)
        return Discord(opening.plan, opening.style, self, HttpSender(opening.gate))
