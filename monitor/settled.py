"""What was found good before, so that the next start need not find it so again.

A note beside the archive (`nieuwswacht.db.start`) names the configuration that was last found good
by a fingerprint, and may say that a round found nothing to do. Nothing is lost with it: a start
without it takes longer. It holds no secret; the fingerprint of one is as dear to guess as that of
a password.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from crawler.config import file_bytes, placeholder_value, plain_toml
from monitor.program import default_database

if TYPE_CHECKING:
    from crawler.config import Settings

FILES = ("nieuwswacht.toml", "sources.toml", "channels.toml", "rules.toml", "reviews.toml")

_PLACEHOLDER = re.compile(rb"\$\{(?=([^}]*)\})")
# Other ways to write a placeholder in TOML: what they come to is not known before it is read.
_HIDDEN = re.compile(rb"\$\\|\\[uU]0*(?:24|7[bBdD])")
# The cost of guessing a secret (RFC 7914, 2): some 10 ms and 4 MB. Chosen.
_COST = {"n": 2**12, "r": 8, "p": 1}
# The settings that name files other than those of the configuration.
_OTHERS = (("log", "file"), ("evidence", "path"), ("evidence", "tsa_ca"))
_PACKAGES = {"site-packages", "dist-packages"}


class PlainSettings(NamedTuple):
    """The settings that most commands need, as they are written; `others` are files they name."""

    database: Path | None = None
    timezone: str = "Europe/Amsterdam"
    expects_daemon: bool = False
    backups: Path | None = None
    others: tuple[Path, ...] = ()


class Beginning(NamedTuple):
    """How a command found the configuration in a folder.

    Without a `fingerprint` nothing is known of it. The `settings` count only if it is settled.
    """

    folder: Path
    database: Path
    settings: PlainSettings
    salt: str
    fingerprint: str | None
    note: Mapping[str, Any]

    @classmethod
    def unknown(cls, folder: Path) -> Beginning:
        """One of which nothing is known: everything is read, and tried."""
        return cls(folder, default_database(), PlainSettings(), "", None, {})

    @property
    def is_settled(self) -> bool:
        """Whether all is as it was when it was last found good."""
        return self.fingerprint is not None and self.note.get("good") == self.fingerprint

    def holds(self) -> bool:
        """Whether it is certain that the configuration is still the same."""
        try:
            now = fingerprint(self.folder, self.salt)
        except (OSError, ValueError, RecursionError):
            return False
        return now is not None and now == self.fingerprint


def beginning(folder: Path, database: Path | None) -> Beginning:
    """What is known of the configuration in this folder.

    Its fingerprint is compared with that of the note beside this database, or beside the one that
    the settings name.
    """
    try:
        settings = _settings(folder / FILES[0])
        path = database or settings.database or default_database()
        note = _note(path)
        salt = str(note.get("salt") or os.urandom(16).hex())
        found = fingerprint(folder, salt)
        return Beginning(folder, path, settings, salt, found, note)
    except (OSError, ValueError, RecursionError):
        return Beginning.unknown(folder)


def keep_note(database: Path, note: Mapping[str, Any]) -> None:
    """Write the note; the writer of this database does so, while it has the lock."""
    with suppress(OSError):
        file = os.open(_note_path(database), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            json.dump(note, out)


def fingerprint(folder: Path, salt: str) -> str | None:
    """What tells the configuration in this folder, and the program, from any other.

    None if a placeholder may be hidden in it.

    Raises:
        OSError: a file cannot be read.
        ValueError: the settings cannot be known without their types.
    """
    facts = list(program_facts(Path(__file__).parents[1]))
    seen, secrets = hashlib.blake2b(repr(facts).encode(), digest_size=16), list[str]()
    for name in FILES:
        path = folder / name
        raw = file_bytes(path) if path.exists() or path.is_symlink() else None
        seen.update(repr((name, raw)).encode())
        names = set(_PLACEHOLDER.findall(raw or b""))
        if _HIDDEN.search(raw or b"") or any(b"\\" in each for each in names):
            return None
        for each in sorted(names):
            with suppress(KeyError, OSError, ValueError):
                secrets += [each.decode(), placeholder_value(each.decode(), folder, os.environ)]
    # Whether a setting that names a file is good depends on what stands in that place.
    for path in _settings(folder / FILES[0]).others:
        seen.update(repr((path.exists(), path.is_file(), path.is_dir())).encode())
    if secrets:
        text = json.dumps(secrets).encode()
        seen.update(hashlib.scrypt(text, salt=salt.encode(), dklen=16, **_COST))
    return seen.hexdigest()


def plain_settings(settings: Settings) -> PlainSettings:
    """The same of settings that were read."""
    store, backup = settings.store, settings.store.backup
    zone, expects = settings.schedule.timezone, settings.daemon.expected
    others = settings.log.file, settings.evidence.path, settings.evidence.tsa_ca
    return PlainSettings(
        *(store.path, zone, expects, backup.to if backup else None),
        others=tuple(path for path in others if path),
    )


def _settings(path: Path) -> PlainSettings:
    """The settings of this file.

    Raises:
        ValueError: they cannot be known without their types.
    """
    usual = PlainSettings()
    if not (path.exists() or path.is_symlink()):
        return usual
    data = plain_toml(path)

    def held(table: str, key: str, default: object) -> Any:
        value = data.get(table, {}).get(key, default)
        if "${" in str(value):
            raise ValueError(path)
        return value

    try:
        database = held("store", "path", None)
        backup = held("store", "backup", {}).get("to")
        zone = str(held("schedule", "timezone", usual.timezone))
        expects = _whether(held("daemon", "expected", usual.expects_daemon))
        others = [_path(held(*place, None)) for place in _OTHERS]
        return PlainSettings(
            *(_path(database), zone, expects, _path(backup)),
            others=tuple(path for path in others if path),
        )
    except (AttributeError, TypeError) as error:
        raise ValueError(path) from error


def _whether(value: object) -> bool:
    if not isinstance(value, bool):  # a word, as "no", may stand for it
        raise TypeError(value)
    return value


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)


def _note_path(database: Path) -> Path:
    return database.with_name(database.name + ".start")


def _note(database: Path) -> dict[str, Any]:
    try:
        note = json.loads(_note_path(database).read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def program_facts(root: Path) -> Iterator[object]:
    """Yield what tells the program in this folder, its Python and its packages from others."""
    yield sys.version
    for top in ("crawler", "alerts", "monitor"):
        yield from _files(str(root / top))
    for place in {*sys.path, str(Path(click.__file__).parents[1])}:
        if os.path.basename(place) in _PACKAGES:  # noqa: PTH119 - a text of sys.path
            yield place, os.stat(place).st_mtime_ns  # noqa: PTH116 - as above


def _files(folder: str) -> Iterator[object]:
    """Yield the files below a folder, each with what changes when it is written."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            facts = entry.stat()
            yield entry.name, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino
