"""A configuration file as it is written, and what stands for `${NAME}` in it."""

from __future__ import annotations

import errno
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLACEHOLDER = re.compile(r"\$\{([^}]*)(\}?)")  # one without its closing "}" is a fault
LONGEST_SECRET = 64 * 1024  # bytes; chosen


def file_bytes(path: Path, most: int = 16 * 1024 * 1024) -> bytes:
    """What stands in an ordinary file of at most so many bytes.

    Raises:
        OSError: there is none; the text says why.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        # A pipe would be waited for, and a device may have no end.
        raise OSError(errno.EINVAL, "this is no ordinary file")
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"the file is larger than {most:,} bytes")
    return path.read_bytes()


def plain_toml(path: Path) -> dict[str, Any]:
    """What stands in a file that was found good before, with its placeholders as written.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no TOML.
        RecursionError: it is too deep.
    """
    return tomllib.loads(file_bytes(path).decode("utf-8-sig").replace("\r\n", "\n"))


def placeholder_value(name: str, folder: Path, environ: Mapping[str, str]) -> str:
    """What stands for `${name}` in a file of this folder.

    Raises:
        KeyError: there is no such variable.
        OSError: there is no such file, or it cannot be read.
        ValueError: it is no text, or its name is none.
    """
    if not name.startswith("file:"):
        return environ[name]
    file = folder / name.removeprefix("file:")
    given = environ.get("CREDENTIALS_DIRECTORY")  # systemd's LoadCredential
    if given and not file.exists():
        file = Path(given, file.name)
    # Some editors put a byte order mark before a text.
    return file_bytes(file, LONGEST_SECRET).decode("utf-8-sig").strip()
