"""The archive searched in the language of the rules, over a real database."""

import random
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta

import making
import pytest
from archived import ARTICLES, START, article, ids_expected, ids_found, opened

from alerts.document import Document
from alerts.rules.book import RuleBook, rule_of
from alerts.search.archived import _ARTICLES, _FIELDS, COLUMNS, Archived
from alerts.search.results import results_among, search
from crawler.errors import QueryError
from crawler.store import Connection


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    return opened(tmp_path_factory.mktemp("archive") / "nieuws.db", ARTICLES)


@pytest.fixture(scope="module")
def large_archive(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    """More articles with `is` than are sorted by themselves; in some of them it is a name."""
    names = {3: "IS", 77: "I\u00adS", 404: "IS-strijders", 650: "WAT IS DIT"}
    articles = [
        article(number, f"Dit is nummer {number}", "", names.get(number, "Niets."), "NOS")
        for number in range(700)
    ]
    return opened(tmp_path_factory.mktemp("large") / "nieuws.db", articles)


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
        "*kalifaten",
        '"*kalifaten van"',
        "?aghoez OR ?aqqa",
        "*strijder*",
        "*esh",
        "i?",
        "m2",
        "lokke",
        "fiets",
        "ракка",
        "дом AND ракка",
        "الرقة",
        "quran OR sadi",
        "oudantiiscoalitiestrijder",
        "=Al-Hol",
        "==AL-HOL",
        "==IS EXCEPT is-kalifaat",
        "kalifa* EXCEPT *kinderen",
        "(kalifa* OR @syrie OR is) EXCEPT (kalifaat OR is)",
        "ATLEAST/2 is",
        "ATLEAST/2 (kalifa* OR daesh)",
        "title:ATLEAST/2 is",
        '"is kalifaat"',
        "is THEN/0 kalifaat THEN/0 (is OR de)",
        "is NEAR/2 (syrie OR kalifaat)",
        "is NOT de",
        "is NOT (de OR syri* OR kalifaat)",
        "kalifa* NOT title:is",
        "body:(kalifa* NOT @both)",
        "body:(is OR @both)",
        "outlet:n*",
        "url:*nos.nl/1?",
        "source:BRON NOT outlet:ad",
        "lang:nl",
        "=Is OR ==De",
        "==De NOT is",
    ],
)
def test_a_search_finds_what_the_evaluator_finds(archive: Connection, query: str) -> None:
    found = ids_found(archive, query)

    assert set(found) == set(ids_expected(query))
    assert found


@pytest.mark.parametrize(
    "query",
    [
        "*kalifieten",
        "?aghous",
        "kalifaat EXCEPT kalifa*",
        "(kalifaat OR is) EXCEPT (kalifa* OR is)",
        "@both EXCEPT @both",
        "==IS EXCEPT is",
        '"*kinderen syriza is"',
        "ATLEAST/90 de",
        "outlet:vrt",
        "url:*vrt.be*",
        "author:niemand",
        "lang:xx AND is",
        "==is NOT is",
        "nergens OR *gensniets",
    ],
)
def test_a_search_that_finds_nothing_finds_nothing(archive: Connection, query: str) -> None:
    assert ids_found(archive, query) == ids_expected(query) == []


# What the archive's words, capitals and values are asked for, beside what `making` draws.
WORDS = (
    "*faten", "*strijder*", "?aqqa", "i?", "=Al-Hol", "==De", "=De", "m2", "ракка", "nergens",
    "hol", "*gensniets", '"*strijders is"', "(de OR is OR syri*)", "ATLEAST/2 de",
    "(is EXCEPT kalifa*)",
    "(kalifa* EXCEPT kalifaat)", "(de THEN/0 is)", "title:de", "body:(is NOT de)", '="IS IS"',
)  # fmt: skip  # rows of words read better
VALUES = ("outlet:vrt", "outlet:a?", "url:*/1?", "source:*ro*", "author:x", "lang:nl")


