"""Daemons killed every 50 to 250 ms, receivers that reject and drop: the promise holds."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deliverydesk import article, open_desk
from flaky_receivers import Receivers, receiving
from history import History, violations
from lives import HASTE
from planted import BUGS

from alerts.message import DeliveryState
from alerts.outcome import Outcome
from alerts.store.alert_store import AlertStore
from alerts.store.ledger import READER
from crawler.store import ArticleStore, open_reader

ROOT = Path(__file__).parents[3]
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
SEED = 20261123
# One message in five hasty seconds: 50 ms, of which scheduling may eat some.
SLACK_RATE, SLACK_GAP = "12/m", 0.5 * 5 / HASTE
SYLLABLES = (
    "ba",
    "de",
    "fi",
    "go",
    "hu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "wu",
)


@dataclass(frozen=True)
class Sizes:
    """How much news, and how long it is killed and then left alone, at most."""

    stories: int
    seconds: float
    calm: float  # at most; until the share of the messages has ended
    share: float


WHOLE = Sizes(stories=480, seconds=30, calm=120, share=0.95)
SMALL = Sizes(stories=100, seconds=6, calm=3, share=1)
# When a kill comes is chance: a bug that shows only between two commits may need another life.
LIVES_TO_FIND_A_BUG = 6


def prose(chance: random.Random, words: int) -> str:
    """Words that no two stories share, so that each is a story of its own."""
    made = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(words))
    return " ".join(made).capitalize() + "."


def publish(path: Path, stories: int) -> list[tuple[str, str, str]]:
    """Store the news, a quarter of it corrected; the events that it calls for."""
    chance, expected = random.Random(SEED), []
    desk = open_desk(path)
    now = datetime.now(UTC)
    for number in range(stories):
        text = prose(chance, 60)
        special = " Een bijzonder bericht." if number % 16 == 0 else ""
        body = f"{text} Het kalifaat van {prose(chance, 3)}{special} {prose(chance, 20)}"
        one = article(f"Verhaal {number}", body, number=number, now=now - timedelta(hours=1))
        saved = desk.save(one)
        story = desk.store(lambda store, one=one: ArticleStore(store.db).story(one.id).id)
        expected.append(("kalifaat", story, "story"))
        if special:
            expected.append(("bijzonder", story, "story"))
        if number % 4 == 0:
            changed = body.replace("Het kalifaat van", "Het zogeheten kalifaat van")
            desk.save(article(f"Verhaal {number}", changed, number=number))
            expected.append(("kalifaat", story, f"correction:{saved.article}:2"))
    desk.writer.close()
    return expected


def run_lives(path: Path, receivers: Receivers, sizes: Sizes, bug: str, seed: int) -> int:
    base = f"http://127.0.0.1:{receivers.port}"
    common = {"group_wait": "0s", "group_interval": "0s"}
    hooks = [
        {"id": name, "kind": "webhook", "url": f"{base}/{name}", "secret": SECRET, **common}
        for name in ("een", "twee")
    ]
    slack = {"id": "slack", "kind": "slack", "webhook_url": f"{base}/slack", "rate": SLACK_RATE}
    done = subprocess.run(
        [
            *(sys.executable, str(Path(__file__).with_name("lives.py")), "--db", str(path)),
            *("--channels", json.dumps([*hooks, slack | common]), "--seed", str(seed)),
            *(
                "--seconds",
                str(sizes.seconds),
                "--calm",
                str(sizes.calm),
                "--share",
                str(sizes.share),
                "--begun",
                str(time.time()),
                "--bug",
                bug,
            ),
        ],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'support'}"},
        timeout=sizes.seconds + sizes.calm + 60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return int(json.loads(done.stdout)["lives"])


def history(path: Path, receivers: Receivers, expected: list[tuple[str, str, str]]) -> History:
    store = AlertStore(open_reader(path))
    deliveries = store.reading.log(100_000)[::-1]
    told: dict[str, list[str]] = defaultdict(list)
    alerts = {}
    for delivery in deliveries:
        for alert in store.outbox.alerts(delivery.id):
            told[alert.id].append(delivery.id)
            alerts[alert.id] = alert
    return History(
        expected=expected,
        alerts=list(alerts.values()),
        deliveries=deliveries,
        told=told,
        attempts={one.id: store.reading.attempts(one.id) for one in deliveries},
        seen=list(receivers.history),
        inside=receivers.inside,
        gap=SLACK_GAP,
        read_to_the_end=store.ledger.cursor(READER).seq == ArticleStore(store.db).last_seq(),
    )


def lived(tmp_path: Path, sizes: Sizes, bug: str = "", seed: int = SEED) -> tuple[History, int]:
    path = tmp_path / "nieuws.db"
    expected = publish(path, sizes.stories)
    with receiving(SEED) as receivers:
        lives = run_lives(path, receivers, sizes, bug, seed)
        return history(path, receivers, expected), lives


@pytest.mark.slow
def test_a_daemon_that_is_killed_all_the_time_loses_nothing_and_repeats_only_the_uncertain(
    tmp_path: Path,
) -> None:
    found, lives = lived(tmp_path, WHOLE)

    assert found.read_to_the_end
    assert violations(found) == []
    assert lives >= 20
    assert len(found.deliveries) >= 1200
    assert Outcome.UNKNOWN in {one.outcome for tries in found.attempts.values() for one in tries}
    ended = [one for one in found.deliveries if one.state is DeliveryState.DELIVERED]
    assert len(ended) >= 0.9 * len(found.deliveries)


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_the_harness_finds_each_planted_bug(tmp_path: Path, bug: str) -> None:
    kinds: set[str] = set()
    for number in range(LIVES_TO_FIND_A_BUG):
        folder = tmp_path / str(number)
        folder.mkdir()
        # Where commits are quick, a little news is matched before the first kill.
        sizes = replace(SMALL, stories=SMALL.stories * (1 + 4 * min(number, 1)))
        found, _ = lived(folder, sizes, bug, SEED + number)
        kinds |= {breach.partition(":")[0] for breach in violations(found)}
        if BUGS[bug] in kinds:
            return
    pytest.fail(f"{bug} was not found; seen instead: {sorted(kinds)}")
