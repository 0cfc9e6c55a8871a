"""A time-stamp authority, which is asked for stamps."""

from __future__ import annotations

from alerts.outcome import DeliveryError
from alerts.transport import TOTAL_SECONDS, Gate, HttpSender, Post
from crawler.addresses import proxy_of
from crawler.evidence import QUERY_TYPE, REPLY_TYPE, StampError
from crawler.faults import worded
from crawler.reading import OK
from monitor.context import Context

# With the certificates of its authority a stamp has some 6 kB.
_MOST_STAMP_BYTES = 256 * 1024


def ask_authority(
    context: Context, authority: str, query: bytes, *, seconds: float = TOTAL_SECONDS
) -> bytes:
    """What an authority answers to this query, within so many seconds.

    Raises:
        StampError: it does not.
    """
    network = context.settings.network
    proxy = proxy_of(network.proxy_address) if network.proxy_address else None
    sender = HttpSender(Gate(network.allow, proxy=proxy), seconds, most_bytes=_MOST_STAMP_BYTES)
    headers = {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE}
    try:
        answer = sender.post(Post(authority, query, headers, binary=True))
    except DeliveryError as error:
        said = worded(error.detail, "en")
        raise StampError(f"the authority gives no stamp: {said}") from error
    if answer.status != OK or not answer.complete:
        raise StampError(f"the authority gives no stamp: HTTP {answer.status}")
    return answer.body