def drawn_query(rng: random.Random) -> str:
    one, other = (
        rng.choice(WORDS) if rng.random() < 0.7 else f"({making.query(rng, 1)})" for _ in range(2)
    )
    if rng.random() < 0.3:
        other = rng.choice(VALUES)
    joint = rng.choice(("AND", "OR", "NOT", "NEAR/0", "THEN/0", "NEAR/3", "EXCEPT"))
    if joint[0] in "NTE" and joint != "NOT" and ":" in one + other:
        joint = "AND"
    return f"{one} {joint} {other}"


@pytest.mark.slow
@pytest.mark.parametrize("drawn", [making.query, drawn_query])
def test_any_query_finds_what_the_evaluator_finds(
    archive: Connection, drawn: Callable[[random.Random], str]
) -> None:
    rng = random.Random(11)
    for _ in range(100):
        query = drawn(rng)
        assert set(ids_found(archive, query)) == set(ids_expected(query)), query


def test_the_newest_come_first_and_no_more_than_asked(archive: Connection) -> None:
    every = ids_expected("kalifa* OR is")
    times = {article.id: article.published for article in ARTICLES}

    found = ids_found(archive, "kalifa* OR is", limit=10)

    assert len(found) == 10
    assert [times[each] for each in found] == [times[each] for each in every[:10]]


def test_only_what_is_new_enough_is_found(archive: Connection) -> None:
    since = START + timedelta(hours=200)

    found = ids_found(archive, "kalifa*", since=since)

    assert set(found) == set(ids_expected("kalifa*", since))


def test_hits_come_with_the_articles(archive: Connection) -> None:
    (result,) = search(archive, "walesa")

    assert [(hit.field, hit.text) for hit in result.hits] == [("title", "Wałęsa")]


@pytest.mark.parametrize(
    "query",
    ['kalifaat"', "syrie irak", "(", "*", "NEAR", "titel:x", "a AND", "'; DROP TABLE x", "^a"],
)
def test_a_mistake_is_an_error_with_its_column(archive: Connection, query: str) -> None:
    with pytest.raises(QueryError, match=r"^column \d+: "):
        search(archive, query)


@pytest.mark.parametrize(
    "query", ['"AND" OR "NOT"', '"ab*b c"', "==NEAR", '"- \' ; --xyz"', "ab*c?d"]
)
def test_words_that_mean_something_to_the_index_are_words(archive: Connection, query: str) -> None:
    assert search(archive, query) == []


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("=IS", {3, 77, 404}),
        ("==IS", {3, 77, 404, 650}),
        ("==IS AND dit", {3, 77, 404, 650}),
    ],
)
def test_a_name_is_found_among_many_words_like_it(
    large_archive: Connection, query: str, numbers: set[int]
) -> None:
    found = search(large_archive, query, limit=1000)

    assert {result.found.document.id for result in found} == {f"art_{n}" for n in numbers}


def test_the_newest_of_many_come_first(large_archive: Connection) -> None:
    found = search(large_archive, "is", limit=600)

    times = [result.found.published for result in found]
    assert len(times) == 600
    assert times == sorted(times, reverse=True)


class Unreadable(Document):
    """An article with which matching comes to grief."""

    @property
    def texts(self) -> tuple[str, str, str]:
        raise RecursionError(self.id)


def test_an_article_that_cannot_be_matched_is_logged_and_costs_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    book = RuleBook.build([rule_of(id="query", text="kalifaat")])
    articles = [
        Archived(number, kind(id=f"art_{number}", body="kalifaat"), START, "story")
        for number, kind in enumerate((Document, Unreadable, Document))
    ]

    found = [result.found.number for result in results_among(articles, book)]

    assert found == [0, 2]
    (said,) = caplog.messages
    assert said.startswith("matching_failed article=art_1 bug=RecursionError in ")


def test_the_archive_is_asked_for_each_field_of_a_document() -> None:
    asked = [COLUMNS.get(field.name, field.name) for field in fields(Document)]

    assert sorted(_FIELDS) == sorted(field.name for field in fields(Document))
    assert all(f"articles.{column}" in _ARTICLES for column in asked)
