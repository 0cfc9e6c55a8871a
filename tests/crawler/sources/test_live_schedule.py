"""When a page is a live blog, and when it is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from crawler.sources.live_blogs import (
    MOST_OF_A_HOST,
    OVER_AFTER,
    PACE,
    SLOWEST,
    LiveBlog,
    LiveReading,
    after_reading,
    next_reading,
)
from crawler.stories import has_grown

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GREW, QUIET, NAMED = LiveReading(grew=True), LiveReading(), LiveReading(named=True)


def after(*readings: tuple[timedelta, LiveReading]) -> LiveBlog | None:
    held = None
    for at, read in readings:
        held = after_reading(held, read, NOW + at)
    return held


@pytest.mark.parametrize(
    ("readings", "live"),
    [
        ([(timedelta(), NAMED)], True),
        ([(timedelta(), GREW)], False),
        ([(timedelta(), GREW), (2 * HOUR, GREW)], True),
        ([(timedelta(), GREW), (4 * HOUR, GREW)], False),
        ([(timedelta(), GREW), (HOUR, QUIET), (2 * HOUR, GREW)], True),
        ([(timedelta(), NAMED), (13 * HOUR, QUIET)], False),
        ([(timedelta(), NAMED), (13 * HOUR, LiveReading(named=True, grew=True))], True),
        ([(timedelta(), replace(NAMED, touched=NOW - 20 * HOUR))], False),
        ([(timedelta(), replace(NAMED, ends=NOW + HOUR)), (2 * HOUR, QUIET)], False),
        ([(timedelta(), replace(NAMED, ends=NOW + HOUR)), (2 * HOUR, GREW)], True),
    ],
)
def test_a_page_is_live_by_its_own_word_or_after_two_paragraphs_in_three_hours(
    readings: list[tuple[timedelta, LiveReading]], live: object
) -> None:
    found = after(*readings)

    assert found is not None
    assert found.live is live


def test_a_page_that_never_grew_is_nothing_to_follow() -> None:
    assert after((timedelta(), QUIET), (HOUR, QUIET)) is None


@given(st.timedeltas(timedelta(), OVER_AFTER), st.integers(0, 20))
def test_the_longer_a_live_blog_rests_the_later_it_is_read(rested: timedelta, before: int) -> None:
    blog = LiveBlog(live=True, since=NOW - 2 * OVER_AFTER, grown=NOW - rested)

    soon, later = (
        next_reading(each, NOW, before=before)
        for each in (blog, replace(blog, grown=blog.grown - HOUR))
    )

    assert soon is not None
    assert later is not None
    assert NOW + PACE <= soon <= later <= NOW + SLOWEST
    if before >= MOST_OF_A_HOST:
        assert soon == NOW + SLOWEST


def test_one_that_is_over_is_not_read_again_for_its_own_sake() -> None:
    blog = LiveBlog(live=False, since=NOW, grown=NOW)

    assert next_reading(blog, NOW, before=0) is None


OLD = (
    "De brug bij Meppel is dicht voor al het verkeer.\n\nDe politie zoekt getuigen van de botsing."
)
NEW = "Een duiker heeft onder de brug resten van een oude schuit gevonden, meldt de gemeente."


@pytest.mark.parametrize(
    ("before", "after", "grew"),
    [
        (OLD, f"{NEW}\n\n{OLD}", True),
        (OLD, f"{OLD}\n\n{NEW}", True),
        (OLD, OLD.replace("voor al het verkeer", "voor auto's en voor vrachtwagens"), False),
        (OLD, f"{OLD}\n\nDe brug is nu weer open.", False),
        (OLD, "\n\n".join(reversed(OLD.split("\n\n"))), False),
        (NEW, NEW.replace("een oude schuit", "een kano uit de steentijd"), False),
        (f"{NEW}\n\n{OLD}", OLD, False),
        (OLD, f"{NEW}\n\n{OLD.split(chr(10), maxsplit=1)[0]}", True),
        (OLD, OLD, False),
    ],
)
def test_a_text_grows_by_a_paragraph_of_its_own_and_by_no_edit(
    before: str, after: str, grew: object
) -> None:
    assert has_grown(before, after) is grew
