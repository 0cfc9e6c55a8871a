"""The languages that a channel can speak, found without reading their words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_ENDING = ".toml"


@cache
def languages() -> tuple[str, ...]:
    """The languages that there is a data file for, that of a channel which names none first."""
    names = (file.name for file in files("alerts.rendering").iterdir())
    found = sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING))
    return tuple(sorted(found, key=lambda name: name != "nl"))


def words_file(language: str) -> Traversable:
    """The data file with the words of a language."""
    return files("alerts.rendering").joinpath(f"{language}{_ENDING}")
