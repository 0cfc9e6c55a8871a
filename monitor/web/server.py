"""The server of the page: a thread with a loop of its own, so that no page delays the crawl."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.faults import Fault, FileFault
from crawler.frozen import dataclass

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Server

log = logging.getLogger(__name__)

# Seconds until an address that is in use is tried again. Chosen: a restart takes far less.
TRY_AGAIN = 60.0
# Seconds that a client may take to send its request, and to read what it got; chosen: a slow
# telephone needs far less.
PATIENCE = 20.0
# Seconds in which open requests may end when the program stops.
_LAST_WORDS = 2
# Chosen: more connections than that are no desk's.
_MOST_CONNECTIONS = 200


@dataclass(frozen=True, slots=True)
class PageState:
    """Where the page is served, or why it is not."""

    url: str = ""
    fault: Fault | None = None


class PageServer:
    """Serves the page until it is stopped; an address in use is told once and tried again.

    `app` makes the page, and gets an event that is set when it stops: what goes on for ever has to
    end then. `told` hears of each change; it is called in the thread of the server. A client for
    which it waits more than `patience` seconds is left.
    """

    def __init__(
        self,
        app: Callable[[threading.Event], ASGIApp],
        address: tuple[str, int],
        *,
        told: Callable[[PageState], object] = lambda _: None,
        again: float = TRY_AGAIN,
        patience: float = PATIENCE,
    ) -> None:
        self.state = PageState()
        self._app, self._address = app, address
        self._told, self._again, self._patience = told, again, patience
        self._stopping, self._tried = threading.Event(), threading.Event()
        self._server: Server | None = None
        self._thread = threading.Thread(target=self._work, name="page", daemon=True)

    def start(self) -> None:
        """Begin to serve, in a thread."""
        self._thread.start()

    def wait(self) -> PageState:
        """The state after the first try to serve."""
        self._tried.wait()
        return self.state

    def stop(self) -> None:
        """Serve no more; requests that are open have two seconds."""
        self._stopping.set()
        if self._server:
            self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        gc.unfreeze()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except OSError as error:
                host, port = self._address
                why = str(error.strerror or error)
                fault = FileFault.NOT_LISTENING(place=f"{host}:{port}", error=why)
                self._say(PageState(fault=fault))
            except Exception as error:  # a bug in the page must not end the watch
                log.exception("page ended")
                self._say(PageState(fault=FileFault.PAGE_BUG(bug=str(error))))
            self._stopping.wait(self._again)

    def _serve(self) -> None:
        from uvicorn import Config, Server

        from monitor.web.slow_clients import PatientConnection

        listening = _listening(*self._address)
        try:
            config = Config(
                self._app(self._stopping),
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                http=type("Connection", (PatientConnection,), {"patience": self._patience}),
                loop="asyncio",
                proxy_headers=False,
                server_header=False,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_graceful_shutdown=_LAST_WORDS,
            )
            config.load()
            # What is loaded now stays. Each full collection that walks it would make a page wait
            # for 25 ms.
            gc.collect()
            gc.freeze()
            self._server = Server(config)
            self._say(PageState(url=_url_of(listening)))
            if not self._stopping.is_set():
                asyncio.run(self._server.serve(sockets=[listening]))
        finally:
            listening.close()

    def _say(self, state: PageState) -> None:
        changed, self.state = state != self.state, state
        if changed:
            if state.fault:
                log.warning("%s; it is tried again each minute", state.fault)
            else:
                log.info("page url=%s", state.url)
            self._told(state)
        self._tried.set()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128)


def _url_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
