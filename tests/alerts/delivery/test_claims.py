"""Work that several owners share is done once, whichever of them stops when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from claimants import Claimants, fill
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from alerts.delivery.dispatcher import take_over
from alerts.store import AlertStore
from crawler.store import ClaimTable

QUICK = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
# As many as it takes, the same each time; no time is spent on making the example smaller.
SEARCH = settings(QUICK, max_examples=300, derandomize=True, database=None, phases=[Phase.generate])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "nieuws.db"
    fill(path)
    return path


def test_nothing_is_claimed_twice_or_lost_and_an_old_fence_writes_nothing(filled: Path) -> None:
    class Sound(Claimants):
        pass

    Sound.filled = filled

    run_state_machine_as_test(Sound, settings=QUICK)


class WithoutCompare(ClaimTable):
    """Takes what somebody else holds, whatever its lease says."""

    def free_expired(self, *_: object) -> None:
        self._free("TRUE")


class ReleasesEverybody(ClaimTable):
    """Gives back the claims of all when one stops."""

    def release(self, *_: object) -> None:
        self._free("TRUE")


class WithoutFence(ClaimTable):
    """Lets everybody write who has had a claim."""

    def check(self, *_: object) -> None:
        pass


def takes_over_at_each_start(store: AlertStore, _: object, now: datetime) -> None:
    take_over(store.db, now)


@pytest.mark.parametrize(
    ("bug", "said"),
    [
        ({"claims": WithoutCompare}, "claimed twice"),
        ({"claims": ReleasesEverybody}, "claimed twice|was refused"),
        ({"claims": WithoutFence}, "old fence"),
        ({"begins": staticmethod(takes_over_at_each_start)}, "claimed twice|was refused"),
    ],
)
def test_a_planted_bug_is_found(filled: Path, bug: dict[str, Any], said: str) -> None:
    class Planted(Claimants):
        pass

    for name, wrong in bug.items():
        setattr(Planted, name, wrong)
    Planted.filled = filled

    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(Planted, settings=SEARCH)

    assert any(re.search(said, str(error)) for error in _chain(found.value))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield a fault and those before it: what is left at the end is wrong then too."""
    while error is not None:
        yield error
        error = error.__context__
