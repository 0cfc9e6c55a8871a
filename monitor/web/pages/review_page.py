"""Review: one story at a time, with a decision for each; and the keys by which that goes fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.query import Concepts
from crawler.frozen import dataclass
from crawler.store import Connection
from monitor.web.pages.frame import Frame
from monitor.web.pages.story_pages import story_details
from monitor.web.stories import StoryFilters, StoryQueries, StoryRow, timeline_page

# Every key, in the order of the help.
_KEYS = ("j", "k", "o", "v", "s", "m", "u", "x", "w", "/", "g t", "g r", "g s", "g d", "?")
_NAMES = {"/": "search", "?": "help"}


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """Where one is among the stories of a page of the timeline; `row` is None at the end."""

    stories: Sequence[StoryRow]
    row: StoryRow | None
    before: str = ""
    after: str = ""
    undecided: str = ""

    @property
    def seen(self) -> int:
        """How many of them have been seen."""
        return sum(row.is_seen for row in self.stories)


class ReviewPage:
    """`/review` with the filters of the timeline, and `/keys`."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/review", self.review), Route("/keys", self.keys)]

    async def keys(self, request: Request) -> Response:
        """The list of keys, and the one switch that turns them off."""
        names = {key: _NAMES.get(key, key.replace(" ", "_")) for key in _KEYS}
        return self._frame.page(request, "keys.html", keys=_KEYS, names=names)

    async def review(self, request: Request) -> Response:
        """One story, its place among the others, and what to do with it."""
        filters = StoryFilters.asked(request.query_params)
        if filters.from_match is None:
            # The list stays as it is now: news begins a review of its own.
            newest = self._frame.parts.room.part(lambda db: StoryQueries(db).newest_match())
            now = (newest or 0) + 1
            asked = replace(filters, as_of=str(now))
            return RedirectResponse(review_address(asked.older(now)), 303)
        at, user = request.query_params.get("at", ""), self._frame.user(request)
        found = self._frame.parts.room.part(lambda db: self._found(db, filters, at, user))
        return self._frame.page(
            request, "review.html", here="stories", filters=filters, found=found
        )

    def _found(self, db: Connection, filters: StoryFilters, at: str, user: str) -> dict[str, Any]:
        concepts = self._context.concepts if "@" in filters.q else Concepts()
        now, zone = self._context.now(), self._frame.timezone
        page = timeline_page(db, filters, now, zone, concepts, user=user)
        place = place_among(page.stories, at)
        here = review_address(filters.older(filters.from_match or 0))
        return {
            "place": place,
            "story": story_details(db, place.row.id, user) if place.row else None,
            "here": here,
            "older": review_address(filters.older(page.before)) if page.before else "",
        }


def review_address(timeline: str) -> str:
    """The address of the review of what this address of the timeline shows."""
    return f"/review{timeline[1:]}"


def place_among(stories: Sequence[StoryRow], at: str) -> ReviewPlace:
    """The place of the story with this id, or of the first that was not seen."""
    names = [row.id for row in stories]
    unseen = [number for number, row in enumerate(stories) if not row.is_seen]
    place = names.index(at) if at in names else next(iter(unseen), None)
    if place is None or at == "end":
        return ReviewPlace(stories, None)
    following = [number for number in unseen if number > place] + [
        number for number in unseen if number < place
    ]
    return ReviewPlace(
        stories,
        stories[place],
        before=names[place - 1] if place else "",
        after=names[place + 1] if place + 1 < len(names) else "",
        undecided=names[following[0]] if following else "end",
    )
