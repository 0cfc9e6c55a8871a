"""A real HTTP proxy on loopback, which alone knows where the hosts of a test are."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, parse_headers
from typing import Self
from urllib.parse import urlsplit


@dataclass
class Passage:
    """One request to the proxy: for an address, or with CONNECT for a host and port."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)


class ProxyServer:
    """Leads `host:port` to a port of this machine, as `ways` says; a login may be asked for."""

    def __init__(self, ways: Mapping[str, int], *, login: str = "", refuses: int = 0) -> None:
        self._ways, self._login, self._refuses = ways, login, refuses
        self.passages: list[Passage] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def asked(self, method: str) -> list[str]:
        """What it was asked for with this method, without repetitions."""
        asked = (each.target for each in self.passages if each.method == method)
        return list(dict.fromkeys(asked))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, HTTPException), client, client.makefile("rb") as lines:
            while line := lines.readline().decode("latin-1").split():
                method, target, _ = line
                headers = {name.lower(): value for name, value in parse_headers(lines).items()}
                self.passages.append(Passage(method, target, headers))
                if status := self._status(target, headers):
                    client.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
                elif method == "CONNECT":
                    self._lead(client, target)
                    return
                else:
                    self._pass_on(client, method, target, headers)

    def _status(self, target: str, headers: Mapping[str, str]) -> int:
        """What the proxy itself answers; 0 if it lets the request through."""
        if self._login and headers.get("proxy-authorization") != self._login:
            return 407
        return self._refuses or (0 if _place(target) in self._ways else 502)

    def _lead(self, client: socket.socket, target: str) -> None:
        port = self._ways[target]
        with socket.create_connection(("127.0.0.1", port), timeout=10) as server:
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            _exchange(client, server)

    def _pass_on(
        self, client: socket.socket, method: str, target: str, headers: Mapping[str, str]
    ) -> None:
        kept = {name: text for name, text in headers.items() if not name.startswith("proxy-")}
        server = HTTPConnection("127.0.0.1", self._ways[_place(target)], timeout=10)
        server.request(method, target.partition(_host(target))[2] or "/", headers=kept)
        answer = server.getresponse()
        body = answer.read()
        fields = "".join(f"{name}: {text}\r\n" for name, text in answer.getheaders())
        client.sendall(f"HTTP/1.1 {answer.status} X\r\n{fields}\r\n".encode("latin-1") + body)
        server.close()


def _host(target: str) -> str:
    return urlsplit(target).netloc if "//" in target else target


def _place(target: str) -> str:
    host = _host(target)
    return host if ":" in host else f"{host}:80"


def _exchange(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes both ways until one side has no more."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(one, selectors.EVENT_READ, other)
        waiting.register(other, selectors.EVENT_READ, one)
        while ready := waiting.select(30):
            for key, _ in ready:
                sent: socket.socket = key.data
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]  # a socket, as registered
                if not data:
                    return
                sent.sendall(data)
