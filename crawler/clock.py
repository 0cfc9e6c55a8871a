"""The one clock. Code that needs another time is given another function instead."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present time in UTC, aware."""
    return datetime.now(UTC)
