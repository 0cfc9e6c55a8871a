"""Matrix: a message by its own id, so that no repeat shows twice, and threads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from alerts.channel import Send
from alerts.channels.matrix.matrix_config import MatrixConfig
from alerts.message import Parcel
from alerts.outcome import Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.markup import HTML, marked_lines
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# Bytes of the content. A whole event has at most 65,536, with what the server adds and signs.
MOST_BYTES = 40_000
_OK = 200
_MESSAGE_FAULTS = {"M_TOO_LARGE", "M_BAD_JSON", "M_NOT_JSON", "M_INVALID_PARAM"}
_CHANNEL_FAULTS = {
    "M_FORBIDDEN",
    "M_UNKNOWN_TOKEN",
    "M_MISSING_TOKEN",
    "M_NOT_FOUND",
    "M_USER_DEACTIVATED",
    "M_GUEST_ACCESS_FORBIDDEN",
    "M_UNRECOGNIZED",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sends messages into one room."""

    plan: ChannelPlan
    style: Style
    config: MatrixConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message as text and HTML, ready to be sent."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words)
        content = content_of(view, words, plain=parcel.plain) | self._thread(parcel)
        token = self.config.token.get_secret_value()
        # The server takes a message with the same id once. A plain form is another message.
        name = parcel.message.id + ("-plain" if parcel.plain else "")
        base = self.config.server.get_secret_value().rstrip("/")
        room = quote(self.config.room, safe="")
        url = f"{base}/_matrix/client/v3/rooms/{room}/send/m.room.message/{name}"
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        post = Post(url, json.dumps(content).encode(), headers, (token,), "PUT")
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=view.shown)

    @staticmethod
    def _thread(parcel: Parcel) -> dict[str, Any]:
        thread = parcel.message.thread
        if thread is None or not thread.reference:
            return {}
        relation = {
            "rel_type": "m.thread",
            "event_id": thread.reference,
            # For programs that know no threads, it is an answer.
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": thread.reference},
        }
        return {"m.relates_to": relation}


def fitting_view(view: View, words: Phrases) -> View:
    """As much of the message as an event takes, and a line about the rest."""

    def fits(part: View) -> bool:
        return len(json.dumps(content_of(part, words, plain=False))) <= MOST_BYTES

    return fitted(view, Form(words, fits, lambda text: len(json.dumps(text))))


def content_of(view: View, words: Phrases, *, plain: bool) -> dict[str, Any]:
    """The content of the event; it mentions nobody, whatever its text says."""
    content = {"msgtype": "m.text", "body": text_of(view, words).strip(), "m.mentions": {}}
    if plain:
        return content
    formatted = "<br/>".join(marked_lines(view, words, HTML))
    formatted = formatted.replace("</blockquote><br/>", "</blockquote>")
    return content | {"format": "org.matrix.custom.html", "formatted_body": formatted}


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt: status 200 and the id of the event.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = json_of(answer.text)
    if answer.status == _OK and isinstance(said.get("event_id"), str):
        return Receipt("ok", said["event_id"])
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    code = str(said.get("errcode", ""))
    outcome = None
    if code == "M_LIMIT_EXCEEDED":
        outcome = Outcome.NOT_SENT
    elif code in _MESSAGE_FAULTS:
        outcome = Outcome.MESSAGE_REJECTED
    elif code in _CHANNEL_FAULTS:
        outcome = Outcome.CHANNEL_REJECTED
    wait = said.get("retry_after_ms")
    seconds = wait / 1000 if isinstance(wait, int | float) else None
    words = f"{code}: {said.get('error', '')}" if code else ""
    raise refusal(answer, words, now, outcome=outcome, seconds=seconds)
