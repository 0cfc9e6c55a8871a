"""The log of the program: one event a line, as text with `key=value` or as JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from crawler.config import LogSettings
from monitor.views.articles_view import safe

_OURS = ("crawler", "alerts", "monitor")
# At their usual level these log every request and every tick.
_CHATTY = {"scrapy": logging.WARNING, "twisted": logging.WARNING, "apscheduler": logging.ERROR}


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class _OneLine(logging.Formatter):
    """Formats a record as one line; foreign text in it cannot command the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        said = safe(super().format(record)).replace("\r", " ")
        if record.exc_info is None:
            said = said.replace("\n", " ")
        return f"{_time_of(record)} {record.levelname.lower()} {record.name} {said}"


class _JsonLine(logging.Formatter):
    """Formats a record as one JSON object on a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": _time_of(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


class _File(RotatingFileHandler):
    """A log file that nobody else may read. What a full disk refuses stands on standard error."""

    def __init__(self, path: Path, *, max_bytes: int, keep: int) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=keep, encoding="utf-8")

    def _open(self) -> Any:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: the same line stands on standard error."""


def configure_logging(
    level: int,
    *,
    told: Sequence[str] = (),
    as_json: bool = False,
    settings: LogSettings | None = None,
    with_file: bool = False,
) -> None:
    """Write records from this level on to standard error, once for the process.

    Warnings of the loggers in `told` are left out: the command shows them in its own words.
    `settings` has the levels of single parts, and a file in which the log stands as well if this
    process keeps one (`with_file`).
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if with_file and settings and settings.file:
        handlers.append(_File(settings.file, max_bytes=settings.max_bytes, keep=settings.keep))
    for handler in handlers:
        handler.setFormatter(_JsonLine() if as_json else _OneLine())
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in told:
        logging.getLogger(name).setLevel(max(level, logging.ERROR))
    for name, least in _CHATTY.items():
        logging.getLogger(name).setLevel(max(level, least))
    for name, chosen in (settings.levels if settings else {}).items():
        logging.getLogger(name).setLevel(chosen.upper())
    # Warnings of libraries are for developers, who see them in the tests.
    logging.captureWarnings(capture=True)
