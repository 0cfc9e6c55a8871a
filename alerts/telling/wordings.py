"""The wordings of one sentence, and which of them a receiver has heard last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts.telling.edits import is_cut_off
from alerts.telling.likeness import facts_differ, numbers_differ
from alerts.telling.matched_passage import MatchedPassage


class TellingState(StrEnum):
    """Where a passage stands for one receiver; a row of the ledger has one of these.

    `told` and `by link` are both told: shown itself, or counted among what a message announced
    with its link.
    """

    OWED = "owed"
    TOLD = "told"
    BY_LINK = "by link"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told: a channel and one of its targets."""

    channel: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPassage:
    """A passage of a story as the ledger knows it for one receiver.

    All wordings of one sentence have the same `line`. `delivery` owes or told it. `told` is when a
    message with it was last accepted; `gone` says that people heard, or will hear, that it was
    taken out.
    """

    key: str
    line: str
    article: str
    text: str
    hits: frozenset[str]
    state: TellingState
    matched: datetime
    delivery: str | None = None
    told: datetime | None = None
    gone: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether it was told, or will be."""
        return self.state is not TellingState.UNTOLD


Wordings = Mapping[str, KnownPassage]


def heard_last(known: Wordings, line: str) -> KnownPassage | None:
    """The wording of a sentence that was told last; what is owed will be later still."""
    heard = [one for one in known.values() if one.line == line and one.is_heard]
    return max(heard, key=_turn, default=None)


def _turn(one: KnownPassage) -> tuple[bool, datetime]:
    owed = one.state is TellingState.OWED
    return owed, one.matched if owed or one.told is None else one.told


def has_come_back(known: Wordings, passage: MatchedPassage) -> bool:
    """Whether this wording, which was told before, now says something else than what was told last.

    That is a number, a name or a negation; of a headline only a number, since headlines are
    tried out by turns. What was told as taken out says something else by standing there.
    """
    row = known.get(passage.key)
    if row is None:
        return False
    if row.gone:
        return True
    last = heard_last(known, row.line)
    if last is None or last.key == row.key or is_cut_off(passage.text, last.text):
        return False
    differ = numbers_differ if passage.field == "title" else facts_differ
    return differ(last.text, passage.text)


def wording_before(known: Wordings, key: str, delivery: str) -> str | None:
    """What the receiver has heard of a sentence before a delivery tells it in this wording.

    That is what the same delivery tells of it from an earlier text, or what was told last; None
    where it has heard of no other wording.
    """
    mine = known.get(key)
    if mine is None:
        return None
    found = [
        (owed, one.matched if owed else one.told, one.text)
        for one in known.values()
        if one.line == mine.line and one.key != key and not one.gone
        if (owed := one.delivery == delivery and one.matched < mine.matched)
        or (one.told and one.state is not TellingState.UNTOLD)
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None
