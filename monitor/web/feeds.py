"""Feeds of the stories that matched, for readers of feeds: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.store import Connection
from monitor.web.making import ATOM, PageParts, atom_text, writable
from monitor.web.stories import StoryQueries, StoryRow, rows_of_stories

ALL = "all"
_ENTRIES = 50
_TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}


class Feeds:
    """`/feeds/all.atom`, or the id of a rule in place of `all`, and `.json`."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/feeds/{rule}.{form}", self.feed)]

    async def feed(self, request: Request) -> Response:
        """The newest stories; 304 for whoever has them already."""
        rule, form = request.path_params["rule"], request.path_params["form"]
        if form not in _TYPES:
            return Response("there are feeds in .atom and .json\n", 404)
        rows = self._parts.room.part(lambda db: _newest(db, rule))
        if rows is None:
            return Response("it took too long: try again later\n", 503)
        base = self._parts.context.settings.web.base_url or str(request.base_url)
        address = f"{base.rstrip('/')}/feeds/{rule}.{form}"
        body = atom(rows, address) if form == "atom" else json_feed(rows, address)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, max-age=60"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=f"{_TYPES[form]}; charset=utf-8")


def _newest(db: Connection, rule: str) -> list[StoryRow]:
    queries = StoryQueries(db)
    found = queries.newest(rule="" if rule == ALL else rule).rows
    stories = list(dict.fromkeys(row["story"] for row in found))[:_ENTRIES]
    return rows_of_stories(queries, stories)


def atom(rows: Sequence[StoryRow], address: str) -> bytes:
    """An Atom feed of these stories; each entry is updated when something new was found in it."""
    feed = etree.fromstring(f'<feed xmlns="{ATOM}"/>')
    atom_text(feed, "id", address)
    atom_text(feed, "title", "Nieuwswacht")
    newest = max((row.at for row in rows), default=datetime.fromtimestamp(0, UTC))
    atom_text(feed, "updated", newest.isoformat(timespec="seconds"))
    etree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=writable(address))
    for row in rows:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        atom_text(entry, "id", _id(row))
        atom_text(entry, "title", row.title)
        atom_text(entry, "updated", row.at.isoformat(timespec="seconds"))
        atom_text(etree.SubElement(entry, f"{{{ATOM}}}author"), "name", row.outlet)
        etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=writable(row.url))
        for rule in row.rules:
            etree.SubElement(entry, f"{{{ATOM}}}category", term=writable(rule))
        atom_text(entry, "summary", _quote(row))
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def json_feed(rows: Sequence[StoryRow], address: str) -> bytes:
    """The same as a JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Nieuwswacht",
        "feed_url": address,
        "items": [
            {
                "id": _id(row),
                "url": row.url,
                "title": row.title,
                "content_text": _quote(row),
                "date_modified": row.at.isoformat(timespec="seconds"),
                "authors": [{"name": row.outlet}],
                "tags": list(row.rules),
            }
            for row in rows
        ],
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _id(row: StoryRow) -> str:
    return f"urn:nieuwswacht:{row.id}"


def _quote(row: StoryRow) -> str:
    return "".join(each.text for each in row.quote)
