"""What happens, as server-sent events: how many stories are newer than the page that is open."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from crawler.store import Connection
from monitor.web.making import PageParts
from monitor.web.stories import StoryQueries

_MOST_READERS = 50
# Seconds between two looks for commits; a look takes some microseconds.
_LOOK_EVERY = 0.5
# Seconds after which a reader without news gets a comment, so that no proxy ends the stream.
_SIGN_OF_LIFE = 15.0
_UNAVAILABLE = 503


class Commits:
    """Wakes whoever waits when another connection has committed; it looks while somebody waits."""

    def __init__(self, parts: PageParts, closing: threading.Event) -> None:
        self._parts, self._closing = parts, closing
        self._bell = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    def bell(self) -> asyncio.Event:
        """What is set at the next commit from now on, or at the end of the program."""
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look(self._version()))
        return self._bell

    async def rings(self, bell: asyncio.Event, seconds: float) -> bool:
        """Whether it is set within these seconds, or can be set no more: then take a new one."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), seconds)
        return bell.is_set() or self._watch is None or self._watch.done()

    async def _look(self, held: int) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            now = self._version()
            if now != held or self._closing.is_set():
                held = now
                self._bell.set()
                self._bell = asyncio.Event()

    def _version(self) -> int:
        """A number that changes with each commit of another connection (SQLite's own)."""
        with self._parts.room.within() as db:
            return int(db.execute("PRAGMA data_version").fetchone()[0])


class Events:
    """`/events`: at most 50 readers, each of whom hears of what is newer than its page."""

    def __init__(self, parts: PageParts, closing: threading.Event) -> None:
        self._parts, self._closing = parts, closing
        self._commits: Commits | None = None
        self._readers = 0

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/events", self.events)]

    async def events(self, request: Request) -> Response:
        """The stream for a page whose newest match has the number `after`."""
        after = request.query_params.get("after", "")
        if not (after.isdecimal() and len(after) < 19):  # noqa: PLR2004 - SQLite's largest number
            return PlainTextResponse("after which match?\n", 400)
        if self._readers >= _MOST_READERS:
            return PlainTextResponse("too many readers: try again later\n", _UNAVAILABLE)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = self._stream(int(after))
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    async def _stream(self, after: int) -> AsyncIterator[str]:
        self._readers += 1
        self._commits = self._commits or Commits(self._parts, self._closing)
        told = 0
        try:
            yield ": welcome\n\n"
            while not self._closing.is_set():
                bell = self._commits.bell()  # before it counts: what comes meanwhile rings too
                number = self._newer(after)
                if number is not None and number != told:
                    told = number
                    yield f"data: {self._bar(number)}\n\n"
                while not await self._commits.rings(bell, _SIGN_OF_LIFE):
                    yield ": still here\n\n"
        finally:
            self._readers -= 1

    def _newer(self, after: int) -> int | None:
        def count(db: Connection) -> int:
            return StoryQueries(db).stories_after(after)

        return self._parts.room.part(count)

    def _bar(self, number: int) -> str:
        """The bar above the timeline; an empty address is that of the page it stands on."""
        words = self._parts.paper.counted("events.news", number)
        return f'<a class="news" href="">{words}</a>'
