"""What becomes of the outbox of a backup that is put back."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from alerts.alert import Reason
from alerts.editions import EditionStore
from alerts.message import DeliveryState
from alerts.policy.settling import closed
from alerts.store.alert_store import AlertStore
from alerts.wave_log import WaveStore
from crawler.store import Connection

_LATEST = datetime.max.replace(tzinfo=UTC)


class PendingChoice(StrEnum):
    """What happens to the messages that were pending when a backup was made."""

    SEND = "send"
    HOLD = "hold"
    DROP = "drop"


_ENDS = {
    PendingChoice.HOLD: (DeliveryState.DEAD, Reason.HELD),
    PendingChoice.DROP: (DeliveryState.SILENCED, Reason.RESTORED),
}


def restore_outbox(db: Connection, choice: PendingChoice, now: datetime) -> int:
    """Send, hold or drop what is pending; returns how many messages. Part of a writer's job.

    What is held is listed as given up, so that somebody looks at it; a replay sends it. Changes
    that wait for a second reading are forgotten: by now they have been told, or were none. For the
    same reason nothing more is told of a wave, and a morning paper begins with its next edition.
    """
    store = AlertStore(db)
    store.unconfirmed.forget(_LATEST)
    WaveStore(db).close((), now)
    EditionStore(db).begin_anew(now)
    waiting = store.reading.pending()
    if choice in _ENDS:
        for delivery in waiting:
            store.outbox.update(closed(delivery, *_ENDS[choice], now))
    return len(waiting)
