"""The languages that a channel can use; their words are not read here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_ENDING = ".toml"


@cache
def languages() -> tuple[str, ...]:
    """The languages with a data file; first the one for a channel that names no language."""
    names = (file.name for file in files("alerts.rendering").iterdir())
    found = sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING))
    return tuple(sorted(found, key=lambda name: name != "nl"))


def words_file(language: str) -> Traversable:
    """The data file with the words of a language."""
    return files("alerts.rendering").joinpath(f"{language}{_ENDING}")
