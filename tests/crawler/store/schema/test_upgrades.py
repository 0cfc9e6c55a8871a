"""An archive of every earlier schema, as the code of that time wrote it, is brought up to date.

Each file in `archives/schemas` was written by two rounds of `crawl` over two feeds, of the last
version before the schema changed again (`keep_archive.py`). Its name has the number of steps so
far, and the new ones. Of its three articles two match a rule, and one has two texts.
"""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from alerts.message import DeliveryState
from alerts.store import AlertStore, migrations as alerts_migrations
from crawler.errors import StoreError
from crawler.store import (
    ArticleStore,
    Connection,
    Writer,
    damages_of,
    migrations,
    open_reader,
    put_in_order,
)
from crawler.store.database import PAGE_BYTES

INCREMENTAL = 2
EVERY = [migrations, alerts_migrations]
SCHEMAS = sorted((Path(__file__).parents[1] / "archives" / "schemas").glob("*.db.xz"))


def copies_of(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{path.name}.before-*"))


def upgraded(path: Path) -> Writer:
    return Writer(path, migrations=EVERY, closing=put_in_order)


def schema_of(path: Path) -> dict[str, set[str]]:
    """Tables with their columns, indices, and triggers, by name."""
    with closing(sqlite3.connect(path)) as db:
        names = db.execute("SELECT type || ' ' || name, name FROM sqlite_master WHERE sql NOT NULL")
        return {
            what: {column for _, column, *_ in db.execute(f"PRAGMA table_xinfo('{name}')")}
            for what, name in names
        }


@pytest.fixture
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "nieuws.db"
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    return path


@pytest.mark.parametrize("old", SCHEMAS, ids=lambda path: path.name[:-6], indirect=True)
def test_an_archive_of_each_schema_keeps_what_it_holds(old: Path, tmp_path: Path) -> None:
    file = old.read_bytes()
    upgraded(tmp_path / "new.db").close()

    upgraded(old).close()

    assert schema_of(old) == schema_of(tmp_path / "new.db")
    db = open_reader(old)
    assert db.execute("PRAGMA page_size").fetchone() == (PAGE_BYTES,)
    assert db.execute("PRAGMA auto_vacuum").fetchone() == (INCREMENTAL,)
    assert damages_of(db, thorough=True) == []
    articles, alerts = ArticleStore(db), AlertStore(db)
    totals = articles.totals()
    assert (totals["articles"], totals["revisions"]) == (3, 4)
    [row] = db.rows("SELECT id FROM articles WHERE title = 'Kamer debatteert over kalifaat'")
    before, now = articles.revisions(row["id"])
    assert "kalifaat" in before.body + before.lead
    assert now.body + now.lead != before.body + before.lead
    assert [each.state for each in alerts.reading.log(9)] == [DeliveryState.DELIVERED] * 3
    (copy,) = copies_of(old)
    with closing(sqlite3.connect(copy)) as kept, closing(sqlite3.connect(":memory:")) as held:
        held.deserialize(file)
        assert list(kept.iterdump()) == list(held.iterdump())


def test_no_schema_is_missing() -> None:
    # Crawler steps alone were never written by a command.
    steps = {step.name for each in EVERY for step in each.pending(Database(memory=True))}
    kept = {name for path in SCHEMAS for name in path.name[3:-6].split("-")}

    lacking = steps - kept - {"m001_articles", "m002_stories", *NEWEST}
    assert not lacking, "run keep_archive.py before a step is added, and name the new step below"


# The steps of today, after which no other one came.
NEWEST = ("m022_deliveries_created",)


def test_a_new_database_and_one_that_is_up_to_date_are_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "nieuws.db"

    upgraded(path).close()
    upgraded(path).close()

    assert copies_of(path) == []


@pytest.mark.parametrize("old", SCHEMAS[-1:], indirect=True)
def test_the_copy_of_an_upgrade_that_failed_stays(old: Path) -> None:
    copy = old.with_name(f"{old.name}.before-{NEWEST[0]}")
    copy.write_bytes(b"the first copy")

    upgraded(old).close()

    assert copy.read_bytes() == b"the first copy"


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "nieuws.db"
    upgraded(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('crawler', 'm999_morgen', '2030')"
        )

    with pytest.raises(StoreError, match="newer Nieuwswacht"):
        upgraded(path)

    assert copies_of(path) == []
    assert Connection.opened(str(path)).execute("SELECT count(*) FROM articles").fetchone() == (0,)
