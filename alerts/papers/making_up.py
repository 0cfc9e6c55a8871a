"""Makes editions: as they would be now, and for good when they go, each of them once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.alert import EditionAlert, EventKind, RuleRef, alert_id
from alerts.delivery.queueing import Queueing, queue
from alerts.edition import Edition, EditionEdits, EditionKey
from alerts.editions.edition_store import EditionStore, LastEdition
from alerts.papers.gathering import NewsAsked, PressArchive
from alerts.papers.paper_plan import MorningPaper, Turn, is_late, since_when, turn_due
from alerts.papers.selection import composed
from alerts.policy.placement import ChannelPlan
from alerts.store import AlertStore
from crawler.frozen import dataclass
from crawler.store import Connection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRoom:
    """What editions are made with: the rules by id, the zone of the desk, and its channels."""

    rules: Mapping[str, RuleRef]
    zone: ZoneInfo
    plans: Sequence[ChannelPlan] = ()


def edition_of(  # noqa: PLR0913 - all that an edition depends on
    db: Connection,
    paper: MorningPaper,
    turn: Turn,
    room: PressRoom,
    now: datetime,
    *,
    edits: EditionEdits | None = None,
) -> Edition:
    """The edition of this turn as it would go now, with what an editor has changed of it.

    With `edits`, it has these in place of those that are stored.
    """
    store, archive = EditionStore(db), PressArchive(db)
    last = store.last(paper.id)
    asked = NewsAsked(
        rules=_rules_of(paper, room.rules, archive.silenced_rules(now)),
        since=since_when(paper, last.until if last else None, turn.due),
        until=now,
        before=last.stories if last else (),
        position=last.position if last else None,
        is_span=paper.span is not None,
    )
    coverage = archive.coverage(asked)
    frame = Edition(
        key=turn.key,
        name=paper.name,
        language=paper.language,
        due=turn.due,
        since=asked.since,
        until=now,
        silent=archive.silent(now),
        waves=archive.waves(asked),
        read=coverage.articles,
        outlets=coverage.outlets,
        late=is_late(turn.due, now),
        position=archive.position(),
    )
    return composed(paper, frame, archive.stories(asked), edits or store.edits(turn.key))


def _rules_of(
    paper: MorningPaper, rules: Mapping[str, RuleRef], silenced: Iterable[str]
) -> dict[str, RuleRef]:
    """The rules of a paper that are in force and not silenced; all of them if it names none."""
    named = {rule for section in paper.sections for rule in section.rules}
    every = any(not section.rules for section in paper.sections)
    unheard = set(silenced)
    return {
        name: rule
        for name, rule in rules.items()
        if (every or name in named) and name not in unheard
    }


def issue_due(
    db: Connection, papers: Iterable[MorningPaper], room: PressRoom, now: datetime
) -> list[EditionKey]:
    """Queue every edition that is due and did not go yet; returns which. A writer's job.

    That an edition went and its deliveries are stored in one transaction: both, or neither.
    """
    return [key for paper in papers if (key := _issue(db, paper, room, now))]


def _issue(
    db: Connection, paper: MorningPaper, room: PressRoom, now: datetime
) -> EditionKey | None:
    store = EditionStore(db)
    turn = _turn(store, paper, room.zone, now)
    if turn is None:
        return None
    edition = edition_of(db, paper, turn, room, now)
    if not store.add(edition, now):
        return None
    alerts = AlertStore(db)
    around = Queueing(now=now, silences=alerts.ledger.silences(now))
    plans = [plan for plan in room.plans if plan.id in paper.channels]
    queue(alerts, edition_alert(edition, now), plans, around)
    log.info("edition=%s stories=%d late=%s", turn.key.event, len(edition.stories), edition.late)
    return turn.key


def _turn(store: EditionStore, paper: MorningPaper, zone: ZoneInfo, now: datetime) -> Turn | None:
    began = store.began(paper.id)
    if began is None:
        # What was due before somebody asked for this paper is not made up for.
        store.begin(paper.id, now)
        return None
    return turn_due(paper, zone, _after(store.last(paper.id), began), now)


def _after(last: LastEdition | None, began: datetime) -> datetime:
    return max(last.due, began) if last else began


def edition_alert(edition: Edition, now: datetime) -> EditionAlert:
    """The alert of an edition; its key makes it unique."""
    event = edition.key.event
    return EditionAlert(
        id=alert_id("", "", event),
        kind=EventKind.REVIEW,
        rule=RuleRef("", edition.name),
        story="",
        event=event,
        created=now,
        edition=edition,
    )
