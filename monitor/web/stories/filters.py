"""What a reader of the timeline wants to see; every view is an address that can be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crawler.frozen import dataclass

LONGEST_QUERY = 300
_SPAN = re.compile(r"(\d{1,4})([hd])")
STATES = ("changed", "live", "urgent", "withdrawn")
TOLD = ("told", "owed", "untold")
_PLACES = frozenset({"before", "as_of"})
MARKS = ("unseen", "starred", "noted")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilters:
    """The filters of the timeline as they stand in its address; empty ones filter nothing.

    A value that begins with `-` asks for everything else. `since` and `until` are days or spans
    (`3d`). `before` is the match after which the page goes on. With `as_of` stories stand as
    they did before that match, so that none moves or leaves while somebody goes through them.
    """

    q: str = ""
    rule: str = ""
    outlet: str = ""
    since: str = ""
    until: str = ""
    state: str = ""
    told: str = ""
    mark: str = ""
    before: str = ""
    as_of: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> StoryFilters:
        """The filters of an address; what is too long is cut."""
        names = [each.name for each in fields(cls)]
        return cls(**{name: query.get(name, "").strip()[:LONGEST_QUERY] for name in names})

    @property
    def any(self) -> bool:
        """Whether anything is filtered."""
        return any(getattr(self, each.name) for each in fields(self) if each.name not in _PLACES)

    def address(self, **changes: str) -> str:
        """The address of the timeline with these filters changed; it begins at the newest."""
        return self._address(replace(self, before="", as_of="", **changes))

    def older(self, before: int) -> str:
        """The address of what comes after the page that ends with this match."""
        return self._address(replace(self, before=str(before)))

    def _address(self, filters: StoryFilters) -> str:
        held = {each.name: getattr(filters, each.name) for each in fields(filters)}
        query = urlencode({name: value for name, value in held.items() if value})
        return f"/?{query}" if query else "/"

    @property
    def from_match(self) -> int | None:
        """The match before which the page begins; None for the newest."""
        return _match(self.before)

    @property
    def as_of_match(self) -> int | None:
        """The match before which all is as it is shown; None for what is there now."""
        return _match(self.as_of)


def _match(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - SQLite's largest number


def fits(asked: str, held: str | set[str]) -> bool:
    """Whether what a row has is what is asked for; empty asks for nothing, `-x` for all but x."""
    if not asked:
        return True
    values = {held} if isinstance(held, str) else held
    return asked[1:] not in values if asked.startswith("-") else asked in values


def moment_of(text: str, now: datetime, timezone: str, *, end: bool = False) -> datetime | None:
    """The moment of a day (`2026-03-01`) or of a span back from now (`3d`, `12h`).

    With `end` it is the end of the day. None if this is neither.
    """
    if found := _SPAN.fullmatch(text):
        hours = int(found[1]) * (24 if found[2] == "d" else 1)
        return now - timedelta(hours=hours)
    try:
        day = datetime.fromisoformat(text)
        moment = day if day.tzinfo else day.replace(tzinfo=ZoneInfo(timezone))
        whole = timedelta(days=1) if end and len(text) == len("2026-03-01") else timedelta()
        return (moment + whole).astimezone(UTC)
    except (ValueError, OverflowError):  # a day before the first year, or after the last
        return None
