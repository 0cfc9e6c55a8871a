"""Slack: an incoming webhook, or `chat.postMessage` with a bot's token, which can thread."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from alerts.channel import Send
from alerts.channels.slack.slack_blocks import fitting_view, payload_of
from alerts.channels.slack.slack_config import SlackConfig
from alerts.message import Parcel
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from alerts.transport.answers import cut_off, json_of, refusal
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# Errors about this message: Slack may accept another one.
_MESSAGE_FAULTS = (
    "invalid_payload",
    "no_text",
    "invalid_blocks",
    "msg_too_long",
    "msg_blocks_too_long",
    "too_many_attachments",
    "invalid_arguments",
    "invalid_json",
    "markdown_text_conflict",
)
# Errors about the webhook, the token or the channel: people have to repair it.
_CHANNEL_FAULTS = (
    "no_service",
    "no_service_id",
    "no_team",
    "no_active_hooks",
    "channel_not_found",
    "channel_is_archived",
    "is_archived",
    "action_prohibited",
    "invalid_token",
    "team_disabled",
    "team_access_not_granted",
    "access_denied",
    "account_inactive",
    "ekm_access_denied",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "not_in_channel",
    "org_login_required",
    "posting_to_general_channel_denied",
    "restricted_action",
    "token_expired",
    "token_revoked",
    "user_is_restricted",
)
_RATE_FAULTS = ("ratelimited", "rate_limited", "message_limit_exceeded", "rollup_error")

_OK, _TOO_MANY = 200, 429


@dataclass(frozen=True, slots=True)
class Slack:
    """Posts messages to one Slack channel."""

    plan: ChannelPlan
    style: Style
    config: SlackConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The message as blocks, ready to be posted."""
        style = self.style.of(parcel.message)
        words = style.words
        view = fitting_view(view_of(parcel.message, style), words, plain=parcel.plain)
        payload = payload_of(view, words, plain=parcel.plain)
        url, token = self.config.webhook_url, _secret(self.config.token)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token:
            url = self.config.api_url
            headers["Authorization"] = f"Bearer {token}"
            payload |= self._addressed(parcel)
        post = Post(_secret(url), json.dumps(payload).encode(), headers, (token,))
        judge = accepted_by_api if token else accepted_by_webhook
        return lambda: replace(judge(self.sender.post(post), parcel.now), shown=view.shown)

    def _addressed(self, parcel: Parcel) -> dict[str, Any]:
        thread = parcel.message.thread
        answered = {"thread_ts": thread.reference} if thread and thread.reference else {}
        return {"channel": self.config.channel, **answered}


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def accepted_by_webhook(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt of an incoming webhook: only status 200 with the body `ok` is one.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = answer.text.strip()
    if answer.status == _OK and said == "ok":
        return Receipt("ok")
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    raise _refusal(answer, said, now)


def accepted_by_api(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt of `chat.postMessage`: `ok` is true, and `ts` is the name of the message.

    Raises:
        DeliveryError: the answer is another one, and the outcome says what it means.
    """
    said = json_of(answer.text)
    # The answer repeats the message, so it may be longer than the part that is read.
    if answer.status == _OK and (said.get("ok") is True or '"ok":true' in answer.text):
        return Receipt("ok", str(said.get("ts") or _after(answer.text, '"ts":"')))
    if answer.status == _OK and not answer.complete:
        raise cut_off(answer)
    raise _refusal(answer, str(said.get("error", answer.text.strip())), now)


def _after(text: str, key: str) -> str:
    return text.partition(key)[2].partition('"')[0] if key in text else ""


def _refusal(answer: HttpAnswer, said: str, now: datetime) -> DeliveryError:
    """What another answer means: by the error that Slack names, or else by the status."""
    word = said.partition(" ")[0].partition(":")[0]
    outcome = None
    if answer.status == _TOO_MANY or word in _RATE_FAULTS:
        outcome = Outcome.NOT_SENT
    elif word.startswith(_MESSAGE_FAULTS):
        outcome = Outcome.MESSAGE_REJECTED
    elif word in _CHANNEL_FAULTS:
        outcome = Outcome.CHANNEL_REJECTED
    return refusal(answer, said, now, outcome=outcome)
