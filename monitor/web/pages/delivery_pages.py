"""Messages and what was not told, with retries, replays, and tests of channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.delivery import Replay, SendTest, call_off, silence_of
from alerts.message import Delivery
from alerts.store import AlertStore
from crawler.errors import ConfigError
from crawler.faults import worded
from crawler.store import Connection
from monitor.views import as_json, circumstances_of
from monitor.web.making import UNDO_SECONDS, ChangeError, Done, SentForm
from monitor.web.pages.frame import Frame

_WEEK = timedelta(days=7)
_SHOWN = 100
# A message that is sent again leaves when this can no longer be undone.
_WAIT = timedelta(seconds=UNDO_SECONDS)


class DeliveryPages:
    """`/deliveries` and `/untold`, with what sends a message again or tries a channel."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._context = frame, frame.context
        self._part, self._changes = frame.parts.room.part, frame.parts.changes

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/untold", self.untold),
            Route("/deliveries", self.deliveries),
            self._changes.route("/deliveries/{delivery}/replay", self.replay),
            self._changes.route("/channels/{channel}/test", self.test),
        ]

    async def untold(self, request: Request) -> Response:
        """What matched and was not told, the latest decision first."""
        since = self._context.now() - _WEEK
        found = self._part(lambda db: AlertStore(db).passages.untold(since, _SHOWN))
        return self._frame.page(request, "untold.html", here="untold", found=found, most=_SHOWN)

    async def deliveries(self, request: Request) -> Response:
        """The channels, and the newest deliveries, or those that wait or were given up."""
        state = request.query_params.get("state", "")
        found = self._part(lambda db: self._deliveries(db, state))
        faults = self._frame.parts.paper.faults_of(lambda: self._context.channels)
        values: dict[str, Any] = {"found": found, "state": state, "faults": faults}
        return self._frame.page(request, "deliveries.html", here="deliveries", **values)

    def _deliveries(self, db: Connection, state: str) -> dict[str, Any]:
        store = AlertStore(db)
        try:
            around = circumstances_of(self._context, store, self._frame.parts.paper.language)
        except ConfigError:
            around = None  # what a message waits for is not known without its channel
        newest = [
            {"waiting": None} | as_json(one, store, around) for one in _in_state(store, state)
        ]
        return {
            "newest": newest,
            "silences": store.ledger.silences(self._context.now()),
            "channels": self._channels(store),
        }

    def _channels(self, store: AlertStore) -> list[dict[str, Any]]:
        """Each channel of the configuration, and what is known of it."""
        states = store.channels.by_id()
        language = self._frame.parts.paper.language
        shown = []
        for name in self._names():
            state = states.get(name)
            fault = state.paused_for if state else None
            shown.append(
                {
                    "id": name,
                    "delivered": state.delivered if state else None,
                    "paused": state.paused if state else None,
                    "fault": worded(fault, language) if fault else "",
                }
            )
        return shown

    def _names(self) -> list[str]:
        try:
            return [channel.id for channel in self._context.channels]
        except ConfigError:
            return []

    async def replay(self, sent: SentForm) -> Done:
        """Send a message once more, in half a minute."""
        name = sent.part("delivery")
        before = self._part(lambda db: AlertStore(db).outbox.delivery(name))
        if before is None:
            raise ChangeError("replay.not_now")
        if self._part(lambda db: silence_of(AlertStore(db), before, sent.now)):
            raise ChangeError("replay.silenced")
        if not await self._changes.ask(Replay(name, _WAIT)):
            raise ChangeError("replay.not_now")

        async def undo() -> None:
            if not await self._changes.write(lambda db: call_off(db, [before])):
                raise ChangeError("replay.gone")

        return Done("replay.goes", undo, {"channel": before.channel})

    async def test(self, sent: SentForm) -> Done:
        """Send a test message over a channel, now."""
        name = sent.part("channel")
        if not await self._changes.ask(SendTest(name)):
            raise ChangeError("channels.unknown")
        return Done("channels.tested", values={"channel": name})


def _in_state(store: AlertStore, state: str) -> Sequence[Delivery]:
    if state == "pending":
        return store.reading.pending()[-_SHOWN:][::-1]
    return store.reading.undelivered(_SHOWN) if state == "dead" else store.reading.log(_SHOWN)
