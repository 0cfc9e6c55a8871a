"""Which entries of a feed deserve a request for their page, and when a page is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from crawler.article import FeedEntry

# Newsrooms correct most within hours: the first look comes soon, each later one twice as late.
FIRST_LOOK = timedelta(minutes=20)
YOUNG = timedelta(hours=48)

# A feed whose entries change with every poll must not fetch their pages with every poll.
CHANGE_BRAKE = timedelta(minutes=5)
BRAKED_AFTER = 6
LONGEST_BRAKE = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What is held of an entry: `entry_hash` is None where only another source listed it."""

    key: str
    entry_hash: str | None
    first_seen: datetime
    fetches: int
    last_fetched: datetime | None
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """An entry that a poll listed; `new` says that nobody had, `wanted` that its page is due."""

    key: str
    entry: FeedEntry
    entry_hash: str
    new: bool
    wanted: bool


def entry_hash(entry: FeedEntry) -> str:
    """A digest of what an editor changes; not of the address, which tracking changes."""
    parts = (entry.title, entry.lead, entry.body, str(entry.modified or ""))
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def entries_to_fetch(
    entries: Mapping[str, FeedEntry], known: Mapping[str, KnownEntry], now: datetime
) -> list[ListedEntry]:
    """Every entry listed, by article key, each with whether its page should be fetched now."""
    return [_listed(key, entry, known.get(key), now) for key, entry in entries.items()]


def _listed(key: str, entry: FeedEntry, held: KnownEntry | None, now: datetime) -> ListedEntry:
    digest = entry_hash(entry)
    if held is None:
        return ListedEntry(key=key, entry=entry, entry_hash=digest, new=True, wanted=True)
    changed = held.entry_hash not in {None, digest} and not held.wanted
    due = changed and (held.last_fetched is None or now - held.last_fetched >= _brake(held))
    if changed and not due and held.entry_hash is not None:
        digest = held.entry_hash  # so that the change is still seen once the brake lets go
    return ListedEntry(key=key, entry=entry, entry_hash=digest, new=False, wanted=due)


def _brake(held: KnownEntry) -> timedelta:
    """How long a page that changes is left alone: longer, the more often it was fetched."""
    return min(CHANGE_BRAKE * (1 + held.fetches // BRAKED_AFTER), LONGEST_BRAKE)


def next_look(first_seen: datetime, fetches: int, now: datetime) -> datetime | None:
    """When to look at a page again that has been fetched so often; None when it is not young."""
    # Beyond a few dozen fetches the wait exceeds every youth; the exponent must not grow on.
    look = now + FIRST_LOOK * (1 << min(max(fetches - 1, 0), 16))
    return look if look - first_seen <= YOUNG else None


def has_gap(keys: Iterable[str], known: Mapping[str, KnownEntry]) -> bool:
    """Whether entries may have come and gone between two polls: none is shared with the last."""
    listed = list(keys)
    return bool(listed) and not any(
        key in known and known[key].entry_hash is not None for key in listed
    )
