"""What every channel offers to the sender."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from alerts.message import Parcel
from alerts.outcome import Receipt
from alerts.policy.placement import ChannelPlan

Send = Callable[[], Receipt]


class Channel(Protocol):
    """A way to people: it renders a message in its own form, and knows how to hand it over."""

    @property
    def plan(self) -> ChannelPlan:
        """What the deciders know of this channel."""

    def prepared(self, parcel: Parcel) -> Send:
        """The rendered message, ready to go: calling it makes the one attempt.

        Rendering touches nothing outside. The call returns the receipt of a receiver that
        accepted, and raises `DeliveryError`, which names the outcome, for everything else.
        """
