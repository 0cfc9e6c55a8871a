"""`kind = "telegram"` as a type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from alerts.channel_config import CommonConfig, Rate, SecretAddress, require_tls
from alerts.faults import SettingFault
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening

_TOKEN = re.compile(r"\d+:[\w-]{20,}")
_CHAT = re.compile(r"-?\d+|@\w+")


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise fault(SettingFault.NO_BOT())
    return value


def _chat(value: object) -> object:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and not _CHAT.fullmatch(text):
        raise fault(SettingFault.NO_CHAT(value=repr(value)))
    return text


class TelegramConfig(CommonConfig):
    """`kind = "telegram"`: a bot that writes into a chat, a group or a channel.

    `topic` is the number of a topic in a group that has topics.
    """

    capacity: ClassVar[int] = 10  # of 370 characters each, within MOST_TEXT

    kind: Literal["telegram"]
    token: Annotated[SecretStr, AfterValidator(_token)]
    chat: Annotated[str, BeforeValidator(_chat)]
    topic: Annotated[int, Field(ge=1)] | None = None
    api_url: SecretAddress = SecretStr("https://api.telegram.org")
    rate: Rate = 1 / 3  # Telegram takes twenty a minute in a group

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.telegram.telegram_channel import Telegram
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.api_url.get_secret_value(), opening.gate)
        return Telegram(opening.plan, opening.style, self, HttpSender(opening.gate))
