"""What a page hears while it is open, and what it needs for that."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from page_newsroom import context_in, desk_in
from served_page import TIMEOUT, served
from starlette.requests import Request
from starlette.responses import StreamingResponse

from crawler.store import Connection
from monitor.web import PageServer, page_app
from monitor.web.events import Events
from monitor.web.making import HERE, PageParts, ReadingRoom

T = TypeVar("T")

VENDORED = {
    "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "hx-sse.min.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",
}


class Listener:
    """A stream of events that is open."""

    def __init__(self, url: str, after: int) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)
        self._connection.request("GET", f"/events?after={after}")
        self.response = self._connection.getresponse()

    def data(self) -> Iterator[str]:
        """Yield the data of each event, until the stream ends."""
        for line in self.response:
            if line.startswith(b"data: "):
                yield line.removeprefix(b"data: ").decode().strip()

    def close(self) -> None:
        self.response.close()
        self._connection.close()


def test_a_page_that_is_open_hears_how_many_stories_are_new(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    with served(context_in(tmp_path)) as visitor:
        listener = Listener(visitor.url, 0)
        heard = listener.data()
        desk.publish("Laatste bolwerk gevallen", number=1)
        desk.match()
        first = next(heard)
        desk.publish("Een ander kalifaat", "Een heel ander stuk over een kalifaat.", number=2)
        desk.match()
        second = next(heard)
        listener.close()

    assert listener.response.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert first == '<a class="news" href="">1 verhaal is nieuw of bijgewerkt</a>'
    assert "2 verhalen zijn nieuw" in second
    desk.writer.close()


class BusyRoom(ReadingRoom):
    """An archive to which something is committed just after it was read for the first time."""

    meanwhile: Callable[[], object] | None = None

    def part(self, read: Callable[[Connection], T]) -> T | None:
        found = super().part(read)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return found


def test_a_story_that_comes_while_those_before_are_counted_is_heard_of(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.publish("Laatste bolwerk gevallen", number=1)
    parts = PageParts(context_in(tmp_path))
    parts.room = room = BusyRoom(parts.context.reader)
    room.meanwhile = desk.match

    async def heard() -> list[str]:
        query = {"type": "http", "query_string": b"after=0", "headers": []}
        stream = await Events(parts, parts.closing).events(Request(query))
        assert isinstance(stream, StreamingResponse)
        said = aiter(stream.body_iterator)
        return [str(await asyncio.wait_for(anext(said), TIMEOUT)) for _ in range(2)]

    assert "1 verhaal is nieuw" in asyncio.run(heard())[1]
    room.close()
    desk.writer.close()


def test_a_stream_ends_when_the_page_stops_and_nobody_can_open_too_many(tmp_path: Path) -> None:
    desk_in(tmp_path).writer.close()
    context = context_in(tmp_path)
    server = PageServer(lambda closing: page_app(context, closing=closing), ("127.0.0.1", 0))
    server.start()
    url = server.wait().url
    listeners = [Listener(url, 0) for _ in range(50)]
    for each in listeners:
        assert each.response.readline() == b": welcome\n"

    refused = Listener(url, 0)
    assert refused.response.status == 503
    stopping = threading.Thread(target=server.stop)
    stopping.start()

    assert [list(each.data()) for each in listeners] == [[]] * 50
    stopping.join(TIMEOUT)
    assert not stopping.is_alive()
    for each in (*listeners, refused):
        each.close()


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
def test_a_stream_begins_after_a_match_that_can_be(tmp_path: Path, after: str) -> None:
    desk_in(tmp_path).writer.close()
    with served(context_in(tmp_path)) as visitor:
        assert visitor.get(f"/events?after={after}").status_code == 400


@pytest.mark.parametrize("name", VENDORED)
def test_the_script_of_others_is_what_they_published_with_its_licence(name: str) -> None:
    folder = HERE / "static" / "vendor"

    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == VENDORED[name]
    assert "Zero-Clause BSD" in (folder / "LICENSE-htmx.txt").read_text("utf-8")


@pytest.mark.slow
def test_a_stream_hears_the_last_of_a_thousand_commits_and_ends_with_the_page(
    tmp_path: Path,
) -> None:
    desk = desk_in(tmp_path)
    desk.publish("Laatste bolwerk gevallen", number=1)
    desk.match()
    with served(context_in(tmp_path)) as visitor:
        listener = Listener(visitor.url, 1)
        assert listener.response.readline() == b": welcome\n"

        for number in range(1_000):
            desk.writer.run(lambda db, number=number: db.execute(_MATCH, {"number": number % 300}))

        heard = []
        for said in listener.data():
            heard.append(said)
            if ">300 verhalen" in said:
                break
        assert len(heard) <= 1_000
    assert list(listener.data()) == []
    listener.close()
    desk.writer.close()


# The first match again, in another story.
_MATCH = """
    INSERT INTO matches (article, revision, story, rule, rule_hash, hits, found)
    SELECT article, (SELECT max(revision) + 1 FROM matches), 'sty_' || :number, rule, rule_hash,
           hits, found
    FROM matches WHERE id = 1
"""
