"""The facts by which the health of each source is judged, from its polls and pages."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from crawler.faults.fault import Fault
from crawler.faults.notation import fault_in
from crawler.frozen import dataclass
from crawler.model import Article
from crawler.sources.health import SourceFacts
from crawler.store.connection import Connection
from crawler.store.ledger.gaps import GapStore, OpenGap
from crawler.store.ledger.habits import HabitStore
from crawler.store.ledger.polls import PollStore
from crawler.store.records import SourceState, as_text, as_time, entry_from_json, optional_time

RECENT = timedelta(days=1)  # chosen: the counts of a day show how a source does now


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedPage:
    """A page that was given up at `at`; `stored` says that the feed's text of it is stored."""

    source: str
    url: str
    title: str
    at: datetime
    reason: Fault
    stored: bool


@dataclass(frozen=True, slots=True)
class FirstSight:
    """When a list first named an article, and when its source was first polled, if known.

    `restored` is when a backup was put back, if the source was there by then. `round` is then the
    time of the first poll since.
    """

    listed: datetime | None
    round: datetime | None
    restored: datetime | None = None


class FactStore:
    """Queries about the health of sources; nothing here writes."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def facts(self, now: datetime) -> dict[str, SourceFacts]:
        """The facts about each configured source, by id."""
        polls = PollStore(self._db)
        counters, habits = polls.counters(now - RECENT), HabitStore(self._db).silences(now)
        gaps = [
            gap.source for gap in GapStore(self._db).since(now - RECENT) if isinstance(gap, OpenGap)
        ]
        return {
            name: _facts(state, counters.get(name, {}), habits.get(name), gaps.count(name))
            for name, state in polls.states().items()
        }

    def first_sight(self, article: Article) -> FirstSight:
        """When this article was first listed, and when its source was first polled."""
        row = self._db.execute(
            """
            SELECT coalesce(
                (SELECT first_seen FROM pages WHERE key = :key),
                (SELECT min(pages.first_seen) FROM aliases JOIN pages USING (key)
                 WHERE aliases.article = :id)
            ), (SELECT first_success FROM sources WHERE id = :source),
            (SELECT max(at) FROM restores
             WHERE at >= (SELECT added FROM sources WHERE id = :source))
            """,
            {"key": article.key, "id": article.id, "source": article.source},
        ).fetchone()
        return FirstSight(*map(optional_time, row))

    def listed(self, source: str, since: datetime) -> list[datetime]:
        """When each entry that this source has listed since then was first seen."""
        rows = self._db.execute(
            "SELECT first_seen FROM entries WHERE source = ? AND first_seen >= ?",
            [source, as_text(since)],
        )
        return [as_time(seen) for (seen,) in rows]

    def stored_by_day(self, source: str, since: date) -> dict[date, int]:
        """How many new articles of this source were stored on each day (UTC) from this one on."""
        rows = self._db.execute(
            "SELECT day, total FROM counters WHERE day >= ? AND source = ? AND name = 'stored'",
            [since.isoformat(), source],
        )
        return {date.fromisoformat(day): total for day, total in rows}

    def missed(self, since: datetime, *, source: str = "") -> list[MissedPage]:
        """The pages given up since then, newest first, of one source or of all."""
        rows = self._db.rows(
            """
            SELECT pages.*, EXISTS (
                SELECT 1 FROM articles WHERE articles.key = pages.key
                UNION ALL SELECT 1 FROM aliases WHERE aliases.key = pages.key
            ) AS stored
            FROM pages WHERE missed >= :since AND :source IN (source, '') ORDER BY missed DESC, key
            """,
            {"since": as_text(since), "source": source},
        )
        return [
            MissedPage(
                source=row["source"],
                url=row["url"],
                title=entry_from_json(row["entry"]).title,
                at=as_time(row["missed"]),
                reason=fault_in(row["error"] or ""),
                stored=bool(row["stored"]),
            )
            for row in rows
        ]


def _facts(
    state: SourceState, counts: dict[str, int], habit: timedelta | None, gaps: int
) -> SourceFacts:
    count = defaultdict(int, counts)
    failed = count["page_failed"] + count["page_missed"]
    return SourceFacts(
        since=state.added or state.next_poll,
        failures=state.failures,
        status=state.status,
        error=state.error,
        last_success=state.last_success,
        last_new=state.last_new,
        habit=habit,
        took=state.took,
        polled=count["polled"] - count["failed"] - count["unchanged"],
        empty=count["empty"],
        incomplete=count["incomplete"],
        gaps=gaps,
        pages=count["fetched"] + failed,
        walled=count["walled"],
        pages_failed=failed - count["walled"],
    )
