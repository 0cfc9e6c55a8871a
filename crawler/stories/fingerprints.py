"""A few numbers by which copies of a text find each other in an index."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.stories.shingles import shingles, words

COUNT = 24
RUN = 5

# SQLite's integers have a sign; taking half the range away keeps the order.
_HALF = 1 << 63


def fingerprints(text: str) -> tuple[int, ...]:
    """The 24 smallest hashes of runs of five words, ascending, signed; fewer for a short text.

    Of two texts, one of which holds a quarter of the other, about six fingerprints are the same
    (bottom-k sketches: Broder, "On the resemblance and containment of documents", 1997).
    """
    return fingerprints_among(shingles(words(text), RUN))


def fingerprints_among(runs: Iterable[int]) -> tuple[int, ...]:
    """The fingerprints of a text, by its runs of five words."""
    # To sort all of some hundred numbers takes a fraction of what a heap in Python does.
    return tuple([value - _HALF for value in sorted(runs)[:COUNT]])
