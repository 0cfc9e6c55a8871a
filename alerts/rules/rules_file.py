"""`rules.toml` as a program changes it: whole or not at all, and never over another's change."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from alerts.rules.rule_table import with_line_ends
from crawler.config import file_bytes
from crawler.errors import ConfigError, FileChangedError, HandEditError
from crawler.faults import FileFault
from crawler.frozen import dataclass
from crawler.store import on_disk

_BOM = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """What stood in the file at one moment."""

    raw: bytes

    @property
    def digest(self) -> str:
        """What tells this version from any other."""
        return hashlib.blake2b(self.raw, digest_size=16).hexdigest()

    @property
    def text(self) -> str:
        """Its text, with plain line ends and without a byte order mark.

        Raises:
            ConfigError: it is not UTF-8.
        """
        try:
            return self._decoded.replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise ConfigError(FileFault.NAMED_NOT_UTF8(name="rules.toml")) from error

    def with_text(self, text: str) -> RulesVersion:
        """A version with this text, written with the line ends and the mark of this one."""
        mark = _BOM if self.raw.startswith(_BOM) else b""
        return RulesVersion(mark + with_line_ends(self._decoded, text).encode())

    @property
    def _decoded(self) -> str:
        return self.raw.removeprefix(_BOM).decode("utf-8")


class StoredRules:
    """The file; a link stays a link, and owner and mode stay as they are."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def version(self) -> RulesVersion:
        """What stands in it now.

        Raises:
            ConfigError: it cannot be read.
        """
        try:
            return RulesVersion(file_bytes(self.path))
        except OSError as error:
            why = str(error.strerror)
            raise ConfigError(FileFault.NAMED_UNREAD(name=self.path.name, error=why)) from error

    def put(self, fresh: RulesVersion, *, over: RulesVersion) -> None:
        """Write a version in place of another one: after a crash the file holds one of the two.

        Raises:
            FileChangedError: the file holds another version; nothing was written.
            HandEditError: the file cannot be written.
        """
        if self.version() != over:
            raise FileChangedError(FileFault.CHANGED_MEANWHILE())
        try:
            self._replace(fresh.raw)
        except OSError as error:
            raise HandEditError(FileFault.NOT_WRITABLE(error=str(error.strerror))) from error

    def _replace(self, raw: bytes) -> None:
        target = self.path.resolve(strict=True)
        facts = target.stat()
        if not facts.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise PermissionError(13, "nobody may write it")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                made = os.fstat(file.fileno())
                if (made.st_uid, made.st_gid) != (facts.st_uid, facts.st_gid):
                    os.fchown(file.fileno(), facts.st_uid, facts.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(facts.st_mode))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        on_disk(target.parent)
