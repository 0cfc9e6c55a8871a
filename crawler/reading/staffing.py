"""How many readers there are: as many as the pages that wait need, and none when none come."""

from __future__ import annotations

from collections.abc import Sequence

# Seconds that a page waits for a reader that is busy before another one is started. Chosen: a usual
# page is read in a tenth of that, and a new reader takes 0.01 s more for its start and first page.
PATIENCE = 0.1
# Seconds without work after which a reader ends; the last one rests longer, so that the pages of a
# quiet hour find one. Chosen: a reader has 15 to 25 MB, and another one takes 0.01 s.
REST, LAST_REST = 5.0, 30.0
# Seconds without a reader after which the process ends from which they are forked. Chosen: it has
# 30 MB, and takes half a second of processor time to load the libraries again.
SERVER_REST = 300.0


def one_more(readers: int, most: int, waited: float) -> bool:
    """Whether another reader is started, now that a page has waited so many seconds for one."""
    return readers < most and (readers == 0 or waited >= PATIENCE)


def rested(resting: Sequence[float], *, busy: int) -> int:
    """How many readers end of those that have been without work for so many seconds."""
    ending = sum(seconds >= REST for seconds in resting)
    if ending == len(resting) and not busy and min(resting, default=0.0) < LAST_REST:
        return max(0, ending - 1)
    return ending
