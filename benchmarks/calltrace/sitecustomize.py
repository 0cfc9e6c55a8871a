"""Writes down each call of a function of a program: a line a call, whichever process it is in.

Python imports a module of this name whenever it starts. With this folder on PYTHONPATH a program is
watched in all its threads and in all the processes that it starts, and knows nothing of it. A line
names the caller, if that is a function of the program too, and the function called. It is in the
file at once, so that a process may be killed; all append to one file, so that lines stand in the
order of time.

Left out: what runs while a module is loaded, and a generator or a coroutine that goes on.
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
# Part of the function they stand in: newer Pythons do not call most of them.
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class Thread(threading.local):
    loading = 0  # modules that are being loaded, one because of the other


def watch(frame: FrameType, event: str, _argument: Any) -> None:
    """What `sys.setprofile` calls at each call and return."""
    if event not in {"call", "return"} or not place(frame.f_code.co_filename):
        return
    if frame.f_code.co_name == "<module>":
        if frame.f_globals["__name__"] != "__main__":  # which lasts as long as the program
            thread.loading += 1 if event == "call" else -1
    elif event == "call" and not thread.loading and begins(frame):
        os.write(LOG, f"{function(frame.f_back)}\t{function(frame)}\n".encode())


@functools.cache
def place(filename: str) -> str:
    """The file as seen from the root, or nothing when it is not one of the program's."""
    if not filename.startswith(ROOT + os.sep):
        return ""
    relative = os.path.relpath(filename, ROOT)
    return relative if relative.partition(os.sep)[0] in FOLDERS else ""


def begins(frame: FrameType) -> bool:
    """Whether this is a call: the instruction that each begins with says if it only goes on."""
    code = frame.f_code
    goes_on = code.co_code[frame.f_lasti + 1] & 3
    return not goes_on and code.co_name not in COMPREHENSIONS


def function(frame: FrameType | None) -> str:
    """`file:function`, or nothing for a frame of another program."""
    if frame is None or not (found := place(frame.f_code.co_filename)):
        return ""
    name = frame.f_code.co_qualname
    for comprehension in COMPREHENSIONS:
        name = name.replace(f".<locals>.{comprehension}", "")
    return f"{found}:{name}"


thread = Thread()
threading.setprofile(watch)
sys.setprofile(watch)
