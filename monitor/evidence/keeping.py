"""Pages that wait are kept: by a thread of the daemon, or at once by a command."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from alerts.store import READER, AlertStore
from crawler.config import Keep
from crawler.errors import StoreError
from crawler.evidence import (
    Keeper,
    KeepPolicy,
    Kept,
    StampError,
    old_days,
    stamp_days,
)
from crawler.store import Connection, KeptPages, KnownDay, Writer
from monitor.context import Context

log = logging.getLogger(__name__)

# Seconds. Chosen: it looks at least this often, also for room on a disk that was full.
_LONGEST_WAIT = 30.0
# Seconds. Chosen: what comes in meanwhile is kept together, so that the disk is waited for once.
_GATHER = 1.0
# Chosen: an authority that gave no stamp is asked again after this.
_STAMP_AGAIN = timedelta(hours=1)


def evidence_folder(context: Context) -> Path:
    """The folder in which evidence is kept, whether there is any or not."""
    return context.settings.evidence.path or context.database.with_name("evidence")


def old_evidence(context: Context, db: Connection) -> list[KnownDay]:
    """The days of evidence that have had their time."""
    return old_days(KeptPages(db), context.settings.store.keep_evidence, context.now())


def keeper_of(context: Context, writer: Writer) -> Keeper:
    """What keeps evidence as the settings say."""
    settings, store = context.settings.evidence, context.settings.store
    by_rules = settings.keep is Keep.MATCHED
    policy = KeepPolicy(
        on=settings.keep is not None,
        hold_bytes=settings.hold_mb * 1_000_000,
        judged=_judged if by_rules else None,
        matched=_matched if by_rules else None,
        keep_for=store.keep_evidence,
    )
    folder = evidence_folder(context)
    return Keeper(writer, folder, policy, clock=context.now, software=software())


def keep_evidence(
    context: Context, writer: Writer, keeper: Keeper | None = None
) -> tuple[Kept, str]:
    """Keep what waits, and erase what has to go; returns what was done, and why not more.

    What went wrong is noted for `status`. A `keeper` that has done so before need not look through
    the files again.
    """
    done, fault = Kept(), ""
    try:
        done = (keeper or keeper_of(context, writer)).catch_up()
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        fault = f"{error.strerror or error}{where}"
    except (StoreError, sqlite3.Error) as error:
        fault = str(error)
    except Exception as error:  # noqa: BLE001 - a bug is told, and ends neither thread nor round
        fault = f"bug: {error!r}"
    writer.note.evidence("evidence_stopped", fault, context.now())
    return done, fault


def stamp_evidence(context: Context, writer: Writer) -> str:
    """Have the days that have ended stamped, if that is wanted; returns why one was not.

    Nothing waits for it. What went wrong is noted for `status`.
    """
    settings, fault = context.settings.evidence, ""
    if settings.tsa and settings.tsa_ca:
        from monitor.evidence.authority import ask_authority  # with libraries of 3 MB

        ask = partial(ask_authority, context, settings.tsa)
        try:
            stamp_days(writer, evidence_folder(context), settings.tsa_ca, ask)
        except (OSError, StampError, StoreError, sqlite3.Error) as error:
            fault = str(error)
        except Exception as error:  # noqa: BLE001 - as above
            fault = f"bug: {error!r}"
    writer.note.evidence("unstamped", fault, context.now())
    return fault


def _judged(db: Connection) -> int:
    return AlertStore(db).ledger.cursor(READER).seq


def _matched(db: Connection, articles: Collection[str]) -> set[str]:
    found = db.execute(
        "SELECT DISTINCT article FROM matches WHERE article IN (SELECT value FROM json_each(?))",
        [json.dumps(list(articles))],
    )
    return {article for (article,) in found}


def software() -> str:
    """The name and version of this program."""
    try:
        return f"nieuwswacht {version('nieuwswacht')}"
    except PackageNotFoundError:
        return "nieuwswacht"


class EvidenceThread:
    """A thread that keeps what is saved, a second after it was saved."""

    def __init__(self, context: Context, writer: Writer) -> None:
        self._context, self._writer = context, writer
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="evidence")
        self._fault = ""
        self._stamp_from = context.now()
        self._settings: object = None
        self._keeper = keeper_of(context, writer)

    def start(self) -> None:
        """Begin, first with what an earlier process left."""
        self._bell.set()
        self._thread.start()

    def wake(self) -> None:
        """Look soon: something was saved."""
        self._bell.set()

    def stop(self) -> None:
        """Keep what waits, then end."""
        self._stopping.set()
        self._bell.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(_LONGEST_WAIT)
            self._stopping.wait(_GATHER)
            self._bell.clear()
            self._keep()
            self._stamp()

    def _stamp(self) -> None:
        now = self._context.now()
        if now >= self._stamp_from and (fault := stamp_evidence(self._context, self._writer)):
            log.warning("evidence stamp fault=%s", fault)
            self._stamp_from = now + _STAMP_AGAIN

    def _keep(self) -> None:
        settings = self._context.settings
        if self._settings != (settings.evidence, settings.store):
            self._settings = settings.evidence, settings.store
            self._keeper = keeper_of(self._context, self._writer)
        done, fault = keep_evidence(self._context, self._writer, self._keeper)
        if fault and fault != self._fault:
            log.error("evidence stopped fault=%s", fault)
        elif self._fault and not fault:
            log.warning("evidence goes on gaps=%d", done.gaps)
        self._fault = fault
        if done != Kept():
            log.info(
                "evidence pages=%d gaps=%d forgotten=%d days_dropped=%d",
                *(done.pages, done.gaps, done.forgotten, done.days_dropped),
            )
