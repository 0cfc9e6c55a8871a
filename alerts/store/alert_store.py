"""The ledger of alerts, in the same SQLite file as the archive."""

from __future__ import annotations

from alerts.match import Match
from alerts.store.channel_states import ChannelStates
from alerts.store.ledger import Ledger
from alerts.store.outbox import Outbox
from alerts.store.passage_ledger import PassageLedger
from alerts.store.queries import LedgerReader
from alerts.store.threads import Threads
from alerts.store.unconfirmed_changes import UnconfirmedChanges
from alerts.store.watches import Watches
from crawler.store import Connection


class AlertStore:
    """The parts of the store over one connection.

    The matcher uses `ledger`. The sender uses `outbox` and `channels`. `passages` knows what each
    receiver has heard, `threads` in which conversation, and `unconfirmed` what has to be read twice
    before it is told. `watches` remembers sources and heartbeats. `reading` answers people.
    Methods that write belong in a writer's job.
    """

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.ledger = Ledger(db)
        self.outbox = Outbox(db)
        self.channels = ChannelStates(db)
        self.passages = PassageLedger(db)
        self.threads = Threads(db)
        self.unconfirmed = UnconfirmedChanges(db)
        self.watches = Watches(db)
        self.reading = LedgerReader(db)

    def matches_of(self, article: str) -> list[Match]:
        """The matches of the newest text of this article that has matches."""
        return self.ledger.matches(article)
