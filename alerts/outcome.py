"""How an attempt to deliver can end."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from crawler.errors import NieuwswachtError
from crawler.faults import Fault
from crawler.frozen import dataclass


class Outcome(StrEnum):
    """What is known of one attempt after its end.

    `not_sent` is certain: the receiver did not get the message. After `unknown` the receiver may
    have it, so the next attempt may be a repeat.
    """

    DELIVERED = "delivered"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    MESSAGE_REJECTED = "message_rejected"
    CHANNEL_REJECTED = "channel_rejected"
    RECIPIENT_REJECTED = "recipient_rejected"


@dataclass(frozen=True, slots=True)
class Shown:
    """How many passages of an alert a message showed, and how many it only announced.

    `keys` are the keys of those that it showed, if the ledger of passages knows them. `cut` are the
    keys of those that it showed in part, which count as announced.
    """

    alert: str
    passages: int
    announced: int = 0
    keys: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer of a receiver that accepted; `reference` is its name for the message, if any.

    `shown` has each alert that the message told; alerts without a place in it are missing.
    """

    detail: str = ""
    reference: str = ""
    shown: tuple[Shown, ...] = ()


class DeliveryError(NieuwswachtError):
    """The receiver did not accept an attempt; `retry_after` is the wait that it asked for.

    `detail` is safe to show: it may name a host, but never an address with its secrets.
    """

    def __init__(
        self, outcome: Outcome, detail: Fault, *, retry_after: timedelta | None = None
    ) -> None:
        self.outcome, self.detail, self.retry_after = outcome, detail, retry_after
        super().__init__(f"{outcome}: {detail}")
