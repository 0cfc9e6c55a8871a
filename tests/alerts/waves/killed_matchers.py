"""Matchers that are killed again and again, one process a life, until the log has been read.

Run as a program: `killed_matchers.py DATABASE NOW SEED`. It prints how many lives that took.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(Path(__file__).parent)]

from deliverydesk import Clock, opened, plan  # noqa: E402 - found by the path above
from wave_desk import wolf  # noqa: E402 - found by the path above

from alerts.matcher import Matcher  # noqa: E402 - found by the path above
from alerts.rules.book import RuleBook  # noqa: E402 - found by the path above
from crawler.config.files import FirstRun  # noqa: E402 - found by the path above

# More lives than this were never needed by far.
MOST = 500


def live(path: Path, now: datetime) -> None:
    """Read the log record by record."""
    with closing(opened(path, Clock(now))) as writer:
        book = RuleBook.build([wolf("desk")])
        Matcher(writer, book, [plan("desk")], first_run=FirstRun.ALERT, batch=1).run_once(now)


def is_killed(child: int, seconds: float) -> bool:
    """Whether it still ran after so long, and was killed."""
    ended = select.poll()
    ended.register(handle := os.pidfd_open(child), select.POLLIN)
    runs = not ended.poll(seconds * 1000)
    if runs:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(handle)
    return runs


def main() -> None:
    path, now, chance = (
        Path(sys.argv[1]),
        datetime.fromisoformat(sys.argv[2]),
        random.Random(sys.argv[3]),
    )
    lives = 1
    while lives < MOST:
        child = os.fork()
        if child == 0:
            live(path, now)
            os._exit(0)
        # A life becomes longer with their number, so that the last one comes to the end.
        if not is_killed(child, chance.uniform(0.02, 0.06) * (1 + lives / 20)):
            break
        lives += 1
    sys.stdout.write(str(lives))


if __name__ == "__main__":
    main()
