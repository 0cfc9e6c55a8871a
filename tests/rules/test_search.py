"""The archive searched in the language of the rules, over a real database."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import making
import pytest
from sqlite_utils import Database

from alerts.document import document_of
from alerts.evaluate import evaluate
from alerts.fulltext import written
from alerts.parser import Concepts, parse
from alerts.search import search
from crawler.article import Article, DateOrigin
from crawler.errors import QueryError
from crawler.store import ArticleStore, Writer, migrations, open_reader

START = datetime(2019, 3, 23, tzinfo=UTC)
CONCEPTS = Concepts(making.CONCEPTS)
PLANTED = (
    "Da'esh in Raqqa",
    "De kali\u00adfaten van toen",
    "Bij Diyarbak\u0131r en Wałęsa, œuvre, Straße, de \u0133s",
    "Een cyberkalifaat",
    "F-16's boven Syrie\u0308",
    "Nog een anti-IS-coalitie",
    "DIT IS IT",
)


def _article(number: int, title: str, lead: str, body: str, outlet: str) -> Article:
    published = START + timedelta(hours=(number * 7) % 400)
    return Article(
        id=f"art_{number}",
        key=f"nos:{number}",
        url=f"https://nos.nl/{number}",
        outlet=outlet,
        source="bron",
        title=title,
        lead=lead,
        body=body,
        first_seen=published,
        published=published,
        published_from=DateOrigin.FEED,
    )


def _articles() -> Iterator[Article]:
    rng = random.Random(3)
    for number, text in enumerate(PLANTED):
        yield _article(number, text, "", "", "NOS")
    for number in range(len(PLANTED), 200):
        title, lead, body = (making.text(rng).replace("&euml;", "ë") for _ in range(3))
        yield _article(number, title, lead, body.replace("&nbsp;", " "), rng.choice(("NOS", "AD")))


ARTICLES = list(_articles())


def _opened(path: Path, articles: list[Article]) -> Database:
    writer = Writer(path, migrations=[migrations])
    writer.run(lambda db: [ArticleStore(db).save(article, now=START) for article in articles])
    writer.close()
    return open_reader(path)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return _opened(tmp_path_factory.mktemp("archive") / "nieuws.db", ARTICLES)


@pytest.fixture(scope="module")
def large_archive(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """More articles with `is` than are sorted by themselves; in some of them it is a name."""
    names = {3: "IS", 77: "I\u00adS", 404: "IS-strijders", 650: "WAT IS DIT"}
    articles = [
        _article(number, f"Dit is nummer {number}", "", names.get(number, "Niets."), "NOS")
        for number in range(700)
    ]
    return _opened(tmp_path_factory.mktemp("large") / "nieuws.db", articles)


def _expected(query: str, since: datetime = START) -> list[str]:
    read = parse(query, CONCEPTS)
    found = [
        article
        for article in ARTICLES
        if article.published >= since and evaluate(read, document_of(article)) is not None
    ]
    return [article.id for article in sorted(found, key=lambda a: a.published, reverse=True)]


def _found(archive: Database, query: str, limit: int = 1000, since: datetime = START) -> list[str]:
    results = search(archive, query, concepts=CONCEPTS, limit=limit, since=since)
    return [result.found.document.id for result in results]


@pytest.mark.parametrize(
    "query",
    [
        "daesh",
        "raqqa",
        "kalifaten",
        "kalifa*",
        "*kalifaat",
        "diyarbakir OR walesa",
        "oeuvre",
        "strasse",
        "ijs",
        "f16",
        "syrie",
        "=IS",
        "iscoalitie",
        "anti-is-coalitie",
        '"is it"',
        "title:=IS NOT outlet:AD",
        "outlet:NOS",
        "@both",
        "kalifaat NEAR/3 syri*",
        "lead:(kalifa* OR daesh) AND body:is",
    ],
)
def test_a_search_finds_what_the_evaluator_finds(archive: Database, query: str) -> None:
    found = _found(archive, query)

    assert set(found) == set(_expected(query))
    assert found


def test_any_query_finds_what_the_evaluator_finds(archive: Database) -> None:
    rng = random.Random(11)
    for _ in range(150):
        query = making.query(rng)
        assert set(_found(archive, query)) == set(_expected(query)), query


def test_the_newest_come_first_and_no_more_than_asked(archive: Database) -> None:
    every = _expected("kalifa* OR is")
    times = {article.id: article.published for article in ARTICLES}

    found = _found(archive, "kalifa* OR is", limit=10)

    assert len(found) == 10
    assert [times[each] for each in found] == [times[each] for each in every[:10]]


def test_only_what_is_new_enough_is_found(archive: Database) -> None:
    since = START + timedelta(hours=200)

    found = _found(archive, "kalifa*", since=since)

    assert set(found) == set(_expected("kalifa*", since))


def test_hits_come_with_the_articles(archive: Database) -> None:
    (result,) = search(archive, "raqqa")

    assert [(hit.field, hit.text) for hit in result.hits] == [("title", "Raqqa")]


@pytest.mark.parametrize(
    "query",
    ['kalifaat"', "syrie irak", "(", "*", "NEAR", "titel:x", "a AND", "'; DROP TABLE x", "^a"],
)
def test_a_mistake_is_an_error_with_its_column(archive: Database, query: str) -> None:
    with pytest.raises(QueryError, match=r"^column \d+: "):
        search(archive, query)


@pytest.mark.parametrize(
    "query", ['"AND" OR "NOT"', '"ab*b c"', "==NEAR", '"- \' ; --xyz"', "ab*c?d"]
)
def test_words_that_mean_something_to_the_index_are_words(archive: Database, query: str) -> None:
    assert search(archive, query) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("=IS", {"IS"}),
        ("=IS AND kalifaat", {"IS"}),
        ("kalifaat AND ==SDF NOT =IS", {"SDF"}),
        ("=IS OR =ISIS", {"IS", "ISIS"}),
        ("=IS OR daesh", None),
        ('="Islamitische Staat"', {"Islamitische"}),
        ("@is", None),
        ("=IS'ers", None),
        ("=Isla*", None),
        ("=Syrië", None),
        ("title:(=IS EXCEPT is-ie)", {"IS"}),
    ],
)
def test_what_must_be_spelt_so_is_known(query: str, words: set[str] | None) -> None:
    assert written(parse(query, CONCEPTS).node) == words


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("=IS", {3, 77, 404}),
        ("==IS", {3, 77, 404, 650}),
        ("==IS AND dit", {3, 77, 404, 650}),
    ],
)
def test_a_name_is_found_among_many_words_like_it(
    large_archive: Database, query: str, numbers: set[int]
) -> None:
    found = search(large_archive, query, limit=1000)

    assert {result.found.document.id for result in found} == {f"art_{n}" for n in numbers}


def test_the_newest_of_many_come_first(large_archive: Database) -> None:
    found = search(large_archive, "is", limit=600)

    times = [result.found.published for result in found]
    assert len(times) == 600
    assert times == sorted(times, reverse=True)
