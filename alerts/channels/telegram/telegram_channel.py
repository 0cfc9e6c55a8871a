"""Telegram: `sendMessage` of the Bot API, in HTML; updates answer the first message."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts.channel import Send
from alerts.channels.telegram.telegram_config import TelegramConfig
from alerts.message import Parcel
from alerts.outcome import Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.markup import HTML, marked_lines, without_mentions
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# UTF-16 units after the markup is read, of 4,096; and marks, of which Telegram keeps a hundred.
MOST_TEXT = 4000
MOST_MARKS = 100
_MARK = re.compile(r"<(?:b|a|blockquote)\b")
_TAG = re.compile(r"<[^>]+>")
_OK = 200
_BAD_REQUEST = 400
# The Bot API has no codes for these, so that its words are read.
_CHANNEL_WORDS = (
    "chat not found",
    "group chat was upgraded",
    "not enough rights",
    "topic_closed",
    "message thread not found",
)


@dataclass(frozen=True, slots=True)
class Telegram:
    """Writes messages into one chat."""

    plan: ChannelPlan
    style: Style
    config: TelegramConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message in HTML, ready to be posted."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words)
        payload = self._addressed(parcel) | payload_of(view, words, plain=parcel.plain)
        token = self.config.token.get_secret_value()
        url = f"{self.config.api_url.get_secret_value().rstrip('/')}/bot{token}/sendMessage"
        headers = {"Content-Type": "application/json"}
        post = Post(url, json.dumps(payload).encode(), headers, (token,))
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=view.shown)

    def _addressed(self, parcel: Parcel) -> dict[str, Any]:
        addressed: dict[str, Any] = {"chat_id": self.config.chat}
        if self.config.topic:
            addressed["message_thread_id"] = self.config.topic
        thread = parcel.message.thread
        if thread and thread.reference.isdigit():
            # Where somebody deleted the first message, this one stands alone.
            answered = {"message_id": int(thread.reference), "allow_sending_without_reply": True}
            addressed["reply_parameters"] = answered
        return addressed


def fitting_view(view: View, words: Phrases) -> View:
    """As much of the message as Telegram takes, and a line about the rest."""

    def fits(part: View) -> bool:
        marked = html_of(part, words)
        read = html.unescape(_TAG.sub("", marked))
        longest = max(_length(read), _length(_plain_text(part, words)))
        return longest <= MOST_TEXT and len(_MARK.findall(marked)) <= MOST_MARKS

    return fitted(view, Form(words, fits, lambda text: _length(without_mentions(text))))


def payload_of(view: View, words: Phrases, *, plain: bool) -> dict[str, Any]:
    """What is posted: HTML, or plain text if `plain`; no preview of a link."""
    common = {"link_preview_options": {"is_disabled": True}}
    if plain:
        return common | {"text": _plain_text(view, words)}
    return common | {"text": html_of(view, words), "parse_mode": "HTML"}


def html_of(view: View, words: Phrases) -> str:
    """The message in the HTML of Telegram, where a line break is one of the text."""
    return "\n".join(marked_lines(view, words, HTML))


def _plain_text(view: View, words: Phrases) -> str:
    return without_mentions(text_of(view, words).strip())


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt: `ok` is true, and `message_id` is the name of the message.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = json_of(answer.text)
    # The answer repeats the message, so it may be longer than the part that is read.
    if answer.status == _OK and (said.get("ok") is True or answer.text.startswith('{"ok":true')):
        number = re.search(r'"message_id":(\d+)', answer.text)
        return Receipt("ok", number[1] if number else "")
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    words = str(said.get("description", ""))
    outcome = None
    if answer.status == _BAD_REQUEST and any(each in words.lower() for each in _CHANNEL_WORDS):
        outcome = Outcome.CHANNEL_REJECTED
    asked = said.get("parameters")
    seconds = asked.get("retry_after") if isinstance(asked, dict) else None
    raise refusal(answer, words, now, outcome=outcome, seconds=seconds)
