"""The roll-up of matches by day says what counting the matches anew says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from deliverydesk import BAGHUZ, Desk, open_desk

from alerts.delivery.requests import forget
from alerts.trends import Found, MatchDays, fill_match_days
from crawler.store import Connection, drop_articles
from crawler.store.records import Row

LONG_AGO = date(2000, 1, 1)
OTHER = "Een heel ander stuk, over een kalifaat van lang geleden dat niemand zich meer herinnert."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.add_channel()
    desk.rules(kalifaat="kalifa*", rivier="Eufraat")
    yield desk
    desk.writer.close()


def counts(desk: Desk, *, rule: str = "", outlet: str = "") -> list[tuple[str, int, int]]:
    found = desk.writer.run(lambda db: MatchDays(db).series(LONG_AGO, rule, outlet))
    return [
        (str(day), each.articles, each.stories) for day, each in found.items() if each != Found()
    ]


def rows(db: Connection) -> list[Row]:
    kept = "articles <> 0 OR stories <> 0"
    return db.rows(f"SELECT * FROM match_days WHERE {kept} ORDER BY rule, day, outlet")


def counted_anew(db: Connection) -> list[Row]:
    db.execute("DELETE FROM match_days")
    fill_match_days(db)
    return rows(db)


def test_an_article_counts_once_for_a_rule_and_a_story_once_at_all_outlets_together(
    desk: Desk,
) -> None:
    desk.publish(number=1)
    desk.publish(number=2, outlet="Peilpunt")
    desk.match()
    desk.clock.forward(days=1)
    desk.publish(body=BAGHUZ.replace("Duizenden", "Tienduizenden"), number=1)
    desk.publish("Lang geleden", OTHER, number=3)
    desk.match()

    assert counts(desk) == [("2026-11-23", 2, 1), ("2026-11-24", 1, 1)]
    assert counts(desk, rule="rivier") == [("2026-11-23", 2, 1)]
    assert counts(desk, outlet="NOS") == [("2026-11-23", 1, 1), ("2026-11-24", 1, 1)]
    assert counts(desk, outlet="Peilpunt") == [("2026-11-23", 1, 1)]
    days = desk.writer.run(lambda db: MatchDays(db).by_outlet(LONG_AGO, date.max, "rivier"))
    assert days == {"NOS": Found(1, 1), "Peilpunt": Found(1, 1)}
    rules = desk.writer.run(lambda db: MatchDays(db).by_rule(LONG_AGO, date.max))
    assert rules == {"kalifaat": Found(3, 2), "rivier": Found(2, 1)}


def test_a_day_is_one_of_utc(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    desk.publish(number=1)
    desk.match()
    desk.clock.forward(minutes=2)
    desk.publish("Lang geleden", OTHER, number=2)
    desk.match()

    assert counts(desk) == [("2026-11-23", 1, 1), ("2026-11-24", 1, 1)]


def test_what_is_forgotten_counts_no_more_and_a_story_from_its_next_article(desk: Desk) -> None:
    first = desk.publish(number=1)
    desk.match()
    desk.clock.forward(days=1)
    desk.publish(number=2, outlet="Peilpunt")
    desk.match()

    desk.writer.run(lambda db: forget(db, first.article, "op verzoek", desk.clock()))

    assert counts(desk) == [("2026-11-24", 1, 1)]
    assert counts(desk, outlet="NOS") == []


def test_what_is_too_old_to_be_kept_still_counts(desk: Desk) -> None:
    desk.publish(number=1)
    desk.match()

    desk.writer.run(lambda db: drop_articles(db, desk.clock.forward(days=400), 10))

    assert counts(desk) == [("2026-11-23", 1, 1)]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_days_say_what_counting_anew_says(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    texts = [BAGHUZ, BAGHUZ.replace("Duizenden", "Honderden"), OTHER, OTHER + " Ook de Eufraat."]
    published = []
    for _ in range(25):
        outlet, number = chance.choice(["NOS", "Peilpunt", "Krant"]), chance.randint(1, 4)
        published.append(desk.publish(body=chance.choice(texts), outlet=outlet, number=number))
        if chance.random() < 0.6:
            desk.match()
        if chance.random() < 0.2:
            gone = chance.choice(published).article
            desk.writer.run(lambda db, gone=gone: forget(db, gone, "op verzoek", desk.clock()))
        desk.clock.forward(hours=chance.choice([1, 30]))
    desk.match()

    kept = desk.writer.run(rows)

    assert kept
    assert kept == desk.writer.run(counted_anew)
