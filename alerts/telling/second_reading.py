"""What is told only when it was read twice: an earlier wording that is back, or what is gone."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts.telling.edits import Changed
from alerts.telling.matched_passage import MatchedPassage
from alerts.telling.newness import ReceiverNews
from alerts.telling.wordings import TellingState, Wordings, has_come_back


class ChangeKind(StrEnum):
    """What is waited for."""

    BACK = "back"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A passage that was seen to be back, or gone, `since` the first reading without a break."""

    kind: ChangeKind
    passage: MatchedPassage
    since: datetime


def first_seen(news: ReceiverNews, now: datetime) -> list[Unconfirmed]:
    """What a text shows for the first time, and has to be read once more before it is told."""
    back = [Unconfirmed(ChangeKind.BACK, one, now) for one in news.returned]
    return back + [Unconfirmed(ChangeKind.GONE, _passage(one), now) for one in news.gone]


def _passage(one: Changed) -> MatchedPassage:
    return MatchedPassage(
        key=one.old_key, field=one.field, text=one.old, hits=frozenset(), rules=one.rules
    )


def is_refuted(one: Unconfirmed, standing: Container[str]) -> bool:
    """Whether a text in which these sentences stand shows the contrary."""
    return (one.passage.key in standing) is (one.kind is ChangeKind.GONE)


def is_to_come(one: Unconfirmed, known: Wordings) -> bool:
    """Whether what is gone has yet to be told to this receiver: it cannot be taken back before."""
    row = known.get(one.passage.key)
    return one.kind is ChangeKind.GONE and row is not None and row.state is TellingState.OWED


def confirmed_news(confirmed: Collection[Unconfirmed], known: Wordings) -> ReceiverNews:
    """What a receiver is told of changes that were read twice, by what it has heard by now."""
    back = [one.passage for one in confirmed if one.kind is ChangeKind.BACK]
    gone = [one.passage for one in confirmed if one.kind is ChangeKind.GONE]
    return ReceiverNews(
        new=tuple(one for one in back if has_come_back(known, one)),
        lost=tuple(
            Changed(field=one.field, old=one.text, new="", old_key=one.key, rules=one.rules)
            for one in gone
            if (row := known.get(one.key)) and row.is_heard and not row.gone
        ),
    )
