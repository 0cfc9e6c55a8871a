"""The mailbox speaks SMTP as the standard library's client expects it."""

import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from monitor.demo.receivers.mailbox import SmtpReceiver

SENDER, READER = "alerts@example.org", "analist@example.org"


@pytest.fixture
def mailbox() -> Iterator[SmtpReceiver]:
    with SmtpReceiver() as started:
        yield started


@pytest.fixture
def client(mailbox: SmtpReceiver) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as connected:
        yield connected


def test_a_message_arrives_as_it_was_sent(mailbox: SmtpReceiver, client: smtplib.SMTP) -> None:
    message = EmailMessage()
    message["Subject"] = "Baghuz gevallen: IS heeft in Syrië geen gebied meer"
    message["From"], message["To"] = f"Nieuwswacht <{SENDER}>", READER
    message.set_content("Eerste regel\n.een punt aan het begin\n..twee\n.\nna de punt\n")
    message.add_alternative("<p>Syrië</p>", subtype="html")
    client.send_message(message)
    (mail,) = mailbox.wait_for(1)
    assert (mail.sender, mail.recipients) == (SENDER, (READER,))
    assert mail.message["Subject"] == message["Subject"]
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [
        *("Eerste regel", ".een punt aan het begin", "..twee", ".", "na de punt"),
    ]


def test_one_connection_carries_several_messages(
    mailbox: SmtpReceiver, client: smtplib.SMTP
) -> None:
    for number in range(3):
        client.sendmail(SENDER, [READER, "b@example.org"], f"Subject: {number}\r\n\r\n")
    assert [mail.message["Subject"] for mail in mailbox.wait_for(3)] == ["0", "1", "2"]
    assert mailbox.mails[0].recipients == (READER, "b@example.org")


def test_the_extensions_are_announced_and_helo_is_enough(client: smtplib.SMTP) -> None:
    assert client.ehlo()[0] == 250
    assert client.has_extn("8bitmime")
    assert client.esmtp_features["size"] == "10000000"
    assert client.helo() == (250, b"127.0.0.1")


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (["MAIL FROM:<a@b>"], 503),
        (["EHLO x", "RCPT TO:<a@b>"], 503),
        (["EHLO x", "DATA"], 503),
        (["EHLO x", "MAIL FROM:<a@b>", "DATA"], 503),
        (["EHLO x", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>"], 503),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<a@b>", "RSET", "DATA"], 503),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<a@b>", "EHLO x", "DATA"], 503),
        (["EHLO x", "MAIL a@b"], 501),
        (["EHLO x", "MAIL TO:<a@b>"], 501),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<>"], 501),
        (["EHLO x", "MAIL FROM:<> SIZE=10 BODY=8BITMIME"], 250),
        (["mail from:<a@b>"], 503),
        (["NOOP"], 250),
        (["VRFY a"], 252),
        (["STARTTLS"], 500),
        (["AUTH PLAIN AAAA"], 500),
    ],
)
def test_each_command_has_its_place(client: smtplib.SMTP, commands: list[str], code: int) -> None:
    assert [client.docmd(command) for command in commands][-1][0] == code


def test_a_line_that_never_ends_is_refused(client: smtplib.SMTP) -> None:
    assert client.docmd("NOOP " + "x" * 4_000)[0] == 500


def test_a_message_that_is_too_large_is_refused_and_the_next_one_taken(
    mailbox: SmtpReceiver, client: smtplib.SMTP
) -> None:
    line = "x" * 70 + "\r\n"
    client.ehlo()
    client.mail(SENDER)
    client.rcpt(READER)
    assert client.data(line * 150_000)[0] == 552
    client.sendmail(SENDER, [READER], "Subject: klein\r\n\r\n")
    assert [mail.message["Subject"] for mail in mailbox.wait_for(1)] == ["klein"]


def test_a_client_that_leaves_within_data_leaves_nothing(mailbox: SmtpReceiver) -> None:
    with socket.create_connection(("127.0.0.1", mailbox.port)) as connection:
        replies = connection.makefile("rb")
        for command in (b"HELO x", b"MAIL FROM:<a@b>", b"RCPT TO:<a@b>", b"DATA"):
            replies.readline()
            connection.sendall(command + b"\r\n")
        replies.readline()
        connection.sendall(b"Subject: half")
        replies.close()
    mailbox.stop()
    assert mailbox.mails == []


def test_a_dot_after_a_bare_line_feed_does_not_end_the_message(mailbox: SmtpReceiver) -> None:
    with (
        socket.create_connection(("127.0.0.1", mailbox.port)) as connection,
        connection.makefile("rb") as replies,
    ):
        for command in (b"HELO x", b"MAIL FROM:<a@b>", b"RCPT TO:<a@b>", b"DATA"):
            replies.readline()
            connection.sendall(command + b"\r\n")
        replies.readline()
        connection.sendall(b"first\n.\r\nsecond\r\n.\r\n")
        replies.readline()
        assert [mail.data for mail in mailbox.wait_for(1)] == [b"first\n.\r\nsecond\r\n"]


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(lines=st.lists(st.text(st.characters(codec="ascii", exclude_categories=["C"])), min_size=1))
def test_any_lines_survive_dot_stuffing(
    mailbox: SmtpReceiver, client: smtplib.SMTP, lines: list[str]
) -> None:
    text = "".join(f"{line}\r\n" for line in lines)
    before = len(mailbox.mails)
    client.sendmail(SENDER, [READER], text)
    assert mailbox.wait_for(before + 1)[-1].data.decode() == text
