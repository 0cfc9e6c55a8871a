"""A desk with a real store, invented news, a clock that is set by hand, and scripted channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from claiming import source_claim

from alerts.delivery.claims import Scope, begin_sending
from alerts.delivery.dispatcher import take_over
from alerts.delivery.lane import Lane
from alerts.match import Priority
from alerts.matcher import MatchCounts, Matcher
from alerts.message import Delivery, Parcel
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.tale import View
from alerts.rules.book import RuleBook, rule_of
from alerts.store.alert_store import AlertStore
from alerts.store.schema import migrations as alerts_migrations
from crawler.config.files import FirstRun
from crawler.faults import said
from crawler.model import Article, DateOrigin, FeedEntry, Source, SourceKind
from crawler.sources.freshness import ListedEntry
from crawler.store import ArticleStore, Connection, Poll, PollStore, Saved, Writer, migrations

T = TypeVar("T")

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

BAGHUZ = (
    "In het Syrische dorp Baghuz is het kalifaat gevallen, melden de Syrische Democratische "
    "Strijdkrachten. Na weken van gevechten gaven de laatste strijders zich over bij de rivier. "
    "Een woordvoerder sprak van een historische dag voor de hele streek. Duizenden vrouwen en "
    "kinderen waren in de dagen daarvoor al naar een kamp gebracht. Hulporganisaties vragen om "
    "dekens, drinkwater en artsen. De burgemeester van het naburige stadje hoopt dat de bewoners "
    "voor de zomer terug kunnen naar hun huizen en akkers langs de Eufraat."
)
CALIPHATE = "kalifa* OR baghuz"


def article(  # noqa: PLR0913 - an article has many sides
    title: str = "Laatste bolwerk gevallen",
    body: str = BAGHUZ,
    *,
    outlet: str = "NOS",
    number: int = 1,
    lead: str = "De strijd om de enclave duurde weken.",
    now: datetime = MORNING,
    published: datetime | None = None,
) -> Article:
    """An article of this outlet, under the site's own number."""
    key = f"{outlet.lower()}:{number}"
    return Article(
        id="art_" + sha256(key.encode()).hexdigest()[:16],
        key=key,
        url=f"https://{outlet.lower()}.example/artikel/{number}",
        outlet=outlet,
        source=outlet.lower(),
        title=title,
        lead=lead,
        body=body,
        first_seen=now,
        published=published or now - timedelta(minutes=5),
        published_from=DateOrigin.PAGE,
        author="Sanne de Wit",
    )


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class ScriptedChannel:
    """A channel whose receiver answers by script: None accepts, an error is raised.

    `view` gives it a form, of which it tells what was shown.
    """

    plan: ChannelPlan
    script: list[DeliveryError | None] = field(default_factory=list)
    always: Callable[[Parcel], DeliveryError | None] = lambda _: None
    parcels: list[Parcel] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    view: Callable[[Parcel], View] | None = None

    def prepared(self, parcel: Parcel) -> Callable[[], Receipt]:
        shown = self.view(parcel).shown if self.view else ()

        def send() -> Receipt:
            self.parcels.append(parcel)
            error = self.script.pop(0) if self.script else self.always(parcel)
            if error:
                raise error
            self.accepted.append(parcel.message.id)
            return Receipt("ok", reference=f"ts-{len(self.parcels)}", shown=shown)

        return send


def failing(outcome: Outcome, **more: timedelta) -> DeliveryError:
    return DeliveryError(outcome, said(f"scripted {outcome}"), **more)


def plan(name: str = "desk", **changes: object) -> ChannelPlan:
    return replace(ChannelPlan(id=name, zone=AMSTERDAM), **changes)  # type: ignore[arg-type]  # as given


