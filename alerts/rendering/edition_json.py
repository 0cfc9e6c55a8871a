"""An edition of a morning paper as JSON: the `review` of a webhook body, and `review --json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alerts.edition import Edition, EditionQuote, EditionStory


def review_body(edition: Edition, most: int | None = None) -> dict[str, Any]:
    """The edition with its first `most` stories; fields may be added, none is removed."""
    stories = edition.stories[:most]
    kept = {story.story for story in stories}
    return {
        "id": edition.key.paper,
        "name": edition.name,
        "date": edition.key.day,
        "at": edition.key.at,
        "due": edition.due.isoformat(),
        "since": edition.since.isoformat(),
        "until": edition.until.isoformat(),
        "late": edition.late,
        "note": edition.foreword,
        "articles": edition.read,
        "outlets": edition.outlets,
        "sections": [
            {
                "title": section.title,
                "stories": [_story(one) for one in section.stories if one.story in kept],
            }
            for section in edition.sections
        ],
        "stories_left_out": edition.left_out + len(edition.stories) - len(stories),
        "waves": [
            {"rule": wave.rule_name, "began": wave.began.isoformat(), "stories": wave.stories}
            for wave in edition.waves
        ],
        "silent": [
            {"outlet": silent.outlet, "since": silent.since.isoformat()}
            for silent in edition.silent
        ],
    }


def _story(story: EditionStory) -> dict[str, Any]:
    return {
        "id": story.story,
        "article": story.article,
        "title": story.title,
        "outlet": story.outlet,
        "url": story.url,
        "published": story.published.isoformat(),
        "found": story.newest.isoformat(),
        "rules": list(story.rules),
        "priority": story.priority.value,
        "also": [{"outlet": other.outlet, "url": other.url} for other in story.also],
        "quote": _quote(story.quote) if story.quote else None,
        "passages_left_out": story.more,
        "changes": [
            {
                "outlet": change.outlet,
                "field": change.field,
                "before": change.before,
                "after": change.after,
            }
            for change in story.changes
        ],
        "since": story.since.isoformat() if story.since else None,
        "only_copies": story.only_copies,
        "note": story.note,
    }


def _quote(quote: EditionQuote) -> Mapping[str, Any]:
    return {"text": quote.text, "hits": [list(span) for span in quote.hits]}
