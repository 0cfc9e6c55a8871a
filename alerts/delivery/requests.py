"""What people ask the sender for: a silence, a repeat, a test.

Only one process writes to the database. If that is the daemon, a command leaves its request in a
folder beside the database, and the daemon carries it out.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from alerts.counting import AppliedBatch, AppliedMatches
from alerts.delivery.queueing import Queueing, begun, queue
from alerts.faults.delivery_fault import DeliveryFault
from alerts.keeping.forgetting import forget_told
from alerts.message import Delivery, DeliveryState
from alerts.policy.placement import ChannelPlan, notice_placement
from alerts.policy.retry import Schedule, time_to_live
from alerts.policy.settling import failed_test, hastened, replayed
from alerts.policy.silences import Silence, silence_over_all
from alerts.rendering.notices import check_alert
from alerts.store.alert_store import AlertStore
from crawler.errors import ClaimLostError
from crawler.frozen import dataclass
from crawler.store import Connection, beside, forget_article, on_disk

log = logging.getLogger(__name__)

_ASIDE = ".failed"


@dataclass(frozen=True, slots=True)
class BeginSilence:
    """Begin this silence: nothing that it covers is told."""

    silence: Silence


@dataclass(frozen=True, slots=True)
class EndSilence:
    """End this silence now."""

    silence: str


@dataclass(frozen=True, slots=True)
class Replay:
    """Send this delivery, or every delivery of this alert, once more under the same id.

    It goes after `wait`, also if its next try after a failed one was to be later. Deliveries that a
    silence covers now are left out.
    """

    id: str
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class SendTest:
    """Send a test message over this channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase this article, and all that was found and told about it."""

    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeepApplied:
    """Keep what a rule was found in when it was applied backwards."""

    batch: AppliedBatch


@dataclass(frozen=True, slots=True)
class DropApplied:
    """Take that back."""

    rule: str


Request = BeginSilence | EndSilence | Replay | SendTest | Forget | KeepApplied | DropApplied

_ADAPTERS: dict[str, TypeAdapter[Request]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (BeginSilence, EndSilence, Replay, SendTest, Forget, KeepApplied, DropApplied)
}


def carry_out(
    db: Connection, request: Request, plans: Sequence[ChannelPlan], now: datetime
) -> list[str]:
    """Do what is asked, in a writer's job; returns the ids of what it changed, if anything."""
    store = AlertStore(db)
    match request:
        case BeginSilence(silence):
            store.ledger.add_silence(silence)
            return [silence.id]
        case EndSilence(silence):
            return [silence] if store.ledger.end_silence(silence, now) else []
        case Replay():
            return _replay(store, request, plans, now)
        case SendTest(channel):
            return _test(store, channel, plans, now)
        case Forget(article, reason):
            return forget(db, article, reason, now)
        case KeepApplied() | DropApplied():
            return _applied(AppliedMatches(db), request, now)


def forget(db: Connection, article: str, reason: str, now: datetime) -> list[str]:
    """Erase an article, in a writer's job; returns its id, and those of the messages about it.

    Those messages were sent, and nobody can take them back.
    """
    sent = forget_told(db, article, now)
    return [article, *sent] if forget_article(db, article, reason, now) else []


def _applied(store: AppliedMatches, request: KeepApplied | DropApplied, now: datetime) -> list[str]:
    if isinstance(request, DropApplied):
        return [request.rule] if store.drop(request.rule) else []
    store.keep(request.batch, now)
    return [one.article for one in request.batch.found]


def _replay(
    store: AlertStore, request: Replay, plans: Sequence[ChannelPlan], now: datetime
) -> list[str]:
    one = store.outbox.delivery(request.id)
    deliveries = [one] if one else store.reading.deliveries_of(request.id)
    schedules = {plan.id: plan.schedule for plan in plans}
    done = []
    for delivery in deliveries:
        if delivery.state is DeliveryState.DIGESTED or silence_of(store, delivery, now):
            continue
        if delivery.state is DeliveryState.PENDING:
            done += _hasten(store, delivery, now + request.wait)
            continue
        life = time_to_live(schedules.get(delivery.channel, Schedule.CHAT), delivery.priority)
        store.outbox.reopen(replayed(delivery, life, now + request.wait))
        done.append(delivery.id)
    return done


