"""A small SMTP server (RFC 5321) on this machine that keeps every message it takes."""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
from collections.abc import Callable
from email.message import EmailMessage
from typing import ClassVar

from crawler.frozen import dataclass
from monitor.demo.receivers.inbox import Inbox
from monitor.demo.servers.service import QuietServer, Service

_IDLE_SECONDS = 30  # chosen, like the other limits without a source: far more than a demo needs
_LONGEST_COMMAND = 2_048  # RFC 5321 asks for 512, extensions add to it
_LARGEST_MESSAGE = 10_000_000
_WAIT_SECONDS = 10.0
_PATH = re.compile(rb"(?:FROM|TO):\s*<([^<>\s]*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was taken: the envelope, and the bytes between DATA and the final dot."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return email.message_from_bytes(self.data, policy=email.policy.default)


class SmtpReceiver(Service):
    """Takes mail for anybody, from `start` to `stop`; loopback only, without TLS and login."""

    def __init__(self) -> None:
        self.inbox: Inbox[Mail] = Inbox()
        self._server = _Server("127.0.0.1", _Session)
        self._server.inbox = self.inbox

    @property
    def port(self) -> int:
        """The port on 127.0.0.1 that takes mail."""
        return self._server.port

    @property
    def mails(self) -> list[Mail]:
        """Every message so far, in order."""
        return self.inbox.all()

    def wait_for(self, count: int, timeout: float = _WAIT_SECONDS) -> list[Mail]:
        """The messages, as soon as there are `count`.

        Raises:
            TimeoutError: it took longer than `timeout` seconds.
        """
        return self.inbox.wait_for(count, timeout)

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Close the port; what was received stays."""
        self._server.stop()


class _Server(QuietServer):
    inbox: Inbox[Mail]


class _TooLongError(Exception):
    """A line or message is longer than we take."""


class _Session(socketserver.StreamRequestHandler):
    """One connection: commands in, three-digit replies out."""

    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    server: _Server
    _greeted = False
    _sender: str | None = None
    _recipients: tuple[str, ...] = ()

    def handle(self) -> None:
        self._reply("220 127.0.0.1 ESMTP newsroom")
        while line := self.rfile.readline(_LONGEST_COMMAND):
            if not line.endswith(b"\n"):
                self._reply("500 Line too long")
                return
            verb, _, rest = line.strip().partition(b" ")
            if verb.upper() == b"QUIT":
                self._reply("221 Bye")
                return
            self._commands.get(verb.upper(), _Session._unknown)(self, rest)

    def _reply(self, *lines: str) -> None:
        marked = [f"{line[:3]}-{line[4:]}" for line in lines[:-1]] + [lines[-1]]
        self.wfile.write("".join(f"{line}\r\n" for line in marked).encode("ascii"))

    def _helo(self, _: bytes) -> None:
        self._begin()
        self._reply("250 127.0.0.1")

    def _ehlo(self, _: bytes) -> None:
        self._begin()
        self._reply("250 127.0.0.1", "250 8BITMIME", f"250 SIZE {_LARGEST_MESSAGE}")

    def _begin(self) -> None:
        self._greeted = True
        self._forget()

    def _forget(self) -> None:
        self._sender, self._recipients = None, ()

    def _mail(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if not self._greeted or self._sender is not None:
            self._reply("503 Bad sequence of commands")
        elif path is None or not rest.upper().startswith(b"FROM"):
            self._reply("501 Syntax: MAIL FROM:<address>")
        else:
            self._sender = path[1].decode("utf-8", "replace")
            self._reply("250 OK")

    def _rcpt(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if self._sender is None:
            self._reply("503 Bad sequence of commands")
        elif path is None or not path[1] or not rest.upper().startswith(b"TO"):
            self._reply("501 Syntax: RCPT TO:<address>")
        else:
            self._recipients += (path[1].decode("utf-8", "replace"),)
            self._reply("250 OK")

    def _data(self, _: bytes) -> None:
        if self._sender is None or not self._recipients:
            self._reply("503 Bad sequence of commands")
            return
        self._reply("354 End data with <CR><LF>.<CR><LF>")
        try:
            data = self._content()
        except _TooLongError:
            self._reply("552 Message too large")
        else:
            self.server.inbox.add(Mail(self._sender, self._recipients, data))
            self._reply("250 OK")
        self._forget()

    def _content(self) -> bytes:
        """The message up to the final dot, without dots added at line starts (RFC 5321, 4.5.2)."""
        lines: list[bytes] = []
        size, at_start = 0, True
        while (line := self.rfile.readline(_LONGEST_COMMAND)) != b".\r\n" or not at_start:
            if not line:
                raise ConnectionResetError("the client went away within DATA")
            size += len(line)
            if size <= _LARGEST_MESSAGE:
                lines.append(line[1:] if at_start and line.startswith(b".") else line)
            at_start = line.endswith(b"\r\n")
        if size > _LARGEST_MESSAGE:
            raise _TooLongError
        return b"".join(lines)

    def _rset(self, _: bytes) -> None:
        self._forget()
        self._reply("250 OK")

    def _noop(self, _: bytes) -> None:
        self._reply("250 OK")

    def _vrfy(self, _: bytes) -> None:
        self._reply("252 Send some mail, and see")

    def _unknown(self, _: bytes) -> None:
        self._reply("500 Command not recognised")

    _commands: ClassVar[dict[bytes, Callable[[_Session, bytes], None]]] = {
        b"HELO": _helo,
        b"EHLO": _ehlo,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data,
        b"RSET": _rset,
        b"NOOP": _noop,
        b"VRFY": _vrfy,
    }
