"""Signed JSON for machines: Standard Webhooks 1.0.0."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.channel import Send
from alerts.channels.webhook.webhook_body import body_of, shown_in
from alerts.channels.webhook.webhook_config import WebhookConfig
from alerts.channels.webhook.webhook_signature import signed_headers
from alerts.faults.delivery_fault import DeliveryFault
from alerts.message import Parcel
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.frozen import dataclass

# The fault is in this request, not in the channel: another body may be accepted.
_MESSAGE_FAULTS = frozenset({400, 406, 409, 411, 413, 415, 422, 431})
# The receiver did not accept the message, but may accept it later.
_TRY_AGAIN = frozenset({408, 423, 425, 429})


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts signed events to one address; the id is the same in all attempts."""

    plan: ChannelPlan
    config: WebhookConfig
    sender: HttpSender

    def prepared(self, parcel: Parcel) -> Send:
        """The event with its signatures, ready to be posted."""
        body = body_of(parcel.message, plain=parcel.plain)
        secrets = [secret.get_secret_value() for secret in self.config.secret]
        timestamp = int(parcel.now.timestamp())
        headers = signed_headers(secrets, parcel.message.id, timestamp, body)
        headers["Content-Type"] = "application/json"
        headers["User-Agent"] = "nieuwswacht"
        post = Post(self.config.url.get_secret_value(), body, headers, secrets)
        shown = shown_in(parcel.message, plain=parcel.plain)
        return lambda: replace(accepted(self.sender.post(post), parcel.now), shown=shown)


def accepted(answer: HttpAnswer, now: datetime) -> Receipt:
    """The receipt of an answer with a status of 200 to 299.

    Raises:
        DeliveryError: the status is another one, and the outcome says what it means. A redirect is
            a failure: to follow it would give signed news to an address that nobody configured.
    """
    status = answer.status
    if 200 <= status < 300:  # noqa: PLR2004 - the class of success
        return Receipt(str(status))
    outcome = _outcome(status)
    later = outcome in {Outcome.NOT_SENT, Outcome.UNKNOWN}
    raise DeliveryError(
        outcome,
        DeliveryFault.STATUS(status=status),
        retry_after=answer.retry_after(now) if later else None,
    )


def _outcome(status: int) -> Outcome:
    if status < 400 or status in _TRY_AGAIN:  # noqa: PLR2004 - informational or redirect
        return Outcome.NOT_SENT
    if status >= 500:  # noqa: PLR2004 - the server may have done its work before it failed
        return Outcome.UNKNOWN
    return Outcome.MESSAGE_REJECTED if status in _MESSAGE_FAULTS else Outcome.CHANNEL_REJECTED
