"""The trends: two rules side by side, by rule and by outlet, as a graph, a table and a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_newsroom import HOSTILE, context_in, desk_in
from served_page import Visitor, served

RULES = """
[[rule]]
id = "kalifaat"
name = "Val van het kalifaat"
query = "kalifa*"
channels = ["scherm"]

[[rule]]
id = "rivier"
query = "Eufraat"
channels = ["scherm"]
"""


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("trends")
    desk = desk_in(folder)
    desk.rules(rivier="Eufraat")
    desk.clock.forward(days=-3)
    desk.publish(number=1)
    desk.publish(number=2, outlet="Peilpunt")
    desk.match()
    desk.clock.forward(days=3)
    desk.publish("Ander nieuws", f"Een kalifaat {HOSTILE}, lang geleden.", number=3, outlet=HOSTILE)
    desk.match()
    desk.writer.close()
    with served(context_in(folder, rules=RULES)) as visitor:
        yield visitor


def test_two_rules_stand_side_by_side_with_the_same_numbers_as_a_table(visitor: Visitor) -> None:
    page = visitor.get("/trends?rule=kalifaat&beside=rivier").text

    assert page.count('class="line0"') == 4 + 1  # four days, and the key
    assert page.count('class="line1"') == 4 + 1
    assert "Val van het kalifaat: 1" in page
    assert '<td class="number">1</td><td class="number">1</td>' in page


def test_outlets_have_their_share_and_rules_lead_to_their_own_graph(visitor: Visitor) -> None:
    page = visitor.get("/trends?what=articles").text

    assert "33%" in page
    assert 'href="/trends?rule=rivier&amp;what=articles"' in page
    assert 'href="/trends?outlet=Peilpunt&amp;what=articles"' in page
    assert "<script>alert" not in page


def test_what_is_seen_comes_as_csv_of_which_no_cell_is_a_formula(visitor: Visitor) -> None:
    answer = visitor.get("/trends.csv?rule=%3Dkalifaat&beside=rivier&days=7")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(rows) == 7 * 2
    assert {row["rule"] for row in rows} == {"'=kalifaat", "rivier"}
    assert sum(int(row["articles"]) for row in rows) == 2


def test_under_two_days_there_is_a_table_and_no_graph(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.publish(number=1)
    desk.match()
    desk.writer.close()
    with served(context_in(tmp_path)) as visitor:
        page = visitor.get("/trends").text

    assert "<figure" not in page
    assert '<table class="days">' in page


def test_before_anything_is_found_the_page_says_so(tmp_path: Path) -> None:
    desk_in(tmp_path).writer.close()
    with served(context_in(tmp_path)) as visitor:
        answer = visitor.get("/trends")

    assert answer.status_code == 200
    assert "In deze dagen is niets gevonden." in answer.text
