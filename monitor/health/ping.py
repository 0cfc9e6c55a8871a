"""A dead man's switch: an address that is asked as long as all is well."""

from __future__ import annotations

import logging

from alerts.outcome import DeliveryError
from crawler.addresses import proxy_of
from monitor.context import Context

log = logging.getLogger(__name__)

_REFUSED = 400  # this status and those above mean that it was not taken


class Switch:
    """Asks `[health] ping`; that it does not answer is logged once, until it answers again."""

    def __init__(self, context: Context) -> None:
        address = context.settings.health.ping
        self._url = address.get_secret_value() if address else ""
        self._context = context
        self._failing = False

    def __bool__(self) -> bool:
        return bool(self._url)

    def ask(self) -> bool:
        """Say that all is well; whether somebody heard it."""
        fault = self._fault()
        if fault and not self._failing:
            log.warning("ping fault=%s", fault)
        elif not fault and self._failing:
            log.info("ping answered again")
        self._failing = bool(fault)
        return not fault

    def _fault(self) -> str:
        from alerts.transport import Gate, HttpSender, Post  # with libraries of 3 MB

        post = Post(self._url, b"", {"User-Agent": "nieuwswacht"}, method="GET")
        network = self._context.settings.network  # which may have been read again
        proxy = proxy_of(network.proxy_address) if network.proxy else None
        try:
            status = HttpSender(Gate(network.allow, proxy=proxy)).post(post).status
        except DeliveryError as error:
            return str(error)
        return f"status {status}" if status >= _REFUSED else ""
