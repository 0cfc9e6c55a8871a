"""The papers and editions that the page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from alerts.alert import RuleRef
from alerts.edition import Edition, EditionEdits, EditionStory
from alerts.editions import EditionStore
from alerts.papers import MorningPaper, PressRoom, Turn, edition_of, turn_to_come, turns_of
from crawler.errors import ConfigError
from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.web.pages import Frame

# Chosen: two weeks of a paper that comes out each day.
_NEWEST = 14
_NOTHING_CHANGED = EditionEdits()
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEdition:
    """An edition on the page; one that is `open` has not gone, and can be edited until it is due.

    `dropped` are the stories that an editor left out of it.
    """

    edition: Edition
    turn: Turn
    others: Sequence[Turn] = ()
    open: bool = False
    dropped: Sequence[EditionStory] = ()
    edits: EditionEdits = _NOTHING_CHANGED


class Newsstand:
    """Finds papers and editions; it only reads."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def papers(self) -> Sequence[MorningPaper]:
        """The papers of the configuration; none while it has a fault."""
        try:
            return self._context.papers
        except ConfigError:
            return ()

    def paper(self, name: str) -> MorningPaper | None:
        """The paper with this id."""
        return next((paper for paper in self.papers() if paper.id == name), None)

    @property
    def room(self) -> PressRoom:
        """What editions are made with, by the rules as they are now."""
        rules = self._frame.rules().book.rules
        known = {rule.id: RuleRef(rule.id, rule.name, rule.priority) for rule in rules}
        return PressRoom(rules=known, zone=self._context.zone)

    def next_turn(self, paper: MorningPaper) -> Turn | None:
        """The edition of this paper that goes next."""
        return turn_to_come(paper, self._context.zone, self._context.now())

    def newest(self, db: Connection, paper: str) -> list[Edition]:
        """The newest editions of a paper, newest first."""
        return EditionStore(db).newest(paper, _NEWEST)

    def turns(self, paper: MorningPaper, day: str) -> list[Turn]:
        """The editions of a day; none if that is no day."""
        if not _DAY.fullmatch(day):
            return []
        try:
            date.fromisoformat(day)
        except ValueError:
            return []
        return list(turns_of(paper, day, self._context.zone))

    def shown(
        self, db: Connection, paper: MorningPaper, day: str, wall: str
    ) -> ShownEdition | None:
        """The edition of this day and time: as it went, or as it would go now.

        Without a time it is the first that did not go yet, else the last. None if the paper has
        none then, or its day has passed without one.
        """
        turns, store = self.turns(paper, day), EditionStore(db)
        went = {turn.key: store.edition(turn.key) for turn in turns}
        coming = [turn for turn in turns if went[turn.key] is None]
        asked = [turn for turn in turns if turn.key.at == wall] or coming[:1] or turns[-1:]
        if not asked:
            return None
        turn, now = asked[0], self._context.now()
        edition = went[turn.key]
        if edition is not None:
            return ShownEdition(edition=edition, turn=turn, others=turns)
        if turn.due < now:
            return None
        return self._coming(db, paper, turn, turns)

    def _coming(
        self, db: Connection, paper: MorningPaper, turn: Turn, turns: Sequence[Turn]
    ) -> ShownEdition:
        edits = EditionStore(db).edits(turn.key)
        now = self._context.now()
        edition = edition_of(db, paper, turn, self.room, now)
        dropped: list[EditionStory] = []
        if edits.dropped:
            every = edition_of(
                db, replace(paper, most=1_000), turn, self.room, now, edits=EditionEdits()
            )
            dropped = [one for one in every.stories if one.story in edits.dropped]
        return ShownEdition(
            edition=edition, turn=turn, others=turns, open=True, dropped=dropped, edits=edits
        )
