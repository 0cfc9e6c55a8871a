"""Whether the program is alive, and whether it is ready; never because of a source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.frozen import dataclass

# A daemon takes up work each second. Chosen: ten are a fault, not a busy machine.
STALE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFacts:
    """What is known at one moment.

    `tick` is when a daemon last took up work; `daemon` says that there has to be one, and `running`
    that it runs. `archive`
    says why the archive cannot be read, `store` what it refuses to write. `free` are the bytes left
    on its disk, which should be `least`.
    """

    loop: bool = True
    writer: bool = True
    daemon: bool = True
    running: bool = True
    tick: datetime | None = None
    archive: str = ""
    store: str = ""
    free: int = 0
    least: int = 0


def unwell(facts: HealthFacts) -> list[str]:
    """Why the program is not alive; empty when it is."""
    found = []
    if not facts.loop:
        found.append("the loop does not answer")
    if not facts.writer:
        found.append("the writer of the database does not answer")
    return found


def unready(facts: HealthFacts, now: datetime) -> list[str]:
    """Why the program is not alive or not ready; empty when it is."""
    return [*unwell(facts), *_standing_still(facts, now), *_without_room(facts)]


def _standing_still(facts: HealthFacts, now: datetime) -> Iterator[str]:
    if not facts.daemon:
        return
    if not facts.running:
        yield "the daemon does not run"
    elif facts.tick is None:
        yield "the daemon has not taken up work yet"
    elif now - facts.tick > STALE:
        yield f"the daemon has not taken up work for {(now - facts.tick).total_seconds():.0f} s"


def _without_room(facts: HealthFacts) -> Iterator[str]:
    if facts.archive:
        yield facts.archive
    if facts.store:
        yield f"the database refuses what is written: {facts.store}"
    if facts.free < facts.least:
        yield f"{facts.free / 1e6:.0f} MB are free on the disk, below {facts.least / 1e6:.0f} MB"
