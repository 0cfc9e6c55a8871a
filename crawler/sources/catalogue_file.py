"""Sources added at the end of `sources.toml`; what stands there already is never rewritten."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.config.files import load_sources
from crawler.errors import ConfigError
from crawler.model import Source
from crawler.sources.catalogue import catalogue_of

_BY_HAND = "add them by hand; `--dry-run` shows them"


def append_sources(path: Path, sources: Sequence[Source], heading: str) -> None:
    """Add these sources at the end of the catalogue, all or none; what stands there stays as it is.

    The new file is read back first, and then replaces the old one in one step.

    Raises:
        ConfigError: with the new sources the file would be faulty, or it cannot be written.
    """
    path = path.resolve()
    try:
        before = path.read_bytes()
        with _beside(path) as candidate:
            candidate.write_bytes(before + _addition(before, sources, heading))
            _read_back(candidate, path, sources)
            if path.read_bytes() != before:
                raise ConfigError(
                    "somebody else is writing this file", path=str(path), remedy="try again"
                )
            _replace(path, candidate)
    except OSError as error:
        what = f"nothing can be added: {error.strerror}"
        raise ConfigError(what, path=str(path), remedy=_BY_HAND) from error


def _addition(before: bytes, sources: Sequence[Source], heading: str) -> bytes:
    start = "\n" if before.endswith(b"\n") or not before else "\n\n"
    return f"{start}# {heading}\n\n{catalogue_of(sources)}".encode()


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".sources-", suffix=".toml")
    os.close(number)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _read_back(candidate: Path, path: Path, sources: Sequence[Source]) -> None:
    """Check that the new file holds the old sources and the new ones, and nothing else."""
    old = load_sources(path)
    try:
        new = load_sources(candidate)
    except ConfigError as error:
        what = f"the new sources do not fit in: {error.what}"
        raise ConfigError(what, path=str(path), remedy=_BY_HAND) from error
    if new != [*old, *sources]:
        what = "the new sources would not be read back as they are"
        raise ConfigError(what, path=str(path), remedy=_BY_HAND)


def _replace(path: Path, candidate: Path) -> None:
    candidate.chmod(path.stat().st_mode & 0o777)
    with candidate.open("rb") as written:
        os.fsync(written.fileno())
    candidate.replace(path)
