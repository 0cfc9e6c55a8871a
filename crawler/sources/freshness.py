"""Which entries of a feed deserve a request for their page, and when a page is looked at again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from crawler.model import FeedEntry

# Newsrooms correct most within hours: the first look comes soon, each later one twice as late.
FIRST_LOOK = timedelta(minutes=20)
YOUNG = timedelta(hours=48)

# A feed whose entries change with every poll must not fetch their pages with every poll.
CHANGE_BRAKE = timedelta(minutes=5)
BRAKED_AFTER = 6
LONGEST_BRAKE = timedelta(hours=2)

SHARED_AT_LEAST = 0.1
# Clocks and caches of outlets are late by minutes.
MARGIN = timedelta(hours=1)
MOST_UNDATED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What is held of an entry: `entry_hash` is None where only another source listed it.

    `last_listed` is when this source last listed it.
    """

    key: str
    entry_hash: str | None
    first_seen: datetime
    fetches: int
    last_fetched: datetime | None
    wanted: bool
    last_listed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """An entry that a poll listed; `new` says that nobody had listed it before.

    `due` is when its page is to be fetched, None when it need not be.
    """

    key: str
    entry: FeedEntry
    entry_hash: str
    new: bool
    due: datetime | None

    @property
    def wanted(self) -> bool:
        """Whether its page is to be fetched."""
        return self.due is not None


def entry_hash(entry: FeedEntry) -> str:
    """A digest of what an editor changes; not of the address, which tracking changes."""
    parts = (entry.title, entry.lead, entry.body, str(entry.modified or ""))
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def entries_to_fetch(
    entries: Mapping[str, FeedEntry], known: Mapping[str, KnownEntry], now: datetime
) -> list[ListedEntry]:
    """Every entry listed, by article key, each with when its page is to be fetched, if ever."""
    return [_listed(key, entry, known.get(key), now) for key, entry in entries.items()]


def _listed(key: str, entry: FeedEntry, held: KnownEntry | None, now: datetime) -> ListedEntry:
    digest = entry_hash(entry)
    due = now if held is None else _due_again(digest, held, now)
    return ListedEntry(key=key, entry=entry, entry_hash=digest, new=held is None, due=due)


def _due_again(digest: str, held: KnownEntry, now: datetime) -> datetime | None:
    """When a known entry is fetched again: when it changed, and not too soon after the last time.

    Listed by a second source it is not changed by that.
    """
    if held.entry_hash is None or held.entry_hash == digest or held.wanted:
        return None
    return now if held.last_fetched is None else max(now, held.last_fetched + _brake(held))


def _brake(held: KnownEntry) -> timedelta:
    """How long a page that changes is left alone: longer, the more often it was fetched."""
    return min(CHANGE_BRAKE * (1 + held.fetches // BRAKED_AFTER), LONGEST_BRAKE)


def next_look(first_seen: datetime, fetches: int, now: datetime) -> datetime | None:
    """When to look at a page again that has been fetched so often; None when it is not young."""
    # Beyond a few dozen fetches the wait exceeds every youth; the exponent must not grow on.
    look = now + FIRST_LOOK * (1 << min(max(fetches - 1, 0), 16))
    return look if look - first_seen <= YOUNG else None


@dataclass(frozen=True, slots=True)
class LastList:
    """The last list with entries that came of a source: when, and how many it had."""

    at: datetime | None
    entries: int


def has_gap(keys: Iterable[str], known: Mapping[str, KnownEntry], last: LastList) -> bool:
    """Whether entries may have come and gone between two lists: (almost) none is in both.

    What an outlet keeps at the top whatever comes must not hide that all else has been replaced.
    """
    listed = list(keys)
    shared = sum(key in known and known[key].last_listed == last.at for key in listed)
    smaller = min(len(listed), last.entries)
    return last.at is not None and smaller > 0 and shared < SHARED_AT_LEAST * smaller


def entries_missed(
    archive: Mapping[str, FeedEntry],
    known: Container[str],
    *,
    since: datetime,
    now: datetime,
) -> list[ListedEntry]:
    """The entries of an archive that a source may have shown while nobody looked.

    That is what nobody has listed and was published or changed since then. Of entries without any
    date the first are taken: a list page begins with the newest.
    """
    unknown = {key: entry for key, entry in archive.items() if key not in known}
    dated = {key: entry.published or entry.modified for key, entry in unknown.items()}
    undated = [key for key, date in dated.items() if date is None][:MOST_UNDATED]
    within = {key for key, date in dated.items() if date and date >= since - MARGIN}
    return [
        ListedEntry(key=key, entry=entry, entry_hash=entry_hash(entry), new=True, due=now)
        for key, entry in unknown.items()
        if key in within or key in undated
    ]
