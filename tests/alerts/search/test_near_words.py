"""A word that no article has is met with words that are spelled nearly so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from deliverydesk import Desk, open_desk

from alerts.query import Concepts
from alerts.search import near_words
from crawler.store.archive.words import TermStore


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = open_desk(tmp_path_factory.mktemp("near") / "nieuws.db")
    desk.publish("Kalifaat verslagen", "Strijders verlieten het dorp Baghuz langs de rivier.")
    desk.writer.run(lambda db: TermStore(db).catch_up())
    yield desk
    desk.writer.close()


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("kalifat", {"kalifat": ["kalifaat"]}),
        ("klaifaat AND baghuz", {"klaifaat": ["kalifaat"]}),
        ("Xaghuz OR kalifaat", {"xaghuz": ["baghuz"]}),
        ("strijdersen", {"strijdersen": ["strijders"]}),
        ("kalifaat", {}),
        ("kalifa* OR =KALIFAT", {}),
        ("zzzzzz", {}),
        ("xx", {}),
    ],
)
def test_plain_words_that_are_not_there_are_met_with_near_ones(
    desk: Desk, query: str, near: dict[str, list[str]]
) -> None:
    assert desk.writer.run(lambda db: near_words(db, query, Concepts())) == near
