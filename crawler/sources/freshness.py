"""Which entries of a feed get a request for their page, and when a page is looked at again.

The limits are chosen; no measurement is known. docs/sources.md describes what follows from them.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from crawler.frozen import dataclass
from crawler.model import FeedEntry
from crawler.text.comparable import comparable

# Newsrooms correct most errors within hours. So the first look comes soon, and the time to each
# later one doubles.
FIRST_LOOK = timedelta(minutes=20)
YOUNG = timedelta(hours=48)
# A little more than the half hour after which a removed sentence counts as gone. A page that
# differs at each look gets at most this many of these, little more looks than any young page.
SECOND_LOOK = timedelta(minutes=31)
MOST_SECOND_LOOKS = 10

# A feed whose entries change with every poll must not fetch their pages with every poll.
CHANGE_BRAKE = timedelta(minutes=5)
BRAKED_AFTER = 6
LONGEST_BRAKE = timedelta(hours=2)

# If the dates of at least this many entries, and of this share of a list, move together, it may be
# the list that has moved them. Some pages are read then, to see whether editors did: this many, or
# fewer where the pages that were read last had not changed.
MOVED_TOGETHER = 3
MOVED_SHARE = 0.5
PAGES_TRIED = 5
PAGES_TRIED_AGAIN = 2

SHARED_AT_LEAST = 0.1
# Clocks and caches of outlets are late by minutes.
MARGIN = timedelta(hours=1)
MOST_UNDATED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What is known of an entry; `entry_hash` is None if only another source has listed it.

    `last_listed` is when this source last listed it, and `published` the latest of its dates that
    was heeded. `changed` is when its text last proved to be another, or was first read. `live` says
    that its page is a live blog that is followed.
    """

    key: str
    entry_hash: str | None
    first_seen: datetime
    fetches: int
    last_fetched: datetime | None
    wanted: bool
    last_listed: datetime | None = None
    published: datetime | None = None
    changed: datetime | None = None
    live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """An entry that a poll listed; `new` says that no source had listed it before.

    `due` is when its page is to be fetched, None if it need not be fetched. `put_off` says that its
    later date is a reason to fetch it, if those of other entries prove to be one.
    """

    key: str
    entry: FeedEntry
    entry_hash: str
    new: bool
    due: datetime | None
    put_off: bool = False

    @property
    def wanted(self) -> bool:
        """Whether its page is to be fetched."""
        return self.due is not None


def entry_hash(entry: FeedEntry) -> str:
    """A digest of what an editor may change, without the address, which tracking changes."""
    parts = (entry.title, entry.lead, entry.body, str(entry.modified or ""))
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def entries_to_fetch(
    entries: Mapping[str, FeedEntry], known: Mapping[str, KnownEntry], now: datetime
) -> list[ListedEntry]:
    """Every entry of a list, given by article key, with the time at which its page is due."""
    moved = _moved(entries, known)
    heeded = _heeded(moved, entries, known)
    listed = (
        _listed(key, entry, known.get(key), now, moved=key in heeded)
        for key, entry in entries.items()
    )
    put_off = {key for key in moved - heeded if not known[key].wanted}
    return [
        replace(one, put_off=True) if one.key in put_off and not one.wanted else one
        for one in listed
    ]


def _moved(entries: Mapping[str, FeedEntry], known: Mapping[str, KnownEntry]) -> set[str]:
    """The entries whose date is later than before, as that of a live blog that goes on.

    Where pages read for such dates were as before, what was put off for them is no longer.
    """
    moved = {key for key, held in known.items() if _has_moved(entries.get(key), held)}
    if _is_editing(known.values()) is not False:
        return moved
    return {key for key in moved if _has_moved(entries[key], known[key], known[key].last_listed)}


def _has_moved(entry: FeedEntry | None, held: KnownEntry, since: datetime | None = None) -> bool:
    date = entry.published if entry else None
    return bool(date and held.published and date > max(held.published, since or held.published))


def _heeded(
    moved: Collection[str], entries: Mapping[str, FeedEntry], known: Mapping[str, KnownEntry]
) -> set[str]:
    """Those of the `moved` entries whose pages are to be read for their later dates.

    These are all of them, unless the list may move its dates itself. Then some pages are tried, the
    longest unread first, and the others follow at the next list if at least half of those have
    changed. A list that always moves its dates costs `PAGES_TRIED_AGAIN` pages each time.
    """
    dated = sum(
        bool(entry.published and key in known and known[key].published)
        for key, entry in entries.items()
    )
    editing = _is_editing(known.values())
    if editing or len(moved) < max(MOVED_TOGETHER, MOVED_SHARE * dated):
        return set(moved)
    tried = sum(held.wanted and held.fetches > 0 for held in known.values())
    room = max(0, (PAGES_TRIED if editing is None else PAGES_TRIED_AGAIN) - tried)
    unread = sorted((known[key].last_fetched or known[key].first_seen, key) for key in moved)
    return {key for _, key in unread[:room]}


