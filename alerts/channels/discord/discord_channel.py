"""Discord: an embed with Markdown, in which nothing mentions anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from alerts.channel import Send
from alerts.channels.discord.discord_config import DiscordConfig
from alerts.message import Parcel
from alerts.outcome import Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.clean import cut
from alerts.rendering.fitting import Form, fitted
from alerts.rendering.markup import MARKDOWN, escaped_markdown, marked_lines
from alerts.rendering.phrases import Phrases
from alerts.rendering.plaintext import text_of
from alerts.rendering.tale import Style, View
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# Characters, as Discord documents them: an embed's description, and a message without embeds.
MOST_DESCRIPTION = 4096
MOST_PLAIN = 2000
# Characters of the line that a phone shows; chosen.
_SUBJECT = 300
_URGENT, _NORMAL = 0xB3261E, 0x5C5A52
_OK = 200
# Codes of Discord: an unknown webhook, channel or server, no access, no permission, a wrong token.
_CHANNEL_CODES = {10003, 10004, 10015, 50001, 50013, 50027}
# An empty message, a form that it refuses, too much of something.
_MESSAGE_CODES = {50006, 50035, 40005}


@dataclass(frozen=True, slots=True)
class Discord:
    """Posts messages to the channel of one webhook."""

    plan: ChannelPlan
    style: Style
    config: DiscordConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message as an embed, ready to be posted."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words, plain=parcel.plain)
        payload = payload_of(view, words, plain=parcel.plain)
        # Without `wait` Discord says yes before it looks.
        url = self.config.webhook_url.get_secret_value().partition("?")[0] + "?wait=true"
        headers = {"Content-Type": "application/json", "User-Agent": "nieuwswacht"}
        post = Post(url, json.dumps(payload).encode(), headers)
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=view.shown)


def fitting_view(view: View, words: Phrases, *, plain: bool) -> View:
    """As much of the message as Discord takes, and a line about the rest."""

    def fits(part: View) -> bool:
        if plain:
            return _length(_plain_text(part, words)) <= MOST_PLAIN
        return _length(_description(part, words)) <= MOST_DESCRIPTION

    return fitted(view, Form(words, fits, lambda text: _length(escaped_markdown(text))))


def payload_of(view: View, words: Phrases, *, plain: bool) -> dict[str, Any]:
    """What is posted: an embed under the line that phones show; only text if `plain`."""
    # Nothing is mentioned, whatever the text says.
    common: dict[str, Any] = {"allowed_mentions": {"parse": []}}
    if plain:
        return common | {"content": _plain_text(view, words)}
    urgent = any(tale.urgent for tale in view.tales)
    embed = {
        "description": _description(view, words),
        "color": _URGENT if urgent else _NORMAL,
    }
    subject = cut(view.subject, _SUBJECT, lambda text: _length(escaped_markdown(text)))
    return common | {"content": escaped_markdown(subject), "embeds": [embed]}


def _description(view: View, words: Phrases) -> str:
    return "\n".join(marked_lines(view, words, MARKDOWN))


def _plain_text(view: View, words: Phrases) -> str:
    return escaped_markdown(text_of(view, words, str).strip())


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt: status 200 and the message that was made.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = json_of(answer.text)
    # The answer repeats the message, so it may be longer than the part that is read.
    part = (
        not said
        and answer.text.startswith("{")
        and "json" in answer.headers.get("Content-Type", "")
    )
    if answer.status == _OK and (said.get("id") or part):
        return Receipt("ok")
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    outcome = None
    if said.get("code") in _CHANNEL_CODES:
        outcome = Outcome.CHANNEL_REJECTED
    elif said.get("code") in _MESSAGE_CODES:
        outcome = Outcome.MESSAGE_REJECTED
    words = str(said.get("message", ""))
    raise refusal(answer, words, now, outcome=outcome, seconds=said.get("retry_after"))
