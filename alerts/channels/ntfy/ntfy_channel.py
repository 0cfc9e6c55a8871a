"""ntfy: a title, plain text, a link to open, and a priority."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts.channel import Send
from alerts.channels.ntfy.ntfy_config import NtfyConfig
from alerts.message import Parcel
from alerts.outcome import Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.clean import cut
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# Bytes. A longer message becomes a file that phones do not show (`message-size-limit`, 4 kB).
MOST_BYTES = 4000
# Characters; chosen: what a phone shows of a title.
MOST_TITLE = 200
_MOST_URL = 2000
_HIGH, _DEFAULT = 4, 3
_OK = 200
# What ntfy calls its own refusals (`server/errors.go`): three digits of the status, two of its own.
_TOO_LARGE = {41301, 40029, 40040}


@dataclass(frozen=True, slots=True)
class Ntfy:
    """Publishes messages to one topic."""

    plan: ChannelPlan
    style: Style
    config: NtfyConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message, ready to be published."""
        style = self.style.of(parcel.message)
        view = fitting_view(view_of(parcel.message, style), style.words)
        topic = self.config.topic.get_secret_value()
        token = self.config.token.get_secret_value() if self.config.token else ""
        payload = {"topic": topic} | payload_of(view, style.words)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = self.config.server.get_secret_value()
        post = Post(url, json.dumps(payload).encode(), headers, (topic, token))
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=view.shown)


def fitting_view(view: View, words: Phrases) -> View:
    """As much of the message as one that phones show, and a line about the rest."""
    return fitted(
        view, Form(words, lambda part: _bytes(text_of(part, words)) <= MOST_BYTES, _bytes)
    )


def payload_of(view: View, words: Phrases) -> dict[str, Any]:
    """What is published: a title, the text, and the address that a tap opens."""
    urgent = any(tale.urgent for tale in view.tales)
    payload = {
        "title": cut(view.subject, MOST_TITLE),
        "message": text_of(view, words).strip(),
        "priority": _HIGH if urgent else _DEFAULT,
    }
    url = view.tales[0].link.url if len(view.tales) == 1 else ""
    return payload | ({"click": url} if url and len(url) <= _MOST_URL else {})


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt of ntfy: status 200 and the message with its id.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = json_of(answer.text)
    if answer.status == _OK and (
        said.get("event") == "message" or '"event":"message"' in answer.text
    ):
        return Receipt(str(said.get("id", "")))
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    outcome = Outcome.MESSAGE_REJECTED if said.get("code") in _TOO_LARGE else None
    raise refusal(answer, str(said.get("error", "")), now, outcome=outcome)
