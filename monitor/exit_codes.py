"""What is told of an error that ends a command, and the exit code."""

from __future__ import annotations

import sqlite3

import click

from crawler.errors import ConfigError, NieuwswachtError, StoreBusyError
from monitor.program import as_started

# The first class that fits decides. An OSError is an output that cannot be written or a file that
# cannot be read. An error that is not listed is a bug, and shows its traceback.
EXIT_CODES: dict[type[Exception], int] = {
    ConfigError: 2,
    StoreBusyError: 75,  # EX_TEMPFAIL of sysexits.h: try again later
    NieuwswachtError: 1,
    sqlite3.Error: 1,
    UnicodeError: 1,
    OSError: 1,
}


def exit_code(error: Exception) -> int | None:
    """The exit code for this error, which is told first; None, and nothing is told, for a bug."""
    for kind, code in EXIT_CODES.items():
        if isinstance(error, kind):
            click.echo(as_started(_sentence(error)), err=True)
            return code
    return None


def _sentence(error: Exception) -> str:
    """What went wrong, in words that need no knowledge of Python."""
    from crawler.store import advice

    match error:
        case sqlite3.Error():
            return f"the database: {error}{advice(error)}"
        case OSError(filename=name, strerror=str(said)) if name:
            return f"{name}: {said}"
        case OSError(strerror=str(said)):
            return f"the system says: {said}"
        case UnicodeError():
            return f"a text is not in the character set that it should be: {error}"
        case _:
            return str(error)
