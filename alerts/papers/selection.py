"""Which stories stand in an edition, where, and what an editor has changed of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alerts.edition import Edition, EditionEdits, EditionSection, EditionStory
from alerts.match import Priority
from alerts.papers.paper_plan import MorningPaper

_URGENCY = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}


def ranked(stories: Iterable[EditionStory]) -> list[EditionStory]:
    """The stories, the most important first: by outlets, then priority, then freshness.

    What only came once more, in copies, stands below what says something new.
    """
    return sorted(
        stories,
        key=lambda one: (
            one.only_copies,
            -one.outlets,
            _URGENCY[one.priority],
            -one.newest.timestamp(),
            one.story,
        ),
    )


def composed(
    paper: MorningPaper, frame: Edition, stories: Sequence[EditionStory], edits: EditionEdits
) -> Edition:
    """The edition with these stories in its sections, as an editor wants it.

    A section without a story is left out. What has no room is what ranks last, unless an editor has
    given it a place.
    """
    kept = [one for one in stories if one.story not in edits.dropped]
    placed = {story: place for place, story in enumerate(edits.order)}
    order = sorted(ranked(kept), key=lambda one: placed.get(one.story, len(placed)))
    shown = order[: paper.most]
    by_section: dict[int, list[EditionStory]] = {}
    for one in shown:
        section = paper.section_of(one.rules)
        if section is not None:
            by_section.setdefault(section, []).append(_edited(one, edits))
    sections = tuple(
        EditionSection(paper.sections[place].title, tuple(by_section[place]))
        for place in sorted(by_section)
    )
    return replace(
        frame,
        sections=sections,
        left_out=len(order) - len(shown),
        foreword=edits.foreword,
    )


def _edited(story: EditionStory, edits: EditionEdits) -> EditionStory:
    title = edits.titles.get(story.story, "")
    note = edits.notes.get(story.story, "")
    if title:
        # The headline is no longer shown as its outlet wrote it.
        story = replace(story, title=title, headline="", more=story.more + bool(story.headline))
    return replace(story, note=note)


def moved(edition: Edition, story: str, step: int) -> tuple[str, ...]:
    """The order of all stories once this one has gone so many places up or down in its section."""
    order: list[str] = []
    for section in edition.sections:
        names = [one.story for one in section.stories]
        if story in names:
            at = names.index(story)
            names.insert(max(0, min(len(names) - 1, at + step)), names.pop(at))
        order += names
    return tuple(order)
