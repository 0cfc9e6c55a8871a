"""The words of messages; each language that a channel can use has a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from alerts.message import Cause
from alerts.rendering.languages import words_file
from crawler.errors import ConfigError

_DEAD_REASONS = {"dead", "expired", "message-rejected", "no-channel", "recipient-rejected"}


def _takes(*names: str) -> AfterValidator:
    """A phrase with exactly these places to fill in; "" is a place without a name."""

    def checked(phrase: str) -> str:
        found = sorted(name for _, name, _, _ in Formatter().parse(phrase) if name is not None)
        if found != sorted(names):
            raise ValueError(f"{_places(names)} to be filled in, and not {_places(found)}")
        return phrase

    return AfterValidator(checked)


def _places(names: tuple[str, ...] | list[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in names) or "nothing"


def _has_all_reasons(reasons: Mapping[str, str]) -> Mapping[str, str]:
    if reasons.keys() != _DEAD_REASONS:
        raise ValueError(f"these keys are needed: {', '.join(sorted(_DEAD_REASONS))}")
    return reasons


Plain: TypeAlias = Annotated[str, _takes()]
Filled: TypeAlias = Annotated[str, _takes("")]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Counted(_Words):
    """The words for one thing, and for any other number of things."""

    one: Filled
    many: Filled

    def of(self, number: int) -> str:
        """The words for this number of things."""
        return (self.one if number == 1 else self.many).format(number)


class Spans(_Words):
    """Short words for a span of time."""

    minutes: Filled
    hours: Filled
    days: Filled


class Phrases(_Words):
    """One language. `days` begin with Monday; `grades` say how badly a source does."""

    days: Annotated[tuple[Plain, ...], Field(min_length=7, max_length=7)]
    months: Annotated[tuple[Plain, ...], Field(min_length=12, max_length=12)]
    clock: Annotated[str, _takes("day", "number", "month", "year", "time")]
    article: Annotated[str, _takes("outlet", "time")]
    changed: Annotated[str, _takes("outlet", "time")]
    also_at: Filled
    rule: Filled
    rules: Filled
    why: Filled
    in_title: Plain
    in_lead: Plain
    in_body: Plain
    read_at: Filled
    partial: Plain
    live_by_feed: Plain
    late: Plain
    urgent: Plain
    correction: Filled
    more_at: Filled
    rectified: Filled
    own_words: Filled
    belongs: Annotated[str, _takes("title", "time")]
    also_now: Filled
    was: Filled
    becomes: Filled
    gone: Filled
    added: Filled
    title: Plain
    lead: Plain
    sentence: Plain
    update: Filled
    digest: Counted
    catch_up: Counted
    after_quiet: Counted
    first_run: Counted
    restored: Counted
    test_subject: Plain
    test_line: Plain
    more: Filled
    passages: Counted
    passages_next: Counted
    stories_next: Counted
    long_address: Plain
    health: Plain
    undelivered: Filled
    delivered_to: Filled
    pending_to: Filled
    undelivered_line: Annotated[str, _takes("title", "reason")]
    reasons: Annotated[Mapping[str, Plain], AfterValidator(_has_all_reasons)]
    paused: Filled
    paused_line: Filled
    heartbeat: Plain
    heartbeat_line: Annotated[str, _takes("matches", "items", "ok", "total")]
    untold: Counted
    matches: Counted
    items: Counted
    sources: Counted
    silent: Filled
    silent_line: Annotated[str, _takes("since", "usual")]
    back: Filled
    back_line: Annotated[str, _takes("since")]
    ailing: Filled
    grades: tuple[Plain, Plain]
    well: Filled
    well_line: Annotated[str, _takes("since")]
    span: Spans
    rules_refused: Plain
    rules_refused_line: Plain
    rule_refused: Filled
    rule_refused_line: Plain
    rules_mended: Filled
    long_days: Annotated[tuple[Plain, ...], Field(min_length=7, max_length=7)]
    long_months: Annotated[tuple[Plain, ...], Field(min_length=12, max_length=12)]
    date: Annotated[str, _takes("day", "number", "month", "year")]
    short_clock: Annotated[str, _takes("day", "number", "month", "time")]
    paper_summary: Annotated[str, _takes("stories", "items", "outlets", "since")]
    paper_nothing: Annotated[str, _takes("items", "outlets", "since")]
    paper_late: Filled
    paper_runs_on: Filled
    paper_copies: Plain
    paper_note: Filled
    paper_waves: Plain
    decimal: Plain
    wave_begins: Filled
    wave_doubles: Filled
    wave_ends: Filled
    wave_line: Annotated[str, _takes("stories", "outlets", "span")]
    wave_whole: Annotated[str, _takes("stories", "outlets", "since")]
    wave_usual: Filled
    wave_young: Filled
    wave_graph: Annotated[str, _takes("span", "graph", "time")]
    paper_wave: Annotated[str, _takes("rule", "stories", "since")]
    paper_silent: Plain
    paper_silent_line: Annotated[str, _takes("outlet", "since")]
    stories: Counted
    outlets: Counted
    stories_beyond: Counted
    footer: Plain

    def intro(self, cause: Cause) -> Counted:
        """Why several stories come in one message."""
        known = {
            Cause.CATCH_UP: self.catch_up,
            Cause.AFTER_QUIET: self.after_quiet,
            Cause.FIRST_RUN: self.first_run,
            Cause.RESTORED: self.restored,
        }
        return known.get(cause, self.digest)


@cache
def phrases_of(language: str) -> Phrases:
    """The words of this language; its file is read once."""
    return phrases_in(words_file(language))


def phrases_in(file: Traversable) -> Phrases:
    """The words in this data file.

    Raises:
        ConfigError: a phrase is missing, is unknown, or has other places to fill in than it needs.
    """
    try:
        return Phrases.model_validate(tomllib.loads(file.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error), path=file.name) from error
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(map(str, fault["loc"]))
        raise ConfigError(f"{key}: {fault['msg']}", path=file.name) from None


def clock_text(moment: datetime, zone: ZoneInfo, words: Phrases) -> str:
    """A local time as this language writes it: `zo 22 nov 2026, 20:54`."""
    local = moment.astimezone(zone)
    return words.clock.format(
        day=words.days[local.weekday()],
        number=local.day,
        month=words.months[local.month - 1],
        year=local.year,
        time=f"{local:%H:%M}",
    )


def span_text(seconds: float, words: Phrases) -> str:
    """A span of time in short words: `40 min`, `3 h`, `2 d`."""
    minutes = round(seconds / 60)
    if minutes < 120:  # noqa: PLR2004 - chosen: below two hours, minutes say more
        return words.span.minutes.format(minutes)
    hours = round(minutes / 60)
    if hours < 48:  # noqa: PLR2004 - chosen: below two days, hours say more
        return words.span.hours.format(hours)
    return words.span.days.format(round(hours / 24))
