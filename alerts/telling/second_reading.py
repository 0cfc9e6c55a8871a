"""Changes that are told only after a second reading: a wording is back, gone, or denied."""

from __future__ import annotations

from collections.abc import Collection, Container
from datetime import datetime
from enum import StrEnum

from alerts.telling.edits import Changed, contradicts
from alerts.telling.matched_passage import MatchedPassage
from alerts.telling.newness import ReceiverNews
from alerts.telling.wordings import TellingState, Wordings, has_come_back
from crawler.frozen import dataclass


class ChangeKind(StrEnum):
    """Which change waits for a second reading."""

    BACK = "back"
    GONE = "gone"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A passage that is back, gone or denied in every reading since the time `since`."""

    kind: ChangeKind
    passage: MatchedPassage
    since: datetime


def first_seen(news: ReceiverNews, now: datetime) -> list[Unconfirmed]:
    """The changes that a text shows first, and that need a second reading before they are told."""
    back = [Unconfirmed(ChangeKind.BACK, one, now) for one in news.returned]
    gone = [Unconfirmed(ChangeKind.GONE, _passage(one), now) for one in news.gone]
    denied = [Unconfirmed(ChangeKind.DENIED, _passage(one), now) for one in news.denied]
    return back + gone + denied


def _passage(one: Changed) -> MatchedPassage:
    return MatchedPassage(
        key=one.old_key, field=one.field, text=one.old, hits=frozenset(), rules=one.rules
    )


def is_refuted(one: Unconfirmed, standing: Container[str]) -> bool:
    """Whether a text with these sentences shows the opposite of the change."""
    return (one.passage.key in standing) is not (one.kind is ChangeKind.BACK)


def is_to_come(one: Unconfirmed, known: Wordings) -> bool:
    """Whether a passage is still owed: it cannot be taken back before it is told."""
    row = known.get(one.passage.key)
    return one.kind is not ChangeKind.BACK and row is not None and row.state is TellingState.OWED


def confirmed_news(
    confirmed: Collection[Unconfirmed], known: Wordings, headline: str
) -> ReceiverNews:
    """What to tell a receiver about changes that were read twice, given what it has heard.

    `headline` is the present one, which a denied one is held against again. A headline is denied
    once: outlets that change it by turns would never end.
    """
    back = [one.passage for one in confirmed if one.kind is ChangeKind.BACK]
    gone = [(one.passage, "") for one in confirmed if one.kind is ChangeKind.GONE]
    gone += [
        (one.passage, headline)
        for one in confirmed
        if one.kind is ChangeKind.DENIED and contradicts(headline, one.passage.text)
    ]
    return ReceiverNews(
        new=tuple(one for one in back if has_come_back(known, one)),
        lost=tuple(
            Changed(field=one.field, old=one.text, new=new, old_key=one.key, rules=one.rules)
            for one, new in gone
            if (row := known.get(one.key)) and row.is_heard and not row.gone
            if not (row.restated and row.field == "title")
        ),
    )
