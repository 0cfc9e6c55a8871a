"""What a reader of the trends wants to see; every view is an address that can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from alerts.trends import Found
from crawler.frozen import dataclass

# Days that a reader may ask for, the first without asking.
PERIODS = (30, 7, 90, 365)
WHAT = ("stories", "articles")
_LONGEST = 300  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendFilters:
    """What a reader of the trends wants to see, as it stands in the address.

    `beside` is a second rule. `what` is whether stories or articles are counted.
    """

    rule: str = ""
    beside: str = ""
    outlet: str = ""
    days: str = ""
    what: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> TrendFilters:
        """The filters of an address; what is too long is cut, what is unknown is left out."""
        held = {each.name: query.get(each.name, "").strip()[:_LONGEST] for each in fields(cls)}
        if held["beside"] == held["rule"]:
            held["beside"] = ""
        if held["days"] not in map(str, PERIODS[1:]):
            held["days"] = ""
        if held["what"] != WHAT[1]:
            held["what"] = ""
        return cls(**held)

    @property
    def length(self) -> int:
        """How many days are shown."""
        return int(self.days) if self.days else PERIODS[0]

    @property
    def counted(self) -> str:
        """What is counted."""
        return self.what or WHAT[0]

    @property
    def lines(self) -> list[str]:
        """The rules that are drawn, '' for all together."""
        return [self.rule, self.beside] if self.beside else [self.rule]

    def first_day(self, today: date) -> date:
        """The first day that is shown."""
        return today - timedelta(days=self.length - 1)

    def address(self, path: str = "/trends", **changes: str) -> str:
        """The address of the same with these filters changed."""
        changed = replace(self, **changes)
        held = {each.name: getattr(changed, each.name) for each in fields(self)}
        query = urlencode({name: value for name, value in held.items() if value})
        return f"{path}?{query}" if query else path

    def number(self, found: Found) -> int:
        """What is counted of something that was found."""
        return found.articles if self.counted == WHAT[1] else found.stories
