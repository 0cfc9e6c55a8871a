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


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("archive") / "nieuws.db"
    writer = Writer(path, migrations=[migrations])
    for article in ARTICLES:
        writer.run(lambda db, article=article: ArticleStore(db).save(article, now=START))
    writer.close()
    return open_reader(path)


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
