"""Messages by way of a proxy: over TLS to the receiver, and nothing is sent where it fails."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_receivers import SocketServer, certificate
from mailserver import Mailbox, mailing
from posting import LOOPBACK, answering, failure, post
from proxyserver import ProxyServer

from alerts.outcome import DeliveryError, Outcome
from alerts.transport import Envelope, Gate, SmtpServer
from crawler.addresses import proxy_of

OK = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
LOGIN = "Basic " + b64encode(b"redactie:zeer geheim").decode()
LETTER = Envelope("wacht@example.org", "an@example.org", b"Subject: kop\r\n\r\nregel\r\n")


def mail_server(
    security: str, port: int, gate: Gate, context: ssl.SSLContext | None = None
) -> SmtpServer:
    return SmtpServer(host="mail.example", port=port, security=security, gate=gate, context=context)


def through(proxy: ProxyServer, login: str = "redactie:zeer%20geheim@") -> Gate:
    return Gate(proxy=proxy_of(proxy.address.replace("//", f"//{login}")))


def test_a_receiver_that_only_the_proxy_knows_gets_its_post_under_its_own_certificate(
    server: Callable[..., SocketServer], tmp_path: Path
) -> None:
    context, authority = certificate(tmp_path, "hook.example")
    secure = server(OK, context=context)
    with ProxyServer({"hook.example:8443": secure.port}, login=LOGIN) as proxy:
        url = "https://hook.example:8443/geheim"
        answer = post(url, through(proxy), ca_file=str(authority))
        unknown = failure(url, through(proxy))

    assert answer.text == "ok"
    assert proxy.asked("CONNECT") == ["hook.example:8443"]
    assert unknown.outcome is Outcome.NOT_SENT


def test_a_mail_goes_through_the_proxy_too(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "mail.example")
    mailbox = Mailbox()
    with (
        mailing(mailbox, context) as port,
        ProxyServer({"mail.example:465": port}, login=LOGIN) as proxy,
    ):
        trusting = ssl.create_default_context(cafile=str(authority))
        mail_server("tls", 465, through(proxy), trusting).send(LETTER)

    assert [mail[0] for mail in mailbox.mails] == [LETTER.sender]


def test_of_a_mail_server_that_speaks_first_no_byte_is_lost(
    server: Callable[..., SocketServer],
) -> None:
    first = server(lambda connection: connection.sendall(b"421 te druk\r\n"))
    with (
        ProxyServer({"mail.example:587": first.port}, login=LOGIN) as proxy,
        pytest.raises(DeliveryError) as caught,
    ):
        mail_server("starttls", 587, through(proxy)).send(LETTER)

    assert str(caught.value.detail) == "421 te druk"


@pytest.mark.parametrize(
    ("login", "refuses", "said"),
    [
        ("", 0, "the proxy 127.0.0.1 wants another user and password (HTTP 407)"),
        ("a:fout@", 0, "the proxy 127.0.0.1 wants another user and password (HTTP 407)"),
        ("redactie:zeer%20geheim@", 503, "the proxy makes no connection to hook.example: HTTP 503"),
    ],
)
def test_a_refusal_of_the_proxy_is_told_and_nothing_was_sent(
    login: str, refuses: int, said: str
) -> None:
    with ProxyServer({}, login=LOGIN, refuses=refuses) as proxy:
        error = failure("https://hook.example/geheim", through(proxy, login))

    assert (error.outcome, str(error.detail)) == (Outcome.NOT_SENT, said)


def test_a_proxy_that_is_not_there_or_talks_nonsense_is_named(
    server: Callable[..., SocketServer],
) -> None:
    gone = Gate(proxy=proxy_of("http://127.0.0.1:9"))
    nonsense = server(lambda connection: connection.sendall(b"SSH-2.0-nee\r\n\r\n"))
    closing = server(lambda connection: connection.recv(9))

    def told(gate: Gate) -> str:
        error = failure("https://hook.example/geheim", gate)
        assert error.outcome is Outcome.NOT_SENT
        return str(error.detail)

    assert told(gone) == "the proxy 127.0.0.1 cannot be reached: Connection refused"
    for broken in (nonsense, closing):
        gate = Gate(proxy=proxy_of(f"http://127.0.0.1:{broken.port}"))
        assert "HTTP 0" not in told(gate)
        assert "the proxy" in told(gate)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "hook.internal"])
def test_the_proxy_is_not_asked_for_a_receiver_that_may_not_be_reached(host: str) -> None:
    with ProxyServer({}) as proxy:
        error = failure(f"https://{host}/geheim", through(proxy))

    assert error.outcome is Outcome.CHANNEL_REJECTED
    assert str(error.detail).endswith("; [network] allow opens a range")
    assert proxy.passages == []


def test_without_tls_nothing_goes_through_the_proxy() -> None:
    with ProxyServer({}) as proxy:
        error = failure("http://hook.example/geheim", through(proxy))

    assert error.outcome is Outcome.CHANNEL_REJECTED
    assert proxy.passages == []


def test_what_is_opened_on_purpose_is_near_and_needs_no_proxy(
    server: Callable[..., SocketServer],
) -> None:
    with ProxyServer({}) as proxy:
        gate = Gate(LOOPBACK.allow, proxy=through(proxy).proxy)
        answer = post(f"http://127.0.0.1:{server(OK).port}/geheim", gate)

    assert answer.text == "ok"
    assert proxy.passages == []


def test_a_delivery_error_never_shows_the_login_of_the_proxy() -> None:
    gate = Gate(proxy=proxy_of("http://redactie:zeer%20geheim@127.0.0.1:9"))

    error: DeliveryError = failure("https://hook.example/", gate)

    assert "geheim" not in str(error) + repr(error.detail) + repr(gate)
