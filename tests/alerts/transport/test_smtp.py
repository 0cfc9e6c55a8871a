"""Mail handed to real and to hostile servers: TLS or nothing, each reply read to the letter."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hostile_receivers import SocketServer, certificate, reset, serving
from mailserver import Mailbox, mailing

from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.transport.connection import Gate
from alerts.transport.smtp import Envelope as Letter, Login, SmtpServer

LOOPBACK = Gate((ip_network("127.0.0.0/8"),))
LETTER = Letter("wacht@example.org", "an@example.org", b"Subject: kop\r\n\r\nregel\r\n.punt\r\n")
HURRIED = {"seconds": 0.5}


def server(port: int, **changes: Any) -> SmtpServer:
    options = {"host": "127.0.0.1", "security": "none", "gate": LOOPBACK}
    return SmtpServer(port=port, **(options | changes))


def failure(port: int, **changes: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        server(port, **changes).send(LETTER)
    return caught.value


def tls_options(security: str, context: ssl.SSLContext) -> dict[str, Any]:
    if security == "tls":
        return {"context": context}
    return {"tls_context": context, "require_starttls": True}


def trusting(authority: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority))


def test_one_envelope_arrives_as_it_was_written() -> None:
    mailbox = Mailbox()
    with mailing(mailbox) as port:
        receipt = server(port).send(LETTER)

    assert receipt == Receipt("250 OK")
    assert mailbox.mails == [(LETTER.sender, [LETTER.recipient], LETTER.mail)]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("550 onbekend", Outcome.RECIPIENT_REJECTED),
        ("551 verhuisd", Outcome.RECIPIENT_REJECTED),
        ("553 naam deugt niet", Outcome.RECIPIENT_REJECTED),
        ("552 te groot", Outcome.MESSAGE_REJECTED),
        ("554 nee", Outcome.MESSAGE_REJECTED),
        ("530 meld u aan", Outcome.CHANNEL_REJECTED),
        ("450 later", Outcome.NOT_SENT),
        ("451 storing", Outcome.NOT_SENT),
        ("452 vol", Outcome.NOT_SENT),
        ("421 tot ziens", Outcome.NOT_SENT),
    ],
)
def test_what_a_refusal_of_the_recipient_means(reply: str, outcome: Outcome) -> None:
    with mailing(Mailbox(rcpt=reply)) as port:
        error = failure(port)

    assert error.outcome is outcome
    assert str(error.detail) == reply


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("552 te groot", Outcome.MESSAGE_REJECTED),
        ("554 ongewenst", Outcome.MESSAGE_REJECTED),
        ("550 ongewenst", Outcome.MESSAGE_REJECTED),
        ("451 later", Outcome.NOT_SENT),
        ("452 vol", Outcome.NOT_SENT),
        ("421 tot ziens", Outcome.NOT_SENT),
    ],
)
def test_what_a_refusal_of_the_mail_means(reply: str, outcome: Outcome) -> None:
    with mailing(Mailbox(data=reply)) as port:
        assert failure(port).outcome is outcome


def test_a_refusal_of_the_sender_is_about_the_channel() -> None:
    with mailing(Mailbox(sender="553 niet van hier")) as port:
        assert failure(port).outcome is Outcome.CHANNEL_REJECTED


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_verified_tls(tmp_path: Path, security: str) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    mailbox = Mailbox()
    with mailing(mailbox, **tls_options(security, context)) as port:
        server(port, security=security, context=trusting(authority)).send(LETTER)

    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("name", "days", "trusted"),
    [("127.0.0.1", 1, False), ("ander.example", 1, True), ("127.0.0.1", -1, True)],
    ids=["self-signed", "wrong name", "expired"],
)
def test_a_bad_certificate_gets_neither_password_nor_mail(
    tmp_path: Path, security: str, name: str, days: int, *, trusted: bool
) -> None:
    context, authority = certificate(tmp_path, name, days=days)
    mailbox = Mailbox()
    chosen = trusting(authority) if trusted else None
    with mailing(mailbox, **tls_options(security, context)) as port:
        error = failure(port, security=security, context=chosen, login=Login("wie", "juist"))

    assert error.outcome is Outcome.NOT_SENT
    assert (mailbox.mails, mailbox.logins) == ([], [])


def test_a_stripped_starttls_never_becomes_clear_text() -> None:
    mailbox = Mailbox()
    options = {"authenticator": mailbox.authenticate, "auth_require_tls": False}
    with mailing(mailbox, **options) as port:
        error = failure(port, security="starttls", login=Login("wie", "juist"))

    assert error.outcome is Outcome.CHANNEL_REJECTED
    assert (mailbox.mails, mailbox.logins) == ([], [])


@pytest.mark.parametrize(("password", "accepted"), [("juist", True), ("fout", False)])
def test_a_wrong_password_is_about_the_channel(
    tmp_path: Path, password: str, *, accepted: bool
) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    mailbox = Mailbox()
    options = {"authenticator": mailbox.authenticate, "auth_require_tls": False}
    with mailing(mailbox, context, **options) as port:
        chosen = {"security": "tls", "context": trusting(authority)}
        if accepted:
            server(port, login=Login("wie", password), **chosen).send(LETTER)
        else:
            error = failure(port, login=Login("wie", password), **chosen)
            assert error.outcome is Outcome.CHANNEL_REJECTED
            assert "535" in str(error.detail)

    assert mailbox.logins[0] == password.encode()


def test_a_mail_server_that_repeats_the_password_is_kept_without_it() -> None:
    def parrot(connection: socket.socket) -> None:
        connection.sendall(b"220 hier\r\n")
        lines = connection.makefile("rb")
        lines.readline()
        connection.sendall(b"250-hier\r\n250 AUTH PLAIN\r\n")
        connection.sendall(b"535 wrong: " + lines.readline() + b"535 geheim123\r\n")
        lines.readline()

    with serving(parrot) as repeating:
        error = failure(repeating.port, login=Login("wie", "geheim123"))

    assert str(error.detail).startswith("535 wrong: AUTH PLAIN ***")
    assert "geheim" not in str(error.detail)


def test_the_password_is_in_no_text() -> None:
    assert "geheim" not in repr(server(25, login=Login("wie", "geheim")))


class Conversation:
    """A server that says its lines, and does something odd after one of the client's."""

    def __init__(self, odd: Callable[[socket.socket], None], *, after: bytes) -> None:
        self._odd, self._after = odd, after

    def __call__(self, connection: socket.socket) -> None:
        connection.sendall(b"220 hier\r\n")
        received = connection.makefile("rb")
        in_data = False
        for line in received:
            verb = b"." if in_data and line == b".\r\n" else b"" if in_data else line[:4].strip()
            if verb == self._after:
                self._odd(connection)
                return
            if verb == b"DATA":
                in_data = True
                connection.sendall(b"354 ga uw gang\r\n")
            elif verb == b".":
                in_data = False
                connection.sendall(b"250 genoteerd\r\n")
            elif verb:
                connection.sendall(b"250 best\r\n")


