"""Is it well? What `status` says, from what the two ledgers hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store import SourceState

# A source that failed so often in a row is named; once or twice is the weather of the web.
FAILURES = 3
# Sources are polled at least hourly (crawler.polling): with none for so long nobody polls.
QUIET = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known at one moment; `paused` are the channels whose receiver refuses them."""

    states: tuple[SourceState, ...]
    undelivered: int
    paused: tuple[str, ...]
    unread: int


def last_poll(states: tuple[SourceState, ...]) -> datetime | None:
    """When any source was last polled."""
    return max((state.last_poll for state in states if state.last_poll), default=None)


def problems(facts: Facts, now: datetime) -> list[str]:
    """What a person should look at, each as a sentence; none when all is well."""
    polled = last_poll(facts.states)
    found = [
        f"source {state.id} has failed {state.failures} times in a row: {state.error}"
        for state in facts.states
        if state.failures >= FAILURES
    ]
    if polled is None:
        found.append("nothing has been polled yet: start `nieuwswacht run`")
    elif now - polled > QUIET:
        found.append(f"nothing has been polled since {polled:%Y-%m-%d %H:%M} UTC: is it running?")
    if facts.undelivered:
        found.append(f"{facts.undelivered} deliveries were given up: see `nieuwswacht alerts dead`")
    found += [f"channel {name} is paused: its receiver refuses it" for name in facts.paused]
    if facts.unread:
        found.append(f"{facts.unread} new texts have not been matched yet")
    return found
