"""Passages that were not told, as JSON and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alerts.telling import TellingState
from monitor.program import as_started
from monitor.views.articles_view import local

if TYPE_CHECKING:
    from alerts.store import LedgerPassage


def passage_as_json(one: LedgerPassage) -> dict[str, Any]:
    """One passage for one receiver, and where it stands."""
    return {
        "channel": one.receiver.channel or None,
        "target": one.receiver.target or None,
        "rules": sorted(one.passage.rules),
        "field": one.passage.field,
        "text": one.passage.text,
        "state": one.state.value,
        "reason": one.reason.value if one.reason else None,
        "delivery": one.delivery,
        "matched": one.matched,
        "told": one.told,
        "decided": one.decided,
    }


def untold_as_json(one: LedgerPassage) -> dict[str, Any]:
    """One passage that was not told; `delivery` is what `alerts replay` takes, if there is one."""
    words = one.reason.words if one.reason else ""
    return {"article": one.article, "story": one.story, **passage_as_json(one), "words": words}


def untold_lines(one: LedgerPassage, timezone: str) -> Iterator[str]:
    """Yield a passage that was not told: since when, to whom, why, and what would send it."""
    reason = one.reason.value if one.reason else "unknown"
    rules = ", ".join(sorted(one.passage.rules))
    since = local(one.decided or one.matched, timezone)
    yield f"{since}  {one.article}  {receiver_of(one)}  {rules}: {reason}"
    yield f"    {one.passage.text}"
    if one.delivery:
        yield f"    {as_started(f'send it: `nieuwswacht alerts replay {one.delivery}`')}"


def receiver_of(one: LedgerPassage) -> str:
    """Who is meant, in a word or two."""
    target = f" to {one.receiver.target}" if one.receiver.target else ""
    return f"{one.receiver.channel or 'no channel'}{target}"


def standing(counts: Mapping[str, int]) -> dict[str, Any]:
    """The counts of a ledger of passages: owed now, and told, or untold by reason, in a span.

    `by_link` are those of the told ones that were announced with their link, and not shown.
    """
    kept = {state.value: counts.get(state.value, 0) for state in TellingState}
    by_link = kept[TellingState.BY_LINK.value]
    return {
        "owed": kept[TellingState.OWED.value],
        "told": kept[TellingState.TOLD.value] + by_link,
        "by_link": by_link,
        "untold": {reason: number for reason, number in counts.items() if reason not in kept},
    }


def standing_line(passages: Mapping[str, Any]) -> str:
    """The same for people, where the span is a day."""
    untold: Mapping[str, int] = passages["untold"]
    reasons = ", ".join(f"{number} {reason}" for reason, number in untold.items())
    named = f" ({reasons})" if reasons else ""
    by_link = f" ({passages['by_link']} by link)" if passages["by_link"] else ""
    told = f"last day: {passages['told']} told{by_link}"
    return f"{told}, {sum(untold.values())} not told{named}; now: {passages['owed']} owed"
