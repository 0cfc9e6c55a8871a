"""`kind = "matrix"` as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, SecretStr

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls
from alerts.faults import SettingFault
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening


def _room(value: str) -> str:
    if not value.startswith("!") or not value[1:].strip():
        raise fault(SettingFault.NO_ROOM(value=repr(value)))
    return value


class MatrixConfig(CommonConfig):
    """`kind = "matrix"`: a room, by the server on which the account lives."""

    capacity: ClassVar[int] = 15  # within MOST_BYTES, and what people read of a digest

    kind: Literal["matrix"]
    server: SecretAddress
    room: Annotated[str, AfterValidator(_room)]
    token: SecretStr
    rate: Rate = 0.5

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.matrix.matrix_channel import Matrix
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.server.get_secret_value(), opening.gate)
        return Matrix(opening.plan, opening.style, self, HttpSender(opening.gate))
