"""The words of the archive: in step with the articles, and read as the rules read them."""

import random
import sqlite3
import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.matching.row import row_of
from alerts.query.patterns import LONGEST_CHAIN, MOST_PARTS, compound_of
from crawler.model import Article, DateOrigin
from crawler.store import ArticleStore, Connection, Lookups, Span, Writer, migrations, put_in_order
from crawler.store.archive import tokens
from crawler.store.archive.tokens import Term, chunk_of, sight_of
from crawler.store.archive.words import PORTION, WAITING, TermStore

NOW = datetime(2026, 3, 29, tzinfo=UTC)
LETTERS = [chr(code) for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000]


def _words(db: Connection) -> set[str]:
    return {row["word"] for row in db.rows("SELECT word FROM terms")}


def _save(db: Connection, number: int, *texts: str) -> None:
    title, lead, body = (*texts, "", "")[:3]
    article = Article(
        id=f"art_{number}",
        key=f"nos:{number}",
        url=f"https://nos.nl/{number}",
        outlet="NOS",
        source="nos",
        title=title,
        lead=lead,
        body=body,
        first_seen=NOW,
        published=NOW,
        published_from=DateOrigin.FEED,
    )
    ArticleStore(db).save(article, now=NOW)


def _put(writer: Writer, article: int, *texts: str) -> None:
    def job(db: Connection) -> None:
        _save(db, article, *texts)
        TermStore(db).catch_up()

    writer.run(job)


def _lookups(writer: Writer) -> Lookups:
    lookups = Lookups(writer.run(lambda db: db))
    assert lookups.ready()
    return lookups


def _rule_words(text: str) -> set[str]:
    """The words of a text as the rules see them."""
    return {
        form.folded
        for chunk in row_of((text,)).spaced.split()
        if chunk != "\0"
        for form in compound_of(chunk).forms()
    }


def _read(text: str) -> tuple[set[Term], set[str], bool]:
    """The terms and the capitals that a text has at first and second sight; whether it is odd."""
    sight = sight_of([text])
    chunks = [chunk_of(each) for each in (*sight.words, *sight.chunks)]
    return (
        {term for chunk in chunks for term in chunk.terms},
        {word for chunk in chunks for word in chunk.capitals},
        any(chunk.odd for chunk in chunks),
    )


