"""Two owners that share work through one writer, each of which may stop at any point."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import ClassVar

from claiming import source_claim
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from alerts.alert import Notice
from alerts.delivery.claims import (
    AttemptMoment,
    Claim,
    Scope,
    Sender,
    begin_sending,
    claim,
    record,
)
from alerts.delivery.dispatcher import take_over
from alerts.delivery.queueing import Queueing, queue
from alerts.outcome import Outcome
from alerts.policy.placement import ChannelPlan
from alerts.policy.settling import SettledAttempt
from alerts.rendering.notices import health_alert
from alerts.store import AlertStore, migrations as alerts_migrations
from crawler.errors import ClaimLostError
from crawler.model import FeedEntry, Source, SourceKind
from crawler.sources.freshness import ListedEntry
from crawler.store import (
    LEASE,
    ClaimTable,
    Connection,
    DueSource,
    FetchedPage,
    PageQueue,
    Poll,
    PollStore,
    WantedPage,
    WorkClaim,
    Writer,
    migrations,
    open_reader,
)

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
FAR = timedelta(days=30)
SOURCES, PAGES, CHANNELS = ("nos", "nu"), ("k1", "k2", "k3"), ("desk", "mail")
# Before all that is held now.
LAPSED = datetime.min.replace(tzinfo=UTC)
# Nobody claims this source: its list may be read at any time.
UNHELD = "lijst"
PLANS = [ChannelPlan(id=name, zone=UTC, group_wait=timedelta()) for name in CHANNELS]
SPANS = (timedelta(seconds=1), LEASE / 2, LEASE)
EVERY = [migrations, alerts_migrations]

Begin = Callable[[AlertStore, Sequence[ChannelPlan], datetime], None]
Work = DueSource | WantedPage | Claim


@dataclass(frozen=True, eq=False)
class Piece:
    """Work that was claimed: `name` is what it is, the same each time it is claimed."""

    name: str
    owner: str
    right: WorkClaim
    work: Work


def fill(path: Path) -> None:
    """A database in which two sources, three pages and two deliveries are due."""
    with Writer(path, migrations=EVERY) as writer:
        writer.run(_fill)


def _fill(db: Connection) -> None:
    polls = PollStore(db)
    sources = [
        Source(
            id=name,
            outlet=name,
            kind=SourceKind.FEED,
            url=f"https://{name}.example/rss",
            every=timedelta(minutes=5),
            enabled=name != UNHELD,
        )
        for name in (*SOURCES, UNHELD)
    ]
    polls.sync_sources(sources, NOW)
    listed = [_listed(key, key, NOW) for key in PAGES]
    claim = source_claim(db, "nos", NOW)
    polls.record_poll(Poll(source="nos", claim=claim, at=NOW, next_poll=NOW), listed)
    for plan in PLANS:
        alert = health_alert(f"proef:{plan.id}", Notice("Proef"), NOW)
        queue(AlertStore(db), alert, [plan], Queueing(now=NOW))


def _listed(key: str, title: str, now: datetime) -> ListedEntry:
    entry = FeedEntry(url=f"https://nos.example/{key}", title=title)
    return ListedEntry(key=key, entry=entry, entry_hash=title, new=True, due=now)


class Claimants(RuleBasedStateMachine):
    """Two owners claim, work and record in any order; time passes, and either may be stopped.

    Each begins while the other works; only when both are gone is the database opened anew.
    `held` is who has claimed what last: the promise is about that, and knows nothing of tables.
    """

    filled: ClassVar[Path]
    claims: ClassVar[type[ClaimTable]] = ClaimTable
    begins: ClassVar[Begin] = staticmethod(begin_sending)

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "nieuws.db"
        shutil.copy(self.filled, path)
        self._lives = count()
        self.now = self.latest = NOW
        self._writer = self._opened(path)
        self.owners = [f"een-{next(self._lives)}", f"twee-{next(self._lives)}"]
        self.pieces: list[Piece] = []
        self.held: dict[str, tuple[Piece, datetime]] = {}
        self.fences: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.changed: set[str] = set()
        self.lost: set[Piece] = set()
        self.fetched: Counter[str] = Counter()

    @rule(who=st.integers(0, 1), most=st.integers(1, 2))
    def polls(self, who: int, most: int) -> None:
        owner = self.owners[who]
        due = self._writer.run(lambda db: self._polls(db).claim_due_sources(owner, self.now, most))
        self._begun([Piece(f"source {each.state.id}", owner, each.claim, each) for each in due])

    @rule(who=st.integers(0, 1), most=st.integers(1, 2))
    def fetches(self, who: int, most: int) -> None:
        owner = self.owners[who]
        pages = self._writer.run(lambda db: self._queue(db).claim(owner, self.now, most, each=9))
        self._begun([Piece(f"page {page.key}", owner, page.claim, page) for page in pages])

    @rule(who=st.integers(0, 1), plan=st.sampled_from(PLANS))
    def sends(self, who: int, plan: ChannelPlan) -> None:
        owner = self.owners[who]
        sender = Sender(plan, PLANS, owner)
        found = self._writer.run(
            lambda db: claim(self._alerts(db), sender, self.now, Scope(flush=True))
        )
        if isinstance(found, Claim):
            self._begun([Piece(f"delivery {plan.id}", owner, found.right, found)])

    def _begun(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            before, until = self.held.get(piece.name, (None, self.now))
            assert before is None or not self._runs(until), f"{piece.name} is claimed twice"
            assert not self.done[piece.name], f"{piece.name} is claimed after it was done"
            assert piece.right.fence > self.fences[piece.name], "a fence is used again"
            self.fences[piece.name] = piece.right.fence
            self.changed.discard(piece.name)
            self.held[piece.name] = (piece, self.now + LEASE)
            self.pieces.append(piece)

    @precondition(lambda self: self.pieces)
    @rule(data=st.data())
    def records(self, data: st.DataObject) -> None:
        """Whoever has claimed something ever, dead or not, writes what came of it."""
        piece = data.draw(st.sampled_from(self.pieces))
        held, until = self.held.get(piece.name, (None, self.now))
        kept = self._kept(piece)
        if held is not piece:
            assert not kept, f"{piece.name}: a write with an old fence was kept"
        elif self._runs(until):
            assert kept, f"{piece.name}: the write of its owner was refused"
        if kept:
            self._ended(piece)

    def _ended(self, piece: Piece) -> None:
        """Done, unless its entry has changed since it was claimed: then it is to be done again."""
        del self.held[piece.name]
        self.fetched[piece.name] += 1
        self.done[piece.name] += piece.name not in self.changed

    @precondition(lambda self: any(name.startswith("page") for name in self.held))
    @rule(data=st.data())
    def changes(self, data: st.DataObject) -> None:
        """A list changes an entry while its page is held."""
        pages = sorted(name for name in self.held if name.startswith("page"))
        name = data.draw(st.sampled_from(pages))
        # A moment that no other change has, whatever the clock does.
        self.now += timedelta(microseconds=1 + next(self._lives))
        listed = _listed(name.removeprefix("page "), f"changed {self.now}", self.now)

        def list_it(db: Connection) -> None:
            claim = source_claim(db, UNHELD, self.now)
            poll = Poll(source=UNHELD, claim=claim, at=self.now, next_poll=self.now)
            self._polls(db).record_poll(poll, [listed])

        self._writer.run(list_it)
        self.changed.add(name)

    @rule(who=st.integers(0, 1))
    def renews(self, who: int) -> None:
        """What an owner has in hand; what it has lost on the way is free after a lease."""
        owner = self.owners[who]
        mine = [piece for piece, _ in self.held.values() if piece.owner == owner]
        in_hand = [piece.right for piece in mine if piece not in self.lost]
        self._writer.run(lambda db: self._polls(db).renew_claims(owner, in_hand, self.now))
        for name, (piece, until) in self.held.items():
            if piece.right in in_hand and self._runs(until) and not name.startswith("delivery"):
                self.held[name] = (piece, self.now + LEASE)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def loses(self, data: st.DataObject) -> None:
        """An owner could not write what came of its work, and has it in hand no longer."""
        name = data.draw(st.sampled_from(sorted(self.held)))
        self.lost.add(self.held[name][0])

    @rule(who=st.integers(0, 1))
    def stops(self, who: int) -> None:
        """An owner gives back its work and begins anew; it may still have something under way."""
        owner = self.owners[who]
        self._writer.run(lambda db: self._polls(db).release_claims(owner))
        for name, (piece, _) in list(self.held.items()):
            if piece.owner == owner and not name.startswith("delivery"):
                del self.held[name]
        self.dies(who)

    @rule(who=st.integers(0, 1))
    def dies(self, who: int) -> None:
        """An owner ends without a word, and another life of it begins while the other works."""
        self.owners[who] = f"{self.owners[who].split('-')[0]}-{next(self._lives)}"
        self._writer.run(lambda db: self.begins(self._alerts(db), PLANS, self.now))

    @rule()
    def both_die(self) -> None:
        """The process ends: whoever opens the database next has all of it at once."""
        path = self._writer.path
        self._writer.close()
        self._writer = self._opened(path)
        self.held.clear()
        for who in (0, 1):
            self.dies(who)

    def _opened(self, path: Path) -> Writer:
        return Writer(path, migrations=EVERY, opening=lambda db: take_over(db, self.now))

    @rule(span=st.sampled_from(SPANS))
    def waits(self, span: timedelta) -> None:
        self.now += span

    @rule(span=st.sampled_from([SPANS[0], timedelta(hours=1)]))
    def sets_back(self, span: timedelta) -> None:
        """The clock is set right by a little or a lot; what has run out once may be taken."""
        self.latest = max(self.latest, self.now)
        self._lapse()
        self.now -= span
        self._lapse()

    def _runs(self, until: datetime) -> bool:
        return self.now < until <= self.now + 2 * LEASE

    def _lapse(self) -> None:
        for name, (piece, until) in self.held.items():
            if not self._runs(until):
                self.held[name] = (piece, LAPSED)

    def teardown(self) -> None:
        try:
            self._finish()
        finally:
            self._writer.close()
            self._folder.cleanup()

    def _finish(self) -> None:
        """All have died; whoever comes last does what is left: nothing is lost or done twice."""
        self.now = max(self.now, self.latest) + LEASE
        self.owners[0] = "laatste"
        self.polls(0, len(SOURCES))
        self.fetches(0, len(PAGES))
        for plan in PLANS:
            self.sends(0, plan)
        for piece, _ in list(self.held.values()):
            assert self._kept(piece), piece.name
            self._ended(piece)
        names = [f"source {name}" for name in SOURCES] + [f"page {name}" for name in PAGES]
        assert self.done == Counter([*names, *(f"delivery {name}" for name in CHANNELS)])
        self._look()

    def _look(self) -> None:
        """What is on record says the same."""
        db = open_reader(self._writer.path)
        polled = PollStore(db).counters(NOW - FAR)
        pages = db.rows("SELECT key, fetches, wanted, owner FROM pages ORDER BY key")
        deliveries = db.rows("SELECT state, owner FROM deliveries")
        sent = db.rows("SELECT delivery FROM attempts WHERE outcome = 'delivered'")
        db.close()
        assert {name: polled[name]["polled"] for name in SOURCES} == dict.fromkeys(SOURCES, 1)
        assert pages == [
            {"key": key, "fetches": self.fetched[f"page {key}"], "wanted": None, "owner": None}
            for key in PAGES
        ]
        assert deliveries == [{"state": "delivered", "owner": None}] * len(CHANNELS)
        assert len({row["delivery"] for row in sent}) == len(sent) == len(CHANNELS)

    def _kept(self, piece: Piece) -> bool:
        try:
            return self._writer.run(lambda db: self._written(db, piece))
        except ClaimLostError:
            return False

    def _written(self, db: Connection, piece: Piece) -> bool:
        work, now = piece.work, self.now
        match work:
            case DueSource(state=state):
                poll = Poll(
                    source=state.id,
                    at=now,
                    next_poll=now + FAR,
                    counts={"polled": 1},
                    claim=piece.right,
                )
                self._polls(db).record_poll(poll)
            case WantedPage(key=key):
                self._polls(db).page_fetched(FetchedPage(key=key, at=now, claim=piece.right))
            case Claim():
                plan = next(plan for plan in PLANS if piece.name == f"delivery {plan.id}")
                result = SettledAttempt(outcome=Outcome.DELIVERED)
                store, sender = self._alerts(db), Sender(plan, PLANS, piece.owner)
                return record(store, sender, work, result, AttemptMoment(now, 0.5))
        return True

    def _polls(self, db: Connection) -> PollStore:
        polls = PollStore(db)
        polls._sources = self.claims(db, "sources", "id", due="next_poll")
        polls._pages = self.claims(db, "pages", "key", due="due")
        return polls

    def _queue(self, db: Connection) -> PageQueue:
        pages = PageQueue(db)
        pages._claims = self.claims(db, "pages", "key")
        return pages

    def _alerts(self, db: Connection) -> AlertStore:
        store = AlertStore(db)
        store.outbox._claims = self.claims(db, "deliveries", "id")
        return store
