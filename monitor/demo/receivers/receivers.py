"""Receivers on this machine that stand for Slack and for the owner of a webhook."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from crawler.frozen import dataclass
from monitor.demo.receivers.inbox import Inbox
from monitor.demo.servers.exchange import ServedAnswer
from monitor.demo.servers.service import Service
from monitor.demo.servers.web import WebServer

SLACK_PATH = "/services/T0DEMO/B0DEMO/nieuwswacht"
WEBHOOK_PATH = "/hook"
_WAIT_SECONDS = 10.0  # for a message; chosen: on this machine it comes within milliseconds


class SignatureVerdict(StrEnum):
    """What the receiver thinks of a webhook's signature."""

    VALID = "valid"
    MISSING = "headers missing"
    FORGED = "signature does not fit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One request that arrived; header names are lower-case. `verdict` is for webhooks."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    verdict: SignatureVerdict | None = None
    payload: Any = field(default=None)


def signature_verdict(secret: str, headers: Mapping[str, str], body: bytes) -> SignatureVerdict:
    """Whether the request was signed with this secret (Standard Webhooks 1.0.0).

    The age of the time stamp is not checked: a demonstration may run on a clock of its own.
    """
    message, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not message or not moment.isdecimal() or not given:
        return SignatureVerdict.MISSING
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{moment}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    fits = any(hmac.compare_digest(_signature(text), digest) for text in given)
    return SignatureVerdict.VALID if fits else SignatureVerdict.FORGED


def _signature(text: str) -> bytes:
    version, _, encoded = text.partition(",")
    try:
        return base64.b64decode(encoded, validate=True) if version == "v1" else b""
    except binascii.Error:
        return b""


class HttpReceiver(Service):
    """Takes Slack messages and signed webhooks, from `start` to `stop`.

    Slack is answered `ok`, a webhook 204 if its signature fits `secret` and 401 otherwise.
    """

    def __init__(self, *, secret: str) -> None:
        self.inbox: Inbox[Posted] = Inbox()
        self._secret = secret
        self._server = WebServer(self._respond)

    @property
    def slack_url(self) -> str:
        """The URL that takes Slack messages."""
        return self._server.base + SLACK_PATH

    @property
    def webhook_url(self) -> str:
        """The URL that takes webhooks."""
        return self._server.base + WEBHOOK_PATH

    @property
    def slack_messages(self) -> list[Posted]:
        """The Slack messages that were accepted, in order."""
        return [post for post in self.inbox.all() if _is_taken(post, SLACK_PATH)]

    @property
    def webhooks(self) -> list[Posted]:
        """The webhooks that were accepted, in order."""
        return [post for post in self.inbox.all() if _is_taken(post, WEBHOOK_PATH)]

    def wait_for(
        self, count: int, timeout: float = _WAIT_SECONDS, *, path: str | None = None
    ) -> list[Posted]:
        """The accepted messages, of one path if given, as soon as there are `count`.

        Raises:
            TimeoutError: it took longer than `timeout` seconds.
        """
        return self.inbox.wait_for(count, timeout, lambda post: _is_taken(post, path))

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Close the port; what was received stays."""
        self._server.stop()

    def _respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> ServedAnswer:
        if method != "POST" or path not in {SLACK_PATH, WEBHOOK_PATH}:
            return ServedAnswer(HTTPStatus.NOT_FOUND)
        verdict = signature_verdict(self._secret, headers, body) if path == WEBHOOK_PATH else None
        answer = _answer(path, verdict)
        self.inbox.add(
            Posted(
                path=path,
                headers=headers,
                body=body,
                status=answer.status,
                verdict=verdict,
                payload=_json(body),
            )
        )
        return answer


def _answer(path: str, verdict: SignatureVerdict | None) -> ServedAnswer:
    if path == SLACK_PATH:
        return ServedAnswer(HTTPStatus.OK, {"Content-Type": "text/html"}, b"ok")
    fits = verdict is SignatureVerdict.VALID
    return ServedAnswer(HTTPStatus.NO_CONTENT if fits else HTTPStatus.UNAUTHORIZED)


def _is_taken(post: Posted, path: str | None) -> bool:
    return path in {None, post.path} and HTTPStatus.OK <= post.status < HTTPStatus.MULTIPLE_CHOICES


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
