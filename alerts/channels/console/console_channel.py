"""Alerts as text: for a first run, and for people who keep a terminal open."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from typing import TextIO, TypeGuard

from alerts.channel import Send
from alerts.faults.delivery_fault import DeliveryFault
from alerts.message import Parcel
from alerts.outcome import DeliveryError, Outcome, Receipt
from alerts.policy.placement import ChannelPlan
from alerts.rendering.plaintext import starred, text_of
from alerts.rendering.tale import Style
from alerts.rendering.view import view_of
from crawler.frozen import dataclass

_RULE = "─" * 72
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"
# Two console channels must not write into each other's lines.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Console:
    """Writes each message to a stream; hits are bright in a terminal, and have stars elsewhere."""

    plan: ChannelPlan
    style: Style
    stream: TextIO | None = None

    def prepared(self, parcel: Parcel) -> Send:
        """The message as text, ready to be written."""
        stream = self.stream or sys.stdout
        colour = _is_terminal(stream) and "NO_COLOR" not in os.environ and not parcel.plain
        style = self.style.of(parcel.message)
        view = view_of(parcel.message, style)
        text = text_of(view, style.words, _bright if colour else starred)
        return lambda: replace(_write(stream, f"{_RULE}\n{text}"), shown=view.shown)


def _bright(text: str) -> str:
    return f"{_BOLD}{text}{_PLAIN}"


def _is_terminal(stream: TextIO | None) -> TypeGuard[TextIO]:
    """Whether this is a terminal; what is closed is none, and writing to it will fail."""
    return stream is not None and not stream.closed and stream.isatty()


def _write(stream: TextIO | None, text: str) -> Receipt:
    if stream is None:  # Python's standard output, if it was closed before the start
        raise DeliveryError(Outcome.NOT_SENT, DeliveryFault.CONSOLE(error="closed"))
    encoding = stream.encoding or "utf-8"
    safe = text.encode(encoding, "replace").decode(encoding)
    try:
        with _ONE_AT_A_TIME:
            stream.write(safe)
            stream.flush()
    except (OSError, ValueError) as error:
        # The reader of our output has gone, so nobody was told.
        fault = DeliveryFault.CONSOLE(error=type(error).__name__)
        raise DeliveryError(Outcome.NOT_SENT, fault) from error
    return Receipt("written")
