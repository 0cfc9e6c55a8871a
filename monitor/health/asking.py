"""The facts by which health is judged, from a running daemon or from the archive alone."""

from __future__ import annotations

import shutil
import sqlite3

from crawler.errors import StoreError
from monitor.context import Context
from monitor.health.readiness import HealthFacts
from monitor.health.vitals import Vitals


async def facts_of(context: Context, vitals: Vitals | None) -> HealthFacts:
    """The facts of the daemon with these vitals; without any, those of a page over an archive."""
    loop, writer = await vitals.answers() if vitals else (True, True)
    return HealthFacts(
        loop=loop,
        writer=writer,
        daemon=vitals is not None,
        tick=vitals.tick if vitals else None,
        archive=archive_fault(context),
        free=free_bytes(context),
        least=context.settings.health.min_free_bytes,
    )


def archive_fault(context: Context) -> str:
    """Why the archive cannot be read; empty if it can, and has all the tables."""
    try:
        context.reader().close()
    except (StoreError, sqlite3.Error) as error:
        return str(error)
    return ""


def free_bytes(context: Context) -> int:
    """The room that is left where the database stands."""
    try:
        return shutil.disk_usage(context.database.absolute().parent).free
    except OSError:
        return 0
