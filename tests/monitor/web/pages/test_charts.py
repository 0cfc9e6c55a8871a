"""Charts say their numbers twice, as bars and as a table, and never have more bars than fit."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as st

from alerts.trends import Found
from monitor.web.charts import (
    MOST_BARS,
    BarChart,
    ChartLine,
    TrendFilters,
    day_spans,
    numbers_in,
    trend_rows,
)
from monitor.web.charts.bar_chart import HEIGHT, WIDTH

TODAY = date(2026, 11, 23)
NUMBERS = st.lists(st.integers(0, 10_000), min_size=1, max_size=50)


@given(NUMBERS, st.integers(1, 3))
def test_every_bar_stands_within_the_drawing_and_is_as_high_as_its_number(
    numbers: list[int], lines: int
) -> None:
    chart = BarChart([str(at) for at in range(len(numbers))], [ChartLine("a", numbers)] * lines)

    bars = chart.bars

    assert len(bars) == len(numbers) * lines
    for bar, number in zip(bars[::lines], numbers, strict=True):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.001
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT + 0.001
        assert abs(bar.height - HEIGHT * number / max(1, *numbers)) < 0.001
    assert [row[0] for _, row in chart.rows] == numbers[::-1]


@given(st.integers(1, 3_000), st.integers(1, 2))
def test_a_chart_has_at_most_400_bars_and_loses_no_day_of_a_year(days: int, lines: int) -> None:
    first = TODAY - timedelta(days=days - 1)

    spans = day_spans(first, TODAY, lines)

    assert len(spans) * lines <= MOST_BARS
    assert spans[-1].last == TODAY
    counts = {first + timedelta(days=at): 1 for at in range(days)}
    if days <= 366:
        assert sum(numbers_in(spans, counts)) == days


def test_two_rules_over_a_year_are_shown_by_the_week() -> None:
    spans = day_spans(TODAY - timedelta(days=364), TODAY, 2)

    assert not spans[0].is_day
    assert {(span.last - span.first).days for span in spans} == {6}


def test_a_row_says_its_share_and_what_was_found_before() -> None:
    found = {"a": Found(9, 6), "b": Found(3, 2)}

    rows = trend_rows(TrendFilters(), found, {"b": Found(5, 4), "c": Found(1, 1)})

    assert [(row.name, row.share, row.before) for row in rows] == [
        ("a", 75, 0),
        ("b", 25, 4),
        ("c", 0, 1),
    ]


def test_an_address_of_the_trends_holds_what_was_asked_and_nothing_unknown() -> None:
    asked = TrendFilters.asked({"rule": "a", "beside": "a", "days": "12345", "what": "articles"})

    assert asked == TrendFilters(rule="a", what="articles")
    assert asked.address(beside="b") == "/trends?rule=a&beside=b&what=articles"
