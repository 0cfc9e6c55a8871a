"""Deliveries: which message goes where, and what happened to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from alerts.alert import (
    Alert,
    ArticleAlert,
    ArticleRef,
    EditionAlert,
    EventKind,
    Notice,
    NoticeAlert,
    Reason,
    VolumeAlert,
)
from alerts.edition import Edition
from alerts.match import Priority
from alerts.outcome import Outcome
from crawler.faults import Fault
from crawler.frozen import dataclass


class DeliveryState(StrEnum):
    """The state of a delivery; all states but `pending` are final."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    EXPIRED = "expired"
    SILENCED = "silenced"
    DIGESTED = "digested"


class Cause(StrEnum):
    """Why several stories come in one message, or why a message continues another."""

    NONE = ""
    DIGEST = "digest"
    CATCH_UP = "catch-up"
    AFTER_QUIET = "after-quiet"
    FIRST_RUN = "first-run"
    RESTORED = "restored"
    CONTINUED = "continued"

    @property
    def is_backlog(self) -> bool:
        """Whether the message sums up what had been published before, which is never urgent."""
        return self in {Cause.FIRST_RUN, Cause.RESTORED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one target of one channel; its id is the same in all attempts.

    Messages of one `group` stay in order; it is mostly the story. The message may go from `due` on.
    Other alerts may join it until `grouped_until`. `plain` means that the receiver refused its full
    form, `uncertain` that an attempt may have arrived.
    """

    id: str
    channel: str
    target: str
    kind: EventKind
    group: str
    priority: Priority
    state: DeliveryState
    created: datetime
    due: datetime
    grouped_until: datetime
    expires: datetime
    attempts: int = 0
    plain: bool = False
    uncertain: bool = False
    cause: Cause = Cause.NONE
    reason: Reason | None = None
    detail: Fault | None = None
    merged_into: str | None = None
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """How an attempt ended, and when."""

    at: datetime
    outcome: Outcome
    detail: Fault | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver; `end` is None while it is under way."""

    id: int
    delivery: str
    number: int
    started: datetime
    end: AttemptEnd | None = None

    @property
    def outcome(self) -> Outcome | None:
        """Its outcome, if it has ended."""
        return self.end.outcome if self.end else None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The story to which another one is related; `told` is None while its message is owed."""

    story: str
    title: str
    told: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One story in a message: its articles in order of arrival, and the alerts about it.

    `named` are the articles that joined silently since the last message; this message names them.
    `before` are the articles that the last message knew, so that it has named their outlets.
    `thread` is the story that began the conversation, if that is another story. `earlier` is the
    story about the same event in other words.
    """

    story: str
    articles: tuple[ArticleRef, ...]
    alerts: tuple[ArticleAlert, ...]
    named: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    thread: str = ""
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """The first message about a story in a channel; `reference` is the receiver's name for it."""

    root: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel has to tell; it is fixed at the first attempt and stays the same.

    Only a message with several stories of a conversation is split if its receiver refuses it.
    `following` is how many other stories come in the messages after it, as of a large digest.
    An `edition` of a morning paper is a message of its own. Of `waves` the last one is told.
    """

    id: str
    kind: EventKind
    created: datetime
    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()
    cause: Cause = Cause.NONE
    thread: Thread | None = None
    following: int = 0
    edition: Edition | None = None
    waves: tuple[VolumeAlert, ...] = ()

    @property
    def alerts(self) -> tuple[ArticleAlert, ...]:
        """All alerts of the message, in order."""
        return tuple(alert for entry in self.entries for alert in entry.alerts)

    def of(self, alerts: Iterable[Alert]) -> Message:
        """The message with only these alerts."""
        kept = {alert.id for alert in alerts}
        entries = (
            replace(entry, alerts=tuple(alert for alert in entry.alerts if alert.id in kept))
            for entry in self.entries
        )
        return replace(self, entries=tuple(entry for entry in entries if entry.alerts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message on its way to one target: what a channel gets for one attempt."""

    message: Message
    target: str
    attempt: int
    now: datetime
    plain: bool = False


def entries_of(alerts: Iterable[Alert]) -> list[Entry]:
    """One entry for each story, in the order of their first alerts."""
    by_story: dict[str, list[ArticleAlert]] = {}
    for alert in alerts:
        if isinstance(alert, ArticleAlert):
            by_story.setdefault(alert.story, []).append(alert)
    return [Entry(story, (), tuple(told)) for story, told in by_story.items()]


def message_of(
    delivery: Delivery, alerts: Collection[Alert], entries: Sequence[Entry], thread: Thread | None
) -> Message:
    """The message of this delivery; stories of one conversation come together, its first first."""
    threads = list(dict.fromkeys(entry.thread or entry.story for entry in entries))
    return Message(
        id=delivery.id,
        kind=delivery.kind,
        created=delivery.created,
        entries=tuple(
            sorted(
                entries,
                key=lambda entry: (
                    threads.index(entry.thread or entry.story),
                    entry.earlier is not None,
                ),
            )
        ),
        notices=tuple(alert.notice for alert in alerts if isinstance(alert, NoticeAlert)),
        cause=delivery.cause,
        thread=thread,
        waves=tuple(alert for alert in alerts if isinstance(alert, VolumeAlert)),
        edition=next((one.edition for one in alerts if isinstance(one, EditionAlert)), None),
    )
