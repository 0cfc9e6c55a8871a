"""The wordings of one sentence, and which of them a receiver heard last."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.frozen import dataclass

if TYPE_CHECKING:
    from alerts.telling.matched_passage import MatchedPassage


class TellingState(StrEnum):
    """The state of a passage for one receiver, as in a row of the ledger.

    `told` and `by link` both count as told: the message showed the passage, or only counted it and
    gave a link.
    """

    OWED = "owed"
    TOLD = "told"
    BY_LINK = "by link"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets messages: a channel and one of its targets."""

    channel: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPassage:
    """A passage of a story as the ledger knows it for one receiver.

    All wordings of one sentence have the same `line`. `delivery` owes or told it. `told` is when a
    message with it was last accepted. `gone` says that the receiver was told, or will be told, that
    it was taken out, or that a later headline denies it; `restated` that it has come back since.
    """

    key: str
    line: str
    article: str
    field: str
    text: str
    hits: frozenset[str]
    state: TellingState
    matched: datetime
    delivery: str | None = None
    told: datetime | None = None
    gone: bool = False
    restated: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether it was told or will be told."""
        return self.state is not TellingState.UNTOLD


Wordings = Mapping[str, KnownPassage]


def heard_last(known: Wordings, line: str) -> KnownPassage | None:
    """The wording of a sentence that was told last; one that is owed counts as later."""
    heard = [one for one in known.values() if one.line == line and one.is_heard]
    return max(heard, key=_turn, default=None)


def _turn(one: KnownPassage) -> tuple[bool, datetime]:
    owed = one.state is TellingState.OWED
    return owed, one.matched if owed or one.told is None else one.told


def has_come_back(known: Wordings, passage: MatchedPassage) -> bool:
    """Whether this wording was told before, and differs in facts from the one told last.

    Facts are numbers, names and negations. In a headline only numbers count, because outlets try
    out headlines in turn. What was told as taken out or denied always differs.
    """
    from alerts.telling.edits import is_cut_off
    from alerts.telling.likeness import facts_differ, numbers_differ

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
    """The wording of a sentence that the receiver hears before a delivery tells it in this one.

    It is from an earlier text in the same delivery, or was told last; None if there is no other
    wording.
    """
    mine = known.get(key)
    if mine is None:
        return None
    found = [
        (owed, one.matched if owed else one.told, one.text)
        for one in known.values()
        if one.line == mine.line and one.key != key and not one.gone
        if (owed := _is_owed_by(one, delivery) and one.matched < mine.matched)
        or (one.told and one.state is not TellingState.UNTOLD)
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None


def outdated_wordings(
    known: Wordings, delivery: str, standing: Container[str] | None = None
) -> list[str]:
    """The wordings that a delivery owes although another one of the same sentence counts now.

    That is a later one that it owes too, or one that was told and is `standing` again. Of wordings
    that were matched together, the one that is standing is the later one. With None, these are all
    that may be outdated.
    """
    owed = [one for one in known.values() if _is_owed_by(one, delivery)]
    owed.sort(key=lambda one: (one.matched, one.key in (standing or ())))
    latest = {one.line: one for one in owed}
    heard = {
        one.line
        for one in known.values()
        if one.told and not one.gone and (standing is None or one.key in standing)
    }
    return [
        one.key
        for one in owed
        if ((last := latest[one.line]) is not one and last.told is None)
        or (one.told is None and one.line in heard)
    ]


def _is_owed_by(one: KnownPassage, delivery: str) -> bool:
    return one.delivery == delivery and one.state is TellingState.OWED
