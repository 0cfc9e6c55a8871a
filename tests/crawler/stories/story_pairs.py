"""Pairs of texts from a file, each labelled the same story or not, judged by the method in use.

A line is a JSON object: `a` and `b`, `same`, and if you like `family`. A text is a string, or an
object of `title`, `lead`, `body`, `outlet` and `at` or `published` (ISO 8601), each of which may be
left out. Only the pair is known: no run of words counts as common, as for the first two articles of
an archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from story_stream import Score

from crawler.store.stories.candidates import SHARED
from crawler.stories.comparison import Runs, compare
from crawler.stories.story_text import StoryText

HELD_OUT = Path(__file__).parent / "heldout"

Side = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and whether they tell one story, in truth and as judged."""

    family: str
    same: bool
    joined: bool
    within_outlet: bool


def every(runs: Runs, most: int) -> Runs:  # noqa: ARG001 - the shape asked for
    """As if no run of words were common."""
    return runs


def pairs_of(path: Path) -> Iterator[Pair]:
    """The pairs of a file, judged."""
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        one, other = _side(said["a"]), _side(said["b"])
        within = bool(one.get("outlet")) and one.get("outlet") == other.get("outlet")
        joined = _joined(one, other, within=within)
        yield Pair(said.get("family", "all"), bool(said["same"]), joined, within)


def _side(said: Any) -> Side:
    return said if isinstance(said, dict) else {"body": str(said)}


def _joined(one: Side, other: Side, *, within: bool) -> bool:
    a, b = (StoryText(*(side.get(name, "") for name in _FIELDS)) for side in (one, other))
    compared = compare(a, b, every, apart=_apart(one, other), same_outlet=within)
    least = min(SHARED, len(a.fingerprints), len(b.fingerprints))
    return compared.copy and len({*a.fingerprints} & {*b.fingerprints}) >= least


_FIELDS = ("title", "lead", "body")


def _apart(*sides: Side) -> timedelta:
    first, second = (side.get("at") or side.get("published") for side in sides)
    if not first or not second:
        return timedelta(0)
    return abs(datetime.fromisoformat(first) - datetime.fromisoformat(second))


def score(pairs: Sequence[Pair]) -> Score:
    """How many of the joined pairs are true, and how many of the true ones were joined."""
    right = sum(pair.same and pair.joined for pair in pairs)
    joined, same = sum(pair.joined for pair in pairs), sum(pair.same for pair in pairs)
    return Score(right / (joined or 1), right / (same or 1))
