"""An HTTP server on loopback whose answers are a function of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from monitor.demo.servers.exchange import ServedAnswer
from monitor.demo.servers.service import QuietServer, Service

# Chosen: both are far more than the demonstration needs.
_IDLE_SECONDS = 30
_LARGEST_BODY = 5_000_000

# Method, path, headers by lower-case name, body; None drops the connection without an answer.
Respond = Callable[[str, str, Mapping[str, str], bytes], ServedAnswer | None]


class WebServer(Service):
    """An HTTP/1.1 server that answers with what `respond` returns."""

    def __init__(self, respond: Respond, *, host: str = "127.0.0.1") -> None:
        self._server = _Server(host, _Handler)
        self._server.respond = respond
        self.base = f"http://{host}:{self._server.port}"

    def start(self) -> None:
        """Begin to answer; the port was taken at construction."""
        self._server.start()

    def stop(self) -> None:
        """End every connection and wait for the threads; a second call does nothing."""
        self._server.stop()


class _Server(QuietServer):
    respond: Respond


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = _IDLE_SECONDS
    wbufsize = -1  # one packet for head and body: two would wait for a delayed acknowledgement
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    do_HEAD = do_GET  # noqa: N815 - http.server calls it so
    do_POST = do_GET  # noqa: N815 - http.server calls it so

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in http.server
        """Log nothing; `respond` can keep a log."""

    def _answer(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_BODY)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.respond(self.command, self.path, headers, body)
        if answer is None:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: ServedAnswer) -> None:
        has_body = answer.status not in {HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT}
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(answer.body)
