"""How well one event in several outlets' own words is told from other events, on labelled news.

Run it from the root of the repository: `python benchmarks/bench_events.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "crawler" / "stories"))

from story_events import HELD, TUNED, EventPair, event_pairs, event_score, in_conversations


def _show(name: str, pairs: Iterable[EventPair]) -> None:
    pairs = list(pairs)
    right = sum(pair.same and pair.linked for pair in pairs)
    follow = sum(pair.linked and pair.of_one_affair and not pair.same for pair in pairs)
    wrong = sum(pair.linked and not pair.of_one_affair for pair in pairs)
    told = event_score(pairs)
    print(
        f"| {name} | {right} of {sum(pair.same for pair in pairs)} | {follow} | {wrong} "
        f"| {told.precision:.2f} | {told.recall:.2f} |"
    )


def main() -> None:
    """Print the counts of both files."""
    print("| pairs | right | follow-ups | wrong | precision | recall |\n|---|---|---|---|---|---|")
    for path in (TUNED, HELD):
        pairs = event_pairs(path)
        _show(f"{path.stem}, links", pairs)
        _show(f"{path.stem}, conversations", in_conversations(pairs))
        _show(f"{path.stem}, shown as related", [replace(p, linked=p.shown) for p in pairs])


if __name__ == "__main__":
    main()
