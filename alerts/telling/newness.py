"""What a text has that is new to one receiver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from alerts.telling.edits import Changed
from alerts.telling.likeness import facts_differ, is_alike
from alerts.telling.matched_passage import MatchedPassage
from alerts.telling.reading import ReadText

# Of what a story holds from other articles, the latest so many are compared word for word.
_MOST_COMPARED = 400


class TellingState(StrEnum):
    """Where a passage stands for one receiver; a row of the ledger has one of these."""

    OWED = "owed"
    TOLD = "told"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told: a channel and one of its targets."""

    channel: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPassage:
    """A passage of a story as the ledger knows it for one receiver.

    `told` is when a message that shows it was last accepted; `gone` says that people heard, or
    will hear, that it was taken out.
    """

    key: str
    article: str
    text: str
    hits: frozenset[str]
    state: TellingState
    told: datetime | None = None
    gone: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether it was told, or will be."""
        return self.state is not TellingState.UNTOLD


Known = Mapping[str, KnownPassage]


@dataclass(frozen=True, slots=True)
class ReceiverNews:
    """What a text means to one receiver.

    `new` is to be told, each passage with the rules for which it is new. `returned` stood there
    before, with facts that differ from what was told last. `lost` was told and is gone. `older`
    are passages that were there before anybody could tell of them, `named` the headline of a copy.
    """

    new: tuple[MatchedPassage, ...] = ()
    returned: tuple[MatchedPassage, ...] = ()
    lost: tuple[Changed, ...] = ()
    older: tuple[MatchedPassage, ...] = ()
    named: tuple[MatchedPassage, ...] = ()

    @property
    def told_now(self) -> tuple[MatchedPassage, ...]:
        """All that a message is to show."""
        return self.new + self.returned


def news_for(text: ReadText, known: Known, rules: Iterable[str]) -> ReceiverNews:
    """What of this text is new to a receiver of these rules.

    New is what neither the text before of the same article nor what was told in its story holds.
    """
    wanted = frozenset(rules)
    others = [one for one in known.values() if one.article != text.article and one.is_heard]
    others = others[-_MOST_COMPARED:]
    new: list[MatchedPassage] = []
    returned: list[MatchedPassage] = []
    older: list[MatchedPassage] = []
    held = 0
    for passage in text.passages.values():
        mine = replace(passage, rules=passage.rules & wanted)
        if not mine.rules:
            continue
        row = known.get(mine.key)
        fresh = mine.rules - text.before.get(mine.key, frozenset())
        if (row and row.is_heard) or _stands_in(mine, others):
            held += 1
            if _has_returned(text, known, mine):
                returned.append(mine)
        elif fresh:
            new.append(replace(mine, rules=fresh))
        elif row is None:
            older.append(mine)
    new, named = _without_own_headline(text, known, new, held)
    lost = [one for one in text.lost if _was_told(text, known, one, wanted)]
    return ReceiverNews(tuple(new), tuple(returned), tuple(lost), tuple(older), tuple(named))


def _stands_in(passage: MatchedPassage, others: Iterable[KnownPassage]) -> bool:
    return any(is_alike(passage.text, passage.hits, one.text, one.hits) for one in others)


def _has_returned(text: ReadText, known: Known, passage: MatchedPassage) -> bool:
    """Whether an earlier wording has come back in place of a later one that people heard of.

    Headlines that are tried out by turns come back all the time.
    """
    changed = text.changed.get(passage.key)
    if changed is None or passage.field == "title":
        return False
    later = known.get(changed.old_key)
    return later is not None and later.is_heard and facts_differ(changed.old, passage.text)


def _without_own_headline(
    text: ReadText, known: Known, new: list[MatchedPassage], held: int
) -> tuple[list[MatchedPassage], list[MatchedPassage]]:
    """A copy's own headline starts no message where the rest of the copy is told already."""
    brought = any(one.article == text.article and one.is_heard for one in known.values())
    if brought or not held or any(one.field != "title" for one in new):
        return new, []
    return [], new


def _was_told(text: ReadText, known: Known, lost: Changed, wanted: frozenset[str]) -> bool:
    """Whether this receiver was told what is lost, by this article: a copy takes nothing back."""
    row = known.get(lost.old_key)
    if row is None or row.gone or row.article != text.article:
        return False
    return row.state is TellingState.TOLD and bool(lost.rules & wanted)
