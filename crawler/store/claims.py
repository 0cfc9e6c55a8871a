"""Claims: who works on a row, until when, and by which right."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.errors import ClaimLostError
from crawler.frozen import dataclass
from crawler.store.connection import Connection
from crawler.store.records import WorkClaim, as_text

# Chosen: longer than any task. An answer may take 20 s in all, reading a page 15, a delivery 30.
# For what takes longer (the politeness of a host, a higher `timeout`) the owner renews its claims.
# See docs/decisions/0006.
LEASE = timedelta(minutes=10)
# If a lease ends later than this from now, the clock was set back since it was given. It is twice a
# lease, so that a small correction of the clock takes no work from a live owner.
FURTHEST = 2 * LEASE

# The SQL condition for a lease that has run out; its parameters are `_ends`.
_RUN_OUT = "(lease <= ? OR lease > ?)"


def _ends(now: datetime) -> tuple[str, str]:
    """A lease has run out if it ends up to the first time, or after the second (clock set back)."""
    return as_text(now), as_text(now + FURTHEST)


def new_owner() -> str:
    """A unique name for a process, or a part of one, that claims work."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """The claims on the rows of one table, in its columns `owner`, `lease` and `fence`.

    A row without an owner is free. `lease` is until when its owner may work on it; after that,
    others may take it over. `fence` counts the claims of the row so far: by it, an earlier owner
    that comes back is recognised. `due` is the column with the time when a row is due, if there is
    one. All methods belong in a writer's job.
    """

    db: Connection
    table: str
    key: str
    due: str = ""

    def take(self, key: str, owner: str, now: datetime) -> WorkClaim | None:
        """Claim a row if it is free or its lease has run out; None if somebody else has it."""
        taken = self.db.execute(
            f"UPDATE {self.table} SET owner = ?, lease = ?, fence = fence + 1 "  # noqa: S608 - our own names
            f"WHERE {self.key} = ? AND (owner IS NULL OR {_RUN_OUT}) RETURNING fence",
            [owner, as_text(now + LEASE), key, *_ends(now)],
        ).fetchall()
        return WorkClaim(self.table, key, owner, taken[0][0]) if taken else None

    def check(self, key: str, claim: WorkClaim | None) -> None:
        """Make sure that this is the row's present claim; without a claim, that the row is free.

        Raises:
            ClaimLostError: somebody else has claimed the row, or has done the work.
        """
        held = self.db.execute(
            f"SELECT owner, fence FROM {self.table} WHERE {self.key} = ?",  # noqa: S608 - our own names
            [key],
        ).fetchone()
        owner, fence = held or (None, 0)
        is_right = owner is None if claim is None else (owner, fence) == (claim.owner, claim.fence)
        if not is_right:
            raise ClaimLostError(self.table, key, owner)

    def free_expired(self, owner: str, now: datetime) -> None:
        """Free the rows of other owners whose lease has run out; this owner keeps its own."""
        self._free(f"owner <> ? AND {_RUN_OUT}", owner, *_ends(now))

    def run_out(self, now: datetime) -> list[str]:
        """The keys of the rows whose lease has run out."""
        rows = self.db.rows(
            f"SELECT {self.key} AS key FROM {self.table} WHERE owner IS NOT NULL AND {_RUN_OUT}",  # noqa: S608 - our own names
            _ends(now),
        )
        return [row["key"] for row in rows]

    def release(self, owner: str) -> None:
        """Free all that this owner has claimed."""
        self._free("owner = ?", owner)

    def give_back(self, claims: Iterable[WorkClaim]) -> None:
        """Free the rows of these claims; claims on other tables change nothing."""
        for claim in claims:
            if claim.table == self.table:
                self._free(
                    f"{self.key} = ? AND owner = ? AND fence = ?",
                    *(claim.key, claim.owner, claim.fence),
                )

    def hold(self, until: Iterable[tuple[WorkClaim, datetime]]) -> None:
        """Let these rows be due no sooner than this, whatever becomes of the work on them.

        Whoever works on a row stores when it is due next. If that fails, or the process ends on
        the way, others are still not asked again at once.
        """
        self.db.executemany(
            f"UPDATE {self.table} SET {self.due} = max({self.due}, ?) WHERE {self.key} = ?",  # noqa: S608 - our own names
            [(as_text(time), claim.key) for claim, time in until if claim.table == self.table],
        )

    def put_back(self, claims: Iterable[WorkClaim]) -> None:
        """Let the rows of these claims be due when they were before; they are still to be freed."""
        of_claim = f"{self.key} = ? AND owner = ? AND fence = ?"
        self.db.executemany(
            f"UPDATE {self.table} SET {self.due} = ? WHERE {of_claim}",  # noqa: S608 - our own names
            [
                (as_text(claim.due), claim.key, claim.owner, claim.fence)
                for claim in claims
                if claim.table == self.table and claim.due
            ],
        )

    def release_all(self) -> None:
        """Free all that is claimed. Use it only if it is certain that every owner is gone."""
        self._free("TRUE")

    def renew(self, owner: str, in_hand: Iterable[WorkClaim], now: datetime) -> None:
        """Renew the leases of what this owner has in hand, and free other rows that ran out."""
        self.db.executemany(
            f"UPDATE {self.table} SET lease = ? WHERE {self.key} = ? AND owner = ? AND fence = ?",  # noqa: S608 - our own names
            [
                (as_text(now + LEASE), claim.key, claim.owner, claim.fence)
                for claim in in_hand
                if claim.table == self.table
            ],
        )
        self._free(f"owner = ? AND {_RUN_OUT}", owner, *_ends(now))

    def _free(self, which: str, *values: str | int) -> None:
        self.db.execute(
            f"UPDATE {self.table} SET owner = NULL, lease = NULL "  # noqa: S608 - our own names
            f"WHERE owner IS NOT NULL AND {which}",
            values,
        )
