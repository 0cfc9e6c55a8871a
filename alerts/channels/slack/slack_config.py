"""`kind = "slack"` as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import SecretStr, model_validator

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls
from alerts.faults import SettingFault
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening


class SlackConfig(CommonConfig):
    """`kind = "slack"`: an incoming webhook, or a bot's token and channel, which can thread."""

    capacity: ClassVar[int] = 15  # of 600 characters each, within MOST_WHOLE

    kind: Literal["slack"]
    webhook_url: SecretAddress | None = None
    token: SecretStr | None = None
    channel: str | None = None
    api_url: SecretAddress = SecretStr("https://slack.com/api/chat.postMessage")
    rate: Rate = 1.0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.webhook_url is None) == (self.token is None):
            raise fault(SettingFault.TWO_WAYS())
        if (self.token is None) != (self.channel is None):
            raise fault(SettingFault.HALF_SLACK())
        return self

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.slack.slack_channel import Slack
        from alerts.transport.http import HttpSender

        address = self.webhook_url or self.api_url
        require_tls(self.id, address.get_secret_value(), opening.gate)
        return Slack(opening.plan, opening.style, self, HttpSender(opening.gate))
