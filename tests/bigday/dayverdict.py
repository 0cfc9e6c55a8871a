"""What receivers got, held against what was due to them."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from daymessages import Section, sections_of, squeezed
from dayoracle import Passage, ideal, lures, passages
from dayplan import MINUTE, Day
from dayrules import Receiver, receivers

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One accepted message, by story."""

    receiver: str
    at: datetime
    sections: tuple[Section, ...]


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Every breach of what was promised, as lines, and the number of messages with the ideal."""

    due: int = 0
    shown: int = 0
    lost: list[str] = field(default_factory=list)
    urgent_unseen: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    not_in_ledger: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    messages: dict[str, tuple[int, int]] = field(default_factory=dict)
    of_headline_test: dict[str, int] = field(default_factory=dict)

    def every_breach(self) -> list[str]:
        """All breaches, each as a line."""
        many = [
            f"{name}: {sent} messages where {due} would do"
            for name, (sent, due) in self.messages.items()
            if sent > 1.5 * due
        ]
        tests = [
            f"{name}: {count} messages about an article with two headlines"
            for name, count in self.of_headline_test.items()
            if count > 2
        ]
        told = (*self.lost, *self.urgent_unseen, *self.twice, *self.unasked)
        return [*told, *self.not_in_ledger, *self.not_found, *many, *tests]

    @property
    def breaches(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {
            "lost": len(self.lost),
            "urgent, not shown": len(self.urgent_unseen),
            "twice": len(self.twice),
            "unasked": len(self.unasked),
            "ledger": len(self.not_in_ledger),
            "not found": len(self.not_found),
            "too many messages": sum(sent > 1.5 * due for sent, due in self.messages.values()),
            "headline test": sum(count > 2 for count in self.of_headline_test.values()),
        }


def messages_of(told: Mapping[str, Any]) -> list[Message]:
    """The messages that receivers accepted."""
    return [
        Message(
            receiver=one["receiver"],
            at=datetime.fromisoformat(one["at"]),
            sections=tuple(sections_of(one["receiver"], b64decode(one["data"]))),
        )
        for one in told["received"]
        if one["accepted"]
    ]


class Audience:
    """What one receiver got, by passage."""

    def __init__(self, day: Day, receiver: Receiver, found: Iterable[Message]) -> None:
        self.receiver = receiver
        self.messages = [each for each in found if each.receiver == receiver.name]
        self._events = {piece.path: piece.event for piece in day.pieces}

    def shown(self, passage: Passage) -> list[datetime]:
        """When each message came that shows this passage of this event."""
        texts = [squeezed(text) for text in passage.texts]
        return [
            message.at
            for message in self.messages
            if any(self._shows(section, texts, passage.event) for section in message.sections)
        ]

    def _shows(self, section: Section, texts: list[str], event: str) -> bool:
        if not any(text in line for line in section.said for text in texts):
            return False
        about = self.events(section)
        return event in about or not about

    def events(self, section: Section) -> set[str]:
        return {self._events[path] for path in section.paths if path in self._events}

    def announced(self, event: str) -> list[tuple[datetime, int]]:
        """When how many passages of an event were left out, and announced with its link."""
        return [
            (message.at, section.left_out)
            for message in self.messages
            for section in message.sections
            if section.left_out and event in self.events(section)
        ]

    def about(self, event: str) -> int:
        """How many messages are about an event."""
        return sum(
            any(event in self.events(section) for section in message.sections)
            for message in self.messages
        )


def verdict_on(day: Day, told: Mapping[str, Any]) -> Verdict:
    """The whole verdict on a day."""
    everybody, found = receivers(day.calendar), messages_of(told)
    due, verdict = passages(day, everybody), Verdict()
    for receiver in everybody:
        audience = Audience(day, receiver, found)
        own = [passage for passage in due if passage.receiver == receiver]
        _judge(verdict, audience, own)
        _lured(verdict, audience, day)
        sent = sum(any(s.paths for s in message.sections) for message in audience.messages)
        verdict.messages[receiver.name] = sent, ideal(own, receiver, day.calendar)
        if "jihad" in receiver.since and not receiver.digest:
            verdict.of_headline_test[receiver.name] = audience.about("koppen")
    _hold_ledger(verdict, told, due, found)
    verdict.not_found = [asked for asked, there in told["found"].items() if not there]
    return verdict


def _judge(verdict: Verdict, audience: Audience, due: Iterable[Passage]) -> None:
    unseen: dict[str, list[Passage]] = {}
    for passage in due:
        times = audience.shown(passage)
        said = f"{audience.receiver.name}: {passage.fact}: {min(passage.texts)}"
        if len(times) > passage.times and not passage.headline:
            verdict.twice.append(f"{said} ({', '.join(f'{at:%H:%M}' for at in times)})")
        if times and passage.open is None and not passage.headline:
            verdict.unasked.append(f"{said} ({times[0]:%H:%M})")
        if passage.due is None:
            continue
        verdict.due += 1
        if passage.returns and not any(at >= passage.returns for at in times):
            verdict.lost.append(f"{said} (back since {passage.returns:%H:%M})")
        if times:
            verdict.shown += 1
            continue
        unseen.setdefault(passage.event, []).append(passage)
        if passage.urgent:
            verdict.urgent_unseen.append(f"{said} (due {passage.due:%H:%M})")
    for event, left in unseen.items():
        lost = _not_announced(left, audience.announced(event))
        verdict.lost += [
            f"{audience.receiver.name}: {each.fact}: {min(each.texts)} (due {each.due:%H:%M})"
            for each in lost
        ]


def _not_announced(unseen: list[Passage], announced: list[tuple[datetime, int]]) -> list[Passage]:
    """The passages that no remainder can stand for: each message stands for what came before it."""
    left = sorted(unseen, key=lambda each: each.open or _NEVER)
    for at, count in announced:
        counted = [each for each in left if each.open and each.open <= at][:count]
        left = [each for each in left if each not in counted]
    return left


def _lured(verdict: Verdict, audience: Audience, day: Day) -> None:
    for text, event in lures(day).items():
        alone = squeezed(text)
        for message in audience.messages:
            if any(alone in line for section in message.sections for line in section.said):
                verdict.unasked.append(f"{audience.receiver.name}: {event}: {text}")


def _hold_ledger(
    verdict: Verdict, told: Mapping[str, Any], due: list[Passage], found: list[Message]
) -> None:
    for ledger in told["ledgers"]:
        at = datetime.fromisoformat(ledger["at"])
        standing, rows = ledger["passages"], ledger["matched"]
        counted = standing["owed"] + standing["told"] + sum(standing["untold"].values())
        if counted != len(rows):
            verdict.not_in_ledger.append(f"{at:%H:%M}: {counted} counted, {len(rows)} matched")
        if ledger["untold"] != sum(standing["untold"].values()):
            verdict.not_in_ledger.append(f"{at:%H:%M}: {ledger['untold']} listed as not told")
        verdict.not_in_ledger += _missing(at, rows, due)
    verdict.not_in_ledger += _told_and_not_heard(told["ledgers"][-1]["matched"], found)


def _row_key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["target"] or row["channel"], squeezed(row["text"])


def _missing(at: datetime, rows: Iterable[Mapping[str, Any]], due: list[Passage]) -> list[str]:
    """What was due for some time and stands nowhere in the ledger."""
    there = {_row_key(row) for row in rows}
    return [
        f"{at:%H:%M}: {each.receiver.name}: nowhere: {min(each.texts)}"
        for each in due
        if each.due
        and each.due + 30 * MINUTE < at
        and not any((each.receiver.name, squeezed(text)) in there for text in each.texts)
    ]


def _told_and_not_heard(rows: Iterable[Mapping[str, Any]], found: list[Message]) -> list[str]:
    """What the ledger calls told, and no message shows or counts."""
    heard: dict[str, list[str]] = {}
    counted: Counter[str] = Counter()
    for message in found:
        for section in message.sections:
            heard.setdefault(message.receiver, []).extend(section.said)
            counted[message.receiver] += section.left_out
    wrong = []
    for row in rows:
        receiver, text = _row_key(row)
        if row["state"] != "told" or any(text in line for line in heard.get(receiver, ())):
            continue
        counted[receiver] -= 1
        if counted[receiver] < 0:
            wrong.append(f"{receiver}: told in the ledger alone: {row['text']}")
    return wrong
