"""What is due to whom, from what the outlets published alone.

It knows nothing of how the program decides: only when each outlet published which sentence, which
rules look for it, and what was promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from dayplan import MINUTE, START, Block, Calendar, Day, Form, Paragraph, Piece, Sentence, Version
from dayrules import RULES, Receiver

# By when a change is read: what the feed says, what a live blog adds, and what only looks find.
_BY_FEED, _BY_LOOKS = 20 * MINUTE, timedelta(hours=8)
# So long a message may wait in the queue, where a silence still reaches it.
_QUEUED = 20 * MINUTE


class Claim(IntEnum):
    """What a receiver may ask of an appearance: nothing, nobody can say, or to be told."""

    NONE = 0
    OPEN = 1
    DUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A sentence that some rules look for, where it stands for the first time in an article."""

    sentence: Sentence
    piece: Piece
    at: datetime
    read_by: datetime
    rules: frozenset[str]
    headline: bool
    returns: bool


def appearances(day: Day) -> Iterator[Appearance]:
    """All of them, article by article, in the order of time."""
    for piece in day.pieces:
        known: set[str] = set()
        for number, version in enumerate(piece.versions):
            for sentence, rules in _matched(piece, version).items():
                returns = sentence.fact in version.returns
                if not sentence.fact or (sentence.fact in known and not returns):
                    continue
                known.add(sentence.fact)
                yield Appearance(
                    sentence=sentence,
                    piece=piece,
                    at=version.at,
                    read_by=version.at + _lag(piece, version, number),
                    rules=frozenset(rules),
                    headline=sentence == version.title,
                    returns=returns,
                )


def _lag(piece: Piece, version: Version, number: int) -> timedelta:
    if piece.fails_until and number == 0:
        return piece.fails_until - piece.at + 45 * MINUTE
    if piece.form.live or version.listed:
        return _BY_FEED
    return _BY_LOOKS


def _matched(piece: Piece, version: Version) -> dict[Sentence, set[str]]:
    """The sentences of a version in which rules find something.

    Each item of a live blog is a document of its own, where its mark-up tells items apart.
    """
    found: dict[Sentence, set[str]] = {}
    apart = piece.form in {Form.LIVE_ALL, Form.LIVE_NEWEST}
    everything = Block(tuple(part for block in version.blocks for part in block.paragraphs))
    for block in version.blocks if apart else (everything,):
        for sentence, rules in _found_in(version.head, block):
            found.setdefault(sentence, set()).update(rules)
    return found


_FOUND: dict[tuple[Paragraph, Block], list[tuple[Sentence, set[str]]]] = {}


def _found_in(head: Paragraph, block: Block) -> list[tuple[Sentence, set[str]]]:
    if (known := _FOUND.get((head, block))) is None:
        by_rule = [(rule.name, rule.found_in((*head, *block.sentences))) for rule in RULES]
        sentences = {sentence for _, found in by_rule for sentence in found}
        known = [(each, {name for name, found in by_rule if each in found}) for each in sentences]
        _FOUND[head, block] = known
    return known


def claim(one: Appearance, receiver: Receiver, calendar: Calendar) -> Claim:
    """What this receiver may ask of an appearance."""
    if one.at < START:  # what a silent first round hides
        return Claim.NONE
    claims = [
        min(_younger(one, receiver.since[rule]), _silenced(one, rule, receiver, calendar))
        for rule in one.rules
        if rule in receiver.since
    ]
    found = max(claims, default=Claim.NONE)
    return min(found, Claim.OPEN) if one.sentence.extra else found


def _younger(one: Appearance, since: datetime) -> Claim:
    """What a rule or receiver that is younger has to say about it."""
    if since <= one.at:
        return Claim.DUE
    return Claim.OPEN if since < one.read_by else Claim.NONE


def _silenced(one: Appearance, rule: str, receiver: Receiver, calendar: Calendar) -> Claim:
    begins, ends = calendar.silence
    queued = timedelta(hours=6) if receiver.digest else _QUEUED
    if rule != "kampen" or one.at >= ends or one.read_by + queued <= begins:
        return Claim.DUE
    return Claim.NONE if begins <= one.at and one.read_by <= ends else Claim.OPEN


@dataclass(slots=True, kw_only=True)
class Passage:
    """What one receiver is to hear once of an event, in whichever words."""

    receiver: Receiver
    event: str
    fact: str
    texts: set[str] = field(default_factory=set)
    due: datetime | None = None
    open: datetime | None = None
    urgent: bool = False
    headline: bool = False
    returns: datetime | None = None

    @property
    def times(self) -> int:
        """How often it may be told."""
        return 2 if self.returns else 1


def passages(day: Day, everybody: Iterable[Receiver]) -> list[Passage]:
    """All that anybody is to hear, and what they may but need not."""
    found: dict[tuple[str, str], Passage] = {}
    seen = sorted(appearances(day), key=lambda one: one.at)
    for receiver in everybody:
        for one in seen:
            key = receiver.name, one.sentence.fact
            passage = found.setdefault(
                key, Passage(receiver=receiver, event=one.piece.event, fact=one.sentence.fact)
            )
            _add(passage, one, claim(one, receiver, day.calendar))
    return list(found.values())


def _add(passage: Passage, one: Appearance, asked: Claim) -> None:
    passage.texts.add(one.sentence.text)
    passage.headline |= one.headline
    if asked is Claim.NONE:
        return
    passage.open = passage.open or one.at
    if asked is Claim.DUE:
        passage.due = passage.due or one.at
        passage.urgent |= bool(one.rules & passage.receiver.urgent)
    if one.returns:
        passage.returns = one.at


def ideal(due: Iterable[Passage], receiver: Receiver, calendar: Calendar) -> int:
    """How many messages would do: windows in which a passage became due; appointments."""
    times: dict[str, list[tuple[datetime, bool]]] = {}
    for each in due:
        for at in (each.due, each.returns):
            if at is not None and each.receiver == receiver:
                event = "" if receiver.digest else each.event
                times.setdefault(event, []).append((_heard_at(at, receiver, calendar), each.urgent))
    if receiver.digest:
        appointments = {min(d for d in calendar.digests if d >= at) for at, _ in times.get("", ())}
        return len(appointments)
    return sum(_windows(each) for each in times.values())


def _heard_at(at: datetime, receiver: Receiver, calendar: Calendar) -> datetime:
    begins, ends = calendar.quiet
    return max(at, ends) if receiver.channel == "mail" and begins <= at else at


def _windows(times: list[tuple[datetime, bool]]) -> int:
    count, until = 0, START - timedelta(days=1)
    for at, urgent in sorted(times):
        if at >= until:
            count, until = count + 1, at + (2 if urgent else 15) * MINUTE
    return count


def lures(day: Day) -> Mapping[str, str]:
    """Sentences that hold a word of a rule and match none, with the event in which they stand."""
    return {
        sentence.text: piece.event
        for piece in day.pieces
        for version in piece.versions[-1:]
        for block in version.blocks
        for sentence in block.sentences
        if sentence.lure
    }
