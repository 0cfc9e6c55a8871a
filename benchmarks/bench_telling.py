"""What a big news day brings to its receivers, by three answers to the question what is told.

    python benchmarks/bench_telling.py [SEED]

The day is the one of the tests: four outlets, fourteen hours and a night, three live blogs, reports
with wire copies, stubs, corrections, a silence. The same oracle judges each answer. *Counted* are
passages that a message does not show and announces with a link, *lost* those that are due and
neither. *Ideal* is the number of messages with the fewest windows that hold all that became due.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from usage import helped

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "bigday"))

import dayplan  # noqa: E402 - found after the path is set
from dayevents import day_of  # noqa: E402 - as above
from dayverdict import Verdict, verdict_on  # noqa: E402 - as above

DESIGNS = {
    "each passage once": (),
    "an alert a story": ("an_alert_a_story",),
    "an alert an article": ("an_alert_an_article",),
}
COLUMNS = ("due", "shown", "counted", "lost", "urgent lost", "twice", "messages", "ideal")


def verdict_of(seed: int, designs: tuple[str, ...]) -> Verdict:
    """The oracle's verdict on the whole day."""
    with TemporaryDirectory() as folder:
        words = (folder, str(seed), "FULL", *designs)
        done = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "bigday" / "dayrun.py"), *words],
            stdout=subprocess.PIPE,
            check=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": "."},
        )
    return verdict_on(day_of(seed, dayplan.FULL), json.loads(done.stdout))


def figures(verdict: Verdict) -> tuple[int, ...]:
    """A row of the table."""
    lost = len(verdict.lost)
    return (
        verdict.due,
        verdict.shown,
        max(0, verdict.due - verdict.shown - lost),
        lost,
        len(verdict.urgent_unseen),
        len(verdict.twice),
        sum(sent for sent, _ in verdict.messages.values()),
        sum(ideal for _, ideal in verdict.messages.values()),
    )


def main() -> None:
    """Print the table."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"{'':<20}" + "".join(f"{name:>13}" for name in COLUMNS))
    for name, designs in DESIGNS.items():
        row = "".join(f"{number:>13}" for number in figures(verdict_of(seed, designs)))
        print(f"{name:<20}{row}", flush=True)


if __name__ == "__main__":
    helped(__doc__)
    main()
