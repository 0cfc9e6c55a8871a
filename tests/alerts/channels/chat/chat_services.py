"""Servers on loopback that take messages as each service does: with its limits and its faults.

What they check is what each service documents: Telegram's Bot API, Discord's webhooks, Matrix'
client-server API, ntfy's `server/errors.go`, Mattermost's and Rocket.Chat's webhooks, and the
Adaptive Cards that Teams takes.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

TOKEN = "123456789:geheim-geheim-geheim-geheim"
Said = tuple[int, dict[str, str], str]


@dataclass
class ChatService:
    """What one service has taken; `script` are answers that come first, whatever was sent."""

    judge: Callable[[ChatService, str, str, dict[str, str], dict[str, Any]], Said]
    taken: list[dict[str, Any]] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    script: list[Said] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
        if self.script:
            return self.script.pop(0)
        return self.judge(self, method, path, headers, json.loads(body))

    def keep(self, message: dict[str, Any]) -> int:
        self.taken.append(message)
        return len(self.taken)


def as_json(status: int, value: Any) -> Said:
    return status, {"Content-Type": "application/json"}, json.dumps(value, separators=(",", ":"))


def telegram(service: ChatService, method: str, path: str, _: Any, said: dict[str, Any]) -> Said:
    def no(code: int, words: str) -> Said:
        return as_json(code, {"ok": False, "error_code": code, "description": words})

    if (method, path) != ("POST", f"/bot{TOKEN}/sendMessage"):
        return no(404 if method == "POST" else 405, "Not Found")
    if said["chat_id"] not in {"-1001", "@nieuws"}:
        return no(400, "Bad Request: chat not found")
    text = said["text"]
    if said.get("parse_mode") == "HTML":
        reader = _TelegramReader()
        reader.feed(text)
        reader.close()
        if reader.fault or reader.open:
            return no(400, f"Bad Request: can't parse entities: {reader.fault or reader.open}")
        text = "".join(reader.text)
        if reader.marks > 100:
            return no(400, "Bad Request: more marks than are kept")
    if not text.strip() or _units(text) > 4096:
        return no(400, "Bad Request: message is too long" if text else "message text is empty")
    number = service.keep(said | {"read": text})
    # The answer repeats the message, at length.
    return as_json(
        200, {"ok": True, "result": {"message_id": number, "text": text, "n": "x" * 4000}}
    )


class _TelegramReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.open: list[str] = []
        self.marks, self.fault = 0, ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in {"b", "a", "blockquote"} or (tag == "a") != bool(attrs):
            self.fault = f'unsupported start tag "{tag}"'
        self.open.append(tag)
        self.marks += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.fault = f'unexpected end tag "{tag}"'

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def discord(service: ChatService, _: str, path: str, __: Any, said: dict[str, Any]) -> Said:
    if not path.startswith("/api/webhooks/11/geheim"):
        return as_json(404, {"message": "Unknown Webhook", "code": 10015})
    if not said.get("content", "").strip() and not said.get("embeds"):
        return as_json(400, {"message": "Cannot send an empty message", "code": 50006})
    embeds = said.get("embeds", [])
    long = _units(said.get("content", "")) > 2000 or any(
        _units(embed["description"]) > 4096 for embed in embeds
    )
    if long or len(embeds) > 10:
        fault = {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH"}]}}
        return as_json(400, {"message": "Invalid Form Body", "code": 50035, "errors": fault})
    if said["allowed_mentions"] != {"parse": []}:
        return as_json(400, {"message": "it could call people", "code": 50035})
    number = service.keep(said)
    if "wait=true" not in path:
        return 204, {}, ""
    return as_json(200, {"type": 0, "content": "x" * 5000, "id": str(number), "webhook_id": "11"})


def matrix(service: ChatService, method: str, path: str, head: Any, said: dict[str, Any]) -> Said:
    def no(status: int, code: str) -> Said:
        return as_json(status, {"errcode": code, "error": "nee"})

    if head.get("authorization") != "Bearer geheim":
        return no(401, "M_UNKNOWN_TOKEN")
    found = re.fullmatch(r"/_matrix/client/v3/rooms/([^/]+)/send/m\.room\.message/(\S+)", path)
    if method != "PUT" or not found:
        return no(404, "M_UNRECOGNIZED")
    if unquote(found[1]) != "!zaal:voorbeeld.example":
        return no(403, "M_FORBIDDEN")
    if len(json.dumps(said)) > 60_000:
        return no(413, "M_TOO_LARGE")
    if found[2] not in service.named:
        service.named[found[2]] = service.keep(said)
    return as_json(200, {"event_id": f"$e{service.named[found[2]]}"})


def ntfy(service: ChatService, method: str, path: str, head: Any, said: dict[str, Any]) -> Said:
    if (method, path) != ("POST", "/"):
        return as_json(404, {"code": 40401, "http": 404, "error": "page not found"})
    if head.get("authorization") not in {None, "Bearer tk_geheim"}:
        return as_json(401, {"code": 40101, "http": 401, "error": "unauthorized"})
    if not 1 <= said["priority"] <= 5 or not said["message"]:
        return as_json(400, {"code": 40007, "http": 400, "error": "invalid priority"})
    attached = len(said["message"].encode()) > 4096
    number = service.keep(said | {"attached": attached})
    return as_json(200, {"id": f"m{number}", "event": "message", "message": said["message"]})


def mattermost(service: ChatService, _: str, path: str, __: Any, said: dict[str, Any]) -> Said:
    if path != "/hooks/geheim":
        return as_json(404, {"id": "web.incoming_webhook.invalid", "message": "Invalid webhook."})
    if not said["text"] or len(said["text"]) > 16383:
        return as_json(400, {"id": "web.incoming_webhook.text", "message": "too long"})
    service.keep(said)
    return 200, {"Content-Type": "text/plain"}, "ok"


def rocketchat(service: ChatService, _: str, path: str, __: Any, said: dict[str, Any]) -> Said:
    if path != "/hooks/geheim":
        return as_json(401, {"success": False, "error": "Invalid integration id or token"})
    if len(said["text"]) > 5000:
        return as_json(400, {"success": False, "error": "error-message-size-exceeded"})
    service.keep(said)
    return as_json(200, {"success": True})


def teams(service: ChatService, _: str, path: str, __: Any, said: dict[str, Any]) -> Said:
    def no(status: int, code: str) -> Said:
        return as_json(status, {"error": {"code": code, "message": "nee"}})

    if not path.endswith("sig=geheim"):
        return no(401, "DirectApiAuthorizationRequired")
    if len(json.dumps(said)) > 28_000:
        return no(413, "RequestEntityTooLarge")
    (attachment,) = said["attachments"]
    card = attachment["content"]
    if attachment["contentType"] != "application/vnd.microsoft.card.adaptive" or not card["body"]:
        return no(400, "TriggerInputSchemaMismatch")
    for block in card["body"]:
        if block["type"] != "RichTextBlock" or not block["inlines"]:
            return no(400, "InvalidCard")
    service.keep(said)
    return 202, {}, ""


SERVICES = {
    judge.__name__: judge
    for judge in (telegram, discord, matrix, ntfy, mattermost, rocketchat, teams)
}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@contextlib.contextmanager
def serving_chat(kind: str) -> Iterator[ChatService]:
    """A service of this kind, on loopback."""
    service = ChatService(SERVICES[kind])

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, fields, text = service.answer(self.command, self.path, headers, body)
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            # We hang up on a long answer.
            with contextlib.suppress(ConnectionError):
                self.wfile.write(text.encode())

        do_POST = _take  # noqa: N815 - the server looks for this name
        do_PUT = _take  # noqa: N815 - as above

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
