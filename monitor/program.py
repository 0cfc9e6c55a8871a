"""How the person at the terminal started the program, for help and remedies."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

NAME = "nieuwswacht"
_VARIABLE = "NIEUWSWACHT_PROGRAM"  # set by the script `run`

# A command that has its options already is left alone; `init` names its folder itself.
_named = re.compile(rf"`{NAME}(?P<init> init\b)?(?=[ `])(?! -)")
_given: list[str] = []


def program() -> str:
    """What starts this program: `python3 run` in a clone, otherwise its own name."""
    return os.environ.get(_VARIABLE) or NAME


def note_options(*, config: Path | None, db: Path | None) -> None:
    """Note the folder and the database that this command line names, for commands to come."""
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
