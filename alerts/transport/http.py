"""One request to an address that people configured; no redirects, no proxies, no surprises."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome
from alerts.policy import LONGEST_RETRY_AFTER
from alerts.transport.connection import Deadline, Gate, connected
from crawler.frozen import dataclass
from crawler.network import retry_after
from crawler.text import Scrubber, secrets_of_address

# urllib3 logs whole addresses, and these are secrets.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

# Both limits are chosen, and promised in docs/delivery.md. An answer that matters is far shorter.
TOTAL_SECONDS = 10.0
MOST_ANSWER_BYTES = 4096


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a receiver answered: status and the beginning of its text, without what we sent.

    `complete` is false if the deadline or a broken connection cut the text off. `body` has its
    bytes, if they are wanted.
    """

    status: int
    text: str
    headers: Mapping[str, str]
    complete: bool = True
    body: bytes = b""

    def retry_after(self, now: datetime) -> timedelta | None:
        """The wait that the answer asks for, at most six hours, or None (RFC 9110, 10.2.3)."""
        wait = retry_after(self.headers.get("Retry-After"), now)
        return wait if wait is None else min(wait, LONGEST_RETRY_AFTER)


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent, and where; `secrets` are the secrets in its headers.

    Any part of its address may be a secret too. An answer that repeats one is kept without it. Of
    an answer that is `binary` the bytes are kept as well.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    secrets: Sequence[str] = ()
    method: Literal["POST", "PUT", "GET"] = "POST"
    binary: bool = False


@dataclass(slots=True)
class _Trip:
    """One request on its way: where it may go, and how far it came."""

    gate: Gate
    deadline: Deadline
    sent: bool = False
    refusal: DeliveryError | None = field(default=None)

    def connect(self, host: str, port: int, *, secure: bool) -> socket.socket:
        try:
            return connected(host, port, self.gate, self.deadline, secure=secure)
        except DeliveryError as error:
            self.refusal = error
            raise OSError("refused") from error


@dataclass(frozen=True, slots=True)
class HttpSender:
    """Sends JSON bodies; `ca_file` replaces the public certificate authorities.

    Of an answer at most `most_bytes` are read.
    """

    gate: Gate = field(default_factory=Gate)
    seconds: float = TOTAL_SECONDS
    ca_file: str | None = None
    most_bytes: int = MOST_ANSWER_BYTES

    def post(self, post: Post) -> HttpAnswer:
        """The receiver's answer, whatever its status.

        Raises:
            DeliveryError: there was no answer; `not_sent` only if nothing can have arrived.
        """
        host = urlsplit(post.url).hostname or "?"
        trip = _Trip(self.gate, Deadline(self.seconds))
        with requests.Session() as session, trip.deadline.running():
            session.trust_env = False
            session.mount("https://", _Adapter(trip))
            session.mount("http://", _Adapter(trip))
            try:
                return self._posted(session, trip, post)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise _failure(trip, host, error) from None

    def _posted(self, session: requests.Session, trip: _Trip, post: Post) -> HttpAnswer:
        fixed = {"Accept-Encoding": "identity", "Connection": "close"}
        with session.request(
            post.method,
            post.url,
            data=post.body,
            headers={**post.headers, **fixed},
            allow_redirects=False,
            stream=True,
            timeout=self.seconds,
            verify=self.ca_file or True,
        ) as response:
            body, complete = _body(response, trip, self.most_bytes)
            text = _scrubber(post.url, *post.secrets)(body.decode("utf-8", "replace"))
            kept = body if post.binary else b""
            return HttpAnswer(response.status_code, text, response.headers, complete, kept)


# To build one takes longer than to look through an answer.
@lru_cache(maxsize=32)
def _scrubber(url: str, *secrets: str) -> Scrubber:
    return Scrubber([*secrets_of_address(url), *secrets])


def _body(response: requests.Response, trip: _Trip, most: int) -> tuple[bytes, bool]:
    """The beginning of the answer's body, and whether it is complete; a failure is no error."""
    try:
        body = response.raw.read(most, decode_content=False)
    except (HTTPError, OSError):
        return b"", False
    return bytes(body), not trip.deadline.over


def _failure(trip: _Trip, host: str, error: Exception) -> DeliveryError:
    """The error when there was no answer; without the text of `error`, which has the address."""
    if trip.refusal:
        return trip.refusal
    outcome = Outcome.UNKNOWN if trip.sent else Outcome.NOT_SENT
    if trip.deadline.over:
        late = DeliveryFault.NO_ANSWER_SENT if trip.sent else DeliveryFault.NO_ANSWER_UNSENT
        return DeliveryError(outcome, late(host=host))
    broke = DeliveryFault.BROKE_SENT if trip.sent else DeliveryFault.BROKE_UNSENT
    return DeliveryError(outcome, broke(host=host, error=type(error).__name__))


class _Adapter(HTTPAdapter):
    """Connects through the trip's gate, and keeps the original host name."""

    def __init__(self, trip: _Trip) -> None:
        self._trip = trip
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools use our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool_class(HTTPConnectionPool, HTTPConnection, self._trip, secure=False),
            "https": _pool_class(HTTPSConnectionPool, HTTPSConnection, self._trip, secure=True),
        }


def _pool_class(pool: Any, connection: Any, trip: _Trip, *, secure: bool) -> Any:
    """A pool class whose connections pass the gate; host names, SNI and Host stay the same."""

    class Guarded(connection):  # type: ignore[misc]  # the base is one of two
        def _new_conn(self) -> socket.socket:
            return trip.connect(self._dns_host, self.port, secure=secure)

        def endheaders(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is None:
                self.connect()
            trip.sent = True
            super().endheaders(*args, **kwargs)

    return type(f"Guarded{pool.__name__}", (pool,), {"ConnectionCls": Guarded})
