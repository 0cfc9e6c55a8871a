"""The views that other programs read: which rows they have, and the page that describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deliverydesk import BAGHUZ, article, open_desk

from alerts.delivery.requests import forget
from crawler.store import Connection, open_reader

PAGE = (Path(__file__).parents[3] / "docs" / "data.md").read_text("utf-8")
PROMISED = {
    "v_articles": "article story outlet source section author language url title lead body "
    "published day first_seen modified revisions partial paid withdrawn erased",
    "v_matches": "rule rule_hash article story outlet source section url title published day "
    "found revision current hits words origin",
    "v_stories": "story created day title articles outlets first_published last_published rules",
    "v_alerts": "alert kind rule story article outlet priority created day title url deliveries "
    "delivered told",
}
OTHER = "Een heel ander stuk, over een kalifaat van lang geleden dat niemand zich meer herinnert."
EVENING = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past twelve of the next day


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles of one story, of which one was changed twice, and one of another story."""
    path = tmp_path_factory.mktemp("views") / "nieuws.db"
    desk = open_desk(path)
    desk.add_channel()
    desk.rules(kalifaat="kalifa*", brug="brug")
    for title, body, outlet, number in (
        ("Laatste bolwerk gevallen", BAGHUZ, "NOS", 1),
        ("Laatste bolwerk gevallen", BAGHUZ, "Peilpunt", 2),
        ("Lang geleden", OTHER, "NOS", 3),
    ):
        desk.publish(title, body, outlet=outlet, number=number, lead="", published=EVENING)
    desk.match()
    desk.send_over(timedelta(minutes=30))
    for changed in (BAGHUZ.replace("kalifaat", "rijk"), BAGHUZ.replace("kalifaat", "land")):
        desk.save(article("Laatste bolwerk gevallen", changed, lead="", published=EVENING))
    desk.match()
    desk.writer.close()
    return path


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    db = open_reader(path)
    yield db
    db.close()


@pytest.mark.parametrize("view", PROMISED)
def test_the_columns_that_are_promised_are_there_and_described(db: Connection, view: str) -> None:
    columns = [column for _, column, *_ in db.execute(f"PRAGMA table_info({view})")]

    assert columns[: len(PROMISED[view].split())] == PROMISED[view].split()
    assert [column for column in columns if f"`{column}`" not in PAGE] == []


def test_an_article_that_was_changed_counts_once_and_says_whether_it_still_matches(
    db: Connection,
) -> None:
    rows = db.rows("SELECT * FROM v_matches WHERE rule = 'kalifaat' ORDER BY outlet, title")

    shown = [(row["outlet"], row["revision"], row["current"], row["words"]) for row in rows]
    assert shown == [
        ("NOS", 1, 0, "kalifaat"),
        ("NOS", 1, 1, "kalifaat"),
        ("Peilpunt", 1, 1, "kalifaat"),
    ]
    assert db.rows("SELECT revisions FROM v_articles ORDER BY revisions DESC")[0]["revisions"] == 3


def test_a_day_is_the_local_one(db: Connection) -> None:
    for view in ("v_articles", "v_matches"):
        assert {row["day"] for row in db.rows(f"SELECT day FROM {view}")} == {"2026-11-24"}


def test_a_story_has_its_articles_outlets_and_rules(db: Connection) -> None:
    rows = db.rows("SELECT * FROM v_stories ORDER BY articles DESC")

    shown = [(row["title"], row["articles"], row["outlets"], row["rules"]) for row in rows]
    assert shown == [
        ("Laatste bolwerk gevallen", 2, 2, "kalifaat"),
        ("Lang geleden", 1, 1, "kalifaat"),
    ]


def test_an_alert_says_what_it_is_about_and_when_it_was_told(db: Connection) -> None:
    rows = db.rows("SELECT * FROM v_alerts WHERE kind = 'alert.story' ORDER BY title")

    assert [row["title"] for row in rows] == ["Laatste bolwerk gevallen", "Lang geleden"]
    assert [(row["rule"], row["deliveries"], row["delivered"]) for row in rows] == [
        ("kalifaat", 1, 1)
    ] * 2
    assert all(row["told"] for row in rows)


def test_what_is_forgotten_is_in_no_view(tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "nieuws.db")
    desk.add_channel()
    desk.rules(kalifaat="kalifa*")
    desk.publish()
    desk.match()
    desk.writer.run(lambda db: forget(db, article().id, "gevraagd", desk.clock()))

    def everything(db: Connection) -> str:
        return str([db.rows(f"SELECT * FROM {view}") for view in PROMISED])

    assert "Baghuz" not in desk.writer.run(everything)
    desk.writer.close()


def questions() -> list[str]:
    blocks: list[tuple[str, str]] = re.findall(r"```(sql|python|r)\n(.*?)```", PAGE, re.DOTALL)
    strings = [text for kind, text in blocks if kind == "sql"]
    for kind, text in blocks:
        strings += re.findall(r'"(\s*SELECT .*?)"', text, re.DOTALL) if kind != "sql" else []
    return strings


@pytest.mark.parametrize("question", questions())
def test_each_question_of_the_page_is_answered(db: Connection, question: str) -> None:
    given: dict[str, Any] = {"rule": "kalifaat"} if ":rule" in question else {}

    assert db.rows(question, given)


def test_the_page_asks_in_every_program() -> None:
    assert len(questions()) == 6
