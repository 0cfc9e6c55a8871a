"""Numbers that can be defended: each thing counts once, beside all that was stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deliverydesk import BAGHUZ, Desk, open_desk
from hypothesis import given, settings, strategies as st

from alerts.query.parser import Concepts
from alerts.rules.book import RuleBook, rule_of
from alerts.stats import (
    Dating,
    Dimension,
    Stats,
    StatsQuestion,
    Unit,
    stats_of_query,
    stats_of_rule,
)
from alerts.stats.cells import Item, counted
from crawler.store import Connection

RULE = rule_of(id="kalifaat", text="kalifa*", channels=["desk"])
OTHER = "Een heel ander stuk, over een kalifaat van lang geleden dat niemand zich meer herinnert."
BRIDGE = "De brug over de rivier is dicht, en niemand weet voor hoe lang."
BY_DAY = StatsQuestion(by=(Dimension.DAY,))
HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # half past eleven in Amsterdam


def opened(path: Path) -> Desk:
    desk = open_desk(path)
    desk.add_channel()
    desk.rulebook = RuleBook.build([RULE])
    desk.clock.now = EVENING
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Two outlets tell one story, on two local days; one of them tells another, and of a bridge."""
    desk = opened(tmp_path_factory.mktemp("stats") / "nieuws.db")
    desk.poll("nos")
    desk.publish(number=1)
    desk.publish("Brug dicht", BRIDGE, number=9, lead="")
    desk.match()
    desk.clock.forward(hours=1)
    desk.publish(number=2, outlet="Peilpunt")
    desk.publish("Lang geleden", OTHER, number=3, lead="")
    desk.publish(body=BAGHUZ.replace("Duizenden", "Tienduizenden"), number=1)
    desk.match()
    desk.writer.run(_cover)
    yield desk
    desk.writer.close()


def _cover(db: Connection) -> None:
    rows = [("2026-11-23", "nos", name, total) for name, total in (("failed", 3), ("gap", 1))]
    db.executemany("INSERT INTO counters (day, source, name, total) VALUES (?, ?, ?, ?)", rows)
    db.execute("UPDATE sources SET outlet = 'NOS' WHERE id = 'nos'")
    db.execute("UPDATE articles SET partial = 1, section = 'Buitenland' WHERE outlet = 'Peilpunt'")


def asked(desk: Desk, question: StatsQuestion) -> Stats:
    return desk.writer.run(lambda db: stats_of_rule(db, RULE, question))


def searched(desk: Desk, question: StatsQuestion) -> Stats:
    return desk.writer.run(lambda db: stats_of_query(db, RULE, question, Concepts(), lambda: True))


def counts(stats: Stats) -> dict[tuple[str, ...], tuple[int, int]]:
    return {row.cell: (row.count, row.stored) for row in stats.rows}


def test_an_article_counts_once_on_its_local_day_beside_all_that_were_stored(desk: Desk) -> None:
    utc, local = asked(desk, BY_DAY), asked(desk, replace(BY_DAY, timezone="Europe/Amsterdam"))

    assert counts(utc) == {("2026-11-23",): (3, 4)}
    assert counts(local) == {("2026-11-23",): (1, 2), ("2026-11-24",): (2, 2)}
    assert (utc.counted_from, local.counted_from) == ("roll-up", "matches")
    assert utc.total == local.total == 3


def test_a_story_counts_on_the_day_of_its_first_article_and_for_each_outlet(desk: Desk) -> None:
    question = replace(BY_DAY, unit=Unit.STORIES, timezone="Europe/Amsterdam")
    by_outlet = replace(question, by=(Dimension.OUTLET, Dimension.DAY))

    assert {row.cell: row.count for row in asked(desk, question).rows} == {
        ("2026-11-23",): 1,
        ("2026-11-24",): 1,
    }
    assert {row.cell: row.count for row in asked(desk, by_outlet).rows} == {
        ("NOS", "2026-11-23"): 1,
        ("NOS", "2026-11-24"): 1,
        ("Peilpunt", "2026-11-24"): 1,
    }
    assert asked(desk, by_outlet).total == 2


