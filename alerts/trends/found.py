"""How much was found on a day, or in a span of days."""

from __future__ import annotations

from crawler.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """How many articles and stories were found for the first time, by days of UTC.

    A story of two outlets is one story for all together, and one for each of them.
    """

    articles: int = 0
    stories: int = 0
