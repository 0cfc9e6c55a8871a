"""The process from which readers are forked, started once more with an environment without secrets.

It cleans up after itself: to change the environment of the program while it runs, even for a
moment, ends it where a library looks something up there at the same time (getenv(3), setenv(3)).
"""

from __future__ import annotations

import os
import sys

_NEEDED = frozenset({"PATH", "HOME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV"})
_NEEDED_KINDS = ("PYTHON", "LC_", "LD_")
_STARTED_AGAIN = ("-X", "plain_environment")
_FORK_SERVER = "from multiprocessing.forkserver import main"


def start_plainly() -> None:
    """Begin this process anew with only what Python needs, if it is the one to fork from."""
    command = sys.orig_argv[-1]
    if not command.startswith(_FORK_SERVER) or "authkey_r" in command:
        return  # another process, or one of Python 3.14, which is given a key that can be read once
    if tuple(sys.orig_argv[1:3]) == _STARTED_AGAIN:
        return
    plain = {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_KINDS)
    }
    again = [sys.executable, *_STARTED_AGAIN, *sys.orig_argv[1:]]
    os.execve(sys.executable, again, plain)  # noqa: S606 - the same program, no shell


start_plainly()
