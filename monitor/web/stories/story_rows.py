"""A story as one row of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from alerts.match import Hit
from crawler.frozen import dataclass
from crawler.store import as_time
from monitor.web.stories.marked_text import Stretch, quotes, spans_in
from monitor.web.stories.story_marks import StoryMark
from monitor.web.stories.story_queries import Row, StoryFacts

_HITS = TypeAdapter(tuple[Hit, ...])
_QUOTED = ("lead", "body")
_EXPECTED = {"joined-silently", "old-news"}


@dataclass(frozen=True, slots=True)
class ToldTo:
    """What became of a story in one channel: `told`, `owed` or `untold` with its reason."""

    channel: str
    state: str
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One story: when it was last found, its headline, what was found, and who was told.

    `match` is the number of its newest match, `rules` those of each rule.
    """

    id: str
    match: int
    at: datetime
    article: str
    title: str
    outlet: str
    url: str
    also: tuple[str, ...]
    rules: Mapping[str, int]
    states: frozenset[str]
    told: tuple[ToldTo, ...]
    quote: Sequence[Stretch] = ()
    members: int = 1
    revisions: int = 1
    mark: StoryMark | None = None

    @property
    def told_states(self) -> set[str]:
        """The states of all its channels."""
        return {each.state for each in self.told}

    @property
    def is_seen(self) -> bool:
        """Whether the user has seen all that was found in it."""
        return self.mark is not None and self.mark.seen >= self.match

    @property
    def marks(self) -> set[str]:
        """What the user has noted: `starred`, `noted`, and `unseen` while it is news to them."""
        held = self.mark or StoryMark(story=self.id)
        found = {"unseen": not self.is_seen, "starred": held.starred, "noted": bool(held.note)}
        return {name for name, is_so in found.items() if is_so}


def lead_article(matches: Sequence[Row], members: Sequence[Row]) -> Row | None:
    """The member that matched first; the first member if none did, None if there is none."""
    known = {row["id"]: row for row in members}
    first = next((match["article"] for match in matches if match["article"] in known), None)
    return known[first] if first else next(iter(members), None)


def story_row(story: str, facts: StoryFacts) -> StoryRow | None:
    """The row of a story, without its quote; None if none of its articles is kept."""
    matches, members = facts.matches.get(story, []), facts.members.get(story, [])
    article = lead_article(matches, members)
    if article is None or not matches:
        return None
    newest = matches[-1]
    alerts = facts.alerts.get(story, [])
    return StoryRow(
        id=story,
        match=newest["id"],
        at=as_time(newest["found"]),
        article=article["id"],
        title=article["title"] or article["url"],
        outlet=article["outlet"],
        url=article["url"],
        also=_others(article["outlet"], members),
        rules={match["rule"]: match["id"] for match in matches},
        states=_states(article, alerts),
        told=told_to(facts.passages.get(story, [])),
        members=len(members),
        revisions=article["revision"],
        mark=facts.marks.get(story),
    )


def hits_of(rows: Iterable[Row]) -> list[Hit]:
    """The hits of some rows of matches."""
    return [hit for row in rows for hit in _HITS.validate_json(row["hits"])]


def first_quote(text: Mapping[str, Any], hits: Sequence[Hit]) -> Sequence[Stretch]:
    """The first sentence with a hit below the headline; without any, the lead as it is."""
    for field in _QUOTED:
        if found := quotes(text[field], spans_in(field, hits), 1):
            return found[0]
    return [Stretch(text["lead"])] if text["lead"] else ()


def told_to(passages: Iterable[Row]) -> tuple[ToldTo, ...]:
    """What became of these passages in each channel; what is owed or told says more than a no."""
    by_channel: dict[str, list[Row]] = {}
    for row in passages:
        by_channel.setdefault(row["channel"], []).append(row)
    return tuple(_told_in(channel, rows) for channel, rows in sorted(by_channel.items()))


def _told_in(channel: str, rows: Sequence[Row]) -> ToldTo:
    if any(row["state"] == "owed" for row in rows):
        return ToldTo(channel, "owed")
    told = max((row["told"] for row in rows if row["told"]), default=None)
    unexpected = [
        row for row in rows if row["state"] == "untold" and row["reason"] not in _EXPECTED
    ]
    if told and not unexpected:
        return ToldTo(channel, "told", as_time(told))
    last = max(unexpected or rows, key=lambda row: row["decided"] or "")
    at = as_time(last["decided"]) if last["decided"] else None
    return ToldTo(channel, "untold", at, last["reason"] or "")


def _others(outlet: str, members: Iterable[Row]) -> tuple[str, ...]:
    others = dict.fromkeys(row["outlet"] for row in members)
    others.pop(outlet, None)
    return tuple(others)


def _states(article: Row, alerts: Iterable[Row]) -> frozenset[str]:
    told = list(alerts)
    found = {
        "changed": article["revision"] > 1,
        "urgent": any(alert["priority"] == "high" for alert in told),
        "live": bool(article["live"]),
        "withdrawn": bool(article["withdrawn"]),
    }
    return frozenset(name for name, is_so in found.items() if is_so)
