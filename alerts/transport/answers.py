"""What an answer means, for services that say no in JSON or by a status."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from alerts.faults.delivery_fault import DeliveryFault
from alerts.outcome import DeliveryError, Outcome
from alerts.policy import LONGEST_RETRY_AFTER
from alerts.rendering.clean import cut, one_line
from alerts.transport.http import HttpAnswer
from crawler.faults import Fault

# Characters of a refusal that are kept; chosen, as services say in a line what is wrong.
_SAID = 80
_TOO_MANY, _GONE = 429, 410


def json_of(text: str) -> dict[str, Any]:
    """The object of a JSON text; an empty one if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def refusal(
    answer: HttpAnswer,
    said: str,
    now: datetime,
    *,
    outcome: Outcome | None = None,
    seconds: object = None,
) -> DeliveryError:
    """The error of an answer that accepts nothing.

    `said` are the service's own words. `outcome` is what they mean, if that is known; else the
    status decides. `seconds` is a wait that the body asks for, in place of `Retry-After`.
    """
    wait = answer.retry_after(now)
    if isinstance(seconds, int | float) and 0 <= seconds < LONGEST_RETRY_AFTER.total_seconds():
        wait = max(wait or timedelta(), timedelta(seconds=seconds))
    detail = _detail(answer.status, cut(one_line(said), _SAID))
    return DeliveryError(outcome or outcome_of(answer.status), detail, retry_after=wait)


def cut_off(answer: HttpAnswer) -> DeliveryError:
    """The error of a good status whose text was cut off: nobody knows what it said."""
    return DeliveryError(Outcome.UNKNOWN, DeliveryFault.CUT_ANSWER(status=answer.status))


def outcome_of(status: int) -> Outcome:
    """What a status means where the service says no more."""
    if status < 400:  # noqa: PLR2004 - another server answers: a portal, a proxy, a redirect
        return Outcome.NOT_SENT
    if status >= 500:  # noqa: PLR2004 - the server may have done its work before it failed
        return Outcome.UNKNOWN
    if status in {400, 413}:
        return Outcome.MESSAGE_REJECTED
    if status in {401, 403, 404, _GONE}:
        return Outcome.CHANNEL_REJECTED
    return Outcome.NOT_SENT


def _detail(status: int, said: str) -> Fault:
    if said:
        return DeliveryFault.STATUS_SAID(status=status, said=said)
    return DeliveryFault.STATUS(status=status)
