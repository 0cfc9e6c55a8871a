"""When each story of a rule with a volume came, and the waves among them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from alerts.waves import CountedSpan, Usual, Wave, Window, is_timed
from crawler.frozen import dataclass
from crawler.store import Connection, as_text, as_time

Row = dict[str, Any]

# Older stories are in no base: four weeks, with the hours around them and the change of a clock.
_KEPT = timedelta(weeks=5)

_TABLES = (
    """
    CREATE TABLE wave_stories (
        rule TEXT NOT NULL,
        story TEXT NOT NULL,
        at TEXT NOT NULL,
        outlets TEXT NOT NULL,
        PRIMARY KEY (rule, story)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX wave_stories_at ON wave_stories (rule, at)",
    """
    CREATE TABLE waves (
        rule TEXT NOT NULL,
        began TEXT NOT NULL,
        high TEXT NOT NULL,
        told INTEGER NOT NULL,
        peak INTEGER NOT NULL,
        expected REAL NOT NULL,
        weeks INTEGER NOT NULL,
        stories INTEGER NOT NULL,
        ended TEXT,
        PRIMARY KEY (rule, began)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX waves_open ON waves (rule) WHERE ended IS NULL",
    "CREATE INDEX waves_began ON waves (began)",
    "CREATE INDEX alerts_of_waves ON alerts (created) WHERE kind = 'alert.volume'",
)


def create_waves(db: Connection) -> None:
    """Create the tables; the stories of a rule come into them when it gets a volume."""
    for statement in _TABLES:
        db.execute(statement)


def number_waves(db: Connection) -> None:
    """Add to each wave the number of the newest match when it began, by which it can be found."""
    db.execute("ALTER TABLE waves ADD COLUMN match INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX waves_match ON waves (match)")


@dataclass(frozen=True, slots=True)
class LoggedWave:
    """A wave of a rule, and how many stories it has had."""

    rule: str
    wave: Wave
    stories: int


class WaveStore:
    """The tables over a connection; methods that write belong in a writer's job."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def fill(self, rule: str, zone: tzinfo, now: datetime) -> None:
        """Count the stories that this rule has found in the last weeks and that are not counted."""
        rows = self._db.rows(
            """
            SELECT matches.story, articles.outlet, articles.published, articles.first_seen
            FROM matches JOIN articles ON articles.id = matches.article
            WHERE matches.rule = ? AND articles.published > ? AND NOT EXISTS (
                SELECT 1 FROM wave_stories
                WHERE wave_stories.rule = matches.rule AND wave_stories.story = matches.story
            )
            """,
            [rule, as_text(now - _KEPT)],
        )
        for row in rows:
            published, seen = as_time(row["published"]), as_time(row["first_seen"])
            at = min(published, seen) if is_timed(published, zone) else seen
            self.count(rule, row["story"], at, row["outlet"])

    def known_since(self, rule: str, now: datetime) -> datetime:
        """From when on the stories of a rule are known: its first match or its first wording."""
        [(found,)] = self._db.execute(
            "SELECT found FROM matches WHERE rule = ? ORDER BY id LIMIT 1", [rule]
        ).fetchall() or [(None,)]
        [(worded,)] = self._db.execute(
            "SELECT min(since) FROM rule_wordings WHERE rule = ?", [rule]
        ).fetchall()
        return as_time(min((each for each in (found, worded) if each), default=as_text(now)))

    def count(self, rule: str, story: str, at: datetime, outlet: str) -> None:
        """Count an article of a story, which came at that time at this outlet."""
        held = self._db.rows(
            "SELECT at, outlets FROM wave_stories WHERE rule = ? AND story = ?", [rule, story]
        )
        outlets = [*json.loads(held[0]["outlets"])] if held else []
        first = min(held[0]["at"], as_text(at)) if held else as_text(at)
        self._db.execute(
            "INSERT OR REPLACE INTO wave_stories (rule, story, at, outlets) VALUES (?, ?, ?, ?)",
            [rule, story, first, json.dumps(list(dict.fromkeys([*outlets, outlet])))],
        )
        if not held:
            self._db.execute(
                "DELETE FROM wave_stories WHERE rule = ? AND at < ?", [rule, as_text(at - _KEPT)]
            )

    def newest(self, rule: str) -> datetime | None:
        """When the newest story of this rule came."""
        [(found,)] = self._db.execute(
            "SELECT max(at) FROM wave_stories WHERE rule = ?", [rule]
        ).fetchall()
        return as_time(found) if found else None

    def stories_in(self, rule: str, span: CountedSpan) -> int:
        """How many stories of a rule came in this span."""
        [(count,)] = self._db.execute(
            "SELECT count(*) FROM wave_stories WHERE rule = ? AND at > ? AND at <= ?",
            [rule, *_bounds(span)],
        ).fetchall()
        return int(count)

    def window(self, rule: str, span: CountedSpan) -> Window:
        """The stories of a rule in this span, and at how many outlets they stand."""
        rows = self._rows(rule, span)
        outlets = {outlet for row in rows for outlet in json.loads(row["outlets"])}
        return Window(span.end, len(rows), len(outlets))

    def stories(self, rule: str, span: CountedSpan) -> list[str]:
        """The stories of a rule in this span: those of most outlets first, then the newest."""
        rows = self._rows(rule, span)
        rows.sort(key=lambda row: len(json.loads(row["outlets"])), reverse=True)
        return [row["story"] for row in rows]

    def _rows(self, rule: str, span: CountedSpan) -> list[Row]:
        return self._db.rows(
            "SELECT * FROM wave_stories WHERE rule = ? AND at > ? AND at <= ? ORDER BY at DESC",
            [rule, *_bounds(span)],
        )

    def put(self, rule: str, wave: Wave, stories: int) -> None:
        """Store how a wave stands, and how many stories it has had."""
        self._db.execute(
            """
            INSERT INTO waves
                (rule, began, high, told, peak, expected, weeks, stories, ended, match)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(max(id), 0) FROM matches WHERE true
            ON CONFLICT DO UPDATE SET
                high = excluded.high, told = excluded.told, peak = excluded.peak,
                stories = excluded.stories, ended = excluded.ended
            """,
            [
                rule,
                as_text(wave.began),
                as_text(wave.high),
                wave.told,
                wave.peak,
                wave.usual.expected,
                wave.usual.weeks,
                stories,
                as_text(wave.ended) if wave.ended else None,
            ],
        )

    def running(self) -> dict[str, Wave]:
        """The waves that have not ended, by rule."""
        rows = self._db.rows("SELECT * FROM waves WHERE ended IS NULL")
        return {row["rule"]: _wave(row).wave for row in rows}

    def close(self, rules: Collection[str], now: datetime) -> None:
        """End the waves of all rules but these, which nobody follows any more."""
        self._db.execute(
            "UPDATE waves SET ended = ? WHERE ended IS NULL "
            "AND rule NOT IN (SELECT value FROM json_each(?))",
            [as_text(now), json.dumps(list(rules))],
        )

    def between(
        self, since: datetime, until: datetime, rules: Iterable[str] = ()
    ) -> list[LoggedWave]:
        """The waves that began in this time, the oldest first; of all rules, or of these."""
        rows = self._db.rows(
            "SELECT * FROM waves WHERE began >= ? AND began < ? ORDER BY began",
            [as_text(since), as_text(until)],
        )
        wanted = set(rules)
        return [_wave(row) for row in rows if not wanted or row["rule"] in wanted]

    def after(self, match: int) -> list[LoggedWave]:
        """The waves that were found after the match with this number, the oldest first."""
        rows = self._db.rows("SELECT * FROM waves WHERE match > ? ORDER BY match, began", [match])
        return [_wave(row) for row in rows]


def _bounds(span: CountedSpan) -> tuple[str, str]:
    return as_text(span.start), as_text(span.end)


def _wave(row: Row) -> LoggedWave:
    wave = Wave(
        began=as_time(row["began"]),
        high=as_time(row["high"]),
        told=row["told"],
        peak=row["peak"],
        usual=Usual(row["expected"], row["weeks"]),
        ended=as_time(row["ended"]) if row["ended"] else None,
    )
    return LoggedWave(row["rule"], wave, row["stories"])
