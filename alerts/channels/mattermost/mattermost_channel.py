"""Mattermost and Rocket.Chat: one JSON for the incoming webhooks of both; answers differ."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from alerts.channel import Send
from alerts.channels.mattermost.mattermost_config import MattermostConfig
from alerts.message import Parcel
from alerts.outcome import Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.markup import MARKDOWN, escaped_markdown, marked_lines
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# Characters. Rocket.Chat refuses more than 5,000 (`Message_MaxAllowedSize`), Mattermost 16,383.
MOST_TEXT = 4800
_OK = 200


@dataclass(frozen=True, slots=True)
class Mattermost:
    """Posts messages to the channel of one incoming webhook."""

    plan: ChannelPlan
    style: Style
    config: MattermostConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message in Markdown, ready to be posted."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words)
        text = plain_text(view, words) if parcel.plain else markdown_of(view, words)
        url = self.config.webhook_url.get_secret_value()
        headers = {"Content-Type": "application/json"}
        post = Post(url, json.dumps({"text": text}).encode(), headers)
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=view.shown)


def fitting_view(view: View, words: Phrases) -> View:
    """As much of the message as both take, and a line about the rest."""

    def fits(part: View) -> bool:
        longest = max(len(markdown_of(part, words)), len(plain_text(part, words)))
        return longest <= MOST_TEXT

    return fitted(view, Form(words, fits, lambda text: len(escaped_markdown(text))))


def markdown_of(view: View, words: Phrases) -> str:
    """The message in Markdown; a line break needs an empty line or two spaces."""
    return "  \n".join(marked_lines(view, words, MARKDOWN))


def plain_text(view: View, words: Phrases) -> str:
    """The message without bold words and named links; nothing in it has an effect."""
    return "  \n".join(map(escaped_markdown, text_of(view, words, str).splitlines()))


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt: status 200 with the body `ok`, or with `success` that is true.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = json_of(answer.text)
    if answer.status == _OK and (answer.text.strip() == "ok" or said.get("success") is True):
        return Receipt("ok")
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    raise refusal(answer, str(said.get("message") or said.get("error") or ""), now)
