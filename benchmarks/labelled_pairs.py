"""How well the pairs of a file are told apart, and each family by itself."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "crawler" / "stories"))

from story_pairs import Pair, pairs_of, score

# Families whose pairs are items of a mould, or share nothing but background or a standing line.
TAKEN = ("mould", "background", "stub", "video", "live_blog")


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
    told = score(pairs)
    print(f"| {name} | {len(pairs):,} | {told.precision:.3f} | {told.recall:.3f} | {told.f1:.3f} |")
