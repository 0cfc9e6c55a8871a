"""What keeps the database well while the daemon runs: a backup each day."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.config import BackupSettings
from crawler.errors import StoreError
from crawler.store import back_up, backups_in, dated, thin_out
from monitor.context import Context

log = logging.getLogger(__name__)

# Chosen: a backup that failed is tried again after this.
_AGAIN_AFTER = timedelta(hours=1)


def last_turn(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest moment, up to now, at which clocks in this zone showed this time of day."""
    today = now.astimezone(zone).date()
    turn = datetime.combine(today, at, zone)
    return turn if turn <= now else datetime.combine(today - timedelta(days=1), at, zone)


class Upkeep:
    """Looks now and then whether the daily work is due; what was missed is done at once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._not_before = context.now()

    async def look(self) -> None:
        """Make the backup of the day, if it is due."""
        settings, now = self._context.settings.store.backup, self._context.now()
        if settings is None or now < self._not_before:
            return
        zone = ZoneInfo(self._context.settings.schedule.timezone)
        copies = backups_in(settings.to, self._context.database)
        if copies and copies[0].at >= last_turn(settings.at, zone, now):
            return
        self._not_before = now + _AGAIN_AFTER
        await asyncio.to_thread(self._back_up, settings, now)

    def _back_up(self, settings: BackupSettings, now: datetime) -> None:
        database = self._context.database
        try:
            copy = back_up(database, dated(settings.to, database, now))
            thin_out(settings.to, database, settings.keep)
        except (StoreError, OSError) as error:
            log.error("backup fault=%s", error)  # noqa: TRY400 - the error says it all
        else:
            log.info("backup=%s bytes=%d", copy, copy.stat().st_size)
