"""How the person at the terminal started the program, for help and remedies."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAME = "nieuwswacht"
_FILE = f"{NAME}.db"
_VARIABLE = "NIEUWSWACHT_PROGRAM"  # set by the script `run`

# A command that has its options already is left alone; `init` names its folder itself.
_named = re.compile(rf"`{NAME}(?P<init> init\b)?(?=[ `])(?! -)")
_given: list[str] = []


def program() -> str:
    """What starts this program: `python3 run` in a clone, otherwise its own name."""
    return os.environ.get(_VARIABLE) or NAME


def default_database() -> Path:
    """Where the archive is if nothing names its place.

    As a service that is the folder of its state. Where the program is installed it is the user's
    folder for data, as the XDG Base Directory Specification has it; in a clone, the current folder.
    """
    from pathlib import Path

    if state := os.environ.get("STATE_DIRECTORY"):  # as systemd.exec(5) has it: one or several
        return Path(state.partition(":")[0]) / _FILE
    if (Path(__file__).parents[1] / "pyproject.toml").is_file():
        return Path(_FILE)
    home = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    return home / NAME / _FILE


def version() -> str:
    """The version that was installed; "" if none was.

    It is looked up where `importlib.metadata` does, which takes twice as long to load as all else
    that `--version` needs.
    """
    for folder in sys.path:
        with suppress(OSError):
            for name in os.listdir(folder or "."):  # noqa: PTH208 - pathlib takes longer to load
                if name.startswith(f"{NAME}-") and name.endswith(".dist-info"):
                    return name.removeprefix(f"{NAME}-").removesuffix(".dist-info")
    return ""


def note_options(*, config: Path | None, db: Path | None) -> None:
    """Note the folder and the database that this command line names, for commands to come."""
    import shlex

    named = (("--config", config), ("--db", db))
    _given[:] = [f"{name} {shlex.quote(str(path))}" for name, path in named if path is not None]


def command() -> str:
    """The program with the global options that it was given: what a further command begins with."""
    return " ".join([program(), *_given])


def as_started(text: str) -> str:
    """The text, with the commands in its backticks as this reader can type them."""
    return _named.sub(
        lambda found: f"`{program()} init" if found["init"] else f"`{command()}", text
    )
