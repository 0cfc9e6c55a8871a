"""What to ask next: sources with their due times, entries listed, pages wanted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.clock import SMALL_STEP
from crawler.faults.fault import Fault
from crawler.faults.notation import noted
from crawler.model import FeedEntry, Source
from crawler.sources.freshness import KnownEntry, ListedEntry
from crawler.sources.schedule import held_to, paces_of
from crawler.store.claims import ClaimTable
from crawler.store.connection import Connection
from crawler.store.ledger.gaps import GapStore
from crawler.store.ledger.habits import HabitStore
from crawler.store.ledger.listed_sitemaps import SitemapStore
from crawler.store.records import (
    DueSource,
    FetchedPage,
    Poll,
    SourceState,
    WorkClaim,
    as_text,
    as_time,
    entry_from_json,
    entry_to_json,
    fetched_to_row,
    known_entry_from_row,
    optional_text,
    optional_time,
    poll_to_row,
    state_from_row,
)

_POLLED = """
    UPDATE sources SET owner = NULL, lease = NULL, last_poll = :at, next_poll = :next_poll,
        status = :status, error = :error, interval = coalesce(:interval, interval),
        failures = CASE WHEN :error IS NULL THEN 0 ELSE failures + 1 END,
        last_success = CASE WHEN :error IS NULL THEN :at ELSE last_success END,
        first_success = coalesce(first_success, CASE WHEN :error IS NULL THEN :at END),
        last_new = CASE WHEN :new > 0 THEN :at ELSE last_new END,
        etag = CASE WHEN :validated THEN :etag ELSE etag END,
        last_modified = CASE WHEN :validated THEN :modified ELSE last_modified END,
        validators_of = CASE WHEN :validated THEN :validators_of ELSE validators_of END,
        took = coalesce(:took, took),
        listed = CASE WHEN :listed THEN :at ELSE listed END,
        listed_entries = CASE WHEN :listed THEN :listed ELSE listed_entries END,
        gap = coalesce(gap, :gap)
    WHERE id = :source
"""
_LISTED_ENTRY = """
    INSERT INTO entries (source, key, entry_hash, first_seen, last_seen, published)
    VALUES (:source, :key, :entry_hash, :at, :at, :published)
    ON CONFLICT (source, key)
    DO UPDATE SET entry_hash = excluded.entry_hash, last_seen = excluded.last_seen,
        published = iif(:put_off, published, excluded.published)
"""
_LISTED_PAGE = """
    INSERT INTO pages (key, source, url, guid, entry, first_seen, wanted, due)
    VALUES (:key, :source, :url, :guid, :entry, :at, iif(:due IS NULL, NULL, :at), :due)
    ON CONFLICT (key) DO UPDATE SET source = excluded.source, url = excluded.url,
        guid = excluded.guid, entry = excluded.entry, missed = NULL,
        due = iif(pages.wanted IS NULL OR pages.owner IS NOT NULL,
            excluded.due, pages.due),
        wanted = iif(pages.owner IS NULL,
            coalesce(pages.wanted, excluded.wanted), excluded.wanted)
    WHERE excluded.wanted IS NOT NULL
