"""The page alone, until a signal comes."""

from __future__ import annotations

from collections.abc import Callable

from monitor.context import Context
from monitor.running.signals import stop_on_signals
from monitor.web import PageServer, PageState, page_app


def serve_page(
    context: Context, address: tuple[str, int], say: Callable[[PageState], object]
) -> bool:
    """Serve the page over an archive until a signal comes; False if that cannot be.

    `say` hears where it is, or why it is nowhere.
    """
    server = PageServer(lambda closing: page_app(context, closing=closing), address)
    with stop_on_signals() as stop:
        server.start()
        state = server.wait()
        say(state)
        if state.url:
            stop.wait()
    server.stop()
    return bool(state.url)
