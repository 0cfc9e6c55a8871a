"""What stands around every page: where one is, what waits, and how the program does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from alerts.rules import RulesRead
from alerts.store import AlertStore
from crawler.store import Connection
from monitor.context import Context
from monitor.web.entry import DESK
from monitor.web.making.moments import Moments
from monitor.web.making.page_parts import PageParts
from monitor.web.pages.health_line import HealthLine, health_line
from monitor.web.stories import StoryRow

# What there is to see, in the order of the menu: its text, and where it is.
MENU = (
    ("stories", "/"),
    ("untold", "/untold"),
    ("rules", "/rules"),
    ("sources", "/sources"),
    ("papers", "/reviews"),
    ("trends", "/trends"),
    ("deliveries", "/deliveries"),
    ("search", "/search"),
    ("status", "/status"),
)
_DAY = timedelta(days=1)


class Frame:
    """Makes whole pages: the frame with a template in it."""

    def __init__(self, parts: PageParts) -> None:
        self.parts, self.context = parts, parts.context
        self._read: tuple[tuple[int, int], RulesRead, dict[str, str]] | None = None
        self.timezone = parts.context.settings.schedule.timezone
        self.moments = Moments(parts.paper, self.timezone, parts.context.now)
        parts.paper.add(
            clock=self.moments.clock,
            moment=self.moments.moment,
            moment_words=self.moments.words,
            day=self.moments.day,
            counted=parts.paper.counted,
            rule_name=self.rule_name,
            reason=self.reason,
            filter_value=self.filter_value,
            menu=MENU,
            plain=str,
        )
        parts.paper.add_filters(by_day=self._by_day)

    def page(
        self, request: Request, template: str, *, here: str = "", status: int = 200, **values: Any
    ) -> Response:
        """A page of the menu's entry `here`."""
        health = self.parts.room.part(self.health)
        untold = self.parts.room.part(self._untold)
        around = {
            "here": here,
            "health": health,
            "untold_count": untold or 0,
            "may_change": self.parts.changes.allowed(request),
            "read_only": self.parts.changes.possible and not self.parts.changes.allowed(request),
            "done": self.parts.changes.done(request),
            "there": f"{request.url.path}?{request.url.query}".rstrip("?"),
        }
        return self.parts.paper.page(request, template, status, **(around | values))

    def user(self, request: Request) -> str:
        """Whose marks a page shows: those of the desk, where nobody says who asks."""
        name: str = request.state.admission.user
        return name or DESK

    def missing(self, request: Request) -> Response:
        """The page that says that there is no such thing."""
        return self.page(request, "missing.html", status=404)

    def rule_name(self, rule: str) -> str:
        """The name of a rule as its file has it; its id where it is gone."""
        return self.rule_names().get(rule, rule)

    def rule_names(self) -> dict[str, str]:
        """The names of the rules that can be read, by id."""
        return self._rules_read()[1]

    def filter_value(self, name: str, value: str) -> str:
        """The value of a filter of the timeline, as people know it."""
        if name == "rule":
            return self.rule_name(value)
        text = f"state.{value}" if name == "state" else f"filter.{name}_{value}"
        return self.parts.paper.text_if_any(text) or value

    def rules(self) -> RulesRead:
        """The rules as their file has them now."""
        return self._rules_read()[0]

    def _rules_read(self) -> tuple[RulesRead, dict[str, str]]:
        path = self.context.config_dir / "rules.toml"
        try:
            facts = path.stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
        except OSError:
            stamp = (0, 0)
        if self._read is None or self._read[0] != stamp:
            fresh = Context(config_dir=self.context.config_dir, clock=self.context.now)
            read = fresh.rules_read
            self._read = stamp, read, {rule.id: rule.name for rule in read.book.rules}
        return self._read[1:]

    def reason(self, name: str) -> str:
        """A reason why something was not told, in the page's language."""
        return self.parts.paper.said(f"reason.{name}") if name else ""

    def health(self, db: Connection) -> HealthLine:
        """How the program does now."""
        return health_line(db, self.context, self.parts.paper)

    def _by_day(self, rows: Iterable[StoryRow]) -> list[list[StoryRow]]:
        """These stories by the day in the desk's zone, in their order."""
        days = groupby(rows, key=lambda row: self.moments.day_of(row.at))
        return [list(group) for _, group in days]

    def _untold(self, db: Connection) -> int:
        return AlertStore(db).passages.untold_count(self.context.now() - _DAY)
