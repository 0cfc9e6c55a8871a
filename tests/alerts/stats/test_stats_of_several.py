"""Numbers of several archives as one: an article that stands in two of them counts once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deliverydesk import BAGHUZ, open_desk

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
from crawler.store import Connection, open_reader

RULE = rule_of(id="kalifaat", text="kalifa*", channels=["desk"])
BRIDGE = "De brug over de rivier is dicht, en niemand weet voor hoe lang."
OTHER = "Een heel ander stuk, over een kalifaat van lang geleden dat niemand zich meer herinnert."
THEN = datetime(2026, 11, 23, 9, tzinfo=UTC)
NEXT_DAY = THEN + timedelta(days=1)
BY_DAY = StatsQuestion(by=(Dimension.DAY,))


def write(path: Path, now: datetime, *numbers: int) -> None:
    """An archive with these of four articles: two of one story, one of a bridge, one of old."""
    desk = open_desk(path)
    desk.add_channel()
    desk.rulebook = RuleBook.build([RULE])
    desk.clock.now = now
    desk.poll("nos")
    texts = {1: BAGHUZ, 2: BAGHUZ, 3: BRIDGE, 4: OTHER}
    titles = {3: "Brug dicht", 4: "Lang geleden"}
    for number in numbers:
        title = titles.get(number, "Laatste bolwerk gevallen")
        outlet = "Peilpunt" if number == 2 else "NOS"
        desk.publish(title, texts[number], number=number, lead="", outlet=outlet, published=THEN)
    desk.match()
    desk.writer.run(_cover)
    desk.writer.close()


def _cover(db: Connection) -> None:
    db.execute("INSERT INTO counters VALUES ('2026-11-23', 'nos', 'failed', 2)")
    db.execute("UPDATE sources SET outlet = 'NOS' WHERE id = 'nos'")
    db.execute("UPDATE articles SET partial = 1 WHERE title = 'Brug dicht'")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Connection]]:
    """One archive, and a day later one that has two of its three articles and another one."""
    folder = tmp_path_factory.mktemp("several")
    write(folder / "one.db", THEN, 1, 3, 4)
    write(folder / "two.db", NEXT_DAY, 2, 1, 3)
    held = [open_reader(folder / name) for name in ("one.db", "two.db")]
    yield held
    for db in held:
        db.close()


def of_query(archives: list[Connection], question: StatsQuestion) -> Stats:
    db, *also = archives
    return stats_of_query(db, RULE, question, Concepts(), lambda: True, also=also)


def of_rule(archives: list[Connection], question: StatsQuestion) -> Stats:
    db, *also = archives
    return stats_of_rule(db, RULE, question, also=also)


def counts(stats: Stats) -> dict[tuple[str, ...], tuple[int, int]]:
    return {row.cell: (row.count, row.stored) for row in stats.rows}


@pytest.mark.parametrize("asked", [of_query, of_rule])
def test_an_article_in_both_counts_once_on_the_day_of_its_first_copy(
    archives: list[Connection], asked: object
) -> None:
    assert callable(asked)
    found, back = asked(archives, BY_DAY), asked(archives[::-1], BY_DAY)

    assert counts(found) == {("2026-11-23",): (2, 3), ("2026-11-24",): (1, 1)}
    assert counts(found) == counts(back)
    assert found.total == 3
    assert (found.archive["articles"], found.archive["shared"]) == (6, 2)
    assert found.fingerprint != asked(archives[:1], BY_DAY).fingerprint


def test_stories_that_share_an_article_are_one(archives: list[Connection]) -> None:
    question = replace(BY_DAY, unit=Unit.STORIES)

    assert counts(of_query(archives, question)) == {
        ("2026-11-23",): (2, 3),
        ("2026-11-24",): (0, 1),
    }
    assert of_rule(archives, question).rows == of_query(archives, question).rows


def test_a_passage_in_both_is_one(archives: list[Connection]) -> None:
    question = StatsQuestion(by=(), unit=Unit.PASSAGES)

    assert of_rule(archives, question).total == of_query(archives, question).total
    assert of_query(archives, question).total == of_query(archives[:1], question).total


def test_what_may_be_missing_is_added_up_and_a_part_in_both_is_one(
    archives: list[Connection],
) -> None:
    question = StatsQuestion(by=(Dimension.OUTLET,))

    nos, other = of_query(archives, question).rows

    assert (nos.failed_polls, nos.partial, other.partial) == (4, 1, 0)


def test_a_copy_that_came_after_the_moment_of_as_of_is_not_there_yet(
    archives: list[Connection],
) -> None:
    question = replace(BY_DAY, as_of=NEXT_DAY)

    found = of_query(archives, question)

    assert counts(found) == counts(of_query(archives[:1], question))
    assert found.archive["shared"] == 0


def test_by_the_date_of_publication_copies_of_one_date_are_one(archives: list[Connection]) -> None:
    question = replace(BY_DAY, dating=Dating.PUBLISHED, until=NEXT_DAY)

    assert counts(of_query(archives, question)) == {("2026-11-23",): (3, 4)}
