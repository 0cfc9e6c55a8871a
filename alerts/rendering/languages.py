"""The languages that a channel can use; their words are not read here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_ENDING = ".toml"
_PACKAGES = ("alerts.rendering", "alerts.faults", "crawler.faults")  # each has a file a language


@cache
def languages() -> tuple[str, ...]:
    """The languages with all data files; first the one for a channel that names no language."""
    first, *others = (_languages_of(package) for package in _PACKAGES)
    return tuple(sorted(first.intersection(*others), key=lambda name: (name != "nl", name)))


def _languages_of(package: str) -> set[str]:
    names = (file.name for file in files(package).iterdir())
    return {name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)}


def words_file(language: str) -> Traversable:
    """The data file with the words of a language."""
    return files("alerts.rendering").joinpath(f"{language}{_ENDING}")
