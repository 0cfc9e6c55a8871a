"""`kind = "teams"` as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening


class TeamsConfig(CommonConfig):
    """`kind = "teams"`: a workflow that posts what its webhook gets into a channel or chat."""

    capacity: ClassVar[int] = 15  # of 1,600 bytes each, within MOST_BYTES

    kind: Literal["teams"]
    webhook_url: SecretAddress
    rate: Rate = 1.0

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.teams.teams_channel import Teams
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.webhook_url.get_secret_value(), opening.gate)
        return Teams(opening.plan, opening.style, self, HttpSender(opening.gate))
