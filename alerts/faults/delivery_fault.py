"""Why an attempt to deliver was not accepted.

Values are stored, so they are never changed. A value without parameters has a hyphen, so that no
word of an older version, which stored English, is taken for it. No value has a secret address.
"""

from __future__ import annotations

from crawler.faults import Fault, FaultKind, fault_in, noted


class DeliveryFault(FaultKind):
    """What was seen of an attempt; `host` is only the name of a host."""

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
    PROXY_UNREACHED = "proxy-unreached", "host", "reason"
    PROXY_LOGIN = "proxy-wants-login", "host"
    PROXY_REFUSED = "proxy-refused", "host", "status"
    PROXY_BROKE = "proxy-broke", "host", "error"
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
    """The text in a column that says how an attempt ended; "" if there is nothing to say."""
    return noted(detail, DeliveryFault) if detail else ""


def delivery_fault_in(text: str) -> Fault | None:
    """The fault in such a text; words of an older version, or of a receiver, stay as they are."""
    return fault_in(text, DeliveryFault) if text else None
