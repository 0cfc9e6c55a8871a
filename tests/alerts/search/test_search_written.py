"""Words and phrases as they are written: the texts are read for them before they are evaluated."""

import random
from dataclasses import replace
from html import unescape
from pathlib import Path

import archived
import making
import pytest

from alerts.document import document_of
from alerts.matching.evaluate import FullDocument, answer
from alerts.query.parser import parse
from alerts.search.forms import keys
from alerts.search.lexicon import lexicon_of
from alerts.search.sieve_of_query import sieve_of
from alerts.search.sift import passing
from crawler.model import Article
from crawler.store import Connection, Lookups, Span
from crawler.text.plain import clean

EXACT = (
    "==Is", "==syrie", "==Syrië", "==SYRIË", "=Daesh", "==daesh", "==isstrijders", "==Kalifaten",
    '=="is IS"', '=="IS is"', '=="De kalifaat"', '=="Daesh IS"', '=="IS strijders"', '=="16 IS"',
    '=="F16 de"', '=="Syrië IS"', '=="IS VN"', '=="antiIScoalitie IS"', "==a THEN/0 ==de",
    "(==IS OR ==de) THEN/0 ==is", "(==Is OR ==is) THEN/0 (==IS OR ==kalifaat OR ==Syrië)",
    '=="WAT IS"', 'title:=="IS is"', "(==is EXCEPT syri*)",
)  # fmt: skip  # rows of words read better


def _articles() -> list[Article]:
    """More articles than are read without being sifted; in each word others are common."""
    rng, given = random.Random(23), []
    for number in range(600):
        texts = [making.text(rng) for _ in range(3)]
        if number % 4:
            texts = [clean(unescape(text)) for text in texts]
        given.append(archived.article(number, *texts, "NOS"))
    return given


ARTICLES = _articles()
READINGS = {each.id: FullDocument(document_of(each)) for each in ARTICLES}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    return archived.opened(tmp_path_factory.mktemp("archive") / "nieuws.db", ARTICLES)


def _queries() -> list[str]:
    rng = random.Random(5)
    joints = ("AND", "OR", "OR", "NOT", "NEAR/1", "THEN/0", "EXCEPT")
    drawn = []
    while len(drawn) < 100:
        one, joint, other = rng.choice(EXACT), rng.choice(joints), rng.choice((*EXACT, "de", "is"))
        if ":" not in one + other or joint in ("AND", "OR", "NOT"):
            drawn.append(f"({one}) {joint} ({other})")
    return [*EXACT, *drawn]


@pytest.mark.slow
def test_what_is_written_so_is_found_as_the_evaluator_finds_it(archive: Connection) -> None:
    matched = 0
    for query in _queries():
        node = parse(query).node
        expected = {id_ for id_, reading in READINGS.items() if answer(node, reading) is not None}

        assert set(archived.ids_found(archive, query)) == expected, query

        matched += len(expected)
    assert matched > 1_000


TEXTS = {3: "Het Is IS", 7: "Nu het – Het… (IS)", 8: "‘Het\nIS’", 11: "Het HET, niets."}


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> Lookups:
    """Articles with the same words, of which a few are written in another way."""
    given = [
        archived.article(n, "Kop", "", TEXTS.get(n, f"IS. Het is niets, {n}."), "NOS")
        for n in range(1, 201)
    ]
    return Lookups(archived.opened(tmp_path_factory.mktemp("common") / "nieuws.db", given))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("==het", {7}),
        ("==Is OR ==het", {3, 7}),
        ('=="Het IS"', {7, 8}),
        ('=="Het IS" OR =="niets IS"', {7, 8}),
        ('=="Het IS" OR =="Het HET"', {7, 8, 11}),
        ('(=="Het IS" OR =="Het Is") NOT niets', {3, 7, 8}),
        ("==Het THEN/0 ==Is", {3}),
        ("(==Het OR ==niets) THEN/0 (==Is OR ==IS)", {3, 7, 8}),
    ],
)
def test_what_is_written_in_another_way_is_not_evaluated(
    common: Lookups, query: str, numbers: set[int]
) -> None:
    node = parse(query).node

    sieve = sieve_of(node, lexicon_of(common, keys(node)))

    assert passing(common, sieve, Span()) == numbers


@pytest.mark.parametrize("body", ["Nu \0 is het zo.", "Nu is\0het zo.", "\0Nu is het zo."])
def test_what_stands_behind_a_nul_is_found(tmp_path: Path, body: str) -> None:
    given = [archived.article(n, "Het is", "", f"Het is niets, {n}.", "NOS") for n in range(150)]
    given[77] = replace(given[77], body=body)

    db = archived.opened(tmp_path / "nieuws.db", given)

    assert archived.ids_found(db, "==het") == ["art_77"]
