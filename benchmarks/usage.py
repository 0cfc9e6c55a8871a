"""What a benchmark prints that is asked for its help."""

from __future__ import annotations

import sys


def helped(text: str | None) -> None:
    """Print the text of a benchmark that takes its words as they come, and end it."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(text)
        raise SystemExit
