"""A big news day: whatever happens on it, each receiver is told each sentence that is due, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dayplan
import plantedbugs
import pytest
from dayevents import day_of
from dayverdict import Verdict, verdict_on

ROOT = Path(__file__).parents[2]
TIMEOUT = 900
# What each planted bug breaks, of the floors.
FOUND_BY = {
    "same_outlet": "lost",
    "joined_silently": "lost",
    "old_news": "lost",
    "new_channel_hears_nothing": "lost",
    "lists_old_hits": "twice",
    "each_headline": "headline test",
    "one_document": "unasked",
    "quiet_hours_swallow": "lost",
    "slack_cut": "lost",
    "only_twelve_edits": "lost",
    "lost_remainder": "lost",
    "lost_continuation": "urgent, not shown",
    "revision_cap": "not found",
    "past_words_unindexed": "not found",
}
# A day takes a quarter of a minute or more: of the bugs that break the same floor one is played.
EVERY_BUG = "NIEUWSWACHT_EVERY_BUG"
ONE_EACH = {floor: bug for bug, floor in FOUND_BY.items()}.values()
PLAYED = set(FOUND_BY if EVERY_BUG in os.environ else ONE_EACH)
BUGS = [
    pytest.param(
        bug,
        marks=pytest.mark.skipif(
            bug not in PLAYED, reason=f"one for each floor is played; all with {EVERY_BUG}=1"
        ),
    )
    for bug in plantedbugs.BUGS
]


@cache
def played(seed: int, size: str, *words: str) -> dict[str, Any]:
    """What the receivers got on this day, and what the program said of it."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *(sys.executable, "-W", "error", str(Path(__file__).with_name("dayrun.py"))),
                *(folder, str(seed), size, *words),
            ],
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": "."},
        )
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def verdict(seed: int, size: str, *words: str) -> Verdict:
    """The oracle's verdict on this day."""
    return verdict_on(day_of(seed, getattr(dayplan, size)), played(seed, size, *words))


@pytest.fixture(scope="module")
def small() -> Verdict:
    return verdict(1, "TINY")


@pytest.fixture(scope="module")
def full() -> Verdict:
    return verdict(7, "FULL")


@pytest.mark.slow
def test_on_a_small_day_all_that_was_promised_holds(small: Verdict) -> None:
    assert small.due > 300
    assert small.every_breach() == []


@pytest.mark.slow
def test_a_message_that_is_missing_and_one_that_comes_twice_are_seen() -> None:
    told = deepcopy(played(1, "TINY"))
    day = day_of(1, dayplan.TINY)
    first = next(one for one in told["received"] if one["receiver"] == "slack")

    missing = told | {"received": [one for one in told["received"] if one is not first]}
    doubled = told | {"received": [*told["received"], first]}

    assert verdict_on(day, missing).urgent_unseen
    assert verdict_on(day, doubled).twice


@pytest.mark.slow
def test_what_came_with_an_unknown_outcome_counts_neither_as_shown_nor_as_told_twice() -> None:
    told = deepcopy(played(1, "TINY"))
    day = day_of(1, dayplan.TINY)
    again = told["received"][0] | {"accepted": False}

    assert verdict_on(day, told | {"received": [again, *told["received"]]}).twice == []


@pytest.mark.slow
def test_on_a_full_day_all_that_was_promised_holds(full: Verdict) -> None:
    assert full.due > 1500
    # Due, and neither shown nor counted with its link; on urgent channels, not shown.
    assert full.lost == []
    assert full.urgent_unseen == []
    assert full.twice == []
    assert full.unasked == []
    # At each restart, what matched is owed, told, or listed as not told.
    assert full.not_in_ledger == []
    many = {
        name: (sent, ideal) for name, (sent, ideal) in full.messages.items() if sent > 1.5 * ideal
    }
    assert many == {}
    assert max(full.of_headline_test.values()) <= 2


@pytest.mark.slow
def test_what_matched_is_found_shown_and_exported_when_it_is_long_gone(full: Verdict) -> None:
    assert full.not_found == []


@pytest.fixture(scope="module")
def broken_days(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, ...], Future[Verdict]]]:
    """Short days, sound and broken, several at a time: each waits for half of its time."""
    chosen = (getattr(item, "callspec", None) for item in request.session.items)
    bugs = [each.params["bug"] for each in chosen if each and each.params.get("bug") in PLAYED]
    words = dict.fromkeys(one for bug in bugs for one in (_words(bug), (*_words(bug), bug)))
    with ThreadPoolExecutor(3) as pool:
        yield {one: pool.submit(verdict, 1, "SHORT", *one) for one in words}


def _words(bug: str) -> tuple[str, ...]:
    return () if FOUND_BY[bug] == "not found" else ("--told-only",)


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_the_oracle_finds_what_is_broken_on_purpose(
    broken_days: dict[tuple[str, ...], Future[Verdict]], bug: str
) -> None:
    floor, words = FOUND_BY[bug], _words(bug)
    broken = broken_days[*words, bug].result()
    assert broken.breaches[floor] > broken_days[words].result().breaches[floor]


def test_each_bug_is_one_that_a_sound_day_does_not_show() -> None:
    assert FOUND_BY.keys() == plantedbugs.BUGS.keys()


def test_other_seeds_give_other_days_and_the_same_seed_the_same() -> None:
    days = [day_of(seed, dayplan.FULL).pieces for seed in (3, 4, 3)]

    assert days[0] == days[2]
    texts = [{piece.versions[0].title.text for piece in pieces} for pieces in days]
    assert not texts[0] & texts[1]
