"""A search while the words of some articles are not stored yet, whatever has happened before."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import making
import pytest
from archived import ARTICLES, CONCEPTS, START, article, ids_expected, ids_found, opened
from plain_answers import evaluate
from test_search import drawn_query

from alerts.query.parser import parse
from alerts.search import archived as archive
from alerts.search.results import search
from crawler.model import Article
from crawler.store import ArticleStore, Connection, Writer, migrations, open_reader
from crawler.store.archive.words import TermStore


@pytest.mark.slow
@pytest.mark.parametrize("waiting", [1, 60, 99])
def test_any_query_finds_what_the_evaluator_finds_while_some_articles_wait(
    tmp_path: Path, waiting: int
) -> None:
    db = opened(tmp_path / "nieuws.db", ARTICLES, waiting=waiting)
    rng = random.Random(waiting)

    for _ in range(60):
        query = rng.choice((making.query, drawn_query))(rng)
        assert set(ids_found(db, query)) == set(ids_expected(query)), query


class _UndoneError(Exception):
    """A job that fails after all of its work."""


def _steps(rng: random.Random, path: Path) -> Iterator[None]:
    """Save, revise and catch up in some order; some jobs fail, and some end the process."""
    coming, held = list(ARTICLES), list[Article]()
    writer = Writer(path, migrations=[migrations])
    while coming:
        count = rng.choice((1, 20, 40))
        new, coming = coming[:count], coming[count:]
        old = [_revised(rng, each) for each in rng.sample(held, min(len(held), rng.choice((0, 3))))]
        most = rng.choice((0, 0, 1, 5, 30, 500))
        if rng.random() < 0.4:
            with pytest.raises(_UndoneError):
                writer.run(partial(_job, given=[*old, *new], most=most or 20, fails=True))
        writer.run(partial(_job, given=[*new, *old], most=most, fails=False))
        held += new
        if rng.random() < 0.2:
            writer.close()
            writer = Writer(path, migrations=[migrations])
        yield
    writer.close()


def _job(db: Connection, given: list[Article], most: int, *, fails: bool) -> None:
    for each in given:
        ArticleStore(db).save(each, now=START)
    if most:
        TermStore(db).catch_up(most=most)
    if fails:
        raise _UndoneError


def _revised(rng: random.Random, given: Article) -> Article:
    return replace(given, title=making.text(rng), body=f"{making.text(rng)} {rng.random()}")


@pytest.mark.parametrize("seed", range(4))
def test_a_search_is_right_after_whatever_has_happened(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    for _ in _steps(rng, tmp_path / "nieuws.db"):
        db = open_reader(tmp_path / "nieuws.db")
        held = list(archive.articles(db))
        for _ in range(6 if len(held) > 100 else 0):
            query = rng.choice((making.query, drawn_query))(rng)
            read = parse(query, CONCEPTS)
            expected = {
                each.document.id for each in held if evaluate(read, each.document) is not None
            }
            results = search(db, query, concepts=CONCEPTS, limit=1000, since=START)
            # What only an earlier text says is another test's.
            present = {each.found.document.id for each in results if each.earlier is None}
            assert present == expected, query


@pytest.mark.parametrize("waiting", [0, 90])
@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Da\u02bfesh trok weg", "daesh"),
        ("Da\u02beesh trok weg", "daesh"),
        ("IS\u02bcers gepakt", "=IS"),
        ("IS\u02bcers gepakt", "isers"),
        ("Syri\u0451gangers gepakt", "syrieganger*"),
        ("\u0406S valt aan", "==IS"),
    ],
)
def test_a_letter_that_is_not_what_it_looks_like_hides_no_word(
    tmp_path: Path, title: str, query: str, waiting: int
) -> None:
    given = [article(number, "Niets", "", f"Niets {number}.", "NOS") for number in range(150)]
    given[77] = replace(given[77], title=title)

    db = opened(tmp_path / "nieuws.db", given, waiting=waiting)

    assert ids_found(db, query) == ["art_77"]
