"""How the person at the terminal started the program, for help and remedies."""

from __future__ import annotations

import os
import re

NAME = "nieuwswacht"
_VARIABLE = "NIEUWSWACHT_PROGRAM"  # set by the script `run`

_named = re.compile(rf"`{NAME}(?=[ `])")


def program() -> str:
    """What starts this program: `python3 run` in a clone, otherwise its own name."""
    return os.environ.get(_VARIABLE) or NAME


def as_started(text: str) -> str:
    """The text, with the commands in its backticks as this reader can type them."""
    return _named.sub(lambda _: f"`{program()}", text)
