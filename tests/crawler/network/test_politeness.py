"""What hosts ask of a crawler, and what that means for the next request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, strategies as st

from crawler.network.politeness import (
    Pace,
    RobotsAnswer,
    authority,
    pace_asked,
    product,
    retry_after,
    robots_answer,
)
from crawler.sources.retries import next_attempt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("000000000000000030", timedelta(seconds=30)),
        ("9" * 5000, timedelta.max),
        ("21601", timedelta(hours=6, seconds=1)),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), timedelta(minutes=5)),
        (format_datetime(NOW + timedelta(days=3), usegmt=True), timedelta(days=3)),
        (format_datetime(NOW, usegmt=True), timedelta()),
        ("Sun, 01 Mar 2026 12:10:00 -0000", timedelta(minutes=10)),
    ],
)
def test_a_wish_to_wait_is_heard(value: str, wait: timedelta) -> None:
    assert retry_after(value, NOW) == wait


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", "soon", "-5", "1.5", "\u0661\u0662", "²", "99:99"),
        "Mon, 99 Nov 2026 09:10:00 GMT",
        "Sun, 01 Mar 2026 12:10:00 +9999999999",
        format_datetime(NOW - timedelta(minutes=5), usegmt=True),
    ],
)
def test_a_wish_that_is_over_or_cannot_be_read_is_none(value: str | None) -> None:
    assert retry_after(value, NOW) is None


@given(st.text(max_size=60))
def test_no_header_makes_reading_it_fail(value: str) -> None:
    wait = retry_after(value, NOW)

    assert wait is None or timedelta() <= wait


@given(st.integers(100, 599))
def test_robots_txt_that_is_not_there_frees_and_a_server_fault_forbids(status: int) -> None:
    answer = robots_answer(status)

    if status >= 500 or status == 429:
        assert answer is RobotsAnswer.UNREACHABLE
    elif status >= 300:
        assert answer is RobotsAnswer.FREE
    else:
        assert answer is RobotsAnswer.RULES


@given(st.one_of(st.none(), st.floats()))
def test_a_crawl_delay_only_slows_down_and_never_beyond_the_longest(asked: float | None) -> None:
    pace = pace_asked(Pace(1.0, 2), asked, longest=30.0)

    assert 1.0 <= pace.delay <= 30.0
    assert (pace.per_host == 1) == (pace.delay > 1.0)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("nieuwswacht (+https://example.org/contact)", "nieuwswacht"),
        ("nieuwswacht/1.2 (x)", "nieuwswacht"),
        ("Mozilla/5.0 (compatible; DeskBot/1.0; +https://example.org/contact)", "DeskBot"),
        ("", "*"),
    ],
)
def test_robots_txt_is_asked_by_the_products_name(user_agent: str, name: str) -> None:
    assert product(user_agent) == name


def test_those_who_share_host_and_port_share_patience() -> None:
    assert authority("https://Krant.example/a") == authority("https://lezer@krant.example/b")
    assert authority("https://krant.example:8443/") != authority("https://krant.example/")


@given(st.integers(0, 20), st.sampled_from([None, 0, 403, 404, 410, 451, 500, 503]))
def test_a_page_that_failed_is_asked_for_later_each_time_and_given_up_in_the_end(
    attempts: int, status: int | None
) -> None:
    at, before = (next_attempt(tried, NOW, status=status) for tried in (attempts, attempts - 1))

    if status in {410, 451} or attempts > 7:
        assert at is None
    elif at is not None:
        assert at > NOW
        assert attempts == 0 or before is None or at > before


def test_a_host_that_asks_to_wait_is_heard_for_its_pages_as_well() -> None:
    assert next_attempt(0, NOW, status=503, wait=timedelta(hours=2)) == NOW + timedelta(hours=2)
