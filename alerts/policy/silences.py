"""Silences: people do not want certain alerts for a while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from alerts.alert import Alert, EventKind
from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """From `starts` up to `ends` this rule is not told in this channel; empty means any.

    `who` is the user of the page who asked for it, if one did.
    """

    id: str
    rule: str
    channel: str
    starts: datetime
    ends: datetime
    reason: str
    who: str = ""


def silence_over(
    silences: Iterable[Silence], alert: Alert, channel: str, now: datetime
) -> Silence | None:
    """The first silence in force that covers this alert in this channel.

    No silence covers a test message.
    """
    if alert.kind is EventKind.TEST:
        return None
    for silence in silences:
        if silence.rule not in {"", alert.rule.id} or silence.channel not in {"", channel}:
            continue
        if silence.starts <= now < silence.ends:
            return silence
    return None


def silence_over_all(
    silences: Sequence[Silence], alerts: Sequence[Alert], channel: str, now: datetime
) -> Silence | None:
    """The silence that ends first, if every alert is covered by one; else None."""
    found = [silence_over(silences, alert, channel, now) for alert in alerts]
    covering = [silence for silence in found if silence]
    if not found or len(covering) < len(found):
        return None
    return min(covering, key=lambda silence: silence.ends)
