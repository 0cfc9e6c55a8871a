"""One mail over SMTP (RFC 5321), and what each reply of the server means for its delivery."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import field
from typing import Any

from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.transport.connection import Deadline, Gate, connected
from crawler.faults import Fault
from crawler.frozen import dataclass
from crawler.text import Scrubber, secrets_of_login

TOTAL_SECONDS = 30.0  # chosen, and promised in docs/delivery.md

_SERVICE_CLOSING = 421
_START_INPUT = 354
# Refusals of this mailbox, not of the message (RFC 5321, 4.2.2).
_NO_SUCH_RECIPIENT = frozenset({550, 551, 553})
# Replies to a sender that is not authenticated (RFC 4954, 6).
_NO_AUTHENTICATION = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail with one recipient."""

    sender: str
    recipient: str
    mail: bytes


@dataclass(frozen=True, slots=True)
class Login:
    """Who hands in mail; the password is in no text about it."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in; `context` verifies its certificate."""

    host: str
    port: int
    security: str
    login: Login | None = None
    gate: Gate = field(default_factory=Gate)
    context: ssl.SSLContext | None = None
    seconds: float = TOTAL_SECONDS

    @property
    def secrets(self) -> Iterator[str]:
        """What a reply must not repeat."""
        login = self.login
        return secrets_of_login(login.username, login.password) if login else iter(())

    def send(self, envelope: Envelope) -> Receipt:
        """The receipt of a server that has accepted the mail.

        Raises:
            DeliveryError: it has not accepted it, or nobody knows.
        """
        call = _Call(self, Deadline(self.seconds))
        with call.deadline.running():
            try:
                return call.made(envelope)
            except DeliveryError as error:
                # A line that the deadline cut off is no reply.
                raise (call.failure(error) if call.deadline.over else error) from None
            except (smtplib.SMTPException, OSError, ValueError) as error:
                raise call.failure(error) from None


@dataclass(slots=True)
class _Call:
    """One conversation, and how far it came."""

    server: SmtpServer
    deadline: Deadline
    body_begun: bool = False

    def made(self, envelope: Envelope) -> Receipt:
        smtp = self._opened()
        try:
            self._introduce(smtp)
            return self._handed_over(smtp, envelope)
        finally:
            # No QUIT: after the final reply there is nothing to wait for.
            _leave(smtp)

    def failure(self, error: Exception) -> DeliveryError:
        """The error after the conversation broke off."""
        outcome = Outcome.UNKNOWN if self.body_begun else Outcome.NOT_SENT
        return DeliveryError(outcome, self._fault(error))

    def _fault(self, error: Exception) -> Fault:
        host, kind = self.server.host, type(error).__name__
        if isinstance(error, ssl.SSLError):
            return DeliveryFault.TLS(host=host, reason=error.reason or kind)
        if self.deadline.over:
            return DeliveryFault.NO_REPLY(host=host)
        return DeliveryFault.BROKE(host=host, error=kind)

    def _opened(self) -> smtplib.SMTP:
        server = self.server
        secure = server.security == "tls"
        context = server.context or ssl.create_default_context()
        raw = connected(
            server.host, server.port, server.gate, self.deadline, secure=server.security != "none"
        )
        raw.settimeout(self.deadline.left())
        connection = _wrapped(raw, context, server.host) if secure else raw
        smtp = _Smtp(connection, server.host, Scrubber(server.secrets))
        try:
            self._greeted(smtp, context)
        except BaseException:
            _leave(smtp)
            raise
        return smtp

    def _greeted(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        code, text = smtp.getreply()
        _expect(code, text, 220, permanent=Outcome.CHANNEL_REJECTED)
        smtp.ehlo_or_helo_if_needed()
        if self.server.security != "starttls":
            return
        if not smtp.has_extn("starttls"):
            unsafe = DeliveryFault.NO_STARTTLS(host=self.server.host)
            raise DeliveryError(Outcome.CHANNEL_REJECTED, unsafe)
        code, text = smtp.starttls(context=context)
        _expect(code, text, 220, permanent=Outcome.CHANNEL_REJECTED)
        smtp.ehlo_or_helo_if_needed()

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        login = self.server.login
        if login is None:
            return
        try:
            smtp.login(login.username, login.password)
        except smtplib.SMTPAuthenticationError as error:
            _expect(error.smtp_code, error.smtp_error, 235, permanent=Outcome.CHANNEL_REJECTED)
        except smtplib.SMTPNotSupportedError:
            detail = DeliveryFault.NO_AUTH(host=self.server.host)
            raise DeliveryError(Outcome.CHANNEL_REJECTED, detail) from None

    def _handed_over(self, smtp: smtplib.SMTP, envelope: Envelope) -> Receipt:
        code, text = smtp.mail(envelope.sender)
        _expect(code, text, 250, permanent=Outcome.CHANNEL_REJECTED)
        code, text = smtp.rcpt(envelope.recipient)
        permanent = Outcome.MESSAGE_REJECTED
        if code in _NO_SUCH_RECIPIENT:
            permanent = Outcome.RECIPIENT_REJECTED
        _expect(code, text, 250, 251, permanent=permanent)
        code, text = smtp.docmd("DATA")
        _expect(code, text, _START_INPUT, permanent=Outcome.MESSAGE_REJECTED)
        self.body_begun = True
        smtp.send(_dotted(envelope.mail))
        code, text = smtp.getreply()
        _expect(code, text, 250, permanent=Outcome.MESSAGE_REJECTED)
        return Receipt(f"250 {_words(text)}")


class _Smtp(smtplib.SMTP):
    """An SMTP conversation over a connection that is already open; replies repeat no secret."""

    def __init__(self, connection: socket.socket, host: str, scrubber: Scrubber) -> None:
        # The name of this machine stays private: an address literal is a valid greeting (RFC 5321,
        # 4.1.3).
        super().__init__(local_hostname="[127.0.0.1]")
        self.sock = connection
        self.file = None
        self._host = host  # the name that STARTTLS verifies
        self._scrubber = scrubber

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        return code, self._scrubber.of_bytes(text)


def _wrapped(raw: socket.socket, context: ssl.SSLContext, host: str) -> socket.socket:
    try:
        return context.wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise


def _leave(smtp: smtplib.SMTP) -> None:
    try:
        smtp.send(b"QUIT\r\n")
    except (smtplib.SMTPException, OSError):
        pass
    finally:
        smtp.close()


def _expect(code: int, text: Any, *good: int, permanent: Outcome) -> None:
    """Raise the error that this reply means, unless its code is one of the good ones."""
    if code in good:
        return
    detail = DeliveryFault.STATUS_SAID(status=code, said=_words(text))
    if code == _SERVICE_CLOSING or 400 <= code < 500:  # noqa: PLR2004 - 4yz: transient (RFC 5321, 4.2.1)
        raise DeliveryError(Outcome.NOT_SENT, detail)
    if code in _NO_AUTHENTICATION:
        raise DeliveryError(Outcome.CHANNEL_REJECTED, detail)
    if code < 0:
        raise smtplib.SMTPServerDisconnected("no reply")
    raise DeliveryError(permanent, detail)


def _words(text: Any) -> str:
    said = text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)
    return "".join(letter for letter in said if letter.isprintable())[:120]


def _dotted(mail: bytes) -> bytes:
    """The mail as DATA wants it: CRLF line ends, dots at line starts doubled, a final dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mail)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
