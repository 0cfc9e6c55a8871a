"""Pairs of texts from a file, each labelled the same story or not, judged by the method in use.

A line is a JSON object: `a` and `b`, `same`, and if you like `family`. A text is a string, or an
object of `title`, `lead`, `body`, `outlet` and `at` (ISO 8601), each of which may be left out. Only
the pair is known: no run of words counts as common, as for the first two articles of an archive.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.store.stories.candidates import SHARED
from crawler.stories.comparison import Runs, compare
from crawler.stories.story_text import StoryText

# Families whose pairs are items of a mould, or share nothing but background or a standing line.
TAKEN = ("mould", "background", "stub", "video")


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
        one, other = (side if isinstance(side, dict) else {"body": side} for side in _sides(said))
        apart = timedelta(0)
        if one.get("at") and other.get("at"):
            apart = abs(datetime.fromisoformat(one["at"]) - datetime.fromisoformat(other["at"]))
        within = bool(one.get("outlet")) and one.get("outlet") == other.get("outlet")
        a, b = (
            StoryText(side.get("title", ""), side.get("lead", ""), side.get("body", ""))
            for side in (one, other)
        )
        compared = compare(a, b, every, apart=apart, same_outlet=within)
        found = len({*a.fingerprints} & {*b.fingerprints})
        least = min(SHARED, len(a.fingerprints), len(b.fingerprints))
        joined = compared.copy and found >= least
        yield Pair(said.get("family", "all"), bool(said["same"]), joined, within)


def _sides(said: dict[str, object]) -> tuple[object, object]:
    return said["a"], said["b"]


def show_pairs(path: Path) -> None:
    """Print how well the pairs of this file are told apart, and each family by itself."""
    pairs = list(pairs_of(path))
    print("| pairs | number | precision | recall | F1 |\n|---|---|---|---|---|")
    _show("all", pairs)
    _show("within one outlet", [pair for pair in pairs if pair.within_outlet])
    print("\n| family | truth | pairs | judged so |\n|---|---|---|---|")
    kinds = Counter((pair.same, pair.family) for pair in pairs)
    right = Counter((pair.same, pair.family) for pair in pairs if pair.same == pair.joined)
    for same, family in sorted(kinds):
        truth = "one story" if same else "two stories"
        number = kinds[same, family]
        print(f"| {family} | {truth} | {number:,} | {right[same, family] / number:.1%} |")
    for name in TAKEN:
        two = [pair for pair in pairs if not pair.same and name in pair.family]
        if two:
            print(f"\n{name}: {sum(pair.joined for pair in two)} of {len(two)} swallowed")


def _show(name: str, pairs: list[Pair]) -> None:
    counts = Counter((pair.same, pair.joined) for pair in pairs)
    right = counts[True, True]
    precision = right / ((right + counts[False, True]) or 1)
    recall = right / ((right + counts[True, False]) or 1)
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    print(f"| {name} | {len(pairs):,} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")
