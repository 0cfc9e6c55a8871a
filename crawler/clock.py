"""The one clock; whoever needs another time takes a function like it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present time, aware."""
    return datetime.now(UTC)
