"""`kind = "ntfy"` as a type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, SecretStr

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls
from alerts.faults import SettingFault
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening

_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


def _topic(value: SecretStr) -> SecretStr:
    if not _TOPIC.fullmatch(value.get_secret_value()):
        raise fault(SettingFault.NO_TOPIC())
    return value


class NtfyConfig(CommonConfig):
    """`kind = "ntfy"`: a topic of ntfy.sh or of a server of your own.

    Whoever knows the name of a topic of ntfy.sh may read it, so it is a secret.
    """

    capacity: ClassVar[int] = 15  # of 250 bytes each, within MOST_BYTES

    kind: Literal["ntfy"]
    server: SecretAddress = SecretStr("https://ntfy.sh")
    topic: Annotated[SecretStr, AfterValidator(_topic)]
    token: SecretStr | None = None
    rate: Rate = 1.0

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.ntfy.ntfy_channel import Ntfy
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.server.get_secret_value(), opening.gate)
        return Ntfy(opening.plan, opening.style, self, HttpSender(opening.gate))
