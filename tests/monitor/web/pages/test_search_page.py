"""The archive searched from the page: a count, a graph, a file, and words spelled otherwise."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from page_newsroom import HOSTILE, context_in, desk_in
from served_page import Visitor, served

from crawler.store.archive.words import TermStore


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("search")
    desk = desk_in(folder)
    desk.clock.forward(days=-3)
    desk.publish("Laatste bolwerk gevallen", number=1)
    desk.clock.forward(days=3)
    desk.publish(f"=SUM(A1) {HOSTILE}", "Een kalifaat van lang geleden.", number=2)
    desk.writer.run(lambda db: TermStore(db).catch_up())
    desk.writer.close()
    with served(context_in(folder)) as visitor:
        yield visitor


def test_what_is_found_is_counted_and_drawn_by_day(visitor: Visitor) -> None:
    page = visitor.get("/search?q=kalifaat").text

    assert "2 stukken." in page
    assert page.count('class="line0"') == 4
    assert "<script>alert" not in page


def test_a_search_becomes_a_rule_with_a_click(visitor: Visitor) -> None:
    page = visitor.get("/search?q=kalifaat+gevallen").text

    assert 'href="/rules/new?query=kalifaat%20AND%20gevallen"' in page


def test_what_is_found_comes_as_csv_of_which_no_cell_is_a_formula(visitor: Visitor) -> None:
    rows = list(csv.DictReader(io.StringIO(visitor.get("/search.csv?q=kalifaat").text)))

    assert [row["title"][:9] for row in rows] == ["'=SUM(A1)", "Laatste b"]
    assert rows[0]["words"] == "kalifaat"


def test_a_word_that_is_not_there_is_met_with_one_that_is(visitor: Visitor) -> None:
    page = visitor.get("/search?q=kalifat+gevallen").text

    assert "Bedoelde u:" in page
    assert 'href="/search?q=kalifaat%20gevallen"' in page


@pytest.mark.parametrize("q", ["%22half", "(", "NOT", "a" * 299, "%00", "*", "title:"])
def test_no_search_is_an_error_page(visitor: Visitor, q: str) -> None:
    assert visitor.get(f"/search?q={q}").status_code == 200
    assert visitor.get(f"/search.csv?q={q}").status_code in {200, 400}
