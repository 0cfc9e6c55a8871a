"""An archive whose keys had several spellings, after it has been brought up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from crawler.store import migrations

STEP = "m010_one_key"
ARTICLE = """
    INSERT INTO articles (id, key, url, outlet, source, title, lead, body, language, published,
        published_from, first_seen, partial, revision, text_hash)
    VALUES (:id, :key, :key, :outlet, 's', 'Kop', '', '', 'nl', '2026', 'feed', '2026', 0, 1, 'x')
"""
PAGE = "INSERT INTO pages (key, source, url, entry, first_seen) VALUES (?, 's', ?, '{}', '2026')"
ENTRY = (
    "INSERT INTO entries (source, key, entry_hash, first_seen, last_seen) VALUES ('s', ?, 1, 2, 3)"
)


def keys(db: sqlite3.Connection, table: str) -> list[str]:
    return [key for (key,) in db.execute(f"SELECT key FROM {table} ORDER BY 1")]


def test_every_key_becomes_the_one_key_and_no_article_loses_its_own(tmp_path: Path) -> None:
    # given an archive of before, with one article twice
    with closing(sqlite3.connect(tmp_path / "nieuws.db")) as db:
        migrations.apply(Database(db), stop_before=STEP)
        urls = {
            "a1": ("http://www.krant.example/kop-van-het-stuk/", "Krant"),
            "a2": ("https://www.krant.example/kop-van-het-stuk", "Krant"),
            "a3": ("https://www.tijd.be/politiek/een-stuk/10702210.html", "De Tijd"),
            "a4": ("nos:2634700", "NOS"),
        }
        for name, (key, outlet) in urls.items():
            db.execute(ARTICLE, {"id": name, "key": key, "outlet": outlet})
            db.execute(PAGE, [key, key])
            db.execute(ENTRY, [key])
        db.execute("INSERT INTO aliases VALUES ('http://m.krant.example/oud/', 'a1')")
        # when it is brought up to date
        migrations.apply(Database(db))
        # then each article has the one key, but for the second of two
        expected = ["de-tijd:10702210", "https://krant.example/kop-van-het-stuk", "nos:2634700"]
        for table in ("articles", "pages", "entries"):
            assert set(expected) < set(keys(db, table))
            assert len(keys(db, table)) == 4
        assert keys(db, "aliases") == ["https://krant.example/oud"]