def _indexed(texts: Iterable[str]) -> list[list[str]]:
    """The tokens by which the full-text index holds these texts."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(t, tokenize='unicode61 remove_diacritics 2')")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)")
    db.executemany("INSERT INTO f (rowid, t) VALUES (?, ?)", list(enumerate(texts, 1)))
    found: list[list[str]] = [[] for _ in texts]
    for token, row in db.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
        found[row - 1].append(token)
    return found


def test_no_letter_is_read_otherwise_than_rules_and_index_read_it() -> None:
    texts = [f"Wa{letter}bc" for letter in LETTERS]

    for text, index in zip(texts, _indexed(texts), strict=True):
        terms, _, odd = _read(text)
        if odd:
            continue
        assert {term.word for term in terms} >= _rule_words(text), ascii(text)
        single = [term for term in terms if " " not in term.tokens]
        assert len(index) >= len(single), ascii(text)
        assert all(term.word in index for term in terms if not term.tokens), ascii(text)


def test_what_most_dutch_texts_consist_of_is_not_odd() -> None:
    text = "„Één” IS-strijder’s café – ’s ochtends €5 … Søren, Łódź & co. m² ½ «ja» 10°C™ Жуков"

    assert not _read(text)[2]
    assert {"isstrijder", "een", "soren", "lodz", "m2"} <= {term.word for term in _read(text)[0]}


@pytest.mark.parametrize(
    "text",
    [
        "Syri&euml;",
        "ka\u00adlifaat",
        "Da\u02bfesh",
        "leuk!\U0001f600",
        "الرقة",
        "x\ue000y",
        "e\u0331n",
    ],
)
def test_what_the_index_may_read_otherwise_is_odd(text: str) -> None:
    assert _read(f"Dit is {text} hier")[2]


def test_words_are_joined_as_the_rules_do() -> None:
    assert (tokens.MOST_PARTS, tokens.LONGEST_CHAIN) == (MOST_PARTS, LONGEST_CHAIN)


def test_first_and_second_sight_agree() -> None:
    rng = random.Random(4)
    parts = (
        "IS",
        "is",
        "'",
        "-",
        "’",
        "é",
        "Ö",
        "ß",
        "m²",
        " ",
        " ",
        ",",
        "Hol",
        "aB",
        "7",
        "_",
        "/",
    )
    for _ in range(3_000):
        text = "".join(rng.choices(parts, k=12))
        chunks = [chunk_of(each) for each in text.split()]
        terms, capitals, _ = _read(text)
        assert {term.word for term in terms} == {t.word for c in chunks for t in c.terms}, text
        assert capitals == {word for chunk in chunks for word in chunk.capitals}, text


def test_words_of_a_job_that_failed_are_stored_by_the_next(writer: Writer) -> None:
    def failing(db: Connection) -> None:
        _save(db, 2, "kalifaat in Raqqa")
        assert TermStore(db).catch_up() == 1
        raise ValueError("broken")

    _put(writer, 1, "iets anders")
    with pytest.raises(ValueError, match="broken"):
        writer.run(failing)
    _put(writer, 2, "kalifaat")

    assert _words(writer.run(lambda db: db)) == {"iets", "anders", "kalifaat"}


def test_words_come_back_with_what_to_ask_the_index_for(writer: Writer) -> None:
    _put(writer, 1, "Da’esh, daesh", "Stra\u00dfe")
    _put(writer, 2, "Daesh-strijders")

    lookups = _lookups(writer)

    assert set(lookups.words(["daesh", "strasse"])) == {
        ("daesh", ""), ("daesh", "da esh"), ("strasse", "straße"),
    }  # fmt: skip  # one row reads better
    assert set(lookups.containing("strijders", at_end=True)) == {
        ("strijders", ""), ("daeshstrijders", "daesh strijders"),
    }  # fmt: skip  # one row reads better


def test_capitals_are_known_as_they_are_written(writer: Writer) -> None:
    _put(writer, 1, "IS", "IS-strijders")
    _put(writer, 2, "Is dit is", "Al-Hol")

    lookups = _lookups(writer)

    assert lookups.capitals(["IS"], Span()) == {1}
    assert lookups.capitals(["AlHol", "ISstrijders"], Span()) == {1, 2}
    assert lookups.capitals(["Is", "Hol"], Span()) == set()


def test_many_words_stand_in_many_blocks(writer: Writer) -> None:
    for article in range(40):
        _put(writer, article, " ".join(f"woord{article}x{number}" for number in range(100)))

    lookups = _lookups(writer)

    assert len(set(lookups.containing("woord", at_end=False))) == 4_000
    assert set(lookups.containing("7x99", at_end=True)) >= {("woord37x99", ""), ("woord7x99", "")}


def test_new_articles_wait_until_there_are_enough(writer: Writer) -> None:
    def save(first: int, last: int) -> None:
        writer.run(lambda db: [_save(db, each, f"woord{each}") for each in range(first, last + 1)])

    save(1, WAITING - 1)
    assert _words(writer.run(lambda db: db)) == set()
    assert _lookups(writer).odd(Span()) == set(range(1, WAITING))
    assert _lookups(writer).odd(Span(7, 8)) == {7, 8}

    save(WAITING, WAITING + 3)
    assert len(_words(writer.run(lambda db: db))) == PORTION
    assert _lookups(writer).odd(Span()) == set(range(PORTION + 1, WAITING + 4))


def test_a_search_that_has_begun_looks_at_what_waited_then(writer: Writer) -> None:
    writer.run(lambda db: _save(db, 1, "kalifaat"))
    begun = _lookups(writer)

    writer.run(lambda db: TermStore(db).catch_up())

    assert begun.odd(Span()) == {1}
    assert _lookups(writer).odd(Span()) == set()


def test_of_an_article_that_waits_only_what_is_gone_is_stored_when_it_is_revised(
    writer: Writer,
) -> None:
    _put(writer, 1, "iets")
    writer.run(lambda db: _save(db, 2, "anders"))

    writer.run(lambda db: _save(db, 1, "iets nieuws"))
    writer.run(lambda db: _save(db, 2, "gezegd"))

    assert _words(writer.run(lambda db: db)) == {"iets", "nieuws", "anders"}


@pytest.mark.parametrize(
    ("count", "stored", "later"), [(49, 0, 3 * PORTION), (50, 50, 50 + PORTION)]
)
def test_few_articles_wait_for_the_next_process(
    tmp_path: Path, count: int, stored: int, later: int
) -> None:
    path = tmp_path / "nieuws.db"
    with Writer(path, migrations=[migrations], closing=put_in_order) as first:
        first.run(lambda db: [_save(db, each, f"woord{each}") for each in range(count)])

    with Writer(path, migrations=[migrations]) as second:
        assert len(_words(second.run(lambda db: db))) == stored
        second.run(lambda db: [_save(db, each, f"later{each}") for each in range(50, 50 + WAITING)])
        assert len(_words(second.run(lambda db: db))) == later


def test_words_that_were_not_stored_for_want_of_room_are_stored_later(writer: Writer) -> None:
    def full(db: Connection) -> None:
        _save(db, 2, "kalifaat in Raqqa")
        db.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON terms BEGIN SELECT raise(ABORT, ''); END"
        )
        TermStore(db).catch_up()

    _put(writer, 1, "iets")
    with pytest.raises(sqlite3.Error):
        writer.run(full)
    _put(writer, 2, "kalifaat in Raqqa")

    assert _words(writer.run(lambda db: db)) == {"iets", "kalifaat", "in", "raqqa"}


def test_a_column_is_asked_of_its_index_alone(writer: Writer) -> None:
    db = writer.run(lambda db: db)
    asked: list[str] = []
    db.raw.set_trace_callback(asked.append)
    lookups = _lookups(writer)
    for name in ("source", "outlet", "section", "language", "author", "url"):
        lookups.values(name, "nos")
        lookups.with_values(name, ["nos"], Span(1, 9))
        lookups.with_letters(name, "nos", Span(1, 9))
    db.raw.set_trace_callback(None)

    questions = [sql for sql in asked if "articles" in sql]
    plans = [row[3] for sql in questions for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(questions) == 18
    read = {plan for plan in plans if "articles" in plan}
    assert all("USING COVERING INDEX articles_" in plan for plan in read), read


def test_long_articles_that_wait_are_read_in_parts_and_all_found(writer: Writer) -> None:
    # given articles whose texts together are far longer than what is read at once
    long = " ".join(["lang" * 50] * 2_500)
    for number in range(12):
        writer.run(lambda db, number=number: _save(db, number, f"Titel {number}", "", long))
    tracemalloc.start()
    stored = writer.run(lambda db: TermStore(db).catch_up())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert stored == 12
    assert {f"{number}" for number in range(12)} <= writer.run(_words)
    assert writer.run(lambda db: TermStore(db).catch_up()) == 0
    assert most < 14 * len(long)
