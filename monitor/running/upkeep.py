"""What keeps the database well while the daemon runs: a backup each day, and old rows removed."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crawler.config import BackupSettings
from crawler.errors import StoreError
from crawler.store import Writer, back_up, backups_in, dated, thin_out, tidy
from monitor.context import Context
from monitor.running.pruning import Pruning

log = logging.getLogger(__name__)

# Chosen: a backup that failed is tried again after this.
_AGAIN_AFTER = timedelta(hours=1)
_DAILY = timedelta(days=1)


def last_turn(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest moment, up to now, at which clocks in this zone showed this time of day."""
    today = now.astimezone(zone).date()
    turn = datetime.combine(today, at, zone)
    return turn if turn <= now else datetime.combine(today - timedelta(days=1), at, zone)


class Upkeep:
    """Looks now and then whether the daily work is due; what was missed is done at once."""

    def __init__(self, context: Context, writer: Writer) -> None:
        self._context, self._writer = context, writer
        self._backup_from = self._prune_from = context.now()

    async def look(self) -> None:
        """Do what is due of the day's work."""
        await self._look_at_backup()
        await self._look_at_old_rows()

    async def _look_at_backup(self) -> None:
        settings, now = self._context.settings.store.backup, self._context.now()
        if settings is None or now < self._backup_from:
            return
        zone = ZoneInfo(self._context.settings.schedule.timezone)
        copies = backups_in(settings.to, self._context.database)
        if copies and copies[0].at >= last_turn(settings.at, zone, now):
            return
        self._backup_from = now + _AGAIN_AFTER
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

    async def _look_at_old_rows(self) -> None:
        """Remove what has had its time, once a day, a few rows after another while nobody waits."""
        now = self._context.now()
        if now < self._prune_from:
            return
        pruning = Pruning.of(self._context.settings.store, now)
        try:
            while not self._writer.waiting():
                job = self._writer.submit(pruning.step)
                if not await asyncio.wrap_future(job):
                    await asyncio.wrap_future(self._writer.submit(tidy))
                    self._prune_from = now + _DAILY
                    break
        except (sqlite3.Error, StoreError) as error:
            log.error("pruning fault=%s", error)  # noqa: TRY400 - the error says it all
            self._prune_from = now + _AGAIN_AFTER
        if any(pruning.removed.values()):
            counts = " ".join(f"{name}={n}" for name, n in pruning.removed.items() if n)
            log.info("pruned %s", counts)
