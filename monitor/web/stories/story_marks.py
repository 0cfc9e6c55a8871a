"""What each user of the page has noted on stories: seen, starred, a note."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from crawler.frozen import dataclass
from crawler.store import Connection, as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMark:
    """What a user has noted on a story.

    `seen` is the number of its newest match when it was seen: with a later one it is news again.
    """

    story: str
    seen: int = 0
    starred: bool = False
    note: str = ""


class StoryMarks:
    """The marks of one user; methods that write belong in a writer's job."""

    def __init__(self, db: Connection, user: str) -> None:
        self._db, self._user = db, user

    def of(self, stories: Iterable[str]) -> dict[str, StoryMark]:
        """The mark of each of these stories that has one."""
        rows = self._db.rows(
            "SELECT story, seen, starred, note FROM story_marks "
            "WHERE user = ? AND story IN (SELECT value FROM json_each(?))",
            [self._user, json.dumps(list(stories))],
        )
        return {
            row["story"]: StoryMark(
                story=row["story"],
                seen=row["seen"],
                starred=bool(row["starred"]),
                note=row["note"],
            )
            for row in rows
        }

    def put(self, marks: Iterable[StoryMark], now: datetime) -> None:
        """Store these marks in place of those before; one that says nothing is not kept."""
        for mark in marks:
            if not (mark.seen or mark.starred or mark.note):
                self._db.execute(
                    "DELETE FROM story_marks WHERE user = ? AND story = ?", [self._user, mark.story]
                )
                continue
            self._db.execute(
                "INSERT INTO story_marks (user, story, seen, starred, note, changed) "
                "VALUES (:user, :story, :seen, :starred, :note, :now) "
                "ON CONFLICT (user, story) DO UPDATE SET seen = excluded.seen, "
                "starred = excluded.starred, note = excluded.note, changed = excluded.changed",
                {
                    "user": self._user,
                    "story": mark.story,
                    "seen": mark.seen,
                    "starred": mark.starred,
                    "note": mark.note,
                    "now": as_text(now),
                },
            )

    def mark_seen(self, matches: Mapping[str, int], now: datetime) -> list[StoryMark]:
        """Mark these stories as seen up to these matches; returns the marks of before."""
        held = self.of(matches)
        before = [held.get(story, StoryMark(story=story)) for story in matches]
        changed = [
            StoryMark(
                story=mark.story,
                seen=max(mark.seen, matches[mark.story]),
                starred=mark.starred,
                note=mark.note,
            )
            for mark in before
        ]
        self.put(changed, now)
        return before