"""


class PollStore:
    """Sources, entries and pages wanted; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._sources = ClaimTable(db, "sources", "id", due="next_poll")
        self._pages = ClaimTable(db, "pages", "key", due="due")

    def sync_sources(self, sources: Iterable[Source], now: datetime) -> None:
        """Make the table hold these sources.

        A new source, or one with a new address, is due at once. One whose `every` became shorter is
        due accordingly. Sources that are no longer configured stay, disabled, for their history. If
        the clock was set back since the last poll, what is due later is due as much sooner.
        """
        self._mend_clock(now)
        self._db.execute("UPDATE sources SET enabled = 0")
        for source in sources:
            self._db.execute(
                """
                INSERT INTO sources (id, outlet, url, enabled, added, next_poll)
                VALUES (:id, :outlet, :url, :enabled, :now, :now)
                ON CONFLICT (id) DO UPDATE SET
                    listed = CASE WHEN url = excluded.url THEN listed END,
                    next_poll = CASE WHEN url = excluded.url THEN next_poll ELSE :now END,
                    etag = CASE WHEN url = excluded.url THEN etag END,
                    last_modified = CASE WHEN url = excluded.url THEN last_modified END,
                    outlet = excluded.outlet, url = excluded.url, enabled = excluded.enabled
                """,
                {
                    "id": source.id,
                    "outlet": source.outlet,
                    "url": source.url,
                    "enabled": source.enabled,
                    "now": as_text(now),
                },
            )
            keep_to_every(self._db, source, now)

    def ask_soon(self, source: str, now: datetime, since: datetime) -> bool:
        """Let a source be due now, unless it was asked since then."""
        sql = "UPDATE sources SET next_poll = ? WHERE id = ? AND ifnull(last_poll, '') < ?"
        return self._db.execute(sql, [as_text(now), source, as_text(since)]).rowcount == 1

    def set_back(self, step: timedelta, now: datetime) -> None:
        """Let all that is due after `now` be due sooner: the clock was set back by this step."""
        for table, column in (("sources", "next_poll"), ("pages", "due")):
            self._db.execute(
                f"UPDATE {table} SET {column} = "  # noqa: S608 - our own names
                f"strftime('%Y-%m-%dT%H:%M:%f000+00:00', {column}, ?) WHERE {column} > ?",
                [f"-{step.total_seconds():.3f} seconds", as_text(now)],
            )
        self._db.execute("UPDATE sources SET last_poll = min(last_poll, ?)", [as_text(now)])

    def _mend_clock(self, now: datetime) -> None:
        latest = optional_time(self._db.execute("SELECT max(last_poll) FROM sources").fetchone()[0])
        if latest and latest - now > SMALL_STEP:
            self.set_back(latest - now, now)

    def claim_due_sources(
        self, owner: str, now: datetime, limit: int, *, only: Sequence[str] | None = None
    ) -> list[DueSource]:
        """Claim the sources that are due, longest due first; with `only` these, due or not."""
        self._sources.free_expired(owner, now)
        if only is None:
            found = self._db.rows(
                "SELECT * FROM sources WHERE enabled AND owner IS NULL AND next_poll <= ? "
                "ORDER BY next_poll LIMIT ?",
                [as_text(now), limit],
            )
        else:
            found = self._db.rows(
                "SELECT * FROM sources WHERE id IN (SELECT value FROM json_each(?)) "
                "AND owner IS NULL LIMIT ?",
                [json.dumps(only), limit],
            )
        sitemaps = SitemapStore(self._db).of([row["id"] for row in found])
        return [
            DueSource(
                state_from_row(row, sitemaps.get(row["id"])),
                replace(claim, due=as_time(row["next_poll"])),
            )
            for row in found
            if (claim := self._sources.take(row["id"], owner, now))
        ]

    def next_due(self) -> datetime | None:
        """When a source is due next, or a page that nobody has claimed, or was; None if never."""
        polls = self._db.execute("SELECT min(next_poll) FROM sources WHERE enabled")
        pages = "SELECT due FROM pages JOIN sources ON id = source WHERE enabled AND due > ''"
        sql = f"{pages} AND pages.owner IS NULL ORDER BY due LIMIT 1"
        found = [due for (due,) in (*polls, *self._db.execute(sql)) if due]
        return min(map(as_time, found), default=None)

    def hold(self, until: Collection[tuple[WorkClaim, datetime]]) -> None:
        """Let what was claimed be due no sooner than this, also if its result cannot be written."""
        for table in (self._sources, self._pages):
            table.hold(until)

    def release_claims(self, owner: str, unfinished: Collection[WorkClaim] = ()) -> None:
        """Give back what this owner has claimed; what is unfinished is due as it was before."""
        for table in (self._sources, self._pages):
            table.put_back(unfinished)
            table.release(owner)

    def take_over(self) -> None:
        """Free all that is claimed, so that it is done at once; for the opening of a `Writer`.

        Whoever opens the database holds the lock on it, so it is certain that every owner of before
        is gone. Later on, others may work: then wait for their leases to run out.
        """
        for table in (self._sources, self._pages):
            table.release_all()

    def give_back(self, claims: Collection[WorkClaim]) -> None:
        """Free what is held by these claims, so that it is done again."""
        for table in (self._sources, self._pages):
            table.give_back(claims)

    def renew_claims(self, owner: str, in_hand: Collection[WorkClaim], now: datetime) -> None:
        """Renew what this owner has in hand, for work that waits longer than a lease.

        What else it has claimed is free once the lease has run out: it got lost on the way.
        """
        for table in (self._sources, self._pages):
            table.renew(owner, in_hand, now)

    def states(self) -> dict[str, SourceState]:
        """What is known of each configured source, by id."""
        sql = "SELECT * FROM sources WHERE enabled ORDER BY id"
        return {row["id"]: state_from_row(row) for row in self._db.rows(sql)}

    def known_entries(self, source: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
        """What is known of these entries, by key; unknown keys are left out."""
        found = self._db.rows(
            """
            SELECT pages.key, entries.entry_hash, pages.first_seen, pages.fetches,
                   pages.last_fetched,
                   pages.wanted IS NOT NULL AND pages.owner IS NULL AS wanted,
                   entries.last_seen AS last_listed, entries.published,
                   (SELECT seen FROM revisions WHERE article = coalesce(
                        (SELECT id FROM articles WHERE articles.key = pages.key),
                        (SELECT article FROM aliases WHERE aliases.key = pages.key))
                    ORDER BY number DESC LIMIT 1) AS changed,
                   coalesce(live_pages.live, 0) AS live
            FROM pages LEFT JOIN entries ON entries.source = ? AND entries.key = pages.key
            LEFT JOIN live_pages ON live_pages.key = pages.key
            WHERE pages.key IN (SELECT value FROM json_each(?))
            """,
            [source, json.dumps(keys)],
        )
        return {row["key"]: known_entry_from_row(row) for row in found}

    def entries_held(self, asked: Iterable[tuple[str, str | None]]) -> dict[str, FeedEntry]:
        """The entries with these keys as they were listed last, if they had another id.

        A key is asked with the id that it has now. With None, if several entries share it, what
        was listed under it is given in any case.
        """
        found = self._db.rows(
            """
            SELECT pages.key, pages.entry FROM json_each(?) AS asked
            JOIN pages ON pages.key = asked.value ->> 0
            WHERE asked.value ->> 1 IS NULL OR pages.guid <> asked.value ->> 1
            """,
            [json.dumps(list(asked))],
        )
        return {row["key"]: entry_from_json(row["entry"]) for row in found}

    def record_poll(self, poll: Poll, seen: Iterable[ListedEntry] = ()) -> None:
        """Write down a poll: validators, next time, entries listed, pages wanted, counters.

        All of it is one change: a page is wanted if and only if the feed's validators are kept.

        Raises:
            ClaimLostError: the poll's claim of the source is not its present one.
        """
        self._sources.check(poll.source, poll.claim)
        self._record_entries(poll, seen)
        self._db.execute(_POLLED, poll_to_row(poll))
        if poll.gap is not None:
            GapStore(self._db).note(poll.source, poll.at, poll.gap)
        if poll.sitemaps is not None:
            SitemapStore(self._db).keep(poll.source, poll.sitemaps)
        HabitStore(self._db).keep(poll.source, poll.at)
        self.count_all(poll.source, poll.counts, poll.at)

    def _record_entries(self, poll: Poll, listed: Iterable[ListedEntry]) -> None:
        rows = [
            {
                "source": poll.source,
                "key": one.key,
                "url": one.entry.url,
                "guid": one.entry.guid,
                "entry": entry_to_json(one.entry),
                "entry_hash": one.entry_hash,
                "published": optional_text(one.entry.published),
                "put_off": one.put_off,
                "at": as_text(poll.at),
                "due": optional_text(one.due),
            }
            for one in listed
        ]
        self._db.executemany(_LISTED_ENTRY, rows)
        self._db.executemany(_LISTED_PAGE, rows)

    def page_fetched(self, page: FetchedPage) -> None:
        """Record that the page was fetched: it is no longer wanted, and its validators are kept.

        It stays wanted if a list has changed its entry since it was claimed: what was fetched may
        be the text of before.

        Raises:
            ClaimLostError: the fetch's claim of the page is not its present one.
        """
        self._pages.check(page.key, page.claim)
        self._db.execute(
            """
            UPDATE pages SET wanted = iif(:changed, wanted, NULL), due = iif(:changed, due, :next),
                owner = NULL, lease = NULL, attempts = 0,
                fetches = fetches + 1, last_fetched = :at, error = NULL, missed = NULL,
                body_hash = coalesce(:hash, body_hash), etag = :etag, last_modified = :modified,
                validators_of = :validators_of, following = :following
            WHERE key = :key
            """,
            fetched_to_row(page) | {"changed": self._wanted(page.key) != page.claim.wanted},
        )

    def page_failed(
        self,
        key: str,
        fault: Fault,
        *,
        now: datetime,
        next_attempt: datetime | None,
        claim: WorkClaim,
    ) -> bool:
        """Record a failure: the page is tried again at `next_attempt`; with None it is missed.

        The reason is kept in both cases. A page whose entry a list has changed since it was claimed
        is not missed, but stays wanted. Returns whether a page that was wanted is missed now.

        Raises:
            ClaimLostError: this is not the page's present claim.
        """
        self._pages.check(key, claim)
        wanted = self._wanted(key)
        given_up = next_attempt is None and wanted == claim.wanted
        self._db.execute(
            """
            UPDATE pages SET owner = NULL, lease = NULL, attempts = attempts + 1, error = :error,
                due = iif(:given_up, NULL, coalesce(:next, due)),
                wanted = CASE WHEN :given_up THEN NULL ELSE wanted END,
                missed = CASE WHEN :given_up AND wanted IS NOT NULL THEN :now ELSE missed END
            WHERE key = :key
            """,
            {
                "key": key,
                "error": noted(fault),
                "next": optional_text(next_attempt),
                "given_up": given_up,
                "now": as_text(now),
            },
        )
        return given_up and wanted is not None

    def _wanted(self, key: str) -> datetime | None:
        found = self._db.rows("SELECT wanted FROM pages WHERE key = ?", [key])
        return optional_time(found[0]["wanted"]) if found else None

    def count(self, source: str, name: str, at: datetime, amount: int = 1) -> None:
        """Add to a source's counter of the day (UTC)."""
        self.count_all(source, {name: amount}, at)

    def count_all(self, source: str, amounts: Mapping[str, int], at: datetime) -> None:
        """Add to several of a source's counters of the day (UTC)."""
        day = as_text(at)[:10]
        self._db.executemany(
            """
            INSERT INTO counters (day, source, name, total) VALUES (?, ?, ?, ?)
            ON CONFLICT (day, source, name) DO UPDATE SET total = total + excluded.total
            """,
            [(day, source, name, amount) for name, amount in amounts.items()],
        )

    def counters(self, since: datetime) -> dict[str, dict[str, int]]:
        """The totals of the counters since a day: by source, then by name."""
        found = self._db.rows(
            "SELECT source, name, sum(total) AS total FROM counters WHERE day >= ? "
            "GROUP BY source, name ORDER BY source, name",
            [as_text(since)[:10]],
        )
        totals: dict[str, dict[str, int]] = {}
        for row in found:
            totals.setdefault(row["source"], {})[row["name"]] = row["total"]
        return totals

    def pages_wanted(self) -> int:
        """How many pages are still to be fetched."""
        return int(
            self._db.rows("SELECT count(*) AS n FROM pages WHERE wanted IS NOT NULL")[0]["n"]
        )


def keep_to_every(db: Connection, source: Source, now: datetime) -> None:
    """Let a source wait no longer than its `every` and `at_most` allow; part of a writer's job.

    The next poll of a source that failed stays: its host asked for it (Retry-After), or it is the
    backoff.
    """
    found = db.rows("SELECT * FROM sources WHERE id = ? AND last_poll IS NOT NULL", [source.id])
    for row in list(found):
        cheap = row["etag"] is not None or row["last_modified"] is not None
        paces = paces_of(source, cheap=cheap)
        due = as_time(row["next_poll"])
        if not row["failures"]:
            due = held_to(paces, due, as_time(row["last_poll"]), now)
        db.execute(
            "UPDATE sources SET interval = min(interval, ?), next_poll = ? WHERE id = ?",
            [paces.longest.total_seconds(), as_text(due), source.id],
        )
