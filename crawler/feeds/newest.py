"""Which part of a list that is too long is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")


def newest(items: Sequence[T], date: Callable[[T], datetime | None], most: int) -> list[T]:
    """The `most` newest of these, in their order, which may be any.

    What has no date is as old as what stands before it. If nothing has a date, new ones stand at
    one of the ends: half of them is taken from each.
    """
    if len(items) <= most:
        return list(items)
    dates: list[datetime | None] = []
    for item in items:
        dates.append(date(item) or (dates[-1] if dates else None))
    first = next(filter(None, dates), None)
    if first is None:
        return ends_of(items, most)
    ages = [held or first for held in dates]
    # Of equals those that stand first are kept.
    places = sorted(range(len(items)), key=ages.__getitem__, reverse=True)[:most]
    return [items[place] for place in sorted(places)]


def ends_of(items: Sequence[T], most: int) -> list[T]:
    """The beginning and the end of a list, half of `most` each; all of it if it is no longer."""
    if len(items) <= most:
        return list(items)
    half = most // 2
    return [*items[: most - half], *items[len(items) - half :]]
