"""What a search asks of the archive, and an archive that changes or is older than its indexes."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archived import ARTICLES, START, article, ids_expected, ids_found, opened

from alerts.query.parser import parse
from alerts.query.patterns import pattern_of
from alerts.search.forms import HeldWord, HeldWords, keys
from alerts.search.sieve import NOTHING
from alerts.search.sieve_of_query import sieve_of
from crawler.store import Connection, Lookups, Writer, migrations, open_reader
from crawler.store.archive.words import TermStore
from crawler.store.records import article_to_row


def test_what_takes_all_of_it_away_leaves_nothing_to_look_for() -> None:
    node = parse("(is OR (kalifa* OR syrie)) EXCEPT (is OR kalif* OR syri*)").node
    words = ("is", "kalifaat", "kalifaten", "syrie")
    lexicon = {
        key: HeldWords(tuple(HeldWord(word) for word in words if pattern_of(key).matches(word)))
        for key in keys(node)
    }

    assert sieve_of(node, lexicon) == NOTHING


def test_an_older_file_is_searched_at_once_and_brought_up_to_date(tmp_path: Path) -> None:
    db = opened(tmp_path / "nieuws.db", ARTICLES)
    before_words_were_kept = sqlite3.connect(tmp_path / "nieuws.db")
    for table in ("terms", "term_blocks", "terms_stored", "capitals", "oddities"):
        before_words_were_kept.execute(f"DROP TABLE {table}")
    before_words_were_kept.execute("DROP INDEX articles_metadata")
    before_words_were_kept.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%_terms'")
    before_words_were_kept.commit()
    queries = ("*faten", "=IS AND kalifa*", "outlet:nos AND kalifaat", "m2")
    expected = [set(ids_expected(query)) for query in queries]

    assert [set(ids_found(db, query)) for query in queries] == expected

    Writer(tmp_path / "nieuws.db", migrations=[migrations]).close()

    assert [set(ids_found(db, query)) for query in queries] == expected
    assert Lookups(db).ready()


@pytest.mark.parametrize("waiting", [0, 1, 90])
def test_an_edited_article_is_found_by_its_new_words(tmp_path: Path, waiting: int) -> None:
    old = [article(number, "Niets", "", "Er staat niets.", "NOS") for number in range(150)]
    new = replace(old[77], body="De cyberkalifaten van NAVO-leden; wel een heel andere tekst.")

    db = opened(tmp_path / "nieuws.db", [*old, new], waiting=waiting)

    for query in ("*kalifaten", "==NAVO", "navoleden", "heel NEAR/0 andere"):
        assert ids_found(db, query) == ["art_77"], query
    assert ids_found(db, "staat NOT wel AND NOT niets") == []


def test_what_is_older_than_the_newest_is_found_once_and_in_order(tmp_path: Path) -> None:
    given = [article(number, f"Dit is {number}", "", "Niets.", "AD") for number in range(2_300)]
    given = [replace(each, published=START + timedelta(minutes=n)) for n, each in enumerate(given)]
    for old in (3, 250, 2_200):
        given[old] = replace(given[old], body="Over NAVO en kalifaten.", outlet="NOS")
    given[100] = replace(given[100], body="O\u00adver niets.")  # odd

    def fill(db: Connection) -> None:
        for each in given:
            row = article_to_row(each) | {"revision": 1, "text_hash": each.id}
            TermStore(db).add(db.insert("articles", row))

    with Writer(tmp_path / "nieuws.db", migrations=[migrations]) as writer:
        writer.run(fill)
    db = open_reader(tmp_path / "nieuws.db")

    for query in ("*faten", "==NAVO", "over NEAR/1 en", "outlet:nos AND dit", "ATLEAST/1 kalifa*"):
        assert ids_found(db, query) == ["art_2200", "art_250", "art_3"], query
    assert ids_found(db, "dit NOT niets") == ["art_2200", "art_250", "art_3"]
    assert ids_found(db, "==Over") == ["art_2200", "art_250", "art_100", "art_3"]
    assert ids_found(db, "==Over NOT navo") == ["art_100"]
    assert ids_found(db, "==dit") == []
    assert ids_found(db, "=Dit", limit=9_999) == [f"art_{n}" for n in reversed(range(2_300))]
