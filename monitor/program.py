"""The command as the person at the terminal has started it, for help and remedies."""

from __future__ import annotations

import os
import re

NAME = "nieuwswacht"
_VARIABLE = "NIEUWSWACHT_PROGRAM"  # which the script `run` sets

_named = re.compile(rf"`{NAME}(?=[ `])")


def program() -> str:
    """What starts this program: `python3 run` in a clone, and else its own name."""
    return os.environ.get(_VARIABLE) or NAME


def as_started(text: str) -> str:
    """The text, the commands that it names in backticks as this reader can type them."""
    return _named.sub(lambda _: f"`{program()}", text)
