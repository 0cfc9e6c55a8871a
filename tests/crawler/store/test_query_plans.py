"""No statement gets slower as the archive grows, but for those in a list that may only shrink."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from plans import SHORT, SMALL, Explained, Scan, explained, record, scans
from sourcetree import Tree
from statements import Statements

from alerts.document import METADATA_FIELDS
from alerts.matcher import Matcher
from alerts.policy.channel_state import ChannelState
from alerts.policy.placement import ChannelPlan
from alerts.rules.book import RuleBook, rule_of
from alerts.search.archived import COLUMNS, by_date, by_number
from alerts.store import AlertStore, migrations as alerts_migrations
from crawler.config.files import FirstRun
from crawler.history import history_migrations
from crawler.model import Article, DateOrigin
from crawler.store import (
    ArticleStore,
    ClaimTable,
    Connection,
    Lookups,
    PollStore,
    Span,
    WorkClaim,
    Writer,
    migrations,
    open_reader,
)
from crawler.store.archive.words import TermStore
from monitor.web.stories import StoryQueries

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)

# Statements that read a whole table, and why they may. Take out what is mended, add nothing.
METADATA = "a search by a value reads an index of the values, a second in a million articles"
FULL_SCANS = {
    "alerts.keeping.ageing:drop_editions: editions": "a paper has some hundreds a year",
    "alerts.keeping.ageing:old_editions: editions": "a paper has some hundreds a year",
    "alerts.editions.edition_store:EditionStore.begin_anew: papers": "there are few papers",
    "alerts.editions.edition_store:EditionStore.forget: edition_edits": "one is forgotten rarely",
    "alerts.editions.edition_store:EditionStore.forget: editions": "one is forgotten rarely",
    "alerts.store.queries:LedgerReader.alerts: alerts": "for the demonstration, which has few",
    "crawler.store.archive.word_lookup:Lookups._lines: term_blocks": (
        "words are looked through for letters in them; they grow more slowly than the articles"
    ),
    "crawler.store.archive.word_lookup:Lookups.values: articles": METADATA,
    "crawler.store.archive.word_lookup:Lookups.with_letters: articles": METADATA,
    "crawler.store.archive.word_lookup:Lookups.with_values: articles": METADATA,
    "crawler.store.ledger.polls:PollStore.set_back: pages": "nothing: a clock is set back rarely",
    "monitor.commands.archive.export:_alerts: alerts": "an export writes every alert",
    "monitor.commands.archive.export:_alerts: v_alerts": "an export writes every alert",
    "monitor.commands.archive.export:_articles: articles": "an export writes every article",
    "monitor.commands.archive.export:_matches: matches": "an export writes every match",
    "monitor.commands.archive.export:_matches: matches_applied": "an export writes every match",
    "monitor.commands.archive.export:_stories: articles": "an export writes every story",
    "monitor.commands.archive.export:_stories: story_articles": "an export writes every story",
    "monitor.commands.archive.export:_stories: v_stories": "an export writes every story",
    "monitor.web.stories.story_queries:StoryQueries.newest_at: newest": "the 3,200 just read",
}

ARTICLE = Article(
    id="art_1",
    key="nos:1",
    url="https://nos.example/1",
    outlet="NOS",
    source="nos",
    title="Strijd om Baghuz voorbij, melden SDF-strijders",
    lead="Het kalifaat is gevallen.",
    body="De Syrische Democratische Strijdkrachten hebben het laatste dorp bij de Eufraat bezet. "
    "Honderden strijders gaven zich over, meldt een woordvoerder van de coalitie.",
    first_seen=NOW,
    published=NOW - timedelta(hours=1),
    published_from=DateOrigin.FEED,
)
COPY = replace(ARTICLE, id="art_2", key="nu:2", url="https://nu.example/2", outlet="NU.nl")


def _work(path: Path) -> None:
    """What makes statements of which the source has only the pieces."""
    with Writer(path, migrations=[migrations, alerts_migrations, history_migrations]) as writer:
        for each in (ARTICLE, COPY, replace(ARTICLE, lead="Het kalifaat is nu gevallen.")):
            writer.run(lambda db, each=each: ArticleStore(db).save(each, now=NOW))
        writer.run(lambda db: TermStore(db).catch_up())
        rules = RuleBook.build([rule_of(id="kalifaat", text="kalifa*", channels=["desk"])])
        plan = ChannelPlan(id="desk", zone=UTC)
        Matcher(writer, rules, [plan], first_run=FirstRun.ALERT).run_once(NOW)
        writer.run(lambda db: _note_deliveries(AlertStore(db)))
        writer.run(_claim)
    db, span = open_reader(path), Span()
    lookups = Lookups(db)
    assert list(lookups.words(["kalifaat"]))
    assert lookups.capitals(["SDF"], span)
    assert lookups.written(["kalifaat"], [1, 2])
    for name in (COLUMNS.get(field, field) for field in METADATA_FIELDS):
        lookups.values(name, "nos")
        lookups.with_values(name, ["NOS"], span)
        lookups.with_letters(name, "nos", span)
    assert lookups.often(["kalifaat"], 1, "lead")
    assert by_number(db, by_date(db, [1, 2]))
    for rule in ("", "kalifaat"):
        assert StoryQueries(db).newest(rule=rule).rows
        assert StoryQueries(db).newest_at("NOS", None, rule=rule).rows
    db.close()


def _claim(db: Connection) -> None:
    PollStore(db).set_back(timedelta(hours=1), NOW)
    for table, key in (("sources", "id"), ("pages", "key"), ("deliveries", "id")):
        due = {"sources": "next_poll"}.get(table, "due")
        claims = ClaimTable(db, table, key, due=due)
        claim = claims.take("een", "owner", NOW) or WorkClaim(table, "een", "owner", 1)
        claims.hold([(claim, NOW)])
        claims.put_back([replace(claim, due=NOW)])
        claims.check("een", None)
        claims.renew("owner", [claim], NOW)
        claims.give_back([claim])
        claims.run_out(NOW)
        claims.release("owner")
        claims.release_all()
        claims.free_expired("owner", NOW)


def _note_deliveries(store: AlertStore) -> None:
    for delivery in store.reading.pending():
        store.outbox.update(delivery)
    store.channels.put(ChannelState(id="desk"))


@pytest.fixture(scope="module")
def statements() -> Statements:
    return Statements(Tree(ROOT, ("crawler", "alerts", "monitor")))


@pytest.fixture(scope="module")
def product(statements: Statements, tmp_path_factory: pytest.TempPathFactory) -> Explained:
    path = tmp_path_factory.mktemp("plans") / "nieuws.db"
    with pytest.MonkeyPatch.context() as patch:
        ran = record(patch, ROOT)
        _work(path)
    with closing(sqlite3.connect(path)) as db:
        return explained(db, statements.sites(), ran)


def test_every_statement_in_the_source_is_explained(
    product: Explained, statements: Statements
) -> None:
    assert product.unknown == [], "let `_work` run these"
    assert statements.unread() == []


def test_no_statement_reads_a_growing_table_from_end_to_end_but_those_listed(
    product: Explained,
) -> None:
    # A migration reads what it changes, once.
    found = Counter(
        f"{name}: {scan.table}"
        for name, scan in product.scans
        if scan.table not in SMALL
        and scan.by_index not in SHORT
        and not re.search(r":m\d{3}_|\.told_before:|:move_past_texts|:fill_match_days", name)
    )

    assert found - Counter(FULL_SCANS.keys()) == Counter(), "new: these need an index"
    assert Counter(FULL_SCANS.keys()) - found == Counter(), "mended: take these from the list"


SCHEMA = """
CREATE TABLE articles (number INTEGER PRIMARY KEY, outlet TEXT, url TEXT, wanted TEXT, body TEXT);
CREATE INDEX articles_outlet ON articles (outlet);
CREATE INDEX articles_wanted ON articles (url) WHERE wanted IS NOT NULL;
CREATE VIRTUAL TABLE texts USING fts5 (body);
"""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "small.db")) as opened:
        opened.executescript(SCHEMA)
        yield opened


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT * FROM articles WHERE outlet = ?", []),
        ("SELECT max(number) FROM articles", []),
        ("SELECT * FROM articles WHERE url = :url", [("articles", "")]),
        ("UPDATE articles SET body = ? WHERE url = ?", [("articles", "")]),
        ("DELETE FROM articles WHERE url = ? AND outlet = ?", []),
        ("SELECT count(*) FROM articles", [("articles", "articles_outlet")]),
        ("SELECT 1 FROM articles WHERE wanted IS NOT NULL", [("articles", "articles_wanted")]),
        (
            "SELECT 1 FROM articles AS a JOIN articles AS b USING (number)",
            [("articles", "articles_outlet")],
        ),
        ("SELECT 1 FROM articles a WHERE a.url = 'x'", [("articles", "")]),
        (
            "SELECT 1 FROM json_each(?) AS a JOIN articles ON url = value AND body = key",
            [("articles", "")],
        ),
        ("SELECT * FROM json_each(?) AS asked JOIN articles ON number = asked.value", []),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n LIMIT 9) SELECT i FROM n",
            [],
        ),
        (
            "SELECT n FROM (SELECT DISTINCT number AS n FROM articles LIMIT 9) AS few",
            [("articles", "articles_outlet")],
        ),
        ("SELECT rowid FROM texts WHERE texts MATCH ?", []),
        ("SELECT rowid FROM texts WHERE body = ?", [("texts", "")]),
        ("CREATE TABLE more (number)", []),
    ],
)
def test_what_is_read_from_end_to_end_is_told_from_what_is_sought(
    db: sqlite3.Connection, sql: str, found: list[tuple[str, str]]
) -> None:
    assert scans(db, sql) == found


def _program(folder: Path, source: str) -> Statements:
    (folder / "paper.py").write_text(dedent(source))
    return Statements(Tree(folder, ("paper.py",)))


@pytest.mark.parametrize(
    "source",
    [
        """
        def find(db, url):
            return db.execute("SELECT * FROM articles WHERE url = ?", [url])
        """,
        """
        TABLE = "articles"
        QUESTION = f"SELECT * FROM {TABLE} " + "WHERE "

        def find(db, url):
            where = "url = ?" if url else "body = ?"
            return db.query(QUESTION + f"{where} LIMIT 1", [url])
        """,
        """
        class Store:
            def find(self, url):
                return self._rows("SELECT * FROM articles WHERE url = ?", [url])

            def _rows(self, sql, values):
                return rows(self._db, sql, values)

        def rows(db, sql, values):
            return db.execute(sql, values).fetchall()
        """,
        """
        SCRIPT = "DELETE FROM articles WHERE number = 1; DELETE FROM articles WHERE url = 'x'"

        def clear(db):
            db.executescript(SCRIPT)
        """,
        """
        def mark(db, urls):
            run = db.executemany
            run("UPDATE articles SET wanted = NULL WHERE url = ?", urls)
        """,
        """
        def clear(db):
            for name in ("url", "body"):
                db.execute(f"UPDATE articles SET {name} = NULL")
        """,
    ],
)
def test_a_scan_is_found_whichever_way_its_statement_goes(
    tmp_path: Path, db: sqlite3.Connection, source: str
) -> None:
    program = _program(tmp_path, source)

    found = explained(db, program.sites())

    assert {scan.table for _, scan in found.scans} == {"articles"}
    assert found.unknown == program.unread() == []


@pytest.mark.parametrize(
    "source",
    [
        """
        def find(db, names):
            return db.execute(f"SELECT {', '.join(names)} FROM articles")
        """,
        """
        def find(db, names):
            sql = "SELECT *"
            sql += " FROM articles"
            return db.execute(sql)
        """,
        """
        def find(db, names):
            sql = "SELECT *"
            for name in names:
                sql = sql + f", {name}"
            return db.execute(f"{sql} FROM articles")
        """,
    ],
)
def test_a_statement_made_at_run_time_is_explained_once_it_has_been_run(
    tmp_path: Path, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    sites = _program(tmp_path, source).sites()
    made: dict[str, Any] = {}
    exec(compile(dedent(source), tmp_path / "paper.py", "exec"), made)

    before = explained(db, sites)
    ran = record(monkeypatch, tmp_path)
    with closing(sqlite3.connect(tmp_path / "small.db")) as other:
        made["find"](other, ["url", "body"])
    after = explained(db, sites, ran)

    assert (before.scans, len(before.unknown)) == ([], 1)
    assert after == Explained([("paper:find", Scan("articles"))], [])


def test_a_schema_that_was_made_before_is_made_again_for_who_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Writer(tmp_path / "copied.db", migrations=[migrations]).close()

    ran = record(monkeypatch, ROOT)
    Writer(tmp_path / "made.db", migrations=[migrations]).close()

    assert any(each.sql.startswith("CREATE TABLE articles") for each in ran)


def test_a_statement_that_goes_an_unknown_way_is_reported(tmp_path: Path) -> None:
    program = _program(tmp_path, 'launch("SELECT * FROM articles", into="the blue")')

    assert program.sites() == []
    assert program.unread() == ["paper.py:1: SELECT * FROM articles"]
