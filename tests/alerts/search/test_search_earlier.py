"""What a page once said is found, whatever it says now: a search of earlier texts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import making
import pytest
from archived import CONCEPTS, START, article, opened
from plain_answers import evaluate

from alerts.document import document_of
from alerts.query.parser import parse
from alerts.search.results import SearchResult, search
from crawler.model import Article
from crawler.store import Connection

PARAGRAPHS = (
    "Strijders bij Baghuz gaven zich over.", "Het kalifaat is gevallen.", "IS zwijgt nog.",
    "Er vielen 12 doden in Syrië.", "De NAVO komt bijeen.", "Da'esh week uit naar Raqqa.",
    "Niets nieuws.", "De rivier steeg.", "Op al-Hol is het stil.", "Een kop soep voor allen.",
)  # fmt: skip  # one row of paragraphs reads better
QUERIES = (
    "baghuz", "kalifa*", "=IS", "==NAVO", "daesh", "*faten OR *gaven", '"12 doden"',
    "baghuz AND kalifaat", "baghuz NOT rivier", "baghuz NEAR/4 kalifaat", "ATLEAST/2 is",
    "(syrie OR raqqa) AND =IS", "body:baghuz", "title:baghuz", "outlet:nos AND soep",
    "soep EXCEPT (soep NEAR/2 allen)", "nergens", "outlet:nos",
)  # fmt: skip  # rows of queries read better


def histories(count: int, seed: int) -> list[list[Article]]:
    """The texts that each article has, one after another: paragraphs come and go."""
    rng, made = random.Random(seed), []
    for number in range(count):
        shown, texts = rng.sample(PARAGRAPHS, 3), list[Article]()
        for _ in range(rng.choice((1, 1, 2, 5))):
            body = "\n\n".join(shown)
            texts.append(article(number, f"Verslag {number}", "", body, rng.choice(("NOS", "AD"))))
            shown = [*rng.sample(PARAGRAPHS, 1), *shown][: rng.choice((2, 3, 4))]
        made.append([replace(each, outlet=texts[0].outlet) for each in texts])
    return made


def sentences(text: Article) -> set[str]:
    return {text.title, *text.body.split("\n\n")}


def expected(history: list[Article], query: str) -> str:
    """`now` if the present text matches, `then` if an earlier one does by what is gone."""
    read = parse(query, CONCEPTS)
    if evaluate(read, document_of(history[-1])) is not None:
        return "now"
    for old in history[:-1]:
        hits = evaluate(read, document_of(old)) or ()
        for hit in hits:
            before = getattr(old, hit.field)[: hit.start].rpartition("\n\n")[2]
            after = getattr(old, hit.field)[hit.start :].partition("\n\n")[0]
            if before + after not in sentences(history[-1]):
                return "then"
    return ""


def in_turn(made: list[list[Article]]) -> list[Article]:
    """All texts in an order in which each comes after the one before it."""
    longest = max(map(len, made))
    return [texts[turn] for turn in range(longest) for texts in made if turn < len(texts)]


def found(db: Connection, query: str) -> dict[str, SearchResult]:
    results = search(db, query, concepts=CONCEPTS, limit=10_000)
    assert all(a.found.published >= b.found.published for a, b in pairwise(results))
    return {result.found.document.id: result for result in results}


@pytest.mark.parametrize("count", [60, pytest.param(400, marks=pytest.mark.slow)])
def test_each_query_finds_what_an_evaluator_finds_in_every_text(tmp_path: Path, count: int) -> None:
    made = histories(count, seed=count)
    db = opened(tmp_path / "nieuws.db", in_turn(made))

    for query in QUERIES:
        results = found(db, query)
        wanted = {texts[0].id: kind for texts in made if (kind := expected(texts, query))}
        kinds = {name: "then" if each.earlier else "now" for name, each in results.items()}
        assert kinds == wanted, query


def test_words_at_random_are_found_in_earlier_texts(tmp_path: Path) -> None:
    rng = random.Random(5)
    made = []
    for number in range(300):
        title = f"Kop {number}"
        bodies = ["\n\n".join(making.text(rng) for _ in range(2)) for _ in range(2)]
        made.append([article(number, title, "", body, "NOS") for body in bodies])
    db = opened(tmp_path / "nieuws.db", in_turn(made), waiting=20)

    for query in ("kalifaat", "syri*", "=IS", "daesh", "@syrie", "*faten"):
        read = parse(query, CONCEPTS)
        matching = {
            texts[0].id
            for texts in made
            if any(evaluate(read, document_of(each)) is not None for each in texts)
        }
        gone = {texts[0].id for texts in made if expected(texts, query) == "then"}
        results = found(db, query)
        assert set(results) <= matching, query
        assert gone <= set(results), query


def test_an_earlier_text_says_when_it_stood_and_has_its_own_hits(tmp_path: Path) -> None:
    first = article(1, "Slag bij Baghuz", "", "Er vielen 12 doden. Meer volgt.", "NOS")
    second = replace(first, body="Er vielen 21 doden. Meer volgt.")
    db = opened(tmp_path / "nieuws.db", [first, second])

    [result] = search(db, '"12 doden"')

    assert result.earlier is not None
    assert (result.earlier.revision, result.earlier.whole) == (1, True)
    assert result.earlier.seen <= result.earlier.until
    assert result.found.document.body == first.body
    assert [first.body[hit.start : hit.end] for hit in result.hits] == ["12 doden"]
    assert search(db, "meer")[0].earlier is None


def test_the_newest_text_that_had_it_is_shown_and_order_and_limit_hold(tmp_path: Path) -> None:
    texts = [article(1, "Kop", "", f"Baghuz telt {n} tenten. Stand {n}.", "NOS") for n in range(4)]
    texts.append(article(1, "Kop", "", "Het kamp is leeg.", "NOS"))
    texts.append(replace(article(2, "Kop", "", "Baghuz nu.", "AD"), published=START))
    texts[0] = replace(texts[0], published=START + timedelta(hours=1))
    texts[1:5] = [replace(each, published=START + timedelta(hours=1)) for each in texts[1:5]]
    db = opened(tmp_path / "nieuws.db", texts)

    both = search(db, "baghuz")

    assert [result.found.document.id for result in both] == ["art_1", "art_2"]
    assert both[0].earlier is not None
    assert both[0].earlier.revision == 4
    assert len(search(db, "baghuz", limit=1)) == 1
    assert not search(db, "baghuz", since=START + timedelta(hours=2))
