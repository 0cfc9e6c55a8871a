"""What rules answer, against a second and plainer reading of the language and of the text."""

import random

import asking
import plainly
import pytest
from asking import Asked
from hypothesis import given
from making import SEEDS
from plain_answers import evaluate
from plainly import Page

from alerts.match import Hit
from alerts.query.parser import Concepts
from alerts.rules.book import RuleBook, rule_of

CONCEPTS = Concepts(asking.CONCEPTS)
FEW = ("IS", "is", "kalifaat", "a", "b", "IS-kalifaat", "Syrië", "syriza", "DE", "a-b-a")


def _page(rng: random.Random) -> Page:
    """A page of all words, or of few that meet the more often."""
    words = FEW if rng.random() < 0.5 else plainly.CHUNKS
    return plainly.page(rng, tuple(rng.sample(words, min(len(words), rng.choice((3, 6, 99))))))


def _expected(asked: Asked, page: Page) -> tuple[Hit, ...] | None:
    found = asking.answer(asked, page)
    return None if found is None else tuple(
        Hit(field, start, end, getattr(page.document, field)[start:end])
        for field, start, end in found
    )  # fmt: skip


def _compare(rng: random.Random, rules: int, pages: int) -> None:
    queries = [asking.query(rng, rng.choice((0, 1, 2, 3))) for _ in range(rules)]
    read = [
        rule_of(id=str(n), text=asked.text, concepts=CONCEPTS) for n, asked in enumerate(queries)
    ]
    book = RuleBook.build(read)
    for _ in range(pages):
        page = _page(rng)
        expected = [_expected(asked, page) for asked in queries]
        matched = {match.rule: match.hits for match in book.match(page.document)}
        for rule, hits in zip(read, expected, strict=True):
            assert evaluate(rule.query, page.document) == hits, (rule.text, page.document)
            assert matched.get(rule.id) == hits, (rule.text, page.document)


@given(SEEDS)
def test_queries_mean_what_the_plain_reading_says(rng: random.Random) -> None:
    _compare(rng, 8, 4)


@given(SEEDS)
def test_a_query_alone_means_the_same(rng: random.Random) -> None:
    for _ in range(4):
        _compare(rng, 1, 4)


@pytest.mark.slow
def test_ten_thousand_pairs_are_read_the_same_way() -> None:
    rng = random.Random(20190323)
    for _ in range(5):
        _compare(rng, 100, 20)
