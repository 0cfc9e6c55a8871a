"""The tables of the crawler, as numbered steps; a step that has shipped is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from crawler.store.archive.past_texts import move_past_texts
from crawler.store.archive.words import create_term_tables
from crawler.store.connection import Connection
from crawler.store.evidence.held_pages import create_held_tables
from crawler.store.evidence.kept_pages import create_kept_tables
from crawler.store.ledger.habits import HabitStore
from crawler.store.records import as_time
from crawler.store.stories.index import add_waiting, create_story_tables

migrations = Migrations("crawler")

# The text of the current revision is in `articles`; `revisions` gets it when a new one replaces it.
_TABLES = """
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    outlet TEXT NOT NULL,
    url TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    added TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    next_poll TEXT NOT NULL,
    claimed TEXT,
    interval REAL,
    last_poll TEXT,
    last_success TEXT,
    last_new TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    status INTEGER,
    error TEXT,
    took REAL,
    listed TEXT,
    listed_entries INTEGER NOT NULL DEFAULT 0,
    gap TEXT
) STRICT;
CREATE INDEX sources_due ON sources (next_poll) WHERE enabled AND claimed IS NULL;

CREATE TABLE sitemaps (
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE gaps (
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    since TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    read TEXT,
    found INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    PRIMARY KEY (source, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    entry_hash TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_last_seen ON entries (last_seen);

CREATE TABLE pages (
    key TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    guid TEXT,
    entry TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    wanted TEXT,
    due TEXT,
    claimed TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    fetches INTEGER NOT NULL DEFAULT 0,
    last_fetched TEXT,
    body_hash TEXT,
    etag TEXT,
    last_modified TEXT,
    error TEXT,
    missed TEXT
) STRICT;
CREATE INDEX pages_due ON pages (due) WHERE due IS NOT NULL AND claimed IS NULL;
CREATE INDEX pages_wanted ON pages (source) WHERE wanted IS NOT NULL;
CREATE INDEX pages_guid ON pages (guid) WHERE guid IS NOT NULL;

CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    outlet TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    lead TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT,
    section TEXT,
    language TEXT NOT NULL,
    image TEXT,
    published TEXT NOT NULL,
    published_from TEXT NOT NULL,
    modified TEXT,
    first_seen TEXT NOT NULL,
    partial INTEGER NOT NULL,
    paid INTEGER,
    revision INTEGER NOT NULL,
    text_hash TEXT NOT NULL,
    withdrawn TEXT
) STRICT;
CREATE INDEX articles_first_seen ON articles (first_seen);
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_text ON articles (text_hash);

CREATE TABLE aliases (
    key TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL REFERENCES articles (id),
    number INTEGER NOT NULL,
    seen TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    changed TEXT NOT NULL,
    title TEXT,
    lead TEXT,
    body TEXT,
    UNIQUE (article, number)
) STRICT;

CREATE TABLE counters (
    day TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (day, source, name)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m001_articles(db: Database) -> None:
    """Sources, pages wanted, articles with their log of revisions, the full-text index."""
    db.executescript(_TABLES)
    db.table("articles").enable_fts(
        ["title", "lead", "body"], tokenize="unicode61 remove_diacritics 2", create_triggers=True
    )


@migrations()
def m002_stories(db: Database) -> None:
    """Stories and the index of near duplicates."""
    create_story_tables(Connection(db.conn))


@migrations()
def m003_validators_of_redirects(db: Database) -> None:
    """The address of the stored validators, if the address asked leads to another."""
    for table in ("sources", "pages"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN validators_of TEXT")


@migrations()
def m004_robots(db: Database) -> None:
    """The answers of robots.txt, as long as they are valid."""
    columns = "site TEXT PRIMARY KEY, rules BLOB NOT NULL, until TEXT NOT NULL"
    db.execute(f"CREATE TABLE robots ({columns}) STRICT")


@migrations()
def m005_terms(db: Database) -> None:
    """The words of the archive, and what the full-text index does not know about them."""
    create_term_tables(Connection(db.conn))


@migrations()
def m006_first_round(db: Database) -> None:
    """When the first poll of each source succeeded; a source polled before has no backlog."""
    db.execute("ALTER TABLE sources ADD COLUMN first_success TEXT")
    db.execute("UPDATE sources SET first_success = added WHERE last_success IS NOT NULL")


@migrations()
def m007_claims(db: Database) -> None:
    """Claims with an owner, a lease and a fence; older claims become free."""
    for table in ("sources", "pages"):
        db.execute(f"ALTER TABLE {table} RENAME COLUMN claimed TO owner")
        db.execute(f"ALTER TABLE {table} ADD COLUMN lease TEXT")
        db.execute(f"ALTER TABLE {table} ADD COLUMN fence INTEGER NOT NULL DEFAULT 0")
        db.execute(f"UPDATE {table} SET owner = NULL WHERE owner IS NOT NULL")  # noqa: S608 - our own names
        columns = f"{table} (owner, lease) WHERE owner IS NOT NULL"
        db.execute(f"CREATE INDEX {table}_claimed ON {columns}")


@migrations()
def m008_readings(db: Database) -> None:
    """When the text of an article was last read, and whether a revision is a partial text."""
    columns = "article TEXT PRIMARY KEY, at TEXT NOT NULL"
    db.execute(f"CREATE TABLE readings ({columns}) STRICT, WITHOUT ROWID")
    db.execute("ALTER TABLE revisions ADD COLUMN partial INTEGER NOT NULL DEFAULT 0")


_LIVE_PAGES = """
CREATE TABLE live_pages (
    key TEXT PRIMARY KEY,
    host TEXT NOT NULL, live INTEGER NOT NULL,
    since TEXT NOT NULL, grown TEXT NOT NULL, ends TEXT
) STRICT, WITHOUT ROWID
"""


@migrations()
def m009_live_blogs(db: Database) -> None:
    """Where the items of a text begin, which pages grow, and dates by which feeds say so."""
    for column in ("items TEXT", "live TEXT", "live_until TEXT"):
        db.execute(f"ALTER TABLE articles ADD COLUMN {column}")
    db.execute("ALTER TABLE revisions ADD COLUMN items TEXT")
    db.execute("ALTER TABLE entries ADD COLUMN published TEXT")
    db.execute(_LIVE_PAGES)
    db.execute("CREATE INDEX live_pages_host ON live_pages (host) WHERE live")
    db.execute("CREATE INDEX articles_items ON articles (number) WHERE items IS NOT NULL")


@migrations()
def m010_one_key(db: Database) -> None:
    """One key for all spellings of an address; a key stays if another article has the new one."""
    from crawler.addresses.article_key import article_key
    from crawler.addresses.canonical import address_key

    found = db.execute(
        "SELECT key, outlet FROM articles UNION "
        "SELECT aliases.key, outlet FROM aliases JOIN articles ON articles.id = aliases.article"
    )
    keys = {key: article_key(outlet, key) for key, outlet in found if "://" in key}
    for table in ("articles", "aliases", "pages", "entries", "live_pages"):
        held = db.execute(f"SELECT DISTINCT key FROM {table} WHERE key LIKE 'http%'")  # noqa: S608 - our own names
        moved = [(keys.get(key) or address_key(key), key) for (key,) in held.fetchall()]
        sql = f"UPDATE OR IGNORE {table} SET key = ? WHERE key = ?"  # noqa: S608 - our own names
        db.conn.executemany(sql, [pair for pair in moved if pair[0] != pair[1]])


@migrations()
def m011_past_texts(db: Database) -> None:
    """Past texts as differences, with an index of their words; all revisions are kept now."""
    move_past_texts(Connection(db.conn))


@migrations()
def m012_sitemap_turns(db: Database) -> None:
    """When each sitemap of an index was asked for, and when it proved to have changed."""
    long_ago = "'2000-01-01T00:00:00.000000+00:00'"
    db.execute(f"ALTER TABLE sitemaps ADD COLUMN asked TEXT NOT NULL DEFAULT {long_ago}")
    db.execute("ALTER TABLE sitemaps ADD COLUMN changed TEXT")
    db.execute("ALTER TABLE sitemaps ADD COLUMN digest TEXT NOT NULL DEFAULT ''")


_READINGS = (
    "CREATE TABLE readings (article TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO readings SELECT article, max(seen) FROM revisions GROUP BY article",
    "ALTER TABLE articles DROP COLUMN read",
)
_RESTORES = (
    "CREATE TABLE restores (at TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "ALTER TABLE revisions ADD COLUMN after_restore INTEGER NOT NULL DEFAULT 0",
)


@migrations()
def m013_restores(db: Database) -> None:
    """When a backup was put back, and which texts were read first after that."""
    for statement in _RESTORES:
        db.execute(statement)
    if "read" in db.table("articles").columns_dict:  # as m008 had it for a day
        for statement in _READINGS:
            db.execute(statement)


@migrations()
def m014_one_event(db: Database) -> None:
    """Whether related stories tell one event: of those linked before, nobody asked."""
    db.execute("ALTER TABLE related_stories ADD COLUMN one_event INTEGER NOT NULL DEFAULT 0")


_KEEPING = (
    "ALTER TABLE articles ADD COLUMN erased TEXT",
    "CREATE INDEX aliases_article ON aliases (article)",
    """
    CREATE INDEX pages_old ON pages (first_seen)
    WHERE wanted IS NULL AND due IS NULL AND owner IS NULL
    """,
    """
    CREATE TABLE forgotten (
        key TEXT PRIMARY KEY,
        article TEXT NOT NULL,
        at TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


@migrations()
def m015_keeping(db: Database) -> None:
    """Articles whose text is no longer kept, those that were forgotten, and which pages are old."""
    for statement in _KEEPING:
        db.execute(statement)


@migrations()
def m016_entries_by_key(db: Database) -> None:
    """An index by which it is known at once whether any list has the entry of a page."""
    db.execute("CREATE INDEX entries_key ON entries (key)")


_COUNTED = ("articles", "revisions", "stories")
_PAGE = (
    "CREATE TABLE totals (name TEXT PRIMARY KEY, total INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "DROP INDEX articles_first_seen",
    "CREATE INDEX articles_first_seen ON articles (first_seen, outlet)",
    "CREATE INDEX articles_outlet ON articles (outlet, first_seen)",
    "CREATE INDEX entries_source ON entries (source, first_seen)",
    "CREATE INDEX pages_missed ON pages (missed) WHERE missed IS NOT NULL",
    "CREATE INDEX gaps_at ON gaps (at)",
)


@migrations()
def m017_page(db: Database) -> None:
    """What a page asks for without reading a whole table: totals that are kept, and indexes."""
    for statement in _PAGE:
        db.execute(statement)
    for table in _COUNTED:
        db.execute(f"INSERT INTO totals SELECT '{table}', count(*) FROM {table}")  # noqa: S608 - our own names
        for event, change in (("INSERT", "+ 1"), ("DELETE", "- 1")):
            count = f"UPDATE totals SET total = total {change} WHERE name = '{table}'"  # noqa: S608 - our own names
            db.execute(
                f"CREATE TRIGGER {table}_{event.lower()}_counted AFTER {event} ON {table} "
                f"BEGIN {count}; END"
            )


@migrations()
def m018_habits(db: Database) -> None:
    """How long each source is usually silent, worked out once an hour."""
    columns = "source TEXT PRIMARY KEY, at TEXT NOT NULL, silence REAL"
    db.execute(f"CREATE TABLE habits ({columns}) STRICT, WITHOUT ROWID")
    polled = db.execute("SELECT id, last_poll FROM sources WHERE last_poll IS NOT NULL")
    for source, last in polled.fetchall():
        HabitStore(Connection(db.conn)).keep(source, as_time(last))


_READ_OF_PAGES = (
    "ALTER TABLE articles ADD COLUMN mild INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE pages ADD COLUMN following TEXT",
    """
    CREATE TABLE refrains (
        outlet TEXT NOT NULL, line BLOB NOT NULL, articles TEXT NOT NULL, seen TEXT NOT NULL,
        PRIMARY KEY (outlet, line)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX refrains_seen ON refrains (outlet, seen)",
)


@migrations()
def m019_read_of_pages(db: Database) -> None:
    """Which texts were read mildly, the further pages of an article, and lines on many pages."""
    for statement in _READ_OF_PAGES:
        db.execute(statement)


@migrations()
def m020_partial_articles(db: Database) -> None:
    """An index of the articles of which only a part could be read."""
    db.execute("CREATE INDEX articles_partial ON articles (first_seen) WHERE partial")


@migrations()
def m021_evidence(db: Database) -> None:
    """Pages that wait to be kept as evidence, where they were kept, and the days of the chain."""
    create_held_tables(Connection(db.conn))
    create_kept_tables(Connection(db.conn))


@migrations()
def m022_quick_stores(db: Database) -> None:
    """What waits for a quiet moment, what counts have come since they were kept, and addresses."""
    add_waiting(Connection(db.conn))
    db.execute("CREATE INDEX articles_url ON articles (url)")
