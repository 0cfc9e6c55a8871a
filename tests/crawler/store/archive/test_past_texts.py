"""Whatever an article said is there later: its past texts, those of older archives too."""

from __future__ import annotations

import gzip
import random
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from test_articles import article, save

from crawler.errors import StoreError
from crawler.model import ArticleItem, LogCursor, Revision
from crawler.store import ArticleStore, Connection, Writer, migrations, open_reader
from crawler.store.archive.past_texts import MOST_KEPT
from crawler.store.archive.words import WAITING
from crawler.stories.revisions import text_hash

HOUR = timedelta(hours=1)
# An archive that a version from before this one wrote: art_1 is a live blog that shows its newest
# four paragraphs and had 61 revisions, of which that version kept 50; art_2 has three.
OLD = Path(__file__).parents[1] / "archives" / "m007.db.gz"


def words_of(db: Connection, word: str) -> list[int]:
    rows = db.execute("SELECT rowid FROM past_words WHERE past_words MATCH ?", [word])
    return [row >> 24 for (row,) in rows.fetchall()]


def is_whole(revision: Revision) -> bool:
    digest = text_hash(revision.title, revision.lead, revision.body)
    return revision.whole and digest == revision.text_hash


def paragraph(number: int) -> str:
    rng = random.Random(number)
    return " ".join(f"woord{rng.randrange(10**6)}" for _ in range(30)) + "."


@pytest.fixture
def store(writer: Writer) -> ArticleStore:
    return ArticleStore(open_reader(writer.path))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "oud.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    return path


