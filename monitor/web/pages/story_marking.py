"""What people note on stories by the page: seen, starred, a note; each can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.store import Connection
from monitor.web.making import ChangeError, Done, SentForm, local_path
from monitor.web.pages.frame import Frame
from monitor.web.stories import (
    PAGE,
    StoryFilters,
    StoryMark,
    StoryMarks,
    StoryQueries,
    rows_of_stories,
)

_DIGITS = 18  # SQLite's numbers have as many and one more


class StoryMarking:
    """Marks on stories, and rows of the timeline that a script puts in place of the old ones."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._changes = frame, frame.parts.changes

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/rows", self.rows, methods=["GET"]),
            self._changes.route("/stories/seen", self.all_seen),
            self._changes.route("/stories/{story}/seen", self.seen),
            self._changes.route("/stories/{story}/star", self.star),
            self._changes.route("/stories/{story}/note", self.note),
        ]

    async def rows(self, request: Request) -> Response:
        """Some rows of the timeline as they are now, on a page of their own."""
        names, user = request.query_params.get("stories", "").split("."), self._frame.user(request)
        there = local_path(request.query_params.get("there", "/"))
        found = self._frame.parts.room.part(
            lambda db: rows_of_stories(StoryQueries(db, user), names[:PAGE])
        )
        filters = StoryFilters.asked(dict(parse_qsl(urlsplit(there).query)))
        return self._frame.page(
            request, "rows.html", here="stories", there=there, filters=filters, rows=found or []
        )

    async def seen(self, sent: SentForm) -> Done:
        """Mark a story as seen up to a match, or as news again."""
        on, match = sent.form.get("on") == "1", _number(sent.form.get("match", ""))
        said = "mark.seen" if on else "mark.unseen"
        return await self._changed(sent, lambda mark: replace(mark, seen=match if on else 0), said)

    async def star(self, sent: SentForm) -> Done:
        """Give a story a star, or take it away."""
        on = sent.form.get("on") == "1"
        said = "mark.starred" if on else "mark.unstarred"
        return await self._changed(sent, lambda mark: replace(mark, starred=on), said)

    async def note(self, sent: SentForm) -> Done:
        """Write a note on a story; an empty one takes it away."""
        note = sent.form.get("note", "").replace("\r\n", "\n").strip()
        said = "mark.noted" if note else "mark.unnoted"
        return await self._changed(sent, lambda mark: replace(mark, note=note), said)

    async def _changed(
        self, sent: SentForm, change: Callable[[StoryMark], StoryMark], said: str
    ) -> Done:
        story = sent.part("story")

        def job(db: Connection) -> StoryMark | None:
            if not StoryQueries(db).has_matched(story):
                return None
            marks = StoryMarks(db, sent.user)
            before = marks.of([story]).get(story, StoryMark(story=story))
            marks.put([change(before)], sent.now)
            return before

        before = await self._changes.write(job)
        if before is None:
            raise ChangeError("mark.gone")
        return Done(said, lambda: self._put_back(sent, [before]))

    async def all_seen(self, sent: SentForm) -> Done:
        """Mark the stories that were on a page as seen, each up to the match that was shown.

        A story in which something was found since then stays news.
        """
        shown = dict(pair.partition(":")[::2] for pair in sent.form.get("stories", "").split())
        matches = {story: _number(match) for story, match in shown.items()}
        before = await self._changes.write(
            lambda db: StoryMarks(db, sent.user).mark_seen(matches, sent.now)
        )
        said = "mark.all_seen_one" if len(before) == 1 else "mark.all_seen_many"
        return Done(said, lambda: self._put_back(sent, before), {"n": len(before)})

    async def _put_back(self, sent: SentForm, before: list[StoryMark]) -> None:
        await self._changes.write(lambda db: StoryMarks(db, sent.user).put(before, sent.now))


def _number(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= _DIGITS):
        raise ChangeError("mark.gone")
    return int(text)