@pytest.mark.parametrize("unit", [Unit.ARTICLES, Unit.STORIES])
@pytest.mark.parametrize("by", [("day",), ("outlet",), ("week", "outlet"), ("outlet", "month"), ()])
def test_the_roll_up_the_matches_and_the_archive_give_one_number(
    desk: Desk, unit: Unit, by: tuple[str, ...]
) -> None:
    question = StatsQuestion(by=tuple(map(Dimension, by)), unit=unit)
    later = replace(question, as_of=EVENING + timedelta(days=365))

    found = [asked(desk, question), asked(desk, later), searched(desk, question)]

    assert [each.counted_from for each in found] == ["roll-up", "matches", "archive"]
    assert found[0].rows == found[1].rows == found[2].rows
    assert found[0].total == found[1].total == found[2].total


def test_a_passage_counts_once_in_its_story_whoever_has_it(desk: Desk) -> None:
    question = StatsQuestion(by=(Dimension.OUTLET,), unit=Unit.PASSAGES)

    found = asked(desk, question)

    sentences = [
        sentence
        for sentence in (*re.split(r"(?<=[.]) ", f"{BAGHUZ} {OTHER}"), "Laatste bolwerk gevallen")
        if "kalifa" in sentence.casefold()
    ]
    assert found.total == len(sentences)
    assert found.rows == searched(desk, question).rows
    assert (found.counted_from, found.total) == ("matches", searched(desk, question).total)


def test_beside_a_number_stands_what_may_be_missing_in_it(desk: Desk) -> None:
    nos, other = asked(desk, StatsQuestion(by=(Dimension.OUTLET,))).rows

    assert (nos.failed_polls, nos.gaps, nos.missed_pages, nos.partial) == (3, 1, 0, 0)
    assert (other.failed_polls, other.gaps, other.missed_pages, other.partial) == (0, 0, 0, 1)


def test_sections_and_dates_of_publication_can_be_counted_by(desk: Desk) -> None:
    by_section = StatsQuestion(by=(Dimension.SECTION,))
    published = replace(BY_DAY, dating=Dating.PUBLISHED, until=EVENING + HOUR)

    assert counts(asked(desk, by_section)) == {("",): (2, 3), ("Buitenland",): (1, 1)}
    assert counts(asked(desk, published)) == {("2026-11-23",): (3, 4)}
    assert counts(asked(desk, replace(published, until=EVENING))) == {("2026-11-23",): (0, 1)}
    assert searched(desk, published).rows == asked(desk, published).rows


def test_a_period_has_its_first_moment_and_not_its_last(desk: Desk) -> None:
    first = replace(BY_DAY, since=EVENING, until=EVENING + HOUR)
    second = replace(BY_DAY, since=EVENING + HOUR)

    assert counts(asked(desk, first)) == {("2026-11-23",): (1, 2)}
    assert counts(asked(desk, second)) == {("2026-11-23",): (2, 2)}


def test_a_count_as_of_a_moment_stays_what_it_was_and_says_so(tmp_path: Path) -> None:
    # given a count of all there is, and one as of an hour later
    desk = opened(tmp_path / "nieuws.db")
    desk.publish(number=1)
    desk.match()
    then = replace(BY_DAY, as_of=desk.clock.forward(hours=1))
    before, of_then = asked(desk, BY_DAY), asked(desk, then)
    # when more is found
    desk.publish("Lang geleden", OTHER, number=3)
    desk.match()
    # then the one is another, whose archive is another; the other is the same
    after = asked(desk, BY_DAY)
    assert (before.total, after.total) == (1, 2)
    assert before.fingerprint != after.fingerprint
    assert asked(desk, then) == of_then
    assert asked(desk, then).fingerprint == of_then.fingerprint
    desk.writer.close()


MOMENTS = st.integers(0, 90 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + hours * HOUR)
ITEMS = st.lists(
    st.builds(
        Item,
        article=st.sampled_from("abc"),
        story=st.just("sty"),
        moment=MOMENTS,
        outlet=st.sampled_from(["NOS", "AD"]),
        section=st.sampled_from(["", "Sport"]),
    ),
    max_size=20,
)


@settings(max_examples=50)
@given(items=ITEMS)
def test_the_cells_of_days_add_up_to_the_whole(items: list[Item]) -> None:
    cells, total = counted(items, BY_DAY)

    assert sum(cells.values()) == total == len({item.article for item in items})


@settings(max_examples=50)
@given(items=ITEMS)
def test_the_order_in_which_things_come_changes_no_number(items: list[Item]) -> None:
    question = StatsQuestion(by=(Dimension.OUTLET, Dimension.WEEK))

    assert counted(items, question) == counted(items[::-1], question)
