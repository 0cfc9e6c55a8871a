"""Who works with a database, and how it does: a lock on a file beside it, with a note in it.

The note stands outside the database, so that it can be written while the disk is full, and is not
copied with it. A process that was killed leaves its note; the lock itself is freed by the system.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreBusyError, StoreError
from crawler.frozen import dataclass
from crawler.store.wal import beside

# Chosen: all of it is allocated at once, so that a full disk cannot keep it from being written.
_NOTE_BYTES = 4096
LONGEST_NOTE = 500  # characters; chosen
_MOST_NAMES = 20  # chosen
_MOST_FAULTS = 3  # chosen: the log has them all
# Seconds between two tries to get the lock. `status` has it for a moment to see if it is free.
_LOCK_TRIES = (0.0, 0.02, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFault:
    """What the database refuses to write: what it is about, since when, and SQLite's words."""

    about: tuple[str, ...]
    since: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who works with a database now, and how its last daemon did.

    `running` says that a daemon works. `missing` says that one began, does not work, and has not
    said that it ended. `since` and `tick` are when it began and last took up work. `page` is where
    it serves its page, `page_fault` why it does not. `refused` are the faults for which it goes on
    with the configuration of before. `evidence` has what is wrong with evidence, by
    name: `evidence_stopped`, `unstamped`.
    """

    running: bool = False
    missing: bool = False
    pid: int | None = None
    since: datetime | None = None
    tick: datetime | None = None
    fault: StoreFault | None = None
    page: str = ""
    page_fault: str = ""
    refused: tuple[str, ...] = ()
    evidence: Mapping[str, StoreFault] = field(default_factory=dict)


class HolderNote:
    """The note of the process that has the lock; whatever cannot be written is left out."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._note = _read(file) | {"pid": os.getpid(), "fault": None}
        self._write()

    def daemon(self, since: datetime) -> None:
        """A daemon begins to work."""
        self._put(
            daemon={"pid": os.getpid(), "since": since.isoformat(), "ended": False},
            page={},
            refused=[],
        )

    def ticked(self, now: datetime) -> None:
        """It has taken up work."""
        if daemon := self._note.get("daemon"):
            self._put(daemon=daemon | {"tick": now.isoformat()})

    def page(self, url: str, fault: str) -> None:
        """Its page is served at this address, or for this reason nowhere."""
        self._put(page={"url": url, "fault": fault[:LONGEST_NOTE]})

    def refused(self, faults: Sequence[str]) -> None:
        """It goes on with the configuration of before, since the new one has these faults."""
        told = [fault[:LONGEST_NOTE] for fault in faults[:_MOST_FAULTS]]
        if told != self._note.get("refused", []):
            self._put(refused=told)

    def evidence(self, name: str, fault: str, now: datetime) -> None:
        """What is wrong with evidence under this name, or "" if nothing is any more."""
        noted: dict[str, Any] = dict(self._note.get("evidence") or {})
        before, said = noted.pop(name, {}), fault[:LONGEST_NOTE]
        if said != before.get("error", ""):
            since = before.get("since") or now.isoformat()
            if said:
                noted[name] = {"about": [], "since": since, "error": said}
            self._put(evidence=noted)

    def ended(self) -> None:
        """It has ended in order."""
        if daemon := self._note.get("daemon"):
            self._put(daemon=daemon | {"ended": True})

    def faulty(self, fault: StoreFault | None) -> None:
        """The database refuses this, or nothing any more."""
        told = fault and {
            "about": list(fault.about[:_MOST_NAMES]),
            "since": fault.since.isoformat(),
            "error": fault.error[:LONGEST_NOTE],
        }
        self._put(fault=told)

    def _put(self, **fields: object) -> None:
        with self._lock:
            self._note |= fields
            self._write()

    def _write(self) -> None:
        text = json.dumps(self._note, ensure_ascii=False).encode()
        if len(text) > _NOTE_BYTES:  # faults in long words: that it runs matters more
            text = json.dumps({name: self._note.get(name) for name in ("pid", "daemon")}).encode()
        with contextlib.suppress(OSError):
            os.pwrite(self._file, text.ljust(_NOTE_BYTES), 0)


class FileLock:
    """An exclusive lock on a file beside the database; the system frees it if the process ends."""

    def __init__(self, database: Path) -> None:
        self.path = lock_path(database)
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot write beside {database}: {error.strerror}") from error
        if not any(map(self._taken_after, _LOCK_TRIES)):
            os.close(self._file)
            raise StoreBusyError(
                f"another Nieuwswacht holds {database}: stop it, or choose another file with --db"
            )
        self.note = HolderNote(self._file)

    def _taken_after(self, wait: float) -> bool:
        time.sleep(wait)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Let the next instance in."""
        os.close(self._file)


def holder_of(database: Path) -> Holder:
    """Who holds this database; an empty answer if that cannot be known."""
    try:
        file = os.open(lock_path(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return Holder()
    try:
        return _holder(_read(file), held=not _is_free(file))
    except (ValueError, TypeError, KeyError):
        return Holder()
    finally:
        os.close(file)


def lock_path(database: Path) -> Path:
    """The file beside this database on which its writer has a lock."""
    return beside(database, ".lock")


def _holder(note: dict[str, Any], *, held: bool) -> Holder:
    daemon = note.get("daemon") or {}
    began = bool(daemon) and not daemon["ended"]
    running = began and held and daemon["pid"] == note["pid"]
    page = note.get("page") or {} if running else {}
    return Holder(
        running=running,
        missing=began and not running,
        pid=daemon.get("pid"),
        since=_time(daemon.get("since")),
        tick=_time(daemon.get("tick")),
        fault=_fault(note.get("fault")),
        page=page.get("url", ""),
        page_fault=page.get("fault", ""),
        refused=tuple(note.get("refused") or ()) if running else (),
        evidence={
            name: fault
            for name, each in (note.get("evidence") or {}).items()
            if (fault := _fault(each))
        },
    )


def _fault(note: Mapping[str, Any] | None) -> StoreFault | None:
    if not note:
        return None
    since = datetime.fromisoformat(note["since"])
    return StoreFault(about=tuple(note["about"]), since=since, error=note["error"])


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _read(file: int) -> dict[str, Any]:
    try:
        note = json.loads(os.pread(file, _NOTE_BYTES, 0) or b"{}")
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _is_free(file: int) -> bool:
    """Whether nobody has the lock; whoever takes it at this very moment tries again."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
