"""`kind = "webhook"` as a type."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from alerts.channel_config import CommonConfig, SecretAddress, listed, require_tls
from alerts.faults import SettingFault
from alerts.policy.retry import Schedule
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening

# The old secret and the new one, while one replaces the other.
_MOST_SECRETS = 2
# Standard Webhooks 1.0.0: a symmetric secret has between 24 and 64 bytes.
_SECRET_BYTES = range(24, 65)


def _webhook_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise fault(SettingFault.NO_WEBHOOK_KEY()) from None
    if not text.startswith("whsec_") or len(key) not in _SECRET_BYTES:
        raise fault(SettingFault.NO_WEBHOOK_KEY())
    return value


WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]


class WebhookConfig(CommonConfig):
    """`kind = "webhook"`: signed JSON; while one secret replaces another, both sign."""

    capacity: ClassVar[int] = 100  # chosen: a body of some 150 kB
    schedule: ClassVar[Schedule] = Schedule.WEBHOOK
    people: ClassVar[bool] = False

    kind: Literal["webhook"]
    url: SecretAddress
    secret: Annotated[
        tuple[WebhookSecret, ...],
        BeforeValidator(listed),
        Field(min_length=1, max_length=_MOST_SECRETS),
    ]

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.webhook.webhook_channel import Webhook
        from alerts.transport.http import HttpSender

        require_tls(self.id, self.url.get_secret_value(), opening.gate)
        return Webhook(opening.plan, self, HttpSender(opening.gate))
