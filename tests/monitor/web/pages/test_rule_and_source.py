"""A rule by itself, with its query in words, and a source by itself, beside what is usual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deliverydesk import article
from hypothesis import given, strategies as st
from page_newsroom import context_in, desk_in
from served_page import Visitor, served

from alerts.query import parse
from monitor.web.charts import outline, usual_day
from monitor.web.charts.query_outline import QueryOutline

RULES = """
[concepts]
plaats = ['"val van baghuz"']

[[rule]]
id = "kalifaat"
name = "Val van het kalifaat"
query = '(kalifa* OR @plaats) NOT cordoba'
channels = ["scherm"]
must_match = ["Het kalifaat is gevallen."]
must_not_match = ["Het kalifaat van Cordoba."]
"""
SOURCES = '[[source]]\nid = "nos"\noutlet = "NOS"\nkind = "feed"\nurl = "https://nos.example/rss"\n'
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("one")
    desk = desk_in(folder)
    desk.poll("nos", article(number=1, now=desk.clock()))
    desk.publish(number=1)
    desk.match()
    desk.writer.close()
    context = context_in(folder, rules=RULES)
    (folder / "sources.toml").write_text(SOURCES, "utf-8")
    with served(context) as visitor:
        yield visitor


def said(of: QueryOutline) -> list[str]:
    return [of.name, *(name for each in of.below for name in said(each))]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kalifa*", ["begins"]),
        ("*kalifaten", ["ends"]),
        ("*kalif*", ["within"]),
        ("k?lif*ten", ["pattern"]),
        ("=IS", ["word_exact"]),
        ('"val van"', ["word"]),
        ("de AND het NOT een", ["all", "word", "word", "not", "word"]),
        ("de NEAR/3 het", ["near", "word", "word"]),
        ("de THEN/3 het", ["then", "word", "word"]),
        ("syri* EXCEPT syriza*", ["all", "begins", "except", "begins"]),
        ("ATLEAST/3 de", ["at_least", "word"]),
        ("title:de AND outlet:nos", ["all", "field", "word", "metadata"]),
    ],
)
def test_a_query_is_said_in_words_part_by_part(query: str, names: list[str]) -> None:
    assert said(outline(parse(query).node)) == names


def test_a_rule_shows_what_it_asks_for_what_it_found_and_its_examples(visitor: Visitor) -> None:
    page = visitor.get("/rules/kalifaat").text

    assert "een woord dat begint met “kalifa”" in page
    assert "maar dan niet:" in page
    assert "het begrip plaats:" in page
    assert "Laatste bolwerk gevallen" in page
    assert "Het kalifaat van Cordoba." in page
    assert "<b>1 verhaal</b> vandaag" in page


def test_a_rule_that_is_gone_still_shows_what_it_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.publish(number=1)
    desk.match()
    desk.writer.close()
    with served(context_in(tmp_path, rules="")) as visitor:
        page = visitor.get("/rules/kalifaat")
        unknown = visitor.get("/rules/nooit-geweest")

    assert "Deze regel staat niet meer in rules.toml." in page.text
    assert "Laatste bolwerk gevallen" in page.text
    assert unknown.status_code == 404


def test_a_source_shows_how_it_does_and_what_it_listed_by_the_hour(visitor: Visitor) -> None:
    page = visitor.get("/sources/nos").text

    assert '<span class="state ok">goed</span>' in page
    assert page.count("<figure") == 2
    assert "Gemiste stukken" in page
    assert visitor.get("/sources/nergens").status_code == 404


@given(st.lists(st.integers(-10, 24 * 14 * 60), max_size=80))
def test_every_entry_counts_in_its_hour_of_the_last_day_or_of_a_usual_one(ages: list[int]) -> None:
    times = [NOW - timedelta(minutes=age) for age in ages]

    last, usual = usual_day(times, NOW)

    assert sum(last) == sum(0 <= age < 24 * 60 for age in ages)
    days = max((age // (24 * 60) for age in ages), default=0)
    earlier = sum(age >= 24 * 60 for age in ages)
    assert round(sum(usual) * days) == earlier
    assert bool(usual) == bool(earlier)
