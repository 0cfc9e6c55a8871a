"""The page as an application: its routes, with the guard around them."""

from __future__ import annotations

import threading

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from monitor.context import Context
from monitor.health import Vitals
from monitor.web.api import Api
from monitor.web.doors import FrontDoors
from monitor.web.entry import Access, TokenFile, key_of
from monitor.web.events import Events
from monitor.web.feeds import Feeds
from monitor.web.guard import HEADERS, Guard
from monitor.web.making.changes import RunningDaemon
from monitor.web.making.page_parts import PageParts
from monitor.web.making.paper import HERE
from monitor.web.page_routes import page_routes
from monitor.web.pages import ErrorPages, Frame
from monitor.web.probes import Probes

# Bytes of a request's body; chosen: a rule is the longest text that anybody writes here.
_LONGEST_BODY = 100_000


def page_app(
    context: Context,
    vitals: Vitals | None = None,
    daemon: RunningDaemon | None = None,
    *,
    closing: threading.Event | None = None,
) -> Starlette:
    """The page over an archive, with the vitals of the daemon if it runs in this process.

    Without a `daemon` nothing can be changed. Streams of events end when `closing` is set.
    """
    closing = closing or threading.Event()
    parts, settings = PageParts(context, vitals, daemon, closing), context.settings.web
    # Without a password a page over an archive alone needs no key: it changes nothing.
    with_key = vitals is not None or settings.password_hash is not None
    key = key_of(context.database, make=with_key)
    frame = Frame(parts)
    access = Access(settings, key, TokenFile(context.database))
    return Starlette(
        routes=[
            *page_routes(frame),
            *parts.changes.routes(),
            *Events(parts, closing).routes(),
            *Feeds(parts).routes(),
            *Api(parts).routes(),
            *Probes(parts).routes(),
            *FrontDoors(parts, access, key).routes(),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[Middleware(Guard, settings=settings, access=access, now=context.now)],
        exception_handlers=ErrorPages(frame, HEADERS).handlers(),
        max_body_size=_LONGEST_BODY,
    )
