"""The log of the program: one event a line, `key=value`, on standard error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.views.articles_view import safe

_OURS = ("crawler", "alerts", "monitor")
# At their usual level these log every request and every tick.
_CHATTY = {"scrapy": logging.WARNING, "twisted": logging.WARNING, "apscheduler": logging.ERROR}


class _OneLine(logging.Formatter):
    """Formats a record as one line; foreign text in it cannot command the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = safe(super().format(record)).replace("\r", " ")
        if record.exc_info is None:
            said = said.replace("\n", " ")
        return f"{time} {record.levelname.lower()} {record.name} {said}"


def configure_logging(level: int, *, told: Sequence[str] = ()) -> None:
    """Write records from this level on to standard error, once for the process.

    Warnings of the loggers in `told` are left out: the command shows them in its own words.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in told:
        logging.getLogger(name).setLevel(max(level, logging.ERROR))
    for name, least in _CHATTY.items():
        logging.getLogger(name).setLevel(max(level, least))
    # Warnings of libraries are for developers, who see them in the tests.
    logging.captureWarnings(capture=True)
