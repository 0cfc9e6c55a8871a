"""A desk with a morning paper: what is due goes into the outbox, as the daemon has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from deliverydesk import AMSTERDAM, Desk

from alerts.alert import RuleRef
from alerts.edition import Edition, EditionKey
from alerts.editions.edition_store import EditionStore
from alerts.papers.making_up import PressRoom, edition_of, issue_due
from alerts.papers.paper_plan import MorningPaper, PaperSection, Turn

SUNDAY = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)  # seven o'clock in Amsterdam
BRIDGE = "De brug over de Linge is dicht. De gemeente zoekt nog naar de oorzaak van de storing."
PAPER = MorningPaper(
    id="ochtend",
    name="Ochtendkrant",
    at=(time(7),),
    sections=(PaperSection("Syrië", ("kalifaat",)), PaperSection("Verkeer", ("brug",))),
    channels=("desk",),
)


def paper(**changes: object) -> MorningPaper:
    return replace(PAPER, **changes)  # type: ignore[arg-type]  # as given


def room(desk: Desk) -> PressRoom:
    rules = {rule.id: RuleRef(rule.id, rule.name, rule.priority) for rule in desk.rulebook.rules}
    plans = [channel.plan for channel in desk.channels]
    return PressRoom(rules=rules, zone=AMSTERDAM, plans=plans)


def issue(desk: Desk, *papers: MorningPaper) -> list[EditionKey]:
    """Queue what is due now."""
    return desk.writer.run(lambda db: issue_due(db, papers or (PAPER,), room(desk), desk.clock()))


def preview(desk: Desk, turn: Turn, shown: MorningPaper = PAPER) -> Edition:
    return desk.writer.run(lambda db: edition_of(db, shown, turn, room(desk), desk.clock()))


def went(desk: Desk, shown: MorningPaper = PAPER) -> list[Edition]:
    """The editions that went, the first first."""
    return desk.writer.run(lambda db: EditionStore(db).newest(shown.id, 1_000))[::-1]
