"""Daemons that are killed again and again: one process a life, on one database.

Run as a program by `test_kill_harness`. The parent has loaded everything and forks, so that a life
begins in milliseconds; each child holds the lock, matches and sends as the daemon does, until
SIGKILL. `--bug` plants one of the mistakes that the history checker has to find.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import select
import signal
import sqlite3
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from alerts.channel import Channel
from alerts.channels.kinds import ChannelConfig, channel_of
from alerts.delivery.dispatcher import Dispatcher, take_over
from alerts.matcher import Matcher
from alerts.rules.book import RuleBook, rule_of
from alerts.store.schema import migrations as alerts_migrations
from crawler.config.files import FirstRun
from crawler.store import Writer, migrations

# Time runs so much faster, so that a wait of minutes fits into a test.
HASTE = 100
LOOPBACK = [ip_network("127.0.0.0/8")]


class HastyClock:
    """The wall clock, a hundred times as fast; the same in every life."""

    def __init__(self, begun: float) -> None:
        self._begun = begun

    def __call__(self) -> datetime:
        passed = time.time() - self._begun
        return datetime.fromtimestamp(self._begun, UTC) + timedelta(seconds=passed * HASTE)


def main() -> None:
    # Warnings of interrupted attempts are what this is about; errors are shown.
    logging.disable(logging.WARNING)
    options = _options()
    # Loads what the children need.
    options.made = [_channel(table) for table in options.channels]
    chance = random.Random(options.seed)
    ends = time.monotonic() + options.seconds
    lives = 0
    while time.monotonic() < ends and not _is_done(options.db, options.share):
        _live_for(options, chance.uniform(0.05, 0.25))
        lives += 1
    # The last life is a calm one.
    _live_for(options, options.calm)
    sys.stdout.write(json.dumps({"lives": lives}))


def _live_for(options: argparse.Namespace, seconds: float) -> None:
    """One process for so long, or in a long life until everything is done; then SIGKILL."""
    child = os.fork()
    if child == 0:
        _live(options)
    ended = select.poll()
    ended.register(handle := os.pidfd_open(child), select.POLLIN)
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0 and not (
        seconds > 1 and _is_done(options.db, options.share)
    ):
        if ended.poll(min(left, 0.25) * 1000):
            break
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(handle)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", type=Path)
    parser.add_argument("--channels", type=json.loads)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--calm", type=float)
    parser.add_argument("--share", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--begun", type=float)
    parser.add_argument("--bug", default="")
    return parser.parse_args()


def _is_done(database: Path, share: float) -> bool:
    """Whether every record was judged, and this share of the messages pends no more."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'cursors'").fetchone()
        if not tables[0]:
            return False
        unjudged, ended, messages = db.execute(
            "SELECT (SELECT max(seq) FROM revisions) - coalesce((SELECT seq FROM cursors), 0),"
            " count(*) FILTER (WHERE state <> 'pending'), count(*) FROM deliveries"
        ).fetchone()
    db.close()
    return bool(unjudged == 0 and ended >= share * messages)


def _live(options: argparse.Namespace) -> None:
    """Work until SIGKILL; never returns."""
    try:
        clock = HastyClock(options.begun)
        writer = Writer(
            options.db,
            migrations=[migrations, alerts_migrations],
            opening=lambda db: take_over(db, clock()),
        )
        channels = options.made
        matcher_class: type[Matcher] = Matcher
        if options.bug:
            import planted

            channels = planted.channels(options.bug, channels)
            matcher_class = planted.matcher(options.bug)
            planted.lanes(options.bug)
        dispatcher = Dispatcher(writer, channels, clock=clock)
        dispatcher.start()
        plans = [channel.plan for channel in channels]
        matcher = matcher_class(writer, _rules(plans), plans, first_run=FirstRun.ALERT, batch=5)
        pause = threading.Event()
        while True:
            if matcher.run_once(clock()).queued:
                dispatcher.wake()
            # The hasty clock outruns the dispatcher's sleep.
            pause.wait(0.01)
            dispatcher.wake()
    except BaseException as error:  # noqa: BLE001 - a child must not run the parent's code
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        os._exit(1)


def _channel(table: dict[str, Any]) -> Channel:
    config: ChannelConfig = TypeAdapter(ChannelConfig).validate_python(table)
    return channel_of(config, LOOPBACK)


def _rules(plans: list[Any]) -> RuleBook:
    hooks = [plan.id for plan in plans if plan.id != "slack"]
    return RuleBook.build(
        [
            rule_of(id="kalifaat", text="kalifa*", channels=hooks),
            rule_of(id="bijzonder", text="bijzonder", channels=["slack"]),
        ]
    )


if __name__ == "__main__":
    main()
