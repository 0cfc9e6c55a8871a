"""What was done a moment ago, and how it is undone: in place of asking "are you sure?"."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from math import ceil

from crawler.frozen import dataclass

# Chosen: enough to read one line and to reach for a key.
UNDO_SECONDS = 30
# Chosen: a desk of twenty that does something each second.
_MOST_KEPT = 1_000

Undo = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: a text of the page by its name, with what stands in it.

    `undo` puts back what was there; it can be asked for during 30 s. `there` is the page to go to,
    where it is not the one that the form stood on.
    """

    said: str
    undo: Undo | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    there: str = ""


@dataclass(frozen=True, slots=True)
class DoneWords:
    """What a page says of it; `token` undoes it, and is empty where nothing can."""

    said: str
    values: Mapping[str, object]
    token: str
    seconds: int


@dataclass(frozen=True, slots=True)
class _Kept:
    done: Done
    user: str
    until: datetime


class Undos:
    """What each user has done in the last 30 s; it is gone when the program stops."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def keep(self, done: Done, user: str, now: datetime) -> str:
        """The token of what was done."""
        over = [token for token, kept in self._kept.items() if kept.until <= now]
        too_many = max(0, len(self._kept) - _MOST_KEPT + 1)
        for token in over or list(self._kept)[:too_many]:
            del self._kept[token]
        token = secrets.token_urlsafe(16)
        self._kept[token] = _Kept(done, user, now + timedelta(seconds=UNDO_SECONDS))
        return token

    def words(self, token: str, user: str, now: datetime) -> DoneWords | None:
        """What this user did under this token, if it was a moment ago."""
        kept = self._held(token, user, now)
        if kept is None:
            return None
        left = ceil((kept.until - now).total_seconds())
        return DoneWords(kept.done.said, kept.done.values, token if kept.done.undo else "", left)

    def take(self, token: str, user: str, now: datetime) -> Undo | None:
        """How it is undone, once; None if it is too late, or was not this user's."""
        kept = self._held(token, user, now)
        if kept is None or kept.done.undo is None:
            return None
        del self._kept[token]
        return kept.done.undo

    def _held(self, token: str, user: str, now: datetime) -> _Kept | None:
        kept = self._kept.get(token)
        return kept if kept and kept.user == user and now < kept.until else None
