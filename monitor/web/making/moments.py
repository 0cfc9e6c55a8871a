"""Times as a reader of the page knows them: in the zone of the desk, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from monitor.web.making.paper import Paper

_WHOLE = "%Y-%m-%d %H:%M:%S %Z"


class Moments:
    """Writes times for people; the machine-readable time stands with each."""

    def __init__(self, paper: Paper, timezone: str, now: Callable[[], datetime]) -> None:
        self._paper, self._zone, self._now = paper, ZoneInfo(timezone), now

    def clock(self, moment: datetime) -> Markup:
        """The hour and minute."""
        return self._time(moment, f"{self._local(moment):%H:%M}")

    def moment(self, moment: datetime | None) -> Markup | str:
        """The day, if it is not today, with hour and minute."""
        if moment is None:
            return self._paper.said("time.never")
        return self._time(moment, self.words(moment))

    def words(self, moment: datetime) -> str:
        """The same in words alone."""
        local = self._local(moment)
        same = local.date() == self._local(self._now()).date()
        return f"{local:%H:%M}" if same else self._dated(local)

    def day(self, moment: datetime) -> str:
        """The day as a heading: today, yesterday, or its name."""
        local, today = self._local(moment), self._local(self._now()).date()
        said = self._paper.said(
            "time.long_day",
            weekday=self._paper.said(f"weekday.{local.isoweekday()}"),
            day=local.day,
            month=self._paper.said(f"month.{local.month}"),
        )
        if local.year != today.year:
            said += f" {local.year}"
        near = {today: "time.today", today - timedelta(days=1): "time.yesterday"}
        name = near.get(local.date())
        return f"{self._paper.said(name)}, {said}" if name else said[:1].upper() + said[1:]

    def days(self, first: date, last: date) -> str:
        """A day in few words, or the days from the first to the last."""
        begin, end = self._short(first), self._short(last)
        return end if first == last else f"{begin} {self._paper.said('time.to')} {end}"

    def day_of(self, moment: datetime) -> str:
        """The day, to group by."""
        return self._local(moment).date().isoformat()

    def _short(self, day: date) -> str:
        month = self._paper.said(f"month.{day.month}")[:3]
        year = "" if day.year == self._local(self._now()).year else f" {day.year}"
        return f"{day.day} {month}{year}"

    def _dated(self, local: datetime) -> str:
        weekday = self._paper.said(f"weekday.{local.isoweekday()}")[:2]
        month = self._paper.said(f"month.{local.month}")[:3]
        year = "" if local.year == self._now().year else f" {local.year}"
        return f"{weekday} {local.day} {month}{year} {local:%H:%M}"

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)

    def _time(self, moment: datetime, shown: str) -> Markup:
        # Written by hand: a page has hundreds of them, and `Markup.format` takes ten times as long.
        machine, whole = moment.isoformat(timespec="seconds"), f"{self._local(moment):{_WHOLE}}"
        return Markup(f'<time datetime="{machine}" title="{escape(whole)}">{escape(shown)}</time>')  # noqa: S704 - digits, and escaped words