@dataclass
class Desk:
    """The matcher's and the sender's side over one real database."""

    writer: Writer
    clock: Clock = field(default_factory=Clock)
    channels: list[ScriptedChannel] = field(default_factory=list)
    rulebook: RuleBook = field(default_factory=lambda: RuleBook.build([]))
    first_run: FirstRun = FirstRun.ALERT

    def add_channel(self, name: str = "desk", **changes: object) -> ScriptedChannel:
        channel = ScriptedChannel(plan(name, **changes))
        self.channels.append(channel)
        return channel

    def rules(self, *channels: str, priority: str = "normal", **queries: str) -> None:
        names = channels or tuple(channel.plan.id for channel in self.channels)
        self.rulebook = RuleBook.build(
            [
                *self.rulebook.rules,
                *(
                    rule_of(
                        id=name,
                        name=name.title(),
                        text=query,
                        channels=names,
                        priority=Priority(priority),
                    )
                    for name, query in queries.items()
                ),
            ]
        )

    def save(self, found: Article) -> Saved:
        return self.writer.run(lambda db: ArticleStore(db).save(found, now=self.clock()))

    def poll(self, name: str, *listed: Article) -> None:
        """A successful poll of this source, in which these articles were listed."""
        outlet = listed[0].outlet if listed else name.upper()
        source = Source(
            id=name,
            outlet=outlet,
            kind=SourceKind.FEED,
            url=f"https://{name}.example/rss",
            every=timedelta(minutes=5),
        )
        now = self.clock()
        entries = [
            ListedEntry(
                key=found.key,
                entry=FeedEntry(url=found.url, title=found.title),
                entry_hash=found.title,
                new=True,
                due=now,
            )
            for found in listed
        ]

        def record(db: Connection) -> None:
            PollStore(db).sync_sources([source], now)
            claim = source_claim(db, name, now)
            done = Poll(
                source=name, claim=claim, at=now, next_poll=now + source.every, new=len(entries)
            )
            PollStore(db).record_poll(done, entries)

        self.writer.run(record)

    def publish(
        self, title: str = "Laatste bolwerk gevallen", body: str = BAGHUZ, **more: object
    ) -> Saved:
        return self.save(article(title, body, **({"now": self.clock()} | more)))  # type: ignore[arg-type]  # as given

    def match(self) -> MatchCounts:
        plans = [channel.plan for channel in self.channels]
        matcher = Matcher(self.writer, self.rulebook, plans, first_run=self.first_run)
        return matcher.run_once(self.clock())

    def lane(self, channel: ScriptedChannel, *, flush: bool = False) -> Lane:
        return Lane(
            writer=self.writer,
            channel=channel,
            channels=self.channels,
            clock=self.clock,
            scope=Scope(flush),
        )

    def send(self, *, flush: bool = False) -> None:
        """Send what is due in every channel, until nothing is."""
        for channel in self.channels:
            lane = self.lane(channel, flush=flush)
            while lane.step() is None:
                pass

    def send_over(self, span: timedelta, most: int = 10_000) -> None:
        """Send while the clock runs on, from one planned instant to the next."""
        end = self.clock() + span
        for _ in range(most):
            waits = [self.lane(channel).step() for channel in self.channels]
            if any(wait is None for wait in waits):
                continue
            instants = [wait.until for wait in waits if wait and wait.until]
            if not instants or min(instants) > end:
                break
            self.clock.now = max(self.clock.now, min(instants))
        self.clock.now = end

    def restart(self) -> None:
        """The process ends; another one opens the database and begins to send."""
        self.writer.close()
        self.writer = opened(self.writer.path, self.clock)
        plans = [channel.plan for channel in self.channels]
        self.store(lambda store: begin_sending(store, plans, self.clock()))

    def store(self, ask: Callable[[AlertStore], T]) -> T:
        return self.writer.run(lambda db: ask(AlertStore(db)))

    def deliveries(self) -> Sequence[Delivery]:
        return self.store(lambda store: store.reading.log(10_000)[::-1])

    def decisions(self, saved: Saved) -> list[tuple[str, str]]:
        found = self.store(lambda store: store.reading.decisions(saved.article))
        return [(decision.rule, decision.reason.value) for _, decision in found]


def opened(path: Path, clock: Clock) -> Writer:
    return Writer(
        path,
        migrations=[migrations, alerts_migrations],
        opening=lambda db: take_over(db, clock()),
    )


def open_desk(path: Path) -> Desk:
    clock = Clock()
    return Desk(opened(path, clock), clock)
