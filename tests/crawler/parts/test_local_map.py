"""Work in parts gives the same results in the same order, however many processes work on it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest

from crawler.parts import LocalMap, LostPartError


@dataclass(frozen=True, kw_only=True)
class Counting:
    """Counts up to `end`; at `dies` its process ends by itself, as long as `tokens` are there."""

    end: int
    begin: int = 0
    dies: int = -1
    tokens: Path | None = None
    hangs: bool = False
    most_deaths: int = 5

    def batches(self) -> Iterator[int]:
        for number in range(self.begin, self.end):
            if number == self.dies and self.tokens and (left := list(self.tokens.iterdir())):
                left[0].unlink()
                if self.hangs:
                    signal.pause()
                os.kill(os.getpid(), signal.SIGKILL)
            yield number

    def again(self, last: int | None, deaths: int) -> Self | None:
        begin = self.begin if last is None else last + 1
        return replace(self, begin=begin) if deaths < self.most_deaths else None


@dataclass(frozen=True)
class Failing:
    def batches(self) -> Iterator[int]:
        yield 1
        raise FileNotFoundError("het bestand is weg")

    def again(self, last: int | None, deaths: int) -> Self | None:  # noqa: ARG002 - a part's
        return self


def tokens(folder: Path, number: int) -> Path:
    for each in range(number):
        (folder / str(each)).touch()
    return folder


EXPECTED = [(place, number) for place in range(4) for number in range(3 * place)]


@pytest.mark.parametrize("workers", [0, 3])
def test_batches_come_in_the_order_of_parts(workers: int) -> None:
    parts = [Counting(end=3 * place) for place in range(4)]

    assert list(LocalMap(workers, ahead=1).over(parts)) == EXPECTED


@pytest.mark.parametrize("hangs", [False, True])
def test_a_worker_that_dies_or_hangs_is_replaced_where_it_was(
    tmp_path: Path,
    hangs: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    part = Counting(end=5, dies=3, tokens=tokens(tmp_path, 2), hangs=hangs)

    found = list(LocalMap(1, silence=4).over([part, Counting(end=1)]))

    assert found == [*((0, number) for number in range(5)), (1, 0)]
    assert not list(tmp_path.iterdir())


def test_a_part_whose_worker_always_dies_is_given_up_and_named(tmp_path: Path) -> None:
    part = Counting(end=5, dies=1, tokens=tokens(tmp_path, 9), most_deaths=2)
    batches = LocalMap(1).over([Counting(end=1), part])

    assert [next(batches), next(batches)] == [(0, 0), (1, 0)]
    with pytest.raises(LostPartError, match="part 2 was given up: its worker died"):
        next(batches)


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_of_a_part_is_raised_where_its_batches_are_taken(workers: int) -> None:
    batches = LocalMap(workers).over([Failing()])

    assert next(batches) == (0, 1)
    with pytest.raises(FileNotFoundError, match="het bestand is weg"):
        next(batches)


def test_closing_ends_workers_that_wait_for_room() -> None:
    batches = LocalMap(2, ahead=1).over([Counting(end=10**9), Counting(end=10**9)])
    assert [next(batches) for _ in range(3)] == [(0, 0), (0, 1), (0, 2)]

    batches.close()

    assert list(batches) == []
