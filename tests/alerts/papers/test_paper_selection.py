"""Which stories stand in an edition, in which order, and what an editor changes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
from papers_desk import paper

from alerts.edition import (
    Edition,
    EditionEdits,
    EditionKey,
    EditionLink,
    EditionStory,
)
from alerts.match import Priority
from alerts.papers.selection import composed, moved, ranked

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
FRAME = Edition(
    key=EditionKey(paper="ochtend", day="2026-11-23", at="07:00"),
    name="Ochtendkrant",
    language="nl",
    due=NOW,
    since=NOW - timedelta(days=1),
    until=NOW,
)


def story(  # noqa: PLR0913 - what ranks a story
    name: str,
    *,
    outlets: int = 1,
    priority: Priority = Priority.NORMAL,
    minutes: int = 0,
    rules: tuple[str, ...] = ("kalifaat",),
    copies: bool = False,
) -> EditionStory:
    return EditionStory(
        story=name,
        article=f"art_{name}",
        title=f"Kop {name}",
        outlet="NOS",
        url=f"https://nos.example/{name}",
        published=NOW,
        newest=NOW - timedelta(minutes=minutes),
        also=tuple(
            EditionLink(f"Krant {number}", "https://krant.example/")
            for number in range(outlets - 1)
        ),
        rules=rules,
        priority=priority,
        only_copies=copies,
    )


STORIES = st.lists(
    st.builds(
        story,
        st.uuids().map(str),
        outlets=st.integers(1, 4),
        priority=st.sampled_from(Priority),
        minutes=st.integers(0, 600),
        rules=st.sampled_from([("kalifaat",), ("brug",), ("kalifaat", "brug")]),
        copies=st.booleans(),
    ),
    max_size=12,
)


def _titles(edition: Edition) -> list[list[str]]:
    return [[one.story for one in section.stories] for section in edition.sections]


def test_more_outlets_go_first_then_urgency_then_the_newest() -> None:
    told = ranked(
        [
            story("oud", minutes=50),
            story("nieuw"),
            story("spoed", priority=Priority.HIGH, minutes=90),
            story("overal", outlets=3, minutes=300),
            story("kopie", outlets=9, copies=True),
        ]
    )
    assert [one.story for one in told] == ["overal", "spoed", "nieuw", "oud", "kopie"]


def test_a_story_of_two_subjects_stands_in_the_first_alone() -> None:
    both = story("beide", rules=("brug", "kalifaat"))
    found = composed(paper(), FRAME, [story("brug", rules=("brug",)), both], EditionEdits())
    assert [section.title for section in found.sections] == ["Syrië", "Verkeer"]
    assert _titles(found) == [["beide"], ["brug"]]


def test_what_has_no_room_is_counted_and_ranks_last() -> None:
    found = composed(paper(most=1), FRAME, [story("a"), story("b", outlets=2)], EditionEdits())
    assert _titles(found) == [["b"]]
    assert found.left_out == 1


def test_an_editor_drops_reorders_retitles_and_annotates() -> None:
    stories = [story("a", outlets=3), story("b"), replace(story("c"), headline="k")]
    edits = EditionEdits(
        dropped=("a",),
        order=("c", "b"),
        titles={"c": "Eigen kop"},
        notes={"c": "Bel de minister."},
        foreword="Goedemorgen.",
    )
    found = composed(paper(), FRAME, stories, edits)
    assert _titles(found) == [["c", "b"]]
    first = found.stories[0]
    assert (first.title, first.note) == ("Eigen kop", "Bel de minister.")
    assert first.keys == ()  # the outlet's headline is not shown, so it is not told
    assert (found.foreword, found.left_out) == ("Goedemorgen.", 0)


@given(STORIES, st.integers(1, 12))
def test_every_story_is_shown_once_or_counted(stories: list[EditionStory], most: int) -> None:
    found = composed(paper(most=most), FRAME, stories, EditionEdits())
    shown = [one.story for one in found.stories]
    assert len(shown) == len(set(shown)) <= most
    assert len(shown) + found.left_out == len(stories)


@given(STORIES, st.integers(0, 11), st.sampled_from([-1, 1]))
def test_moving_a_story_there_and_back_changes_nothing(
    stories: list[EditionStory], place: int, step: int
) -> None:
    found = composed(paper(most=12), FRAME, stories, EditionEdits())
    if not found.stories:
        return
    name = found.stories[place % len(found.stories)].story
    once = composed(paper(most=12), FRAME, stories, EditionEdits(order=moved(found, name, step)))
    if once == found:
        return
    back = composed(paper(most=12), FRAME, stories, EditionEdits(order=moved(once, name, -step)))
    assert back == found
