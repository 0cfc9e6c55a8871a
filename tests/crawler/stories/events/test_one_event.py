"""How well one event in several outlets' own words is known; what makes it worse fails here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from story_events import HELD, TUNED, EventPair, event_pairs, event_score, in_conversations, told


@pytest.fixture(scope="module", params=[TUNED, HELD], ids=["tuned", "held"])
def labelled(request: pytest.FixtureRequest) -> tuple[Path, list[EventPair]]:
    return request.param, event_pairs(request.param)


def test_there_are_as_many_labelled_pairs_as_it_is_said() -> None:
    articles = [one for path in (TUNED, HELD) for one in told(path)]
    topics = Counter(one.topic for one in articles)
    events = Counter((one.topic, one.event) for one in articles)
    pairs, same = (
        sum(size * (size - 1) // 2 for size in sizes.values()) for sizes in (topics, events)
    )
    assert (len(articles), pairs, same) == (159, 340, 105)


def test_what_comes_in_one_conversation_is_one_event(
    labelled: tuple[Path, list[EventPair]],
) -> None:
    _, pairs = labelled
    assert event_score(pairs).precision >= 0.95
    assert event_score(in_conversations(pairs)).precision >= 0.95


def test_most_of_what_outlets_say_of_one_event_comes_in_one_conversation(
    labelled: tuple[Path, list[EventPair]],
) -> None:
    path, pairs = labelled
    least = 0.85 if path == TUNED else 0.5
    assert event_score(in_conversations(pairs)).recall >= least


def test_each_link_of_one_event_is_shown_as_related(
    labelled: tuple[Path, list[EventPair]],
) -> None:
    _, pairs = labelled
    linked = [pair for pair in pairs if pair.linked]
    assert sum(pair.shown for pair in linked) >= 0.95 * len(linked)
