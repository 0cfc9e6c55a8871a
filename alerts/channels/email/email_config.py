"""`kind = "email"` as a type."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from alerts.channel_config import CommonConfig, listed
from alerts.faults import SettingFault
from alerts.policy.retry import Schedule
from crawler.config import fault

if TYPE_CHECKING:
    from alerts.channel import Channel
    from alerts.channel_config import Opening

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


def _mail_address(value: str) -> str:
    _, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    plain = address.isascii() and address.isprintable() and " " not in address
    if not local or not domain or not plain or not value.isprintable():
        raise fault(SettingFault.NO_MAIL_ADDRESS(value=repr(value)))
    return value


MailAddress = Annotated[str, AfterValidator(_mail_address)]


class EmailConfig(CommonConfig):
    """`kind = "email"`: one message to each recipient over SMTP.

    With `subject = "story"` all mails about a story have one subject, so that Gmail keeps them
    together. With "news" the subject of each mail says what is new.
    """

    capacity: ClassVar[int] = 200  # chosen: what is more than MOST_HTML comes in the next mail
    schedule: ClassVar[Schedule] = Schedule.MAIL

    kind: Literal["email"]
    host: Annotated[str, Field(pattern=r"^[^\s/@:]{1,253}$|^[0-9a-fA-F:.]{2,45}$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str | None = None
    password: SecretStr | None = None
    sender: MailAddress
    subject: Literal["story", "news"] = "story"
    to: Annotated[tuple[MailAddress, ...], BeforeValidator(listed), Field(min_length=1)]

    @model_validator(mode="after")
    def _never_clear_text(self) -> Self:
        if self.security == "none" and not _LOOPBACK.fullmatch(self.host):
            raise fault(SettingFault.CLEAR_MAIL(host=self.host))
        if (self.username is None) != (self.password is None):
            raise fault(SettingFault.HALF_LOGIN())
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """The recipients; each one is a target of its own."""
        return self.to

    def opened(self, opening: Opening) -> Channel:
        """The channel, ready to send."""
        from alerts.channels.email.email_channel import Email
        from alerts.transport.smtp import Login, SmtpServer

        login = None
        if self.username is not None and self.password is not None:
            login = Login(self.username, self.password.get_secret_value())
        server = SmtpServer(
            host=self.host,
            port=self.port,
            security=self.security,
            login=login,
            gate=opening.gate,
        )
        return Email(opening.plan, opening.style, self, server)