def _is_editing(known: Iterable[KnownEntry]) -> bool | None:
    """Whether editors move the dates of a list, by what was read since it came last.

    It is None if no page was read for a later date since then. The date is one if it came after the
    entry itself. A live blog says nothing here: it changes whatever its list does.
    """
    read = [
        held.changed >= held.published
        for held in known
        if held.changed and held.last_fetched and held.last_listed and held.published
        if not held.live and held.last_fetched >= held.last_listed
        if held.published > held.first_seen
    ]
    return 2 * sum(read) >= len(read) if read else None


def _listed(
    key: str, entry: FeedEntry, held: KnownEntry | None, now: datetime, *, moved: bool
) -> ListedEntry:
    digest = entry_hash(entry)
    due = now if held is None else _due_again(digest, held, now, moved=moved)
    return ListedEntry(key=key, entry=entry, entry_hash=digest, new=held is None, due=due)


def _due_again(digest: str, held: KnownEntry, now: datetime, *, moved: bool) -> datetime | None:
    """When a known entry is fetched again: if it changed, but not too soon after the last time.

    That a second source lists it is no change.
    """
    if held.entry_hash is None or held.wanted or (held.entry_hash == digest and not moved):
        return None
    return now if held.last_fetched is None else max(now, held.last_fetched + _brake(held))


def _brake(held: KnownEntry) -> timedelta:
    """How long a page that changes is left alone; a live blog is meant to change."""
    return CHANGE_BRAKE if held.live else _brake_after(held.fetches)


def _brake_after(fetches: int) -> timedelta:
    """The more often an article was fetched, the longer it is left alone."""
    return min(CHANGE_BRAKE * (1 + fetches // BRAKED_AFTER), LONGEST_BRAKE)


@dataclass(frozen=True, slots=True)
class NamedBefore:
    """An address under which a source has listed an id: its key, since when, and the entry."""

    key: str
    since: datetime
    entry: FeedEntry


def key_before(entry: FeedEntry, before: Sequence[NamedBefore], now: datetime) -> str | None:
    """The key that an entry keeps although its address is a new one; None if it gets a new key.

    Some feeds give an article another address at each poll. Each of them is fetched, but not
    sooner after the last one than a page that changes. An id that stands for another title is that
    of another article: some feeds give the same to all.
    """
    title = comparable(entry.title)
    same = [named for named in before if comparable(named.entry.title) == title]
    if not same:
        return None
    latest = max(same, key=lambda named: named.since)
    return latest.key if now - latest.since < _brake_after(len(same)) else None


def next_look(
    first_seen: datetime, fetches: int, now: datetime, *, changed: bool = False
) -> datetime | None:
    """When to look again at a page that was fetched this often; None if it is not young then.

    A page that has `changed` is looked at again soon: whether a change stands is known only when it
    has been read twice.
    """
    # After a dozen fetches the wait is longer than `YOUNG` anyway, so the exponent is bounded. Of a
    # page that was fetched between its looks the age decides, or it would have none left.
    wait = FIRST_LOOK * (1 << min(max(fetches - 1, 0), 16))
    look = now + min(wait, max(timedelta(), now - first_seen) + FIRST_LOOK)
    regular = look if look - first_seen <= YOUNG else None
    if not changed or fetches > MOST_SECOND_LOOKS:
        return regular
    return min(regular or now + SECOND_LOOK, now + SECOND_LOOK)


@dataclass(frozen=True, slots=True)
class LastList:
    """The last list of a source that had entries: when it came, and how many it had."""

    at: datetime | None
    entries: int


def has_gap(keys: Iterable[str], known: Mapping[str, KnownEntry], last: LastList) -> bool:
    """Whether entries may have come and gone between two lists, since (almost) none is in both.

    A few entries that an outlet keeps at the top must not hide that all others were replaced.
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
    """The entries of an archive that a source may have shown while it was not polled.

    These are entries that no list has named and that were published or changed since then. The
    first `MOST_UNDATED` without a date are taken too: a list page begins with the newest.
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