def drop(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("odd", [drop, reset])
@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (b"ehlo", Outcome.NOT_SENT),
        (b"mail", Outcome.NOT_SENT),
        (b"rcpt", Outcome.NOT_SENT),
        (b"DATA", Outcome.NOT_SENT),
        (b".", Outcome.UNKNOWN),
    ],
)
def test_a_dropped_connection_is_uncertain_only_once_the_mail_is_under_way(
    odd: Callable[[socket.socket], None], after: bytes, outcome: Outcome
) -> None:
    with serving(Conversation(odd, after=after)) as dropping:
        assert failure(dropping.port).outcome is outcome


def test_a_stall_after_the_final_dot_is_unknown() -> None:
    held: list[SocketServer] = []
    with serving(Conversation(lambda _: held[0].ending.wait(20), after=b".")) as stalling:
        held.append(stalling)

        assert failure(stalling.port, **HURRIED).outcome is Outcome.UNKNOWN


def test_a_server_that_never_greets_sent_nothing() -> None:
    held: list[SocketServer] = []
    with serving(lambda _: held[0].ending.wait(20)) as silent:
        held.append(silent)

        assert failure(silent.port, **HURRIED).outcome is Outcome.NOT_SENT


def test_a_dripping_greeting_does_not_outlast_the_deadline() -> None:
    held: list[SocketServer] = []

    def drip(connection: socket.socket) -> None:
        while not held[0].ending.wait(0.05):
            connection.sendall(b"2")

    with serving(drip) as dripping:
        held.append(dripping)

        assert failure(dripping.port, **HURRIED).outcome is Outcome.NOT_SENT


def test_a_quit_that_fails_after_acceptance_is_delivered() -> None:
    with serving(Conversation(reset, after=b"QUIT")) as hasty:
        assert server(hasty.port).send(LETTER).detail == "250 genoteerd"


@pytest.mark.parametrize(
    ("greeting", "outcome"),
    [
        (b"554 weg\r\n", Outcome.CHANNEL_REJECTED),
        (b"421 vol\r\n", Outcome.NOT_SENT),
        (b"HTTP/1.1 400\r\n", Outcome.NOT_SENT),
    ],
)
def test_an_unfriendly_greeting(greeting: bytes, outcome: Outcome) -> None:
    with serving(lambda connection: connection.sendall(greeting)) as unfriendly:
        assert failure(unfriendly.port).outcome is outcome


def test_a_mail_server_in_a_private_range_is_refused_unless_it_was_opened() -> None:
    with serving(drop) as inside:
        error = failure(inside.port, gate=Gate(), security="tls")
        assert inside.connections == 0

    assert error.outcome is Outcome.CHANNEL_REJECTED