def _hasten(store: AlertStore, delivery: Delivery, now: datetime) -> list[str]:
    """Let a delivery that waits after a failed try go at this moment, unless it is being sent."""
    if not delivery.attempts:
        return []
    with suppress(ClaimLostError):
        store.outbox.update(hastened(delivery, now))
        return [delivery.id]
    return []


def call_off(db: Connection, before: Iterable[Delivery]) -> list[str]:
    """Let deliveries that were to go once more be as they were before, if none of them has begun.

    Part of a writer's job; returns the ids of those that do not go.
    """
    store, done = AlertStore(db), list[str]()
    for delivery in before:
        held = store.outbox.delivery(delivery.id)
        if held and held.state is DeliveryState.PENDING and held.attempts == delivery.attempts:
            with suppress(ClaimLostError):
                store.outbox.update(delivery)
                done.append(delivery.id)
    return done


def silence_of(store: AlertStore, delivery: Delivery, now: datetime) -> Silence | None:
    """A silence that covers everything this delivery tells; None if there is none."""
    alerts = store.outbox.alerts(delivery.id)
    return silence_over_all(store.ledger.silences(now), alerts, delivery.channel, now)


def _test(
    store: AlertStore, channel: str, plans: Sequence[ChannelPlan], now: datetime
) -> list[str]:
    found = [plan for plan in plans if plan.id == channel]
    done = []
    for plan in found:
        alert = check_alert(plan, now)
        queue(store, alert, [plan], Queueing(now=now))
        place = notice_placement(alert, plan, now)
        done += [begun(alert, plan.id, target, place, now).id for target in plan.targets]
    return done


def end_tests(db: Connection, tests: Sequence[str], now: datetime) -> None:
    """Close the test messages that were not tried because the receiver had asked for a pause.

    A test message that is being sent is left to its sender.
    """
    store = AlertStore(db)
    for name in tests:
        test = store.outbox.delivery(name)
        if test is not None and test.state is DeliveryState.PENDING:
            with suppress(ClaimLostError):
                store.outbox.update(failed_test(test, DeliveryFault.ASKED_TO_WAIT(), now))


def folder_of(database: Path) -> Path:
    """The folder for requests to the process that holds this database."""
    return beside(database, ".requests")


def leave(database: Path, request: Request, now: datetime) -> None:
    """Leave a request for the process that holds this database; a power cut does not lose it."""
    folder = folder_of(database)
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S-%f}-{secrets.token_hex(4)}"
    kind = type(request).__name__
    draft = folder / f".{name}"
    draft.write_bytes(_ADAPTERS[kind].dump_json(request))
    if os.geteuid() == 0:  # root leaves it for the user of a service
        owner = database.stat()
        for each in (folder, draft):
            os.chown(each, owner.st_uid, owner.st_gid)
    on_disk(draft)
    # So a reader sees the whole request or nothing.
    draft.replace(folder / f"{name}.{kind}.json")
    on_disk(folder)


def left(database: Path) -> list[tuple[Path, Request]]:
    """The requests that were left, in order.

    A file that is no request, as another version may leave, is logged and set aside. One that
    cannot be read stays.
    """
    found: list[tuple[Path, Request]] = []
    folder = folder_of(database)
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            adapter = _ADAPTERS[path.name.split(".")[-2]]
            found.append((path, adapter.validate_json(path.read_bytes())))
        except (ValidationError, KeyError, OSError) as error:
            log.error("request=%s unreadable=%s", path.name, type(error).__name__)  # noqa: TRY400 - the kind says it
            if not isinstance(error, OSError):
                set_aside(path)
    return found


def set_aside(request: Path) -> None:
    """Keep a request that cannot be carried out, where it keeps no other waiting."""
    request.replace(request.with_suffix(_ASIDE))


def aside(database: Path) -> list[Path]:
    """The requests that could not be carried out, in order; they stay until somebody looks."""
    return sorted(folder_of(database).glob(f"*{_ASIDE}"))
