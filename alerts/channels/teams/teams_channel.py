"""Microsoft Teams: a workflow takes the card, and posts it later."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from alerts.channel import Send
from alerts.channels.teams.teams_card import fitting_view, payload_of
from alerts.channels.teams.teams_config import TeamsConfig
from alerts.message import Parcel
from alerts.outcome import Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

_ACCEPTED, _OK = 202, 200


@dataclass(frozen=True, slots=True)
class Teams:
    """Posts cards to the webhook of one workflow."""

    plan: ChannelPlan
    style: Style
    config: TeamsConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message as a card, ready to be posted."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words)
        payload = payload_of(view, words, plain=parcel.plain)
        url = self.config.webhook_url.get_secret_value()
        post = Post(url, json.dumps(payload).encode(), {"Content-Type": "application/json"})
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=view.shown)


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt: status 202, or 200 with an empty body, as workflows with an answer of their own.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    if answer.status == _ACCEPTED:
        return Receipt("accepted")
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    if answer.status == _OK and not answer.text.strip():
        return Receipt("ok")
    said = json_of(answer.text).get("error")
    words = str(said.get("message") or said.get("code")) if isinstance(said, dict) else ""
    raise refusal(answer, words, now)
