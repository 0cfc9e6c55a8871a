"""What the sender needs of every channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from alerts.message import Parcel
from alerts.outcome import Receipt
from alerts.policy.placement import ChannelPlan

Send = Callable[[], Receipt]


class Channel(Protocol):
    """A channel renders a message in its own form, and delivers it."""

    @property
    def plan(self) -> ChannelPlan:
        """What the deciders know about this channel."""

    def prepared(self, parcel: Parcel) -> Send:
        """The rendered message as a function; one call of it makes one attempt.

        To render uses no network. The call returns the receipt if the receiver has accepted the
        message. Otherwise it raises `DeliveryError`, which names the outcome.
        """
