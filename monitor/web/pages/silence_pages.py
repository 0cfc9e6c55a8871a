"""Silences: what is not told for a while, who asked for that, and how much it hides."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.delivery import BeginSilence, EndSilence
from alerts.policy import Silence
from alerts.store import AlertStore
from crawler.errors import ConfigError
from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.web.making import ChangeError, Done, SentForm
from monitor.web.pages.frame import Frame
from monitor.web.stories import StoryQueries, rows_of_stories

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# How long a silence can be; `morning` is the next eight o'clock on the desk's clock.
_SPANS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "1d": _DAY, "7d": _WEEK}
_MORNING = time(8)
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class SilenceForm:
    """What the form for a silence is filled with."""

    rule: str = ""
    channel: str = ""
    reason: str = ""
    back: str = "/silences"


class SilencePages:
    """`/silences`, with making and ending them."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context
        self._part, self._changes = frame.parts.room.part, frame.parts.changes

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/silences", self.silences, methods=["GET"]),
            self._changes.route("/silences", self.begin),
            self._changes.route("/silences/{silence}/end", self.end),
        ]

    async def silences(self, request: Request) -> Response:
        """Those in force and those of the last week, and a form for another."""
        asked = request.query_params
        form = SilenceForm(
            rule=asked.get("rule", ""),
            channel=asked.get("channel", ""),
            reason=asked.get("reason", "")[:_LONGEST_REASON],
        )
        story = asked.get("story", "")
        found = self._part(lambda db: self._found(db, form, story))
        return self._frame.page(
            request,
            "silences.html",
            here="deliveries",
            found=found,
            form=found["form"] if found else form,
            rules=self._frame.rule_names(),
            channels=self._channels(),
            spans=self._ends(self._context.now()),
        )

    def _found(self, db: Connection, form: SilenceForm, story: str) -> dict[str, Any]:
        ledger, now = AlertStore(db).ledger, self._context.now()
        row = next(iter(rows_of_stories(StoryQueries(db), [story])), None) if story else None
        if row:
            at = self._frame.moments.words(row.at)
            said = self._frame.parts.paper.said
            reason = form.reason or said("silence.after", outlet=row.outlet, at=at)
            rule = form.rule or next(iter(row.rules))
            form = SilenceForm(rule, form.channel, reason, f"/stories/{row.id}")
        shown = [(one, ledger.hidden_by(one)) for one in ledger.silences(now - _WEEK)]
        return {
            "form": form,
            "current": [each for each in shown if each[0].ends > now],
            "ended": [each for each in reversed(shown) if each[0].ends <= now],
            "owed": ledger.owed_now(form.rule, form.channel),
            "day": ledger.told_since(now - _DAY, form.rule, form.channel),
            "week": ledger.told_since(now - _WEEK, form.rule, form.channel),
        }

    async def begin(self, sent: SentForm) -> Done:
        """Begin a silence."""
        form, ends = sent.form, self._ends(sent.now)
        rule, channel = form.get("rule", ""), form.get("channel", "")
        reason = form.get("reason", "").strip()[:_LONGEST_REASON]
        if not reason:
            raise ChangeError("silence.why_needed")
        known = rule in {"", *self._frame.rule_names()} and channel in {"", *self._channels()}
        if form.get("for") not in ends or not known:
            raise ChangeError("silence.unknown")
        begun = Silence(
            id=f"sil_{secrets.token_hex(6)}",
            rule=rule,
            channel=channel,
            starts=sent.now,
            ends=ends[form["for"]],
            reason=reason,
            who=sent.user,
        )
        await self._changes.ask(BeginSilence(begun))
        until = self._frame.moments.words(begun.ends)
        return Done(
            "silence.begun", lambda: self._changes.ask(EndSilence(begun.id)), {"until": until}
        )

    async def end(self, sent: SentForm) -> Done:
        """End a silence now."""
        name = sent.part("silence")
        ended = self._part(lambda db: _named(db, name, sent.now))
        if ended is None or not await self._changes.ask(EndSilence(name)):
            raise ChangeError("silence.over")
        return Done(
            "silence.ended",
            lambda: self._changes.write(lambda db: AlertStore(db).ledger.resume_silence(ended)),
        )

    def _ends(self, now: datetime) -> dict[str, datetime]:
        """When a silence that begins now can end, by the name of the span; soonest first."""
        local = now.astimezone(ZoneInfo(self._frame.timezone))
        eight = datetime.combine(local.date(), _MORNING, local.tzinfo)
        morning = eight if eight > local else eight + _DAY
        ends = {name: now + span for name, span in _SPANS.items()} | {"morning": morning}
        return dict(sorted(ends.items(), key=lambda each: each[1]))

    def _channels(self) -> Sequence[str]:
        try:
            return [channel.id for channel in self._context.channels]
        except ConfigError:
            return ()


def _named(db: Connection, name: str, now: datetime) -> Silence | None:
    held = AlertStore(db).ledger.silences(now)
    return next((silence for silence in held if silence.id == name), None)
