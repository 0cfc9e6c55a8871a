"""A desk that hands its mail to a real server, and the mails as two parsers read them."""

from __future__ import annotations

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from ipaddress import ip_network

from deliverydesk import Desk
from fast_mail_parser import parse_email
from mailserver import Mailbox, mailing

from alerts.channels import channel_of
from alerts.channels.email.email_config import EmailConfig


@dataclass(frozen=True)
class ReadMail:
    """One mail: what both parsers agree on, and its text and its HTML."""

    subject: str
    name: str
    refers_to: str | None
    text: str
    html: str

    @property
    def first_line(self) -> str:
        return self.text.splitlines()[0]


@contextmanager
def mailing_desk(desk: Desk, **settings: object) -> Iterator[Mailbox]:
    """The desk with a channel "post" to a server on loopback, and what that server takes in."""
    mailbox = Mailbox()
    with mailing(mailbox) as port:
        table = {
            "id": "post",
            "kind": "email",
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender": "Nieuwswacht <wacht@example.org>",
            "to": ["an@example.org"],
            "group_wait": "0s",
        }
        config = EmailConfig.model_validate(table | settings)
        desk.channels.append(channel_of(config, [ip_network("127.0.0.0/8")]))  # type: ignore[arg-type]  # a real channel
        yield mailbox


def read_mails(mailbox: Mailbox) -> list[ReadMail]:
    """The mails in order of arrival."""
    return [_read(raw) for _, _, raw in mailbox.mails]


def _read(raw: bytes) -> ReadMail:
    mail = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]  # both are there
    other = parse_email(raw)
    headers = {name.lower(): value for name, (value, *_) in other.headers.items()}
    assert (other.subject, headers["message-id"]) == (mail["Subject"], mail["Message-ID"])
    assert other.text_plain[0].split() == text.split()
    assert other.text_html[0].split() == html.split()
    assert headers.get("in-reply-to") == mail["In-Reply-To"]
    assert mail["In-Reply-To"] == mail["References"]
    return ReadMail(mail["Subject"], mail["Message-ID"], mail["References"], text, html)
