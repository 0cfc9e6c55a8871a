"""`kind = "console"` as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from alerts.channel_config import CommonConfig

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening


class ConsoleConfig(CommonConfig):
    """`kind = "console"`: alerts as text on standard output."""

    capacity: ClassVar[int] = 200  # chosen: a terminal has no limit

    kind: Literal["console"]

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.console.console_channel import Console

        return Console(opening.plan, opening.style, opening.stream)
