"""How the program does, in the few words of the top bar: by the problems that `/status` names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.context import Context
from monitor.views import Problem, SourceBook, StatusFacts, problems, status_facts
from monitor.web.making import Paper

State = Literal["", "warn", "bad", "idle"]
# The page with the remedy of a problem; that of the others is `/status`.
_PLACES = {
    "rule_refused": "/rules",
    "file_refused": "/rules",
    "paused": "/deliveries",
    "failing_one": "/deliveries",
    "failing_many": "/deliveries",
    "undelivered_one": "/deliveries",
    "undelivered_many": "/deliveries",
}
_OF_A_SOURCE = frozenset({"source_failed", "source_degraded", "source_dead"})
# Several of these are one matter.
_TOGETHER = (
    _OF_A_SOURCE,
    frozenset({"rule_refused"}),
    frozenset({"file_refused"}),
    frozenset({"configuration_refused"}),
)
# What is so because no daemon runs, where none has to.
_WITHOUT_DAEMON = frozenset({"never_polled", "not_polled_since", "unread_one", "unread_many"})
# What may pass by itself, or is the matter of an outlet or a receiver.
_WARNINGS = _OF_A_SOURCE | _WITHOUT_DAEMON | {"failing_one", "failing_many"}


@dataclass(frozen=True, slots=True)
class HealthLine:
    """How the program does, in words; `place` is the page with the remedy.

    `bad` means that a person must act, `warn` that something may need one, `idle` that none runs.
    """

    words: str
    state: State = ""
    place: str = "/status"


def health_line(db: Connection, context: Context, paper: Paper) -> HealthLine:
    """The line for this moment: red, amber or green as `/status` has problems or none."""
    now = context.now()
    facts = status_facts(db, SourceBook(db, now), context, now, paper.language)
    return line_of(facts, problems(facts, now), paper)


def line_of(facts: StatusFacts, found: Sequence[Problem], paper: Paper) -> HealthLine:
    """The line about these facts, with the problems that were found in them."""
    holder = facts.holder
    if facts.history and not found:
        return HealthLine(paper.said("health.history"), "idle")
    without = not (holder.running or holder.missing or facts.expected)
    if without:
        found = [problem for problem in found if problem.name not in _WITHOUT_DAEMON]
    bad = [problem for problem in found if problem.name not in _WARNINGS]
    if first := next(iter(bad or found), None):
        words = _words(first, found, paper)
        place = "/sources" if first.name in _OF_A_SOURCE else _PLACES.get(first.name, "/status")
        return HealthLine(words, "bad" if bad else "warn", place)
    name = "health.stopped" if without else "health.well"
    sources = paper.counted("health.sources", len(facts.states))
    return HealthLine(paper.said(name, sources=sources), "idle" if without else "")


def _words(first: Problem, found: Sequence[Problem], paper: Paper) -> str:
    """A few words for the first problem; those that are told together are counted as one."""
    kind = next((kind for kind in _TOGETHER if first.name in kind), frozenset[str]())
    alike = [problem for problem in found if problem.name in kind] or [first]
    if first.name in _OF_A_SOURCE:
        words = paper.counted("health.source", len(alike), source=first.values["source"])
    elif first.name == "rule_refused":
        rules = {problem.values["rule"] for problem in alike}
        words = paper.counted("health.refused", len(rules))
    else:
        words = paper.said(f"health.{first.name}", **first.values)
    others = len(found) - len(alike)
    return paper.said("health.and_more", words=words, n=others) if others else words
