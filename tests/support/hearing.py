"""What people have heard, sentence by sentence, and what the ledger of passages says of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from deliverydesk import Desk, ScriptedChannel
from outbox_desk import AT_ONCE

from alerts.message import DeliveryState, Message
from alerts.store.passage_ledger import LedgerPassage
from alerts.telling import TellingState
from crawler.store import ArticleStore, Connection

OPENING = (
    "In Baghuz verzamelen verslaggevers zich bij de rivier. De nacht was koud en het vuur laag. "
    "Langs de weg staan vrachtwagens met dekens, en een kok deelt linzensoep uit aan iedereen."
)


def told_desk(desk: Desk, **more: object) -> ScriptedChannel:
    channel = desk.add_channel(**(AT_ONCE | more))
    desk.rules(baghuz="baghuz")
    return channel


def shown(message: Message) -> list[str]:
    """The sentences that a message tells, each once; what is gone has a minus before it."""
    told = dict[str, None]()
    for alert in message.alerts:
        for edit in alert.change.edits if alert.change else ():
            told[edit.after or f"- {edit.before}"] = None
        for quote in alert.quotes:
            told[" ".join(quote.context.split())] = None
    return list(told)


def heard(channel: ScriptedChannel, target: str = "") -> list[str]:
    """The sentences that were accepted, in the order in which they came."""
    return [
        sentence
        for parcel in channel.parcels
        if parcel.target == target and parcel.message.id in channel.accepted
        for sentence in shown(parcel.message)
    ]


def rows(desk: Desk) -> list[LedgerPassage]:
    """The whole ledger of passages."""
    articles = desk.writer.run(
        lambda db: [row["article"] for row in db.rows("SELECT DISTINCT article FROM passages", [])]
    )
    return [
        row
        for article in articles
        for row in desk.store(lambda store, article=article: store.passages.of_article(article))
    ]


def stands(desk: Desk) -> Counter[str]:
    """How many passages stand where: `owed`, `told`, or the reason why not."""
    return Counter(row.reason.value if row.reason else row.state.value for row in rows(desk))


def breaches(desk: Desk) -> list[str]:
    """Where the ledger of passages and that of deliveries say different things."""
    states = {one.id: one.state for one in desk.deliveries()}
    found = []
    for row in rows(desk):
        state = states.get(row.delivery or "")
        if row.state is TellingState.OWED and state is not DeliveryState.PENDING:
            found.append(f"owed by {state}: {row.passage.text}")
        if row.state is TellingState.TOLD and row.told is None:
            found.append(f"told at no time: {row.passage.text}")
        if (row.state is TellingState.UNTOLD) != (row.reason is not None):
            found.append(f"a reason too many or too few: {row.passage.text}")
    return found


def hour(desk: Desk, steps: int = 4) -> None:
    """Match and send over an hour, and read all articles again in every part of it."""
    for _ in range(steps):
        desk.match()
        desk.send_over(timedelta(hours=1) / steps)
        read_again(desk)
    desk.match()
    desk.send_over(timedelta())


def read_again(desk: Desk) -> None:
    """Every page says what it said."""

    def read(db: Connection) -> None:
        archive = ArticleStore(db)
        for row in db.rows("SELECT id FROM articles", []):
            found = archive.article(row["id"])
            assert found
            archive.save(found, now=desk.clock())

    desk.writer.run(read)
