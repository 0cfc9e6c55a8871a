"""`kind = "apprise"` as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import SecretStr

from alerts.channel_config import CommonConfig, Rate

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening


class AppriseConfig(CommonConfig):
    """`kind = "apprise"`: any service that the library Apprise knows, best effort."""

    capacity: ClassVar[int] = 8  # of 225 characters each, within MOST_BODY

    kind: Literal["apprise"]
    url: SecretStr
    rate: Rate = 1.0

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.apprise.apprise_channel import Apprise, require_apprise

        require_apprise(self)
        return Apprise(opening.plan, opening.style, self)
