"""`kind = "mattermost"` and `kind = "rocketchat"` as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening


class MattermostConfig(CommonConfig):
    """`kind = "mattermost"` or `"rocketchat"`: an incoming webhook that takes Markdown."""

    capacity: ClassVar[int] = 12  # of 400 characters each, within MOST_TEXT

    kind: Literal["mattermost", "rocketchat"]
    webhook_url: SecretAddress
    rate: Rate = 1.0

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.mattermost.mattermost_channel import Mattermost
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.webhook_url.get_secret_value(), opening.gate)
        return Mattermost(opening.plan, opening.style, self, HttpSender(opening.gate))
