"""A log of all calls of a program's functions, one line for each call, in all its processes.

Python imports a module of this name whenever it starts. With this folder on PYTHONPATH, a program
is traced in all threads and in all processes that it starts, without any change. A line names the
caller, if that is a function of the program too, and the function called. It is written at once,
so that nothing is lost when a process is killed. All processes append to one file, so that lines
are in order of time.

Left out: calls while a module is loaded, and a generator or coroutine that is resumed.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from types import FrameType
from typing import Any

ROOT = os.environ["CALLTRACE_ROOT"]
FOLDERS = os.environ["CALLTRACE_FOLDERS"].split(os.pathsep)
LOG = os.open(os.environ["CALLTRACE_LOG"], os.O_WRONLY | os.O_APPEND)
# These count as part of their function: newer Pythons do not call most of them.
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class Thread(threading.local):
    loading = 0  # how many modules are being loaded, one inside the other


def watch(frame: FrameType, event: str, _argument: Any) -> None:
    """Log a call; `sys.setprofile` runs this at each call and return."""
    if event not in {"call", "return"} or not place(frame.f_code.co_filename):
        return
    if frame.f_code.co_name == "<module>":
        if frame.f_globals["__name__"] != "__main__":  # `__main__` runs as long as the program
            thread.loading += 1 if event == "call" else -1
    elif event == "call" and not thread.loading and begins(frame):
        os.write(LOG, f"{function(frame.f_back)}\t{function(frame)}\n".encode())


@functools.cache
def place(filename: str) -> str:
    """The path of a file below the root, or "" if it is no file of the program."""
    if not filename.startswith(ROOT + os.sep):
        return ""
    relative = os.path.relpath(filename, ROOT)
    return relative if relative.partition(os.sep)[0] in FOLDERS else ""


def begins(frame: FrameType) -> bool:
    """Whether this is a call, and no generator that goes on; its instruction tells."""
    code = frame.f_code
    goes_on = code.co_code[frame.f_lasti + 1] & 3
    return not goes_on and code.co_name not in COMPREHENSIONS


def function(frame: FrameType | None) -> str:
    """`file:function`, or "" for a frame of other code."""
    if frame is None or not (found := place(frame.f_code.co_filename)):
        return ""
    name = frame.f_code.co_qualname
    for comprehension in COMPREHENSIONS:
        name = name.replace(f".<locals>.{comprehension}", "")
    return f"{found}:{name}"


thread = Thread()
threading.setprofile(watch)
sys.setprofile(watch)
