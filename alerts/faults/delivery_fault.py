"""Why an attempt to deliver was not accepted.

Values are stored: they are never changed. One without parameters has a hyphen, so that no word of
an older version, which stored English, is taken for it. None holds an address with its secrets.
"""

from __future__ import annotations

from crawler.faults import Fault, FaultKind, fault_in, noted


class DeliveryFault(FaultKind):
    """What was seen of an attempt; `host` is a name at most."""

    # What the receiver answered.
    STATUS = "status", "status"
    STATUS_SAID = "status-said", "status", "said"
    CUT_ANSWER = "cut-answer", "status"
    NO_SUCH_SERVICE = "no-such-service"
    SERVICE_SAYS_NO = "service-says-no"
    NO_STARTTLS = "no-starttls", "host"
    NO_AUTH = "no-auth", "host"
    TLS = "tls", "host", "reason"

    # No connection, or no answer.
    FORBIDDEN = "host-forbidden", "host", "reason"
    WITHOUT_TLS = "without-tls", "host"
    SILENT_NAMES = "silent-name-server", "host"
    NO_ADDRESS = "no-address", "host", "reason"
    NOT_CONNECTED = "not-connected", "host", "reason"
    NO_ANSWER_SENT = "no-answer-after-sending", "host"
    NO_ANSWER_UNSENT = "no-answer-before-sending", "host"
    BROKE_SENT = "broke-after-sending", "host", "error"
    BROKE_UNSENT = "broke-before-sending", "host", "error"
    NO_REPLY = "no-reply", "host"
    BROKE = "conversation-broke", "host", "error"
    CONSOLE = "console", "error"

    # On our side.
    UNRENDERED = "not-rendered", "bug"
    INTERRUPTED = "program-ended"
    UNREPORTED = "never-reported"
    ASKED_TO_WAIT = "asked-to-wait"


def delivery_note(detail: Fault | None) -> str:
    """The line of a column that says how an attempt ended; "" where there is nothing to say."""
    return noted(detail, DeliveryFault) if detail else ""


def delivery_fault_in(text: str) -> Fault | None:
    """What such a line says; the words of an older version, or a receiver, are what was said."""
    return fault_in(text, DeliveryFault) if text else None
