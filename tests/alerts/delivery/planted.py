"""Mistakes that look innocent, for the kill harness to find: each has lost or repeated alerts."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import alerts.delivery.dispatcher
from alerts.channel import Channel, Send
from alerts.channels.webhook.webhook_channel import Webhook
from alerts.delivery.claims import Claim, Wait, claim
from alerts.delivery.lane import Lane
from alerts.matcher import MatchCounts, Matcher, readings_of
from alerts.message import Parcel
from alerts.outcome import Outcome
from alerts.policy.placement import ChannelPlan
from alerts.policy.settling import SettledAttempt
from alerts.store.alert_store import AlertStore
from alerts.store.ledger import READER
from alerts.transport.http import HttpAnswer, HttpSender, Post
from crawler.store import Connection

# Each bug with the kind of breach that must give it away.
BUGS = {
    "mark-before-send": "lost",
    "split-commit": "match",
    "new-id": "id",
    "short-lease": "surplus",
    "follow-redirect": "redirect",
}


def matcher(bug: str) -> type[Matcher]:
    """The matcher with or without its mistake."""
    return SplitCommit if bug == "split-commit" else Matcher


def lanes(bug: str) -> None:
    """Let the dispatcher work with the mistaken lane."""
    chosen = {"mark-before-send": MarkBeforeSend, "short-lease": ShortLease}.get(bug)
    if chosen:
        alerts.delivery.dispatcher.Lane = chosen  # type: ignore[misc, assignment]  # that is the mistake


def channels(bug: str, made: Sequence[Channel]) -> list[Channel]:
    """The channels with or without their mistake."""
    if bug == "new-id":
        return [NewId(channel) for channel in made]
    if bug == "follow-redirect":
        return [
            replace(channel, sender=Following(channel.sender.gate))
            if isinstance(channel, Webhook)
            else channel
            for channel in made
        ]
    return list(made)


class MarkBeforeSend(Lane):
    """Says "delivered" first, so that nothing is ever sent twice, and some things never."""

    def step(self) -> Wait | None:
        now = self.clock()
        claimed = self.writer.run(lambda db: self._claimed(db, now))
        if isinstance(claimed, Wait):
            return claimed
        self._record(claimed, SettledAttempt(outcome=Outcome.DELIVERED))
        self._attempt(claimed)
        return None

    def _claimed(self, db: Connection, now: Any) -> Claim | Wait:
        return claim(AlertStore(db), self._sender, now, self.scope)


class SplitCommit(Matcher):
    """Advances the cursor in one transaction and queues each alert in one of its own.

    It takes its time between them: when a kill comes is chance, on a slow machine a small one.
    """

    def run_once(self, now: Any) -> MatchCounts:
        counts = MatchCounts()
        while True:
            _, page, _ = self._writer.run(lambda db: self._next_records(db, now))
            if not page.records:
                return counts
            self._writer.run(lambda db: AlertStore(db).ledger.advance(READER, page.cursor, now))  # noqa: B023 - runs at once
            for reading in readings_of(page.records, self._rulebook):
                threading.Event().wait(0.005)
                counts += self._writer.run(
                    lambda db: self._judge_one(AlertStore(db), reading, [], now)  # noqa: B023 - runs at once
                )


@dataclass
class NewId:
    """Gives each attempt an id of its own."""

    channel: Channel

    @property
    def plan(self) -> ChannelPlan:
        return self.channel.plan

    def prepared(self, parcel: Parcel) -> Send:
        name = f"{parcel.message.id}x{parcel.attempt}"
        return self.channel.prepared(replace(parcel, message=replace(parcel.message, id=name)))


class Following(HttpSender):
    """Posts again to wherever a redirect points."""

    def post(self, post: Post) -> HttpAnswer:
        answer = super().post(post)
        if answer.status // 100 == 3:
            return super().post(replace(post, url=answer.headers["Location"]))
        return answer


class ShortLease(Lane):
    """A second sender takes a delivery over when the first has held it for a moment."""

    LEASE = timedelta(milliseconds=5)

    def step(self) -> Wait | None:
        now = self.clock()
        claimed = self.writer.run(lambda db: self._claimed(db, now))
        if isinstance(claimed, Wait):
            return claimed
        rival = threading.Thread(target=self._take_over, args=(claimed,), daemon=True)
        rival.start()
        self._record(claimed, self._attempt(claimed))
        rival.join()
        return None

    _claimed = MarkBeforeSend._claimed

    def _take_over(self, claimed: Claim) -> None:
        threading.Event().wait(self.LEASE.total_seconds())
        held = self.writer.run(lambda db: AlertStore(db).outbox.delivery(claimed.parcel.message.id))
        if held and held.state == "pending":
            self._attempt(claimed)