def test_every_text_of_a_page_that_shows_its_newest_updates_is_rebuilt(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    given = ["\n\n".join(map(paragraph, range(n + 20, n, -1))) for n in range(121)]
    for number, body in enumerate(given):
        save(writer, article(now, body=body), now + number * timedelta(minutes=5))

    held = store.revisions("art_nos:1")

    assert [revision.body for revision in held] == given
    assert all(map(is_whole, held))
    log = store.committed_after(LogCursor()).records
    assert [record.revision for record in log] == held
    assert [record.previous for record in log] == [None, *held[:-1]]
    [(kept,)] = open_reader(writer.path).execute("SELECT sum(size) FROM revisions").fetchall()
    assert kept < 2 * len("".join(map(paragraph, range(120))))


def test_items_come_back_with_the_text_that_they_are_of(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    given = []
    for number in range(40):
        updates = [paragraph(each) for each in range(number + 3, number, -1)]
        starts = accumulate((len(each) + 2 for each in updates[:-1]), initial=0)
        keys = range(number + 3, number, -1)
        items = [ArticleItem(at, f"u{key}", now) for at, key in zip(starts, keys, strict=True)]
        given.append(tuple(items))
        save(writer, article(now, body="\n\n".join(updates), items=tuple(items)), now)

    held = store.revisions("art_nos:1")

    assert [revision.items for revision in held] == given
    assert {update.body[at.start :][:5] for update in held for at in update.items} == {"woord"}
    [(most,)] = open_reader(writer.path).execute("SELECT max(size) FROM revisions").fetchall()
    assert most < 2 * len(paragraph(1))


def test_a_reader_that_was_away_gets_the_text_of_each_revision_and_the_one_before(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    for number in range(9):
        save(writer, article(now, body=f"Er vielen {number} doden. Er is nieuws."), now)
        save(writer, article(now, "nos:2", body=f"Stand: {number}."), now)
    seventh = store.committed_after(LogCursor(), limit=7).cursor

    log = store.committed_after(seventh, limit=4).records

    assert [record.revision.number for record in log] == [4, 5, 5, 6]
    assert [record.revision.body for record in log] == [
        "Stand: 3.", "Er vielen 4 doden. Er is nieuws.", "Stand: 4.",
        "Er vielen 5 doden. Er is nieuws.",
    ]  # fmt: skip  # one log in one glance
    assert [record.previous.body for record in log if record.previous] == [
        "Stand: 2.", "Er vielen 3 doden. Er is nieuws.", "Stand: 3.",
        "Er vielen 4 doden. Er is nieuws.",
    ]  # fmt: skip  # the same


def test_what_was_taken_out_is_found_by_its_words(writer: Writer, now: datetime) -> None:
    save(writer, article(now, body="Er vielen 12 doden in Syrië. De strijd duurt voort."), now)
    save(writer, article(now, body="De strijd duurt voort."), now + HOUR)

    db = open_reader(writer.path)

    assert words_of(db, "syrie") == [1]
    assert words_of(db, "strijd") == []


@pytest.mark.parametrize("waiting", [0, WAITING])
def test_the_words_of_a_text_that_is_gone_are_known_to_a_search(
    writer: Writer, now: datetime, waiting: int
) -> None:
    for number in range(2, 2 + waiting):
        save(writer, article(now, f"nos:{number}"), now)
    save(writer, article(now, body="Over de cyberkalifaten van NAVO."), now)

    save(writer, article(now, body="Over niets."), now + HOUR)

    db = open_reader(writer.path)
    found = {row["word"] for row in db.rows("SELECT word FROM terms")}
    assert "cyberkalifaten" in found
    assert db.rows("SELECT word FROM capitals WHERE word = 'NAVO'")


def test_past_a_megabyte_the_oldest_texts_are_reduced_to_what_matched(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    for number in range(9):
        text = " ".join(f"woord{number}x{each}." for each in range(10**5, 10**5 + 11_000))
        save(writer, article(now, body=f"Hit {number}. {text}"), now)
    newest = store.committed_after(LogCursor()).records[-1]

    def reduce(db: Connection) -> None:
        ArticleStore(db).make_room(
            newest, lambda old: {"body": [old.body[: old.body.index(".") + 1]]}
        )

    writer.run(reduce)
    writer.run(reduce)

    held = store.revisions("art_nos:1")
    assert [revision.whole for revision in held] == [False] * 4 + [True] * 5
    assert [revision.body for revision in held[:4]] == [f"Hit {number}." for number in range(4)]
    assert all(is_whole(revision) for revision in held[4:])
    db = open_reader(writer.path)
    assert (words_of(db, "woord2x100007"), words_of(db, "woord6x100007")) == ([], [1])
    assert len(words_of(db, "hit")) == 8


def test_what_the_log_has_not_been_read_for_stays_whole(
    writer: Writer, store: ArticleStore, now: datetime
) -> None:
    for number in range(9):
        save(writer, article(now, body=f"{number} " * (MOST_KEPT // 4)), now)
    second = store.committed_after(LogCursor(), limit=2).records[-1]

    writer.run(lambda db: ArticleStore(db).make_room(second, lambda _: {}))

    assert all(map(is_whole, store.revisions("art_nos:1")))


def test_a_reading_without_a_change_leaves_the_index_alone(writer: Writer, now: datetime) -> None:
    save(writer, article(now), now)
    before = _index(writer.path)

    save(writer, article(now), now + HOUR)

    assert _index(writer.path) == before


def _index(path: Path) -> list[tuple[object, ...]]:
    return open_reader(path).execute("SELECT id, block FROM articles_fts_data").fetchall()


def test_an_archive_of_an_older_version_keeps_its_texts_and_finds_them_by_words(old: Path) -> None:
    before = _rows(old)
    assert [row["number"] for row in before if row["article"] == "art_1"] == [1, *range(13, 62)]

    Writer(old, migrations=[migrations]).close()

    db = open_reader(old)
    held = [text for name in ("art_1", "art_2") for text in ArticleStore(db).revisions(name)]
    assert all(map(is_whole, held))
    texts = [(row["title"], row["lead"], row["body"]) for row in before if row["body"]]
    assert set(texts) < {(each.title, each.lead, each.body) for each in held}
    assert db.rows("SELECT * FROM revisions WHERE body IS NOT NULL") == []
    assert words_of(db, "twaalf") == [2]
    assert 1 in words_of(db, "paal AND 20")
    assert {"12", "21"} <= {row["word"] for row in db.rows("SELECT word FROM terms")}


def test_bringing_an_archive_up_to_date_begins_anew_when_it_was_stopped(old: Path) -> None:
    before = _rows(old)
    with closing(sqlite3.connect(old)) as db:
        db.execute("UPDATE articles SET body = CAST(x'ff' AS TEXT) WHERE id = 'art_2'")
        db.commit()
    with pytest.raises(StoreError):
        Writer(old, migrations=[migrations]).close()
    texts = [(row["title"], row["lead"], row["body"]) for row in _rows(old)]
    assert texts == [(row["title"], row["lead"], row["body"]) for row in before]
    with closing(sqlite3.connect(old)) as db:
        db.execute("UPDATE articles SET body = 'Weer goed.' WHERE id = 'art_2'")
        db.commit()

    Writer(old, migrations=[migrations]).close()

    assert all(map(is_whole, ArticleStore(open_reader(old)).revisions("art_1")))


def _rows(path: Path) -> list[dict[str, Any]]:
    return open_reader(path).rows("SELECT * FROM revisions ORDER BY article, number")
