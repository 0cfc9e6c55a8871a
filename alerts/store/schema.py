"""The tables of alerts, as numbered steps; a step that has shipped is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from alerts.counting import create_applied_matches, create_data_views, create_rule_wordings
from alerts.editions import create_editions
from alerts.store.told_before import fill_from_deliveries
from alerts.store.unconfirmed_changes import UNCONFIRMED_TABLES
from alerts.trends import create_match_days
from alerts.wave_log import create_waves, number_waves
from crawler.store import Connection

migrations = Migrations("alerts")

_TABLES = (
    """
    CREATE TABLE cursors (
        reader TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        updated TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE source_habits (
        source TEXT PRIMARY KEY,
        outlet TEXT NOT NULL,
        started TEXT NOT NULL,
        latest TEXT NOT NULL,
        gaps TEXT NOT NULL,
        silent TEXT
    ) STRICT
    """,
    """
    CREATE TABLE matches (
        id INTEGER PRIMARY KEY,
        article TEXT NOT NULL,
        revision INTEGER NOT NULL,
        story TEXT NOT NULL,
        rule TEXT NOT NULL,
        rule_hash TEXT NOT NULL,
        hits TEXT NOT NULL,
        found TEXT NOT NULL,
        UNIQUE (article, revision, rule)
    ) STRICT
    """,
    "CREATE INDEX matches_found ON matches (found)",
    """
    CREATE TABLE alerts (
        id TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        story TEXT NOT NULL,
        event TEXT NOT NULL,
        kind TEXT NOT NULL,
        priority TEXT NOT NULL,
        article TEXT,
        outlet TEXT,
        created TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (rule, story, event)
    ) STRICT
    """,
    "CREATE INDEX alerts_story ON alerts (story)",
    "CREATE INDEX alerts_article ON alerts (article)",
    """
    CREATE TABLE deliveries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        channel TEXT NOT NULL,
        target TEXT NOT NULL,
        kind TEXT NOT NULL,
        "group" TEXT NOT NULL,
        high INTEGER NOT NULL,
        priority TEXT NOT NULL,
        state TEXT NOT NULL,
        created TEXT NOT NULL,
        due TEXT NOT NULL,
        grouped_until TEXT NOT NULL,
        expires TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        plain INTEGER NOT NULL DEFAULT 0,
        uncertain INTEGER NOT NULL DEFAULT 0,
        cause TEXT NOT NULL DEFAULT '',
        reason TEXT,
        detail TEXT NOT NULL DEFAULT '',
        merged_into TEXT,
        closed TEXT,
        message TEXT,
        reference TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE INDEX deliveries_pending ON deliveries (channel, high DESC, seq)
    WHERE state = 'pending'
    """,
    """
    CREATE INDEX deliveries_order ON deliveries (channel, target, "group", seq)
    WHERE state = 'pending'
    """,
    "CREATE INDEX deliveries_expires ON deliveries (channel, expires) WHERE state = 'pending'",
    'CREATE INDEX deliveries_group ON deliveries ("group", channel, target)',
    "CREATE INDEX deliveries_closed ON deliveries (state, closed) WHERE state <> 'pending'",
    """
    CREATE TABLE delivery_alerts (
        delivery TEXT NOT NULL,
        alert TEXT NOT NULL,
        PRIMARY KEY (delivery, alert)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX delivery_alerts_alert ON delivery_alerts (alert)",
    """
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        delivery TEXT NOT NULL,
        number INTEGER NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,
        outcome TEXT,
        detail TEXT NOT NULL DEFAULT '',
        UNIQUE (delivery, number)
    ) STRICT
    """,
    "CREATE INDEX attempts_open ON attempts (id) WHERE outcome IS NULL",
    """
    CREATE TABLE decisions (
        id INTEGER PRIMARY KEY,
        article TEXT NOT NULL,
        revision INTEGER NOT NULL,
        story TEXT NOT NULL,
        rule TEXT NOT NULL,
        channel TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        decided TEXT NOT NULL,
        UNIQUE (article, revision, rule, channel)
    ) STRICT
    """,
    """
    CREATE TABLE channels (
        id TEXT PRIMARY KEY,
        gate TEXT,
        failures INTEGER NOT NULL DEFAULT 0,
        trips INTEGER NOT NULL DEFAULT 0,
        rest TEXT,
        tokens REAL NOT NULL DEFAULT 1,
        counted TEXT,
        paused TEXT,
        paused_for TEXT NOT NULL DEFAULT '',
        probes INTEGER NOT NULL DEFAULT 0,
        probe TEXT,
        delivered TEXT
    ) STRICT
    """,
    """
    CREATE TABLE silences (
        id TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        channel TEXT NOT NULL,
        starts TEXT NOT NULL,
        ends TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX silences_ends ON silences (ends)",
    """
    CREATE TABLE heartbeats (
        channel TEXT PRIMARY KEY,
        told TEXT NOT NULL,
        seq INTEGER NOT NULL
    ) STRICT
    """,
)


@migrations()
def m001_outbox(db: Database) -> None:
    """Cursor, matches, alerts, deliveries with their attempts, and what channels remember."""
    for statement in _TABLES:
        db.execute(statement)


@migrations()
def m002_ailments(db: Database) -> None:
    """What people were told about sources with problems."""
    columns = "source TEXT PRIMARY KEY, grade INTEGER NOT NULL, at TEXT NOT NULL"
    db.execute(f"CREATE TABLE source_ailments ({columns}) STRICT")


@migrations()
def m003_refused_rules(db: Database) -> None:
    """Refused rules: `rules` for the whole file or `rules/ID`, since when, and a line per fault."""
    columns = "file TEXT PRIMARY KEY, since TEXT NOT NULL, fault TEXT NOT NULL"
    db.execute(f"CREATE TABLE refused_rules ({columns}) STRICT")


@migrations()
def m004_claims(db: Database) -> None:
    """Claims on deliveries, with owner, lease and fence; the records read out of order, as JSON."""
    db.execute("ALTER TABLE cursors ADD COLUMN seen TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE deliveries ADD COLUMN owner TEXT")
    db.execute("ALTER TABLE deliveries ADD COLUMN lease TEXT")
    db.execute("ALTER TABLE deliveries ADD COLUMN fence INTEGER NOT NULL DEFAULT 0")
    columns = "deliveries (owner, lease) WHERE owner IS NOT NULL"
    db.execute(f"CREATE INDEX deliveries_claimed ON {columns}")


@migrations()
def m005_shown(db: Database) -> None:
    """How many passages of an alert a delivery showed, and how many it only announced."""
    for column in ("shown", "announced"):
        db.execute(f"ALTER TABLE delivery_alerts ADD COLUMN {column} INTEGER")


_PASSAGES = (
    """
    CREATE TABLE passages (
        story TEXT NOT NULL,
        channel TEXT NOT NULL,
        target TEXT NOT NULL,
        passage TEXT NOT NULL,
        article TEXT NOT NULL,
        field TEXT NOT NULL,
        text TEXT NOT NULL,
        hits TEXT NOT NULL,
        rules TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        delivery TEXT,
        gone TEXT,
        matched TEXT NOT NULL,
        told TEXT,
        PRIMARY KEY (story, channel, target, passage)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX passages_delivery ON passages (delivery)",
    "CREATE INDEX passages_gone ON passages (gone) WHERE gone IS NOT NULL",
    "CREATE INDEX passages_article ON passages (article)",
    "CREATE INDEX passages_matched ON passages (matched)",
    "CREATE INDEX passages_untold ON passages (matched) WHERE state = 'untold'",
    "CREATE TABLE passages_kept (at TEXT NOT NULL) STRICT",
)


@migrations()
def m006_passages(db: Database) -> None:
    """What each receiver of a story has heard; recent deliveries count as told."""
    for statement in _PASSAGES:
        db.execute(statement)
    fill_from_deliveries(db)


@migrations()
def m007_wordings(db: Database) -> None:
    """Which passages are wordings of one sentence; changes that wait for a second reading."""
    db.execute("ALTER TABLE passages ADD COLUMN line TEXT")
    for statement in UNCONFIRMED_TABLES:
        db.execute(statement)


@migrations()
def m008_continued(db: Database) -> None:
    """An index of messages that continue another, which every message looks for."""
    columns = "deliveries (channel, target) WHERE state = 'pending' AND cause = 'continued'"
    db.execute(f"CREATE INDEX deliveries_continued ON {columns}")


@migrations()
def m009_threads(db: Database) -> None:
    """Which conversation a story has joined for a receiver, and to which story it is related."""
    db.execute(
        """
        CREATE TABLE threads (
            story TEXT NOT NULL,
            channel TEXT NOT NULL,
            target TEXT NOT NULL,
            thread TEXT NOT NULL,
            related TEXT NOT NULL,
            joined TEXT NOT NULL,
            PRIMARY KEY (story, channel, target)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX threads_thread ON threads (thread, channel, target)")


@migrations()
def m010_decided(db: Database) -> None:
    """When each passage was told, or when it was decided that it is not; NULL while it is owed."""
    db.execute("ALTER TABLE passages ADD COLUMN decided TEXT")
    db.execute(
        "UPDATE passages SET decided = coalesce(CASE state WHEN 'untold' THEN "
        "(SELECT closed FROM deliveries WHERE deliveries.id = delivery) ELSE told END, matched) "
        "WHERE state <> 'owed'"
    )
    db.execute("DROP INDEX passages_matched")
    db.execute("DROP INDEX passages_untold")
    db.execute("CREATE INDEX passages_decided ON passages (decided)")
    db.execute("CREATE INDEX passages_untold ON passages (decided) WHERE state = 'untold'")


@migrations()
def m011_kept(db: Database) -> None:
    """An index of the deliveries that still have the text of their message, by when they ended."""
    columns = "deliveries (closed) WHERE message IS NOT NULL AND closed IS NOT NULL"
    db.execute(f"CREATE INDEX deliveries_kept ON {columns}")


@migrations()
def m012_page(db: Database) -> None:
    """Indexes by which a page finds the matches of a story, and the newest of a rule."""
    db.execute("CREATE INDEX matches_story ON matches (story, id)")
    db.execute("CREATE INDEX matches_rule ON matches (rule, id)")


@migrations()
def m013_match_days(db: Database) -> None:
    """How many articles and stories each rule found on each day; what waits for a page is found."""
    create_match_days(Connection(db.conn))
    unmatched = "decisions (decided) WHERE reason = 'not-matched'"
    db.execute(f"CREATE INDEX decisions_not_matched ON {unmatched}")


_MARKS = (
    """
    CREATE TABLE story_marks (
        user TEXT NOT NULL,
        story TEXT NOT NULL,
        seen INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT '',
        changed TEXT NOT NULL,
        PRIMARY KEY (user, story)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX story_marks_story ON story_marks (story)",
    "CREATE INDEX story_marks_starred ON story_marks (user) WHERE starred",
    "CREATE INDEX story_marks_seen ON story_marks (changed) WHERE NOT starred AND note = ''",
    "ALTER TABLE silences ADD COLUMN who TEXT NOT NULL DEFAULT ''",
)


@migrations()
def m014_story_marks(db: Database) -> None:
    """What people noted on stories: seen up to a match, starred, a note; who began a silence."""
    for statement in _MARKS:
        db.execute(statement)


@migrations()
def m015_data_views(db: Database) -> None:
    """Views for other programs, whose days are local ones."""
    create_data_views(Connection(db.conn))


@migrations()
def m016_rule_wordings(db: Database) -> None:
    """Each wording of each rule, from now on."""
    create_rule_wordings(Connection(db.conn))


@migrations()
def m017_match_days_by_rule(db: Database) -> None:
    """What each rule found in some days is read from one index, without the rows themselves."""
    db.execute("DROP INDEX match_days_outlet")
    columns = "outlet, rule, day, articles, stories"
    db.execute(f"CREATE INDEX match_days_rule ON match_days ({columns})")


@migrations()
def m018_editions(db: Database) -> None:
    """The editions of morning papers: once a day and time of day, and what editors changed."""
    create_editions(Connection(db.conn))


@migrations()
def m019_applied_matches(db: Database) -> None:
    """What rules find in articles that were there before them, to count with."""
    create_applied_matches(Connection(db.conn))


@migrations()
def m020_waves(db: Database) -> None:
    """The stories by which waves are counted, and the waves that there were."""
    create_waves(Connection(db.conn))


@migrations()
def m021_waves_by_match(db: Database) -> None:
    """Which waves were found after a match, whatever the time at which they began."""
    number_waves(Connection(db.conn))


@migrations()
def m022_deliveries_created(db: Database) -> None:
    """An index by which the deliveries since a moment are found, in whatever order they came."""
    db.execute("CREATE INDEX deliveries_created ON deliveries (created)")
